"""template.yaml is code: what must hold of every function, table, trigger and policy in it."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.deployment import checks, sizes
from local.template import intrinsics, reader
from local.template.reader import TEMPLATE
from sharetrail.aws import queues, tables
from sharetrail.clicks import visitor
from sharetrail.mail import pace
from sharetrail.merchants.profile import merchant_id_of
from sharetrail.orders import order_rings
from sharetrail.report.issuing import send_report
from sharetrail.report.keeping import reports

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


LAYERS = of_type("AWS::Serverless::LayerVersion")


def test_the_layers_are_made_of_the_folder_of_the_package():
    assert [*LAYERS] == [*sizes.LAYERS]
    for layer in LAYERS.values():
        assert (ROOT / layer["Properties"]["ContentUri"]).resolve() == PACKAGE.parent
        assert layer["Metadata"]["BuildMethod"] == "makefile"


def test_layers_and_functions_agree_on_runtime_and_architecture():
    common = RAW["Globals"]["Function"]
    for layer in LAYERS.values():
        assert layer["Properties"]["CompatibleRuntimes"] == [common["Runtime"]]
        assert layer["Properties"]["CompatibleArchitectures"] == common["Architectures"]
        assert [layer["Metadata"]["BuildArchitecture"]] == common["Architectures"]
    own = {key for function in FUNCTIONS.values() for key in function}
    assert not own & {"Runtime", "Architectures"}


def test_redirect_and_script_have_our_package_alone_and_all_others_the_libraries_too():
    assert RAW["Globals"]["Function"]["Layers"] == [{"Ref": "Layer"}]
    own = {name: function.get("Layers") for name, function in FUNCTIONS.items()}
    assert {name for name, layers in own.items() if layers is None} == {"Redirect", "ServeScript"}
    others = [layers for layers in own.values() if layers is not None]
    assert [layers for layers in others if layers != [{"Ref": "Libraries"}]] == []


# ── What stays ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", [name for kind in KEPT for name in of_type(kind)])
def test_every_table_bucket_and_key_stays_when_the_stack_goes(name):
    resource = RAW["Resources"][name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", of_type("AWS::DynamoDB::Table"))
def test_every_table_but_the_salts_has_backups(name):
    backups = RAW["Resources"][name]["Properties"].get("PointInTimeRecoverySpecification")
    assert backups == (None if name == "SaltsTable" else {"PointInTimeRecoveryEnabled": True})


@pytest.mark.parametrize("name", of_type("AWS::DynamoDB::Table"))
def test_nobody_deletes_a_table_by_mistake(name):
    assert RAW["Resources"][name]["Properties"]["DeletionProtectionEnabled"] is True


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
    assert ringing == [each.rstrip("#") for each in order_rings.PREFIXES]


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


def told_by_the_bus() -> list[dict[str, Any]]:
    """Where a rule of ours sends events, and what cannot be delivered."""
    rules = of_type("AWS::Events::Rule").values()
    return [target for rule in rules for target in rule["Properties"]["Targets"]]


def test_whatever_the_bus_sends_to_a_queue_it_may_send_there_and_to_where_failures_go() -> None:
    allowed = {
        statement["Resource"]["Fn::GetAtt"][0]
        for policy in of_type("AWS::SQS::QueuePolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "events.amazonaws.com"}
    }
    told = told_by_the_bus()
    sent = [*(each["Arn"] for each in told), *(each["DeadLetterConfig"]["Arn"] for each in told)]
    assert {arn["Fn::GetAtt"][0] for arn in sent} == allowed == {"BouncesQueue", "FailedBounces"}


def test_reports_outlive_the_rows_that_name_them() -> None:
    (bucket,) = (b for name, b in of_type("AWS::S3::Bucket").items() if name == "ReportsBucket")
    lives = {
        rule["Prefix"]: rule["ExpirationInDays"]
        for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    }
    assert lives.keys() == {reports.DAYS, "m_", "weeks/", "sent-orders/"}
    assert lives[reports.DAYS] >= reports.LIFETIME_OF_DAYS.days + 2
    assert lives["m_"] >= reports.LIFETIME.days + 2
    assert merchant_id_of("shop.example").startswith("m_")


@pytest.mark.parametrize(("name", "trigger"), events("DynamoDB"))
def test_a_batch_that_a_stream_gave_up_is_told_to_a_queue_that_rings(name, trigger):
    bucket, _ = trigger["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]
    (notification,) = told(bucket)
    assert notification["Event"] == "s3:ObjectCreated:*"
    queue, _ = notification["Queue"]["Fn::GetAtt"]
    policy = RAW["Resources"][RAW["Resources"][bucket]["DependsOn"]]["Properties"]
    assert policy["Queues"] == [{"Ref": queue}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": [queue, "Arn"]},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }


def told(bucket: str) -> list[Any]:
    """Of what a bucket tells queues."""
    notifications = RAW["Resources"][bucket]["Properties"].get("NotificationConfiguration", {})
    return notifications.get("QueueConfigurations", [])


# ── Who may do what ──────────────────────────────────────────────────────────────────────────────
def test_what_an_operator_invokes_has_no_public_route():
    untriggered = [n for n, f in FUNCTIONS.items() if "Events" not in f]
    assert untriggered == ["OnboardMerchant", "ExportPerson"]
    assert {e["Type"] for e in FUNCTIONS["ErasePerson"]["Events"].values()} == {"SQS"}
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
        assert {*owners(statement)} <= RAW["Resources"].keys()


def test_only_a_report_and_a_new_link_to_it_are_mailed():
    senders = [n for n in FUNCTIONS if "ses:SendRawEmail" in json.dumps(statements(n))]
    assert senders == ["ActOnReport", "SendReport"]


def test_mails_are_paced_by_as_many_instances_as_send_and_come_again_when_a_claim_expects_them():
    (trigger,) = (each for name, each in events("SQS") if name == "SendReport")
    assert trigger["ScalingConfig"] == {"MaximumConcurrency": pace.INSTANCES}
    queue, _ = trigger["Queue"]["Fn::GetAtt"]
    apart = send_report.ATTEMPTS_APART.total_seconds()
    assert QUEUES[queue]["VisibilityTimeout"] == apart
    batch = trigger["BatchSize"] * pace.INSTANCES / RAW["Parameters"]["MailsPerSecond"]["MinValue"]
    assert batch < FUNCTIONS["SendReport"]["Timeout"] / 2


def test_builders_alone_bound_how_many_merchants_weeks_are_looked_at_at_once():
    weeks, questions = (each for name, each in events("SQS") if name == "AnalyseMerchant")
    assert weeks["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "Builders"}}
    assert weeks["BatchSize"] == questions["BatchSize"] == 1
    assert questions["ScalingConfig"]["MaximumConcurrency"] == 2


# ── What may come at once ────────────────────────────────────────────────────────────────────────
ACCOUNT = 10_000
"""Requests a second that API Gateway lets through for all of an account, unless it is asked."""


def test_a_limit_is_a_routes_that_there_is():
    """API Gateway refuses to deploy another."""
    routes = {f"{each['Method']} {each['Path']}" for _, each in events("HttpApi")}
    assert limits().keys() <= routes


def test_whoever_floods_a_route_leaves_half_of_the_account_to_the_rest():
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    common = api["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"]
    assert max([common, *limits().values()]) <= ACCOUNT / 2


def test_what_anybody_may_call_is_let_through_more_often_than_what_takes_a_secret_key():
    ours, by_hand = (
        {f"{each['Method']} {each['Path']}" for n, each in events("HttpApi") if n in functions}
        for functions in (NEEDS_KEY, BY_HAND)
    )
    heads = {f"HEAD {each['Path']}" for _, each in events("HttpApi")}
    anybodys = {f"{each['Method']} {each['Path']}" for _, each in events("HttpApi")}
    anybodys -= ours | by_hand | heads
    assert {limits().get(route) for route in anybodys} == {5_000, 2_000}
    assert {limits().get(route, 250) for route in ours} == {250, 10}
    assert {limits()[route] for route in by_hand - heads} == {50}


NEEDS_KEY = ("AskWhatIf", "MerchantApi", "Reconcile")
BY_HAND = ("ActOnReport", "ViewReport")
"""The report page: seconds of a core for whoever has a link, so that no link takes all others'."""


