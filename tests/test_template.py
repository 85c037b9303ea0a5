"""template.yaml is code: what must hold of every function, table, trigger and policy in it."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from functions.merchant_api import app as merchant_api
from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.attribution import attribute_order, cross_device
from sharetrail.aws import queues, tables
from sharetrail.orders import exchange_rates, order_facts
from sharetrail.orders.order_fact import FactKind

ROOT = TEMPLATE.parent
PACKAGE = ROOT / "shared" / "sharetrail"
RAW = intrinsics.read(TEMPLATE.read_text())


def of_type(kind: str) -> dict[str, Any]:
    return {name: each for name, each in RAW["Resources"].items() if each["Type"] == kind}


FUNCTIONS = {n: each["Properties"] for n, each in of_type("AWS::Serverless::Function").items()}
QUEUES = {name: each["Properties"] for name, each in of_type("AWS::SQS::Queue").items()}
KEPT = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")


def events(kind: str) -> list[tuple[str, Any]]:
    """Triggers of this kind: the function's name, the trigger's properties."""
    return [
        (name, event["Properties"])
        for name, function in FUNCTIONS.items()
        for event in function.get("Events", {}).values()
        if event["Type"] == kind
    ]


def statements(name: str) -> list[Any]:
    return [s for policy in FUNCTIONS[name].get("Policies", []) for s in policy["Statement"]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def may(name: str, action: str, target: str) -> bool:
    """Whether a function's own statements let it do this to this resource."""
    arn = {"Fn::GetAtt": [target, "Arn"]}
    return any(
        action in listed(s["Action"]) and arn in listed(s["Resource"]) for s in statements(name)
    )


# ── What is in it ────────────────────────────────────────────────────────────────────────────────
def test_every_function_folder_is_in_the_template_and_the_other_way_round():
    folders = {f"functions/{app.parent.name}/" for app in ROOT.glob("functions/*/app.py")}
    assert {function["CodeUri"] for function in FUNCTIONS.values()} == folders
    assert len(FUNCTIONS) == len(folders)


def test_a_functions_name_is_its_folders_in_capitals():
    for name, function in FUNCTIONS.items():
        folder = Path(function["CodeUri"]).name
        assert "".join(word.title() for word in folder.split("_")) == name


def test_a_yaml_reader_written_in_python_reads_it_too():
    """SAM has one; it is stricter than libyaml about a bare ? between braces."""

    class Plain(yaml.SafeLoader):
        pass

    Plain.add_multi_constructor("!", lambda *_: None)
    assert yaml.load(TEMPLATE.read_text(), Plain)["Resources"].keys() == RAW["Resources"].keys()


def test_the_merchant_api_describes_the_routes_that_lead_to_it():
    routes = {
        (each["Properties"]["Method"], _unnamed(each["Properties"]["Path"]))
        for each in FUNCTIONS["MerchantApi"]["Events"].values()
    }
    event = json.loads((ROOT / "events/merchant_api_order.json").read_text())
    asked = {**event, "routeKey": "GET /v1/openapi.json", "rawPath": "/v1/openapi.json"}
    asked["requestContext"]["http"] |= {"method": "GET", "path": "/v1/openapi.json"}
    told = json.loads(merchant_api.handler(asked, None)["body"])["paths"]
    described = {(m.upper(), _unnamed(path)) for path, methods in told.items() for m in methods}
    assert routes == described | {("GET", "/v1/openapi.json")}


