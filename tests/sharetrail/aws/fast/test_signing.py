"""Our signatures are botocore's, to the letter."""

from datetime import UTC, datetime, timedelta, timezone
from unittest import mock

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sharetrail.aws.fast import signing
from sharetrail.aws.fast.signing import Credentials

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)

printable = st.characters(min_codepoint=33, max_codepoint=126)
credentials = st.builds(
    Credentials,
    key_id=st.text(printable, min_size=1, max_size=32),
    secret=st.text(min_size=1, max_size=40),
    token=st.none() | st.builds(str.__mul__, st.text(printable, min_size=1), st.integers(1, 400)),
)
zones = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
times = st.one_of(
    st.integers(-5_000, 5_000).map(lambda ms: MIDNIGHT + timedelta(milliseconds=ms)),
    st.builds(
        lambda at, zone: at.astimezone(zone),
        st.datetimes(datetime(1990, 1, 2), datetime(2190, 1, 1), timezones=st.just(UTC)),
        zones,
    ),
)
bodies = st.one_of(
    st.binary(),
    st.builds(lambda text, n: text.encode() * n, st.text(), st.sampled_from([1, 1, 7, 3_000])),
)
regions = st.sampled_from(["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1"])
services = st.sampled_from(["dynamodb", "sqs"])
targets = st.sampled_from(
    ["DynamoDB_20120810.GetItem", "DynamoDB_20120810.PutItem", "AmazonSQS.SendMessage"]
)
hosts = st.sampled_from(
    ["dynamodb.us-east-1.amazonaws.com", "127.0.0.1:4566", "localhost:8000", "example.test:8443"]
)


def theirs(
    now: datetime,
    who: Credentials,
    region: str,
    service: str,
    target: str,
    body: bytes,
    host: str,
) -> dict[str, str]:
    headers = {"Content-Type": signing.CONTENT_TYPE, "X-Amz-Target": target}
    request = AWSRequest("POST", f"https://{host}/", headers, body)
    signer = SigV4Auth(TheirCredentials(who.key_id, who.secret, who.token), service, region)
    at = now.astimezone(UTC)
    with mock.patch("botocore.auth.get_current_datetime", return_value=at):
        signer.add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()} | {"host": host}


@settings(max_examples=3_000, deadline=None)
@given(times, credentials, regions, services, targets, bodies, hosts)
@example(
    MIDNIGHT, Credentials(key_id="a", secret="s"), "us-east-1", "sqs", "A.B", b"", "127.0.0.1:1"
)
def test_every_request_is_signed_as_botocore_signs_it(
    now, who, region, service, target, body, host
):
    asked = (now, who, region, service, target, body, host)
    assert signing.signed(*asked) == theirs(*asked)


def test_the_signing_key_changes_with_the_day_of_utc_and_not_before():
    who = Credentials(key_id="a", secret="s")
    signing._key.cache_clear()
    tokyo = timezone(timedelta(hours=9))
    for seconds in (-2, -1, 0, 1):
        now = (MIDNIGHT + timedelta(seconds=seconds)).astimezone(tokyo)
        asked = (now, who, "us-east-1", "dynamodb", "A.B", b"{}", "localhost:8000")
        assert signing.signed(*asked) == theirs(*asked)
    assert signing._key.cache_info().misses == 2
    assert signing._key.cache_info().hits == 2


@pytest.mark.parametrize("token", [None, "", "a-token"])
def test_a_token_is_signed_where_there_is_one(token):
    who = Credentials(key_id="a", secret="s", token=token)
    headers = signing.signed(MIDNIGHT, who, "us-east-1", "sqs", "A.B", b"", "localhost")
    assert ("x-amz-security-token" in headers) == bool(token)
    assert ("x-amz-security-token" in headers["authorization"]) == bool(token)
