"""Log lines as the alarm of template.yaml that watches them counts them."""

from collections.abc import Iterable
from typing import Any

from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.aws import environment

ALARM = "PersonNeeded"
_WATCHED = intrinsics.read(TEMPLATE.read_text())["Resources"][ALARM]["Properties"]


def rings(line: dict[str, Any]) -> str | None:
    """By which name a line rings; None where the alarm does not count it."""
    if "_aws" not in line:
        return None
    (counted,) = line["_aws"]["CloudWatchMetrics"]
    ((metric,), (dimensions,)) = counted["Metrics"], counted["Dimensions"]
    assert (counted["Namespace"], metric["Name"]) == (_WATCHED["Namespace"], _WATCHED["MetricName"])
    assert dimensions == [each["Name"] for each in _WATCHED["Dimensions"]]
    assert [each["Value"] for each in _WATCHED["Dimensions"]] == [{"Ref": "AWS::StackName"}]
    assert [line[each] for each in dimensions] == [environment.stack()]
    assert line[metric["Name"]] > _WATCHED["Threshold"]
    return str(line["message"])


def all_rung(lines: Iterable[dict[str, Any]]) -> list[str]:
    return [name for line in lines if (name := rings(line))]
