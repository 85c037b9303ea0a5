"""Metrics that alarms watch, as lines in CloudWatch's embedded metric format."""

from datetime import datetime
from typing import Any

from sharetrail import logs
from sharetrail.aws import environment

NAMESPACE = "Sharetrail"


def ring(metric: str, at: datetime, **said: Any) -> None:
    """Log the line that counts one more of `metric`, told apart from other stacks' by the name
    of the quarantine bucket; what else is said of it is for whoever reads the log."""
    counted = {
        "Namespace": NAMESPACE,
        "Dimensions": [["BucketName"]],
        "Metrics": [{"Name": metric, "Unit": "Count"}],
    }
    emf = {
        "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [counted]},
        "BucketName": environment.quarantine_bucket(),
        metric: 1,
    }
    logs.write("WARN", metric, **emf, **said)
