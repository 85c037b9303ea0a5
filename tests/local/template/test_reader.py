from pathlib import Path

import pytest

from local.template import filters, reader
from local.template.intrinsics import Refused

GIVEN = {
    "Stage": "local",
    "PublicBaseUrl": "http://127.0.0.1:8080",
    "MailFrom": "reports@sharetrail.example",
}
ENDPOINT = "http://127.0.0.1:4566"


@pytest.fixture(scope="module")
def declared():
    return reader.load(parameters=GIVEN, endpoint=ENDPOINT)


@pytest.fixture
def load(tmp_path):
    """Loads a template of these resources, written as YAML."""

    def load(resources, **parameters):
        path = Path(tmp_path) / "template.yaml"
        path.write_text(f"Parameters: {{Stage: {{Type: String, Default: live}}}}\n{resources}")
        return reader.load(path, parameters, endpoint=ENDPOINT)

    return load


# ── The real template ────────────────────────────────────────────────────────────────────────────
def test_the_environment_is_all_that_functions_are_told_each_of_what_it_reads(declared):
    environment = declared.environment
    assert environment["STAGE"] == "local"
    assert environment["PUBLIC_BASE_URL"] == "http://127.0.0.1:8080"
    assert environment["EVENTS_TABLE"] == "sharetrail-events-table"
    assert environment["REPORTS_BUCKET"] == "sharetrail-reports-bucket"
    assert environment["CLICKS_QUEUE"] == f"{ENDPOINT}/000000000000/sharetrail-clicks-queue"
    assert environment["MERCHANT_KEY"] == "alias/sharetrail-merchant-key"
    told = declared.functions["serve_script"].environment
    assert told == {
        name: environment[name] for name in ("PUBLIC_BASE_URL", "MERCHANTS_TABLE", "FAST_PATH")
    }
    assert all(
        each.environment.items() <= environment.items() for each in declared.functions.values()
    )


def test_every_function_is_invoked_by_its_alias(declared):
    assert {each.alias for each in declared.functions.values()} == {"live"}


def test_what_an_output_names_is_for_whoever_invokes_it_be_it_a_queues_too(declared):
    put_out = {folder for folder, each in declared.functions.items() if each.is_put_out}
    assert put_out == {"onboard_merchant", "erase_person", "export_person"}
    assert declared.functions["erase_person"].queues


def test_a_stream_trigger_has_all_its_properties(declared):
    (trigger,) = declared.functions["attribute_order"].streams
    assert trigger.table == "sharetrail-orders-table"
    assert (trigger.batch_size, trigger.window, trigger.retries) == (100, 5, 5)
    assert trigger.bisect
    assert trigger.partial
    assert trigger.failures == "sharetrail-failures-bucket"
    placed = {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "placed"}}}}
    touch = {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "touch#1"}}}}
    assert filters.matches_any(trigger.patterns, placed)
    assert not filters.matches_any(trigger.patterns, touch)


def test_a_queue_trigger_and_its_dead_letters_are_read(declared):
    (trigger,) = declared.functions["send_report"].queues
    assert (trigger.queue, trigger.batch_size) == ("sharetrail-mails-queue", 10)
    queue = declared.queues[trigger.queue]
    assert (queue.receives, queue.dead_letters) == (30, "sharetrail-failed-mails")
    assert queue.attributes["VisibilityTimeout"] == "600"


def test_anchors_are_followed_to_the_schedules_failure_queue(declared):
    sweep = declared.functions["sweep"]
    assert (sweep.retries, sweep.failures) == (2, "sharetrail-failed-schedules")
    assert sweep.schedules[0].expression == "cron(32 * * * ? *)"