def limits() -> dict[str, int]:
    """Route → requests a second."""
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    routes = api["Properties"]["RouteSettings"].items()
    return {route: each["ThrottlingRateLimit"] for route, each in routes}


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("Redirect", "RedirectConcurrency"), ("ReceiveOrder", "WebhookConcurrency")],
)
def test_concurrency_is_kept_for_a_function_where_a_parameter_says_so(name, parameter):
    reserved = {"Fn::If": [f"Has{parameter}", {"Ref": parameter}, {"Ref": "AWS::NoValue"}]}
    assert FUNCTIONS[name]["ReservedConcurrentExecutions"] == reserved
    assert RAW["Parameters"][parameter]["Default"] == 0
    wanted = {"PublicBaseUrl": "https://go.example.com", "MailFrom": "reports@example.com"}
    assert reader.load(parameters={**wanted, parameter: "100"})


# ── What they are told, and what is logged ───────────────────────────────────────────────────────
def told_to(name: str) -> dict[str, Any]:
    """Its variables."""
    return dict(FUNCTIONS[name].get("Environment", {}).get("Variables", {}))


def test_a_variable_is_one_that_environment_py_reads_and_the_same_to_whoever_is_told():
    values: dict[str, Any] = dict(RAW["Globals"]["Function"]["Environment"]["Variables"])
    assert values == {"PUBLIC_BASE_URL": {"Ref": "PublicBaseUrl"}}, "what is no store and no secret"
    for name in FUNCTIONS:
        for variable, value in told_to(name).items():
            assert values.setdefault(variable, value) == value, (name, variable)
    assert values.keys() == set(names_read())
    mail_from = {"Fn::Sub": "mailto:${MailFrom}"}
    contact = {"Fn::If": ["HasSecurityContact", {"Ref": "SecurityContact"}, mail_from]}
    assert values["SECURITY_CONTACT"] == contact


