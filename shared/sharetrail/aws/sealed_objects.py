"""Objects of the quarantine bucket, which KMS encrypts under a merchant's name. How long they live
goes by what their keys begin with: the template says it of each."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from sharetrail.aws import clients, environment

_TRIES = 3
_WRITTEN = ("PreconditionFailed", "ConditionalRequestConflict")
"""By somebody else, or just now."""


def put(merchant_id: str, key: str, body: bytes, **more: Any) -> None:
    """Write it, over what is there."""
    context = json.dumps({"merchant": merchant_id})
    clients.s3().put_object(
        **_place(key),
        Body=body,
        ContentType="application/octet-stream",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=environment.merchant_key(),
        SSEKMSEncryptionContext=base64.b64encode(context.encode()).decode(),
        **more,
    )


def put_once(merchant_id: str, key: str, body: bytes) -> bool:
    """Write it where there is none; False, and nothing written, where there is."""
    for tries_left in reversed(range(_TRIES)):
        try:
            put(merchant_id, key, body, IfNoneMatch="*")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "PreconditionFailed":
                return False
            # Another write or removal of it is on its way: S3 asks to come again.
            if code != "ConditionalRequestConflict" or not tries_left:
                raise
        else:
            return True
    raise AssertionError("the last try returns or raises")


def change(merchant_id: str, key: str, changed: Callable[[bytes], bytes]) -> bytes | None:
    """What is there, changed, and changed anew where somebody else wrote it meanwhile; None, and
    nothing written, where there is none."""
    s3 = clients.s3()
    for tries_left in reversed(range(_TRIES)):
        try:
            stands = s3.get_object(**_place(key))
            fresh = changed(stands["Body"].read())
            put(merchant_id, key, fresh, IfMatch=stands["ETag"])
        except s3.exceptions.NoSuchKey:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] not in _WRITTEN or not tries_left:
                raise
        else:
            return fresh
    raise AssertionError("the last try returns or raises")


def get(key: str, most: int | None = None) -> bytes | None:
    """Its first bytes, or all of them; None where there is none."""
    s3 = clients.s3()
    asked: dict[str, Any] = {} if most is None else {"Range": f"bytes=0-{most - 1}"}
    try:
        return s3.get_object(**_place(key), **asked)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None


def listed(prefix: str) -> Iterator[tuple[str, datetime]]:
    """The keys that begin so, in key order, and when each object was written."""
    pages = clients.s3().get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=environment.quarantine_bucket(), Prefix=prefix):
        for each in page.get("Contents", []):
            yield each["Key"], each["LastModified"]


def delete(key: str) -> None:
    """Remove it; harmless where there is none."""
    clients.s3().delete_object(**_place(key))


def _place(key: str) -> dict[str, Any]:
    return {"Bucket": environment.quarantine_bucket(), "Key": key}
