"""What tests/conftest.py promises to every other test."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.stores import on_both

ROOT = Path(__file__).parents[2]


@on_both
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_its_tables_empty(tables, turn):
    dynamodb = boto3.client("dynamodb")
    for name in tables.tables:
        assert dynamodb.scan(TableName=name)["Count"] == 0
        item = {key: {"S": "one"} for key in ("pk", "sk")}
        dynamodb.put_item(TableName=name, Item=item)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_its_queues_and_buckets_empty(tables, turn):
    sqs, s3 = boto3.client("sqs"), boto3.client("s3")
    for queue in tables.queues.values():
        assert "Messages" not in sqs.receive_message(QueueUrl=queue.url)
        sqs.send_message(QueueUrl=queue.url, MessageBody="one")
    for bucket in tables.buckets:
        assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="one", Body=b"1")


def test_a_secret_opens_only_in_its_own_context(tables):
    kms, key = boto3.client("kms"), os.environ["MERCHANT_KEY"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"merchant": "m_1"})
    blob = sealed["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext={"merchant": "m_1"})
    assert opened["Plaintext"] == b"secret"
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        kms.decrypt(CiphertextBlob=blob, EncryptionContext={"merchant": "m_2"})


def test_the_cloud_serves_the_very_functions(cloud):
    with urllib.request.urlopen(f"{cloud.url}/sharetrail.js") as answer:
        assert answer.headers["content-type"].startswith("text/javascript")
    assert os.environ["PUBLIC_BASE_URL"] == cloud.url


def test_the_environment_is_as_before_without_the_fixtures():
    assert "AWS_ENDPOINT_URL" not in os.environ
    assert "EVENTS_TABLE" not in os.environ


def test_no_test_leaves_the_machine():
    with pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(RuntimeError, match=r"shop\.example"):
        socket.getaddrinfo("shop.example", 443)


def test_where_all_is_required_a_skip_is_a_failure(tmp_path):
    skips = {
        "call": "import pytest\ndef test_it():\n pytest.skip('no tool')\n",
        "mark": "import pytest\n@pytest.mark.skipif(True, reason='no tool')\ndef test_it(): pass\n",
        "module": "import pytest\npytest.importorskip('no_such_module')\n",
    }
    for name, text in skips.items():
        (tmp_path / f"test_{name}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "-c", os.devnull, "--continue-on-collection-errors", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "REQUIRE_ALL": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 2 errors" in run.stdout
