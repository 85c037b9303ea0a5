"""A table's export to S3 as DynamoDB writes it: files of items, squeezed, and manifests of them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from sharetrail.aws import clients
from sharetrail.aws.tables import Table

_ID = "01792360000000-a1b2c3d4"
_TIME = "2026-11-30T12:00:00.000Z"
_PARTITIONS = 4
"""Each has a file of its own; one without items an empty one."""


def export(table: Table, bucket: Path) -> str:
    """Everything that is in the table, into the folder; the pattern that its files go by."""
    prefix = f"AWSDynamoDB/{_ID}-{table.noun}"
    folder = bucket / prefix / "data"
    folder.mkdir(parents=True)
    (bucket / prefix / "_started").touch()
    parts: list[list[dict[str, Any]]] = [[] for _ in range(_PARTITIONS)]
    for item in _items(table):
        parts[crc32(item["pk"]["S"].encode()) % _PARTITIONS].append(item)
    files = [_write(folder, f"part{n}", items) for n, items in enumerate(parts)]
    _manifests(table, bucket / prefix, prefix, files)
    return f"{folder}/*.json.gz"


def _items(table: Table) -> Iterator[dict[str, Any]]:
    pages = clients.dynamodb().get_paginator("scan").paginate(TableName=table.name)
    return (item for page in pages for item in page["Items"])


def _write(folder: Path, name: str, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A line an item; what the manifest says of the file."""
    lines = [json.dumps({"Item": item}, default=_in_base64) + "\n" for item in items]
    path = folder / f"{name}.json.gz"
    path.write_bytes(squeezed := gzip.compress("".join(lines).encode()))
    digest = hashlib.md5(squeezed, usedforsecurity=False)
    return {
        "itemCount": len(lines),
        "md5Checksum": base64.b64encode(digest.digest()).decode(),
        "etag": f"{digest.hexdigest()}-1",
        "dataFileS3Key": f"{folder.parent.parent.name}/{folder.parent.name}/data/{path.name}",
    }


def _in_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _manifests(table: Table, folder: Path, prefix: str, files: list[dict[str, Any]]) -> None:
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table.name}"
    summary = {
        "version": "2020-06-30",
        "exportArn": f"{arn}/export/{_ID}",
        "startTime": _TIME,
        "endTime": _TIME,
        "tableArn": arn,
        "tableId": "12345a12-abcd-123a-ab12-1234abc12345",
        "exportTime": _TIME,
        "s3Bucket": "exports",
        "s3Prefix": None,
        "s3SseAlgorithm": "AES256",
        "s3SseKmsKeyId": None,
        "manifestFilesS3Key": f"{prefix}/manifest-files.json",
        "billedSizeBytes": 0,
        "itemCount": sum(each["itemCount"] for each in files),
        "outputFormat": "DYNAMODB_JSON",
        "exportType": "FULL_EXPORT",
    }
    _write_manifest(folder, "manifest-summary", json.dumps(summary))
    _write_manifest(folder, "manifest-files", "".join(f"{json.dumps(each)}\n" for each in files))


def _write_manifest(folder: Path, name: str, text: str) -> None:
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    (folder / f"{name}.json").write_text(text)
    (folder / f"{name}.checksum").write_text(base64.b64encode(digest).decode())
