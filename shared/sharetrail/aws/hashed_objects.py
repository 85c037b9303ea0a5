"""Objects of the reports bucket that are named by the hash of their bytes: nothing else is ever
written over one."""

import hashlib
from collections.abc import Callable

from sharetrail.aws import clients, environment


def put(key_of: Callable[[str], str], body: bytes, content_type: str) -> str:
    """Its hash, by which it is found again, under the key that follows from it."""
    digest = hashlib.sha256(body).hexdigest()
    clients.s3().put_object(
        Bucket=environment.reports_bucket(),
        Key=key_of(digest),
        Body=body,
        ContentType=content_type,
    )
    return digest
