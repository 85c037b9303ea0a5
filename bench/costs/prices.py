"""What AWS asks for what a click takes: list prices in dollars, us-east-1, November 2026.

Every function tells dollars for a million. What is logged and backed up is read from template.yaml;
what is left to assume has a name below.
"""

from collections.abc import Mapping
from datetime import timedelta

from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.clicks.click import EVENT_LIFETIME

HTTP_API, REST_API = 1.00, 3.50  # a million requests
INVOCATIONS = 0.20  # a million
GIGABYTE_SECOND = 0.0000133334  # arm64
WRITE_UNITS, READ_UNITS = 0.625, 0.125  # a million, on demand
STORAGE, BACKUP = 0.25, 0.20  # a gigabyte a month, the second for point-in-time recovery
TRACING = 5.00  # a million requests recordings
LOGGING, TRANSFER = 0.50, 0.09  # a gigabyte
QUEUE_REQUESTS = 0.40  # a million, of a standard queue; aws.amazon.com/sqs/pricing
OTHERS = {
    "s3 PutObject": 5.00,  # aws.amazon.com/s3/pricing
    "s3 PutObject sealed": 8.00,  # with what S3 asks KMS for
    "s3 GetObject": 0.40,
    "s3 ListObjectsV2": 5.00,
    "kms Decrypt": 3.00,  # aws.amazon.com/kms/pricing
    "sesv2 SendEmail": 100.00,  # aws.amazon.com/ses/pricing
}
"""A million of what is asked of the other services."""
OBJECTS = 0.023  # a gigabyte of S3 a month
ALARM, KEY = (
    0.10,
    1.00,
)  # a month each; aws.amazon.com/cloudwatch/pricing, aws.amazon.com/kms/pricing
POLLS = 5 / 20
"""Of each queue that invokes a function, a second, whether or not there is anything:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""

# ── assumptions ──────────────────────────────────────────────────────────────────────────────────
ROUND_TRIP = 0.005  # seconds from a function to DynamoDB and back
CPU = 0.0003
"""Seconds of a core a click, by bench/redirect/warm_click.py."""
MEMORY = 0.5
CORE = 1_769 / 1_024
"""Gigabytes: the redirect's, and what Lambda gives a whole core to."""
INDEX_BYTES = 100
"""Bytes that DynamoDB adds to every item it stores."""
LOG_LINE = 26
"""Bytes that CloudWatch adds to a line."""

MONTH = timedelta(days=365) / 12
_GIGA = 1e9
Bill = Mapping[str, float]
"""What is paid for → dollars for a million clicks."""


def sentence(bill: Bill) -> str:
    parts = ", ".join(f"{name} {dollars:.3f}" for name, dollars in bill.items())
    return f"${sum(bill.values()):.2f} ({parts})"


def invocation(requests: int, cpu: float) -> float:
    seconds = requests * ROUND_TRIP + cpu * CORE / MEMORY
    return INVOCATIONS + seconds * MEMORY * GIGABYTE_SECOND * 1e6


def storage(size: float) -> float:
    """For as long as a click is kept."""
    return size * 1e6 / _GIGA * month_of_storage() * (EVENT_LIFETIME / MONTH)


def month_of_storage() -> float:
    backups = _RESOURCES["EventsTable"]["Properties"]["PointInTimeRecoverySpecification"]
    return STORAGE + BACKUP * backups["PointInTimeRecoveryEnabled"]


def traffic(size: float) -> float:
    """Of answers with so many bytes."""
    return size * 1e6 / _GIGA * TRANSFER


# ── logs ─────────────────────────────────────────────────────────────────────────────────────────
UUID = "00000000-0000-4000-8000-000000000000"
_REPORT = "Duration: 6.12 ms\tBilled Duration: 7 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB"
PLATFORM_LINES = (
    f"START RequestId: {UUID} Version: $LATEST",
    f"END RequestId: {UUID}",
    f"REPORT RequestId: {UUID}\t{_REPORT}",
)
_LINE = (
    '{"level":"INFO","location":"follow:46","message":"click","timestamp":"2026-11-29 01:26:11,983'
    '+0000","service":"clicks","cold_start":true,"function_name":"clicks","function_memory_size":'
    '512,"function_arn":"arn:aws:lambda:us-east-1:000000000000:function:clicks",'
    f'"function_request_id":"{UUID}","code":"0123456789","click_id":"{UUID}"}}'
)
_METRIC = (
    '{"_aws": {"Timestamp": 1795915571984, "CloudWatchMetrics": [{"Namespace": "Clicks", '
    '"Dimensions": [["service"]], "Metrics": [{"Name": "Clicks", "Unit": "Count"}]}]}, '
    '"service": "clicks", "Clicks": [1.0]}'
)
POWERTOOLS_LINES = (_LINE, _METRIC)
"""The line and the metric that Powertools logs of the tutorials' click."""
_TEMPLATE = intrinsics.read(TEMPLATE.read_text())
_RESOURCES = _TEMPLATE["Resources"]


def logs(*lines: str) -> float:
    return sum(len(line) + LOG_LINE for line in lines) * 1e6 / _GIGA * LOGGING


def platform_lines() -> tuple[str, ...]:
    """What Lambda itself logs of the redirect, unless the template silences it."""
    settings = [_TEMPLATE["Globals"]["Function"], _RESOURCES["Redirect"]["Properties"]]
    levels = [group.get("LoggingConfig", {}).get("SystemLogLevel") for group in settings]
    return () if "WARN" in levels else PLATFORM_LINES


def access_lines() -> tuple[str, ...]:
    """The API's own line: its names are about as long as what stands for them."""
    return (_RESOURCES["Api"]["Properties"]["AccessLogSettings"]["Format"],)
