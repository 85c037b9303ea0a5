"""What rings: each alarm of template.yaml can, leads to a paragraph of docs/operate.md and stands
on the dashboard; whatever fails for good is watched; each paragraph is of something that rings.
"""

import json
import re
from typing import Any

import pytest

from local.template.names import QUEUE
from sharetrail.aws import metrics
from sharetrail.operations import tell_operator
from tests.test_template import (
    FUNCTIONS,
    PACKAGE,
    QUEUES,
    RAW,
    ROOT,
    events,
    of_type,
    told,
    told_by_the_bus,
)

ALARMS = {n: each["Properties"] for n, each in of_type("AWS::CloudWatch::Alarm").items()}
DOC = (ROOT / "docs/operate.md").read_text()
SECTIONS = {each.partition("\n")[0]: each for each in DOC.split("\n### ")}
RINGING = DOC.partition("## When an alarm rings\n")[2].partition("\n### What every step needs")[0]
ROWS = re.findall(r"^\| \[(.+?)\]\(#(.+?)\) \| `(\w+)` \| .+ \|$", RINGING, re.MULTILINE)
"""Words, where they lead, and the name in the stack or in a line."""
OF_AWS = {
    ("AWS/ApiGateway", "ApiId"): {"Count", "4xx", "5xx", "Latency", "IntegrationLatency"},
    ("AWS/Lambda", "FunctionName"): {"Duration", "Errors", "IteratorAge", "Throttles"},
    ("AWS/Lambda", ""): {"Duration", "Errors", "Throttles", "ConcurrentExecutions"},
    ("AWS/SES", ""): {"Reputation.BounceRate", "Reputation.ComplaintRate"},
    ("AWS/SQS", "QueueName"): {
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
    },
}
"""Namespace and dimension → what AWS counts by it unasked, as its documentation names them:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html"""
ALL_THAT_RINGS = "PersonNeeded"


def concerns() -> set[str]:
    """All names by which our code rings, beside the queues of failures."""
    sources = [source.read_text() for source in PACKAGE.rglob("*.py")]
    named = {name for text in sources for name in re.findall(r'^CONCERN = "(\w+)"$', text, re.M)}
    return named | {tell_operator.QUARANTINE, tell_operator.SPILL, tell_operator.REPORTS}


def looked_at() -> set[str]:
    told = FUNCTIONS["TellOperator"]["Environment"]["Variables"]["FAILURE_QUEUES"]["Fn::Sub"]
    return {name for name, _ in (each.split("=") for each in told.split())}


def rung_queues() -> set[str]:
    """Failures that have an alarm to themselves."""
    return {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in ALARMS.values()
        for dimension in alarm.get("Dimensions", ())
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }


# ── what rings ───────────────────────────────────────────────────────────────────────────────────
def test_every_queue_of_failures_is_watched_and_keeps_them_for_as_long_as_aws_can() -> None:
    redrives = [queue.get("RedrivePolicy", {}) for queue in QUEUES.values()]
    invoked = [function.get("EventInvokeConfig", {}) for function in FUNCTIONS.values()]
    targets = [redrive["deadLetterTargetArn"] for redrive in redrives if redrive]
    targets += [each["DestinationConfig"]["OnFailure"]["Destination"] for each in invoked if each]
    targets += [each["Queue"] for bucket in of_type("AWS::S3::Bucket") for each in told(bucket)]
    targets += [each["DeadLetterConfig"]["Arn"] for each in told_by_the_bus()]
    dead = {target["Fn::GetAtt"][0] for target in targets}
    assert dead == rung_queues() | looked_at()
    assert "FailedSchedules" in rung_queues(), "what looks is itself a schedule"
    assert {QUEUES[name]["MessageRetentionPeriod"] for name in dead} == {14 * 24 * 3600}


def test_each_queue_is_told_to_who_looks_under_its_own_name() -> None:
    told = FUNCTIONS["TellOperator"]["Environment"]["Variables"]["FAILURE_QUEUES"]["Fn::Sub"]
    assert {f"{name}=${{{name}}}" for name in looked_at()} == {*told.split()}