def _unnamed(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def test_the_layer_is_the_folder_of_the_package():
    (layer,) = of_type("AWS::Serverless::LayerVersion").values()
    assert (ROOT / layer["Properties"]["ContentUri"]).resolve() == PACKAGE.parent
    assert layer["Metadata"]["BuildMethod"] == "makefile"


def test_layer_and_functions_agree_on_runtime_and_architecture():
    (layer,) = of_type("AWS::Serverless::LayerVersion").values()
    common = RAW["Globals"]["Function"]
    assert layer["Properties"]["CompatibleRuntimes"] == [common["Runtime"]]
    assert layer["Properties"]["CompatibleArchitectures"] == common["Architectures"]
    assert [layer["Metadata"]["BuildArchitecture"]] == common["Architectures"]
    own = {key for function in FUNCTIONS.values() for key in function}
    assert not own & {"Runtime", "Architectures", "Layers"}


# ── What stays ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", [name for kind in KEPT for name in of_type(kind)])
def test_every_table_bucket_and_key_stays_when_the_stack_goes(name):
    resource = RAW["Resources"][name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", of_type("AWS::DynamoDB::Table"))
def test_every_table_but_the_salts_has_backups(name):
    backups = RAW["Resources"][name]["Properties"].get("PointInTimeRecoverySpecification")
    assert backups == (None if name == "SaltsTable" else {"PointInTimeRecoveryEnabled": True})


@pytest.mark.parametrize("name", of_type("AWS::S3::Bucket"))
def test_no_bucket_can_be_opened_to_the_public(name):
    block = RAW["Resources"][name]["Properties"]["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())


# ── What rings ───────────────────────────────────────────────────────────────────────────────────
def test_every_kind_of_fact_rings_its_order_and_so_does_what_is_told_beside_it():
    (stream,) = (each for name, each in events("DynamoDB") if name == "AttributeOrder")
    (pattern,) = (each["Pattern"] for each in stream["FilterCriteria"]["Filters"])
    ringing = [each["prefix"] for each in json.loads(pattern)["dynamodb"]["Keys"]["sk"]["S"]]
    beside = (
        exchange_rates.PREFIX,
        attribute_order.DECIDED,
        cross_device.RING,
        order_facts.HEARD,
    )
    assert ringing == [*get_args(FactKind), *(each.rstrip("#") for each in beside)]


# ── What fails is kept ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("name", "trigger"), events("DynamoDB"))
def test_a_stream_retries_a_bounded_number_of_times_and_keeps_what_failed(name, trigger):
    assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert trigger["BisectBatchOnFunctionError"] is True
    assert 0 < trigger["MaximumRetryAttempts"] <= 10
    assert trigger["StartingPosition"] == "TRIM_HORIZON"
    failures = trigger["DestinationConfig"]["OnFailure"]
    bucket, _ = failures["Destination"]["Fn::GetAtt"]
    assert failures["Type"] == "S3"
    assert bucket in of_type("AWS::S3::Bucket")
    assert may(name, "s3:PutObject", bucket)


@pytest.mark.parametrize(("name", "trigger"), events("DynamoDB"))
def test_a_streams_table_has_one(name, trigger):
    table, _ = trigger["Stream"]["Fn::GetAtt"]
    assert "StreamSpecification" in RAW["Resources"][table]["Properties"]


@pytest.mark.parametrize(("name", "trigger"), events("SQS"))
def test_a_queue_retries_single_messages_and_keeps_what_failed(name, trigger):
    assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue, _ = trigger["Queue"]["Fn::GetAtt"]
    redrive = QUEUES[queue]["RedrivePolicy"]
    assert 0 < redrive["maxReceiveCount"] <= 100
    assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] in QUEUES


@pytest.mark.parametrize(("name", "trigger"), events("SQS"))
def test_a_message_stays_hidden_for_as_long_as_its_function_may_take(name, trigger):
    queue, _ = trigger["Queue"]["Fn::GetAtt"]
    timeout = FUNCTIONS[name].get("Timeout", RAW["Globals"]["Function"]["Timeout"])
    assert QUEUES[queue]["VisibilityTimeout"] > timeout


@pytest.mark.parametrize(("name", "trigger"), events("Schedule"))
def test_a_schedule_retries_a_bounded_number_of_times_and_keeps_what_failed(name, trigger):
    invoked = FUNCTIONS[name]["EventInvokeConfig"]
    assert 0 < invoked["MaximumRetryAttempts"] <= 2
    failures = invoked["DestinationConfig"]["OnFailure"]
    queue, _ = failures["Destination"]["Fn::GetAtt"]
    assert failures["Type"] == "SQS"
    assert may(name, "sqs:SendMessage", queue)


def test_every_trigger_is_of_a_kind_that_these_tests_know():
    kinds = {e["Type"] for f in FUNCTIONS.values() for e in f.get("Events", {}).values()}
    assert kinds == {"HttpApi", "DynamoDB", "SQS", "Schedule"}


def test_every_queue_of_failures_has_an_alarm_and_keeps_them_for_as_long_as_aws_can():
    redrives = [queue.get("RedrivePolicy", {}) for queue in QUEUES.values()]
    invoked = [function.get("EventInvokeConfig", {}) for function in FUNCTIONS.values()]
    targets = [redrive["deadLetterTargetArn"] for redrive in redrives if redrive]
    targets += [each["DestinationConfig"]["OnFailure"]["Destination"] for each in invoked if each]
    dead = {target["Fn::GetAtt"][0] for target in targets}
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Properties"]["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    assert dead == watched
    assert {QUEUES[name]["MessageRetentionPeriod"] for name in dead} == {14 * 24 * 3600}


def test_every_alarm_is_told_of_where_its_description_leads():
    told = (ROOT / "docs/operate.md").read_text()
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        words = alarm["Properties"]["AlarmDescription"].partition(";")[0]
        row = next((line for line in told.splitlines() if f"`{name}`" in line), "")
        assert row, name
        title = re.search(r"\[(.+?)\]\(#(.+?)\)", row)
        assert title, name
        assert words.startswith(title[1]), (words, title[1])
        heading = title[2].replace("-", " ")
        assert heading in [line.lower() for line in re.findall("^### (.+)$", told, re.MULTILINE)]


# ── Who may do what ──────────────────────────────────────────────────────────────────────────────
def test_onboarding_has_no_trigger_and_so_no_public_route():
    assert "Events" not in FUNCTIONS["OnboardMerchant"]
    assert [n for n, f in FUNCTIONS.items() if "Events" not in f] == ["OnboardMerchant"]
    assert not any("FunctionUrlConfig" in function for function in FUNCTIONS.values())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_statements_of_its_own_and_no_managed_policy(name):
    assert not FUNCTIONS[name].keys() & {"Role", "PermissionsBoundary"}
    for policy in FUNCTIONS[name].get("Policies", []):
        assert policy.keys() == {"Statement"}
    for statement in statements(name):
        assert statement["Effect"] == "Allow"
        assert not statement.keys() - {"Effect", "Action", "Resource", "Condition"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_action_is_named_in_full(name):
    for statement in statements(name):
        for action in listed(statement["Action"]):
            assert "*" not in action
            assert "?" not in action


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_resource_is_one_of_ours_but_for_mail_from_our_own_address(name):
    for statement in statements(name):
        if statement["Resource"] == "*":
            assert listed(statement["Action"]) == ["ses:SendRawEmail"]
            assert statement["Condition"] == {
                "StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}
            }
            continue
        for resource in listed(statement["Resource"]):
            ((how, what),) = resource.items()
            owner = what[0] if how == "Fn::GetAtt" else what.removeprefix("${").split(".Arn}")[0]
            assert owner in RAW["Resources"], resource


def test_only_one_function_sends_mail():
    senders = [n for n in FUNCTIONS if "ses:SendRawEmail" in json.dumps(statements(n))]
    assert senders == ["SendReport"]


# ── What they are told, and what is logged ───────────────────────────────────────────────────────
def test_the_environment_is_what_environment_py_reads_and_nothing_else():
    given = RAW["Globals"]["Function"]["Environment"]["Variables"]
    ours = {name for name in given if not name.startswith("POWERTOOLS_")}
    own = {name: each["Environment"] for name, each in FUNCTIONS.items() if "Environment" in each}
    fast = {"Variables": {"FAST_PATH": {"Ref": "FastPath"}}}
    assert own == {"Redirect": fast, "ServeScript": fast}
    assert ours | {"FAST_PATH"} == set(names_read())


def names_read() -> Iterator[str]:
    """The variables that environment.py reads: by name, by a table's noun, by a queue's word."""
    for node in ast.walk(ast.parse((PACKAGE / "aws/environment.py").read_text())):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield node.slice.value
        if ast.unparse(node).startswith("os.environ.get('FAST"):
            yield "FAST_PATH"
    for each in vars(tables).values():
        if isinstance(each, tables.Table):
            yield f"{each.noun.upper()}_TABLE"
    for each in vars(queues).values():
        if isinstance(each, queues.Queue):
            yield f"{each.noun.upper()}_QUEUE"


def test_environment_py_alone_reads_the_environment():
    sources = [*PACKAGE.rglob("*.py"), *ROOT.glob("functions/*/*.py")]
    readers = [s.name for s in sources if "environ" in names_used(ast.parse(s.read_text()))]
    assert readers == ["environment.py"]


def names_used(tree: ast.Module) -> set[str]:
    """Names and attributes that the code mentions; `environ`, `getenv` as `environ`."""
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    used |= {alias.name for node in imports for alias in node.names}
    return {"environ" if name in ("getenv", "environb") else name for name in used}


def test_the_access_log_has_the_route_and_never_the_path_or_who_came():
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    logged = json.loads(api["Properties"]["AccessLogSettings"]["Format"])
    assert set(logged.values()) == {
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
    }


def test_what_is_logged_is_forgotten_after_a_while():
    for group in of_type("AWS::Logs::LogGroup").values():
        assert 0 < group["Properties"]["RetentionInDays"] <= 30


# ── what a deployment makes of it ────────────────────────────────────────────────────────────────
def test_sam_transforms_the_template() -> None:
    """Offline, as `sam deploy` has CloudFormation do it; SAM's own rules raise here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_DEFAULT_REGION", "us-east-1")
        document = yaml_parse(TEMPLATE.read_text())
        for resource in document["Resources"].values():
            for source in ("CodeUri", "ContentUri"):
                if source in resource.get("Properties", {}):
                    resource["Properties"][source] = "s3://bucket/built"
        made = transform(document, {}, NoManagedPolicies())["Resources"]
    kinds = Counter(resource["Type"] for resource in made.values())
    assert kinds["AWS::Lambda::Function"] == kinds["AWS::IAM::Role"] == len(FUNCTIONS)
    assert kinds["AWS::Lambda::EventSourceMapping"] == 5
    assert kinds["AWS::Events::Rule"] == kinds["AWS::Lambda::EventInvokeConfig"] == 5


class NoManagedPolicies:
    """The loader SAM asks for managed policies by name: we name none."""

    def load(self) -> dict[str, str]:
        return {}
