"""AWS clients, each made once and only when something uses it."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

_PATIENT = Config(
    retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, parameter_validation=False
)
# A shopper waits for the redirect: better the queue after one short try than a slow table.
_BRISK = Config(retries={"total_max_attempts": 1}, connect_timeout=0.15, read_timeout=0.15)


# boto3's session is not made for threads, and streams are worked off by several.
_making = Lock()


@cache
def dynamodb() -> "DynamoDBClient":
    with _making:
        return boto3.client("dynamodb", config=_PATIENT)


@cache
def brisk_dynamodb() -> "DynamoDBClient":
    """For the click's write alone: one attempt within 150 ms."""
    with _making:
        return boto3.client("dynamodb", config=_BRISK)


@cache
def kms() -> "KMSClient":
    with _making:
        return boto3.client("kms", config=_PATIENT)


@cache
def sqs() -> "SQSClient":
    with _making:
        return boto3.client("sqs", config=_PATIENT)


@cache
def s3() -> "S3Client":
    with _making:
        return boto3.client("s3", config=_PATIENT)


@cache
def sesv2() -> "SESV2Client":
    with _making:
        return boto3.client("sesv2", config=_PATIENT)
