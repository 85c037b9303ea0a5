"""Metrics that alarms watch, as lines in CloudWatch's embedded metric format."""

import json
from datetime import datetime

from sharetrail.aws import environment

NAMESPACE = "Sharetrail"


def ring(metric: str, at: datetime, **said: str) -> None:
    """Print the line that counts one more of `metric`, told apart from other stacks' by the name
    of the quarantine bucket; what else is said of it is for whoever reads the log."""
    counted = {
        "Namespace": NAMESPACE,
        "Dimensions": [["BucketName"]],
        "Metrics": [{"Name": metric, "Unit": "Count"}],
    }
    line = {
        "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [counted]},
        "BucketName": environment.quarantine_bucket(),
        metric: 1,
        **said,
    }
    print(json.dumps(line))  # noqa: T201
