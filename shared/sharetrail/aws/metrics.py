"""What a person is to look at, as lines in CloudWatch's embedded metric format.

All lines count up one metric, by which one alarm rings; its name, by which docs/operate.md has it,
is the line's message. CloudWatch asks $0.30 a month for a metric in the hours in which it is told,
and $0.10 for every alarm, be it told or not.
"""

from datetime import datetime
from typing import Any

from sharetrail import logs
from sharetrail.aws import environment

NAMESPACE, METRIC = "Sharetrail", "PersonNeeded"


def ring(name: str, at: datetime, **said: Any) -> None:
    """Log the line that rings, told apart from other stacks' by theirs; what else is said of it is
    for whoever reads the log."""
    counted = {
        "Namespace": NAMESPACE,
        "Dimensions": [["Stack"]],
        "Metrics": [{"Name": METRIC, "Unit": "Count"}],
    }
    emf = {
        "_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [counted]},
        "Stack": environment.stack(),
        METRIC: 1,
    }
    logs.write("WARN", name, **emf, **said)
