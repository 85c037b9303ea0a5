"""AWS clients, each made once and only when something uses it; boto3 is not imported before."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


_PATIENT: dict[str, Any] = {
    "retries": {"mode": "standard", "max_attempts": 4},
    "connect_timeout": 2,
    "parameter_validation": False,
}
# A shopper waits for the redirect: better the queue after one short try than a slow table.
_BRISK: dict[str, Any] = {
    "retries": {"total_max_attempts": 1},
    "connect_timeout": 0.15,
    "read_timeout": 0.15,
}

# boto3's session is not made for threads, and streams are worked off by several.
_making = Lock()


@cache
def dynamodb() -> "DynamoDBClient":
    client: DynamoDBClient = _make("dynamodb", _PATIENT)
    return client


@cache
def brisk_dynamodb() -> "DynamoDBClient":
    """For the click's write alone: one attempt within 150 ms."""
    client: DynamoDBClient = _make("dynamodb", _BRISK)
    return client


@cache
def kms() -> "KMSClient":
    client: KMSClient = _make("kms", _PATIENT)
    return client


@cache
def sqs() -> "SQSClient":
    client: SQSClient = _make("sqs", _PATIENT)
    return client


@cache
def s3() -> "S3Client":
    client: S3Client = _make("s3", _PATIENT)
    return client


@cache
def sesv2() -> "SESV2Client":
    client: SESV2Client = _make("sesv2", _PATIENT)
    return client


def _make(service: Any, config: dict[str, Any]) -> Any:
    with _making:
        import boto3
        from botocore.config import Config

        return boto3.client(service, config=Config(**config))