def test_tables_carry_keys_indexes_stream_and_expiry(declared):
    merchants = declared.tables["sharetrail-merchants-table"]
    assert merchants.expiry == "expires"
    (index,) = merchants.definition["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "zone"
    events = declared.tables["sharetrail-events-table"]
    assert events.definition["StreamSpecification"]["StreamViewType"] == "KEYS_ONLY"


def test_what_is_known_but_not_emulated_is_listed(declared):
    listed = declared.not_emulated
    assert "IAM policies" in listed
    assert "alarm PersonNeeded" in listed
    assert "dashboard Dashboard" in listed
    assert "layer Layer" in listed
    assert not any("Alarms" in each for each in listed), "its condition does not hold"


# ── Intrinsics and parameters ────────────────────────────────────────────────────────────────────
def test_intrinsics_conditions_and_globals_are_worked_out(load):
    loaded = load(
        """
Conditions: {Live: !Equals [!Ref Stage, live], Other: !Not [!Equals [!Ref Stage, live]]}
Globals:
  Function: {Handler: app.handler, Timeout: 7, Environment: {Variables: {A: common, B: common}}}
Resources:
  Work: {Type: AWS::SQS::Queue}
  Gone: {Type: AWS::SNS::Topic, Condition: Other}
  One:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/one/
      Environment:
        Variables:
          B: !If [Live, own, !Ref AWS::NoValue]
          C: !Sub "${AWS::Region}/${Work.QueueName}/${!Literal}"
          D: !Join ["-", [a, !GetAtt Work.Arn]]
          E: !Sub ["${X}", {X: !Ref Stage}]
          F: !If [Other, own, !Ref AWS::NoValue]
"""
    )
    assert loaded.functions["one"].timeout == 7
    assert loaded.environment == {
        "A": "common",
        "B": "own",
        "C": "us-east-1/sharetrail-work/${Literal}",
        "D": "a-arn:aws:sqs:us-east-1:000000000000:sharetrail-work",
        "E": "live",
    }
    assert not any("Gone" in each for each in loaded.not_emulated)


FUNCTION = "Resources: {One: {Type: AWS::Serverless::Function, Properties: {CodeUri: f/one/, %s}}}"
STREAM = (
    "Handler: app.handler, Events: {E: {Type: DynamoDB, Properties: "
    "{Stream: 'arn:aws:dynamodb:r:1:table/t/stream/s', StartingPosition: TRIM_HORIZON, %s}}}"
)


@pytest.mark.parametrize(
    ("resources", "reason"),
    [
        ("Resources: {A: {Type: AWS::Kinesis::Stream}}", "AWS::Kinesis::Stream"),
        ("Mappings: {}\nResources: {}", "Mappings"),
        ("Resources: {A: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}}", "FifoQueue"),
        ("Resources: {A: {Type: AWS::S3::Bucket, Properties: {ObjectLockEnabled: true}}}", "Lock"),
        (FUNCTION % "Handler: other.handler", "app.handler"),
        (FUNCTION % "Handler: app.handler, VpcConfig: {}", "VpcConfig"),
        (FUNCTION % "Handler: app.handler, Events: {E: {Type: SNS, Properties: {}}}", "SNS"),
        (FUNCTION % "Handler: app.handler, Timeout: !FindInMap [a, b, c]", "Fn::FindInMap"),
        (FUNCTION % "Handler: app.handler, Timeout: !Ref Nothing", "Nothing"),
        (FUNCTION % (STREAM % "BatchSize: 1"), "MaximumRetryAttempts"),
        (FUNCTION % (STREAM % "MaximumRetryAttempts: 1, ParallelizationFactor: 2"), "Parallel"),
        (
            FUNCTION
            % STREAM
            % "MaximumRetryAttempts: 1, FilterCriteria: {Filters: [{Pattern: '%s'}]}"
            % '{"a": [{"numeric": [">", 1]}]}',
            "numeric",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_name(load, resources, reason):
    with pytest.raises(Refused, match=reason):
        load(resources)


@pytest.mark.parametrize(
    "given", [{}, {**GIVEN, "Stage": "test"}, {**GIVEN, "PublicBaseUrl": "x"}, {**GIVEN, "No": ""}]
)
def test_parameters_are_checked_as_cloudformation_checks_them(given):
    with pytest.raises(Refused):
        reader.load(parameters=given)


def test_variables_that_differ_between_functions_are_refused(load):
    one = "{Type: AWS::Serverless::Function, Properties: {CodeUri: %s, Handler: app.handler,"
    one += " Environment: {Variables: {A: %s}}}}"
    loaded = load(f"Resources: {{One: {one % ('f/one', 1)}, Two: {one % ('f/two', 2)}}}")
    with pytest.raises(ValueError, match="A differs"):
        _ = loaded.environment


def test_what_stands_in_front_of_a_deployment_is_named_among_what_is_not_emulated_here():
    front = {"Front": "waf", "FrontSecret": "s", "ShortDomain": "go.shop.example"}
    plain = set(reader.load(parameters=GIVEN, endpoint=ENDPOINT).not_emulated)
    loaded = reader.load(parameters={**GIVEN, **front}, endpoint=ENDPOINT)
    assert set(loaded.not_emulated) - plain == {
        "cache policy ScriptCache",
        "distribution Distribution",
        "headers of answers Guarded",
        "limits for each address Limits",
        "mapping DomainMapping",
        "own domain Domain",
    }
    assert loaded.environment["TRUST_CLOUDFRONT"] == "yes"


def test_a_rule_of_the_bus_leads_to_a_queue_and_to_nothing_else(declared, load):
    (rule,) = declared.rules
    assert rule.queue == "sharetrail-bounces-queue"
    assert rule.pattern["source"] == ["aws.ses"]
    target = (
        "Resources: {R: {Type: 'AWS::Events::Rule', Properties: "
        "{EventPattern: {a: [b]}, Targets: [{Id: i, Arn: %s}]}}}"
    )
    with pytest.raises(Refused, match="queue"):
        load(target % "'arn:aws:lambda:us-east-1:0:function:f'")
    with pytest.raises(Refused, match="filter"):
        load(target.replace("a: [b]", "a: b") % "'arn:aws:sqs:us-east-1:000000000000:q'")