def test_every_stream_has_an_alarm_of_how_late_it_is() -> None:
    late = [each["Dimensions"] for each in ALARMS.values() if each["MetricName"] == "IteratorAge"]
    watched = {dimension["Value"]["Ref"] for (dimension,) in late}
    assert watched == {name for name, _ in events("DynamoDB")}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_of_a_metric_that_there_is(name: str) -> None:
    """Ours is told by each of the concerns: tests/chain/test_tell_operator.py."""
    alarm = ALARMS[name]
    dimensions = alarm.get("Dimensions", [])
    if alarm["Namespace"] == metrics.NAMESPACE:
        assert alarm["MetricName"] == metrics.METRIC
        assert dimensions == [{"Name": "Stack", "Value": {"Ref": "AWS::StackName"}}]
        return
    dimension = dimensions[0]["Name"] if dimensions else ""
    assert alarm["MetricName"] in OF_AWS[alarm["Namespace"], dimension]
    for each in dimensions:
        is_queue = each["Name"] == "QueueName"
        owner = each["Value"]["Fn::GetAtt"][0] if is_queue else each["Value"]["Ref"]
        kinds = {"QueueName": QUEUE, "ApiId": "AWS::Serverless::HttpApi"}
        kind = kinds.get(each["Name"], "AWS::Serverless::Function")
        assert RAW["Resources"][owner]["Type"] == kind


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_told_to_whoever_hears_and_is_silent_where_there_is_nothing(name: str) -> None:
    alarm = ALARMS[name]
    told = {"Fn::If": ["HasAlarmEmail", [{"Ref": "Alarms"}], {"Ref": "AWS::NoValue"}]}
    assert alarm["AlarmActions"] == told
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert ("Statistic" in alarm) != ("ExtendedStatistic" in alarm)


# ── and where it leads ───────────────────────────────────────────────────────────────────────────
def test_all_that_rings_has_a_row_and_whatever_has_one_rings() -> None:
    assert {name for _, _, name in ROWS} == {*ALARMS} | concerns() | looked_at()
    assert len(ROWS) == len({name for _, _, name in ROWS})


def test_every_alarm_says_what_its_row_does() -> None:
    for words, _, name in ROWS:
        if name in ALARMS:
            assert ALARMS[name]["AlarmDescription"] == f"{words}; see docs/operate.md."


@pytest.mark.parametrize(("place", "name"), [(place, name) for _, place, name in ROWS])
def test_every_row_leads_to_what_it_means_what_to_do_and_when_it_is_over(
    place: str, name: str
) -> None:
    if name == ALL_THAT_RINGS:
        return  # whose rows are the others
    places = {anchor(title): text for title, text in SECTIONS.items()}
    section = places[place]
    for part in ("**Means.**", "**Do.**", "**Over when**"):
        assert part in section, (name, part)
    if name in QUEUES:
        assert f"`{name}`" in section
        assert f"redrive {name}" in section or name in DONE_OTHERWISE, name


DONE_OTHERWISE = {
    "FailedSchedules": "the next run does what this one had to",
    "FailedRecords": "its messages name batches in a bucket, which a loop gives back",
}
"""Queues of failures whose messages are not sent back by SQS."""


def test_every_paragraph_of_something_that_rings_has_a_row() -> None:
    places = {anchor(t) for t, text in SECTIONS.items() if "**Over when**" in text}
    assert places - {place for _, place, _ in ROWS} == {"a-link-a-key-or-a-secret-got-out"}


def anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


# ── dashboard ────────────────────────────────────────────────────────────────────────────────────
MOST_FREE = 50


def board() -> list[dict[str, Any]]:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    widgets: list[dict[str, Any]] = json.loads(dashboard["Properties"]["DashboardBody"]["Fn::Sub"])[
        "widgets"
    ]
    return widgets


def shown() -> list[list[str]]:
    """Its metrics, with what stands for what the one before has."""
    metrics = []
    for widget in board():
        before: list[str] = []
        for row in widget["properties"].get("metrics", []):
            own = [each for each in row if isinstance(each, str)]
            if own[0] == "...":
                own = [*before[: len(before) - len(own) + 1], *own[1:]]
            own = [before[n] if each == "." else each for n, each in enumerate(own)]
            metrics.append(before := own)
    return metrics


def test_the_dashboard_shows_every_alarm() -> None:
    (first,) = (each for each in board() if each["type"] == "alarm")
    assert {*first["properties"]["alarms"]} == {f"${{{name}.Arn}}" for name in ALARMS}


def test_the_dashboard_shows_metrics_that_there_are_and_no_more_than_are_free() -> None:
    assert len(shown()) <= MOST_FREE
    for namespace, metric, *dimensions in shown():
        named = dimensions[0] if dimensions else ""
        assert metric in OF_AWS[namespace, named], metric
        for owner in dimensions[1:]:
            assert re.sub(r"^\$\{(\w+)(\.QueueName)?\}$", r"\1", owner) in RAW["Resources"], owner


def test_the_dashboard_shows_every_queue() -> None:
    dead = rung_queues() | looked_at()
    of = {m: {o[-1] for o in shown() if o[1] == m} for m in OF_AWS["AWS/SQS", "QueueName"]}
    assert of["ApproximateNumberOfMessagesVisible"] == {f"${{{each}.QueueName}}" for each in dead}
    waiting = {f"${{{each}.QueueName}}" for each in QUEUES.keys() - dead}
    assert of["ApproximateAgeOfOldestMessage"] == waiting


def test_the_dashboard_is_a_small_part_of_the_template() -> None:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    body = dashboard["Properties"]["DashboardBody"]["Fn::Sub"]
    assert len(body.splitlines()) < 60