STORES = {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket"}
KEPT_BY_LAMBDA = {"FailedSchedules", "FailuresBucket"}
"""To which Lambda alone writes, in a function's name."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_told_of_the_tables_queues_and_buckets_that_it_may_use_and_no_other(name):
    """And of the bucket whoever reads facts: what rings of an unreadable one goes by its name."""
    named = {*re.findall(r"\w+", json.dumps([*told_to(name).values()]))}
    told = {each for each in named & RAW["Resources"].keys() if kind_of(each) in STORES}
    allowed = {each for s in statements(name) for each in owners(s) if kind_of(each) in STORES}
    facts = [may(name, f"dynamodb:{do}", "EventsTable") for do in ("Query", "BatchGetItem")]
    rings = {"QuarantineBucket"} if any(facts) else set()
    assert told == allowed - KEPT_BY_LAMBDA | rings


def kind_of(logical: str) -> str:
    return str(RAW["Resources"][logical]["Type"])


def owners(statement: dict[str, Any]) -> Iterator[str]:
    """The resources that a statement is on."""
    for resource in listed(statement["Resource"]):
        if resource != "*":
            ((how, what),) = resource.items()
            yield what[0] if how == "Fn::GetAtt" else what.removeprefix("${").split(".Arn}")[0]


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


def test_the_access_log_has_request_and_route_and_never_the_path_or_who_came():
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    logged = json.loads(api["Properties"]["AccessLogSettings"]["Format"])
    assert set(logged.values()) == {
        "$context.requestId",
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
    }


def test_what_is_logged_is_forgotten_after_a_while():
    groups = of_type("AWS::Logs::LogGroup")
    for group in groups.values():
        assert 0 < group["Properties"]["RetentionInDays"] <= 30
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    told = api["Properties"]["AccessLogSettings"]["DestinationArn"]
    assert told["Fn::GetAtt"] == ["AccessLog", "Arn"]
    for name, function in FUNCTIONS.items():
        common = RAW["Globals"]["Function"]["LoggingConfig"]
        config = reader.merge(common, function.get("LoggingConfig", {}))
        assert config["LogGroup"]["Ref"] in groups, name
        assert config["LogFormat"] == "JSON", name


def test_a_deployment_has_every_function_log_where_it_is_forgotten(deployed):
    (ours,) = {
        resource["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        for resource in deployed.values()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    assert deployed[ours]["Properties"]["RetentionInDays"] == 30
    groups = [e for e in deployed.values() if e["Type"] == "AWS::Logs::LogGroup"]
    assert all(0 < group["Properties"]["RetentionInDays"] <= 30 for group in groups)


LOGGING = {
    "AWS::CloudFront::Distribution": "Logging",
    "AWS::S3::Bucket": "LoggingConfiguration",
    "AWS::WAFv2::LoggingConfiguration": "LogDestinationConfigs",
    "AWS::Lambda::Function": "TracingConfig",
}
"""What else could keep who came, or what they asked for, by a property of its own."""


def test_nothing_else_keeps_a_log(deployed):
    for name, resource in deployed.items():
        told = {
            **resource.get("Properties", {}),
            **resource["Properties"].get("DistributionConfig", {}),
        }
        assert LOGGING.get(resource["Type"]) not in told, name
    stages = [e["Properties"] for e in deployed.values() if "Stage" in e["Type"]]
    told = [stage["AccessLogSettings"]["DestinationArn"] for stage in stages]
    assert told == [{"Fn::GetAtt": ["AccessLog", "Arn"]}]


# ── What stands in front, where it is asked for ──────────────────────────────────────────────────
FRONT = (
    *("AWS::CloudFront::Distribution", "AWS::CloudFront::CachePolicy"),
    *("AWS::CloudFront::ResponseHeadersPolicy", "AWS::WAFv2::WebACL"),
)


def test_nothing_stands_in_front_unless_it_is_asked_for():
    conditions = {name: each["Condition"] for kind in FRONT for name, each in of_type(kind).items()}
    assert conditions == {
        "Distribution": "HasFront",
        "ScriptCache": "HasFront",
        "Limits": "HasWaf",
        "Guarded": "HasFront",
    }
    parameters = RAW["Parameters"]
    assert (parameters["Front"]["Default"], parameters["FrontSecret"]["Default"]) == ("no", "")
    assert parameters["FrontSecret"]["NoEcho"] is True


def test_the_front_proves_itself_by_the_header_that_is_looked_for():
    (front,) = of_type("AWS::CloudFront::Distribution").values()
    (origin,) = front["Properties"]["DistributionConfig"]["Origins"]
    told = {"HeaderName": visitor.FRONT, "HeaderValue": {"Ref": "FrontSecret"}}
    assert origin["OriginCustomHeaders"] == [told]
    told = [name for name in FUNCTIONS if "TRUST_CLOUDFRONT" in told_to(name)]
    assert told == ["CreateLink", "Redirect", "CollectEvents"], "who ask where a visitor is"
    for given in map(told_to, told):
        assert given["FRONT_SECRET"] == {"Ref": "FrontSecret"}
        trusts = {"Fn::If": ["HasFront", "yes", {"Ref": "TrustCloudFront"}]}
        assert given["TRUST_CLOUDFRONT"] == trusts
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    assert api["Properties"]["DisableExecuteApiEndpoint"] == {"Fn::If": ["HasFront", True, False]}


def test_the_front_keeps_nothing_but_the_script():
    (front,) = of_type("AWS::CloudFront::Distribution").values()
    configured = front["Properties"]["DistributionConfig"]
    disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert configured["DefaultCacheBehavior"]["CachePolicyId"] == disabled
    assert [each["PathPattern"] for each in configured["CacheBehaviors"]] == ["/sharetrail.js"]


def test_every_limit_is_of_an_address_and_blocks():
    (limits,) = of_type("AWS::WAFv2::WebACL").values()
    assert limits["Properties"]["Scope"] == "CLOUDFRONT"
    rules = limits["Properties"]["Rules"]
    assert [rule["Name"] for rule in rules] == ["links", "everything"]
    for rule in rules:
        assert "Block" in rule["Action"]
        assert rule["VisibilityConfig"]["CloudWatchMetricsEnabled"] is True
        assert rule["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"


# ── what a deployment makes of it ────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    return dict(checks.transformed()["Resources"])


def test_sam_transforms_the_template(deployed) -> None:
    kinds = Counter(resource["Type"] for resource in deployed.values())
    assert kinds["AWS::Lambda::Function"] == kinds["AWS::IAM::Role"] == len(FUNCTIONS)
    assert kinds["AWS::Lambda::EventSourceMapping"] == len([*events("SQS"), *events("DynamoDB")])
    assert kinds["AWS::Events::Rule"] == kinds["AWS::Lambda::EventInvokeConfig"] + 1 == 7


def test_every_function_has_an_alias_and_whatever_rings_it_rings_that(deployed) -> None:
    def properties(kind: str) -> list[Any]:
        return [each["Properties"] for each in deployed.values() if each["Type"] == kind]

    aliases = [{"Ref": f"{name}Aliaslive"} for name in FUNCTIONS]
    assert {"Ref": "RedirectAliaslive"} in aliases
    assert len(properties("AWS::Lambda::Alias")) == len(FUNCTIONS)
    rung = [each["FunctionName"] for each in properties("AWS::Lambda::EventSourceMapping")]
    rung += [each["FunctionName"] for each in properties("AWS::Lambda::Permission")]
    schedules = [each for each in properties("AWS::Events::Rule") if "ScheduleExpression" in each]
    rung += [target["Arn"] for each in schedules for target in each["Targets"]]
    assert len(rung) > len(FUNCTIONS)
    assert [each for each in rung if each not in aliases] == []
    (api,) = properties("AWS::ApiGatewayV2::Api")
    called = re.findall(r"functions/\$\{(\w+)\}/invocations", json.dumps(api))
    assert len(called) == len(events("HttpApi"))
    assert {*called} <= {alias["Ref"] for alias in aliases}
    failing = properties("AWS::Lambda::EventInvokeConfig")
    assert {each["Qualifier"] for each in failing} == {"live"}


def test_a_version_stays_when_the_next_one_comes_so_that_there_is_a_way_back(deployed) -> None:
    versions = [each for each in deployed.values() if each["Type"] == "AWS::Lambda::Version"]
    assert [each["DeletionPolicy"] for each in versions] == ["Retain"] * len(FUNCTIONS)


def test_two_stacks_fit_into_one_account() -> None:
    """Whatever is given a name has the stack's in it."""
    kinds = ("Function", "Table", "Queue", "Bucket", "LogGroup", "Topic", "Alarm", "Role", "Layer")
    fixed = {"Name", "DashboardName", *(f"{kind}Name" for kind in kinds)}
    for logical, resource in RAW["Resources"].items():
        properties = resource.get("Properties", {})
        given = [json.dumps(properties[name]) for name in fixed & properties.keys()]
        others = [each for each in given if each != '{"Ref": "Logs"}']  # that is whose filter it is
        assert [each for each in others if "AWS::StackName" not in each] == [], logical


@pytest.mark.parametrize("name", ["TendMerchant", "AnalyseMerchant"])
def test_a_merchant_whose_job_takes_long_has_one_of_many_workers(name: str) -> None:
    mapping, *_ = RAW["Resources"][name]["Properties"]["Events"].values()
    asked = mapping["Properties"]
    most = asked["ScalingConfig"]["MaximumConcurrency"]
    if isinstance(most, dict):
        most = RAW["Parameters"][most["Ref"]]["Default"]
    assert asked["BatchSize"] == 1
    assert most >= 10
