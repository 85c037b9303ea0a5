"""What weeks are kept in: objects of the reports bucket, `weeks/merchant/monday/sha256`.

An object is named by its content and never overwritten by another. The template lets them expire
long after their weeks are looked at for the last time.
"""

from datetime import date
from functools import partial

from sharetrail.aws import clients, environment, hashed_objects


def put(merchant_id: str, monday: date, body: bytes) -> str:
    """By which name it is found again."""
    return hashed_objects.put(partial(_key, merchant_id, monday), body, "application/zlib")


def get(merchant_id: str, monday: date, digest: str) -> bytes | None:
    """None where there is none."""
    s3 = clients.s3()
    key = _key(merchant_id, monday, digest)
    try:
        return s3.get_object(Bucket=environment.reports_bucket(), Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None


def _key(merchant_id: str, monday: date, digest: str) -> str:
    return f"weeks/{merchant_id}/{monday}/{digest}"
