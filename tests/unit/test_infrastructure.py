"""What the template promises about production: least privilege, nothing personal in logs, nothing lost, nothing unlimited."""

from __future__ import annotations

import json
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from local.aws import template as sam
from local.aws.gateway import INTEGRATION_TIMEOUT_S
from local.aws.specs import Template
from noillusion.api.limits import REQUEST_S
from noillusion.catalog import platforms
from noillusion.catalog.providers import PROVIDERS
from noillusion.settings.holdings import GROUPS

ROOT = Path(__file__).resolve().parents[2]
VALUES = {"Auth0Domain": "tenant.eu.auth0.com", "Auth0Audience": "https://api"}
ANALYTICS = tuple(f"{platform.capitalize()}AnalyticsQueue" for platform in platforms.NAMES)
EARLIER = "AnalyticsQueue"
"""Of the version before, which had one queue for all platforms. It goes with the next version."""
QUEUES = ("PublishQueue", "ScheduleQueue", *ANALYTICS, EARLIER)
BATCH_S = {"PublishFunction": REQUEST_S}
"""The limits of requests and batches where the function's own is longer (api/limits.py)."""
OPEN = {
    "GET /v1/health",
    "GET /v1/openapi.json",
    "HEAD /v1/health",
    "HEAD /v1/openapi.json",
    "GET /v1/oauth/{platform}/callback",
    "POST /v1/schedules/links/{token}",
    "POST /v1/callbacks/meta/deauthorize",
    "POST /v1/callbacks/meta/data-deletion",
    "GET /v1/callbacks/meta/data-deletion/{code}",
    "POST /v1/callbacks/tiktok",
    "GET /v1/profile/deletion/{code}",
    "GET /v1/media/{ticket}",
    "HEAD /v1/media/{ticket}",
    "GET /robots.txt",
    "GET /v1/calendar.ics",
    *(f"{method} /{{proxy+}}" for method in ("HEAD", "GET", "POST", "PUT", "PATCH", "DELETE")),
}


@cache
def document() -> dict[str, Any]:
    return sam.read(ROOT / "template.yaml")


@cache
def loaded(**parameters: str) -> Template:
    queues = {name: {"Ref": f"http://q/{name}", "Arn": f"arn:{name}"} for name in sam.names(document(), "AWS::SQS::Queue")}
    return sam.load(document(), {**VALUES, **parameters}, queues)


def references(value: Any) -> set[str]:
    """Logical ids that a value names in any way."""
    if isinstance(value, list):
        return set().union(*(references(item) for item in value))
    if not isinstance(value, dict):
        return set()
    found = references(list(value.values()))
    for name, argument in value.items():
        if name == "Ref":
            found.add(argument)
        elif name == "Fn::GetAtt":
            found.add(argument.split(".")[0] if isinstance(argument, str) else argument[0])
        elif name == "Fn::Sub":
            found |= set(re.findall(r"\$\{(\w+)", argument if isinstance(argument, str) else argument[0]))
    return found


def properties(name: str) -> dict[str, Any]:
    return dict(document()["Resources"][name].get("Properties", {}))


def functions() -> list[str]:
    return sam.names(document(), "AWS::Serverless::Function")


SECRETS = {
    "api": "Secrets",
    "worker": "WorkerSecret",
    "health": "HealthSecret",
    "sealing": "SealingSecret",
    "platforms": "PlatformsSecret",
    "ai": "AiSecret",
}
EVERYTHING_BUT_AI = ("api", "worker", "sealing", "platforms")
HOLDS = {
    "ProfileFunction": EVERYTHING_BUT_AI,
    "HealthFunction": ("health",),
    "MediaFunction": ("api", "sealing"),
    "ConnectCallbackFunction": EVERYTHING_BUT_AI,
    "WebhooksFunction": ("api", "worker", "sealing"),
    "TemplatesFunction": ("api",),
    "CalendarFunction": ("api", "worker"),
    "GenerateFunction": ("api", "sealing", "ai"),
    "PublishFunction": EVERYTHING_BUT_AI,
    "SchedulesFunction": (*EVERYTHING_BUT_AI, "ai"),
    # It carries the AI SDKs: what is due may be generated, and is then published.
    "ScheduleRunFunction": ("api", "sealing", "platforms", "ai"),
    "AnalyticsFunction": ("api",),
    "AnalyticsPollFunction": EVERYTHING_BUT_AI,
    "MaintainFunction": (*EVERYTHING_BUT_AI, "ai"),
}
"""The groups of settings that each function holds. Another one here is a decision."""


DELETES = ("s3:DeleteObject",)
HANDS_OVER = {
    "MediaFunction": ("s3:GetObject",),
    **dict.fromkeys(("PublishFunction", "SchedulesFunction", "ScheduleRunFunction"), ("s3:PutObject", "s3:DeleteObject")),
    "ProfileFunction": DELETES,
    "ConnectCallbackFunction": DELETES,
    "MaintainFunction": DELETES,
}
"""Only functions that publish write files that are handed over, only one reads them, and only the chores can list them."""


SENDS: dict[str, str | list[str]] = {
    "ConnectCallbackFunction": "PublishQueue",
    "PublishFunction": ["PublishQueue", "WebhookQueue"],
    "MaintainFunction": ["PublishQueue", "ScheduleQueue", "WebhookQueue"],
    "SchedulesFunction": ["ScheduleQueue", "PublishQueue", "WebhookQueue"],
    "ScheduleRunFunction": ["ScheduleQueue", "PublishQueue", "WebhookQueue"],
    "WebhooksFunction": "WebhookQueue",
    "AnalyticsPollFunction": [*ANALYTICS, EARLIER],
}
"""The queues that functions send to."""


def actions(function: str) -> dict[str, str | list[str]]:
    """What a function's role may do: action → logical id of the resource, or of the resources."""
    role = properties(function)["Role"]["Fn::GetAtt"][0]
    assert set(properties(role)) == {"AssumeRolePolicyDocument", "Policies"}, "no managed policy"
    found: dict[str, Any] = {}
    named: Any
    for given in properties(role)["Policies"][0]["PolicyDocument"]["Statement"]:
        condition, statement, otherwise = given.get("Fn::If", (None, given, None))
        assert (condition, otherwise) in ((None, None), ("HandsMediaOver", {"Ref": "AWS::NoValue"}))
        resource = statement["Resource"]
        if "Fn::Sub" in resource and not condition:
            named = resource["Fn::Sub"]
        elif "Fn::Sub" in resource:
            assert resource["Fn::Sub"] == "${HandOverBucket.Arn}/*"
            named = "HandOverBucket/*"
        elif isinstance(resource, list):
            named = [one["Ref"] if "Ref" in one else one["Fn::GetAtt"][0] for one in resource]
        else:
            named = resource["Ref"] if "Ref" in resource else resource["Fn::GetAtt"][0]
        for action in [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]:
            found[action] = named
    return found


def test_every_function_has_a_role_of_its_own() -> None:
    roles = [properties(name)["Role"]["Fn::GetAtt"][0] for name in functions()]
    assert len(set(roles)) == len(roles) == 14


@pytest.mark.parametrize("function", functions())
def test_a_role_may_do_what_its_function_does_and_nothing_else(function: str) -> None:
    expected: dict[str, Any] = {"logs:CreateLogStream": "Logs", "logs:PutLogEvents": "Logs"}
    expected["secretsmanager:GetSecretValue"] = [SECRETS[group] for group in HOLDS[function]]
    if (sent := SENDS.get(function)) is not None:
        expected["sqs:SendMessage"] = sent
    expected |= dict.fromkeys(HANDS_OVER.get(function, ()), "HandOverBucket/*")
    if function == "MaintainFunction":
        expected["s3:ListBucket"] = "HandOverBucket"
    if function == "PublishFunction":
        # Itself and nothing else, by the beginning of the name that CloudFormation gives it.
        own = "${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-PublishFunction-*"
        expected["lambda:InvokeFunction"] = f"arn:${{AWS::Partition}}:lambda:{own}"
    if received := [event.queue for event in loaded().queue_events if event.function == function]:
        queues = received if len(received) > 1 else received[0]
        expected |= dict.fromkeys(("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"), queues)
    assert actions(function) == expected


@pytest.mark.parametrize("function", functions())
def test_a_function_is_told_what_it_holds_and_where(function: str) -> None:
    variables = properties(function)["Environment"]["Variables"]
    assert variables["HOLDS"].split(",") == list(HOLDS[function])
    named = variables["SECRETS_ARN"]
    assert [one["Ref"] for one in (named["Fn::Join"][1] if "Fn::Join" in named else [named])] == [
        SECRETS[group] for group in HOLDS[function]
    ]
    assert "Fn::Join" not in named or named["Fn::Join"][0] == ","


def test_every_group_has_a_secret_of_its_own_and_every_secret_setting_a_group() -> None:
    assert list(SECRETS) == list(GROUPS)
    assert sorted(SECRETS.values()) == sorted(sam.names(document(), "AWS::SecretsManager::Secret"))
    members = [name for group in GROUPS.values() for name in group.members]
    assert len(members) == len(set(members))
    plain = document()["Globals"]["Function"]["Environment"]["Variables"]
    assert set(plain) & set(members) == {"PUBLIC_URL", "RETURN_URLS"}


def test_templates_and_analytics_hold_no_sealing_keys_and_nothing_of_platforms() -> None:
    for function in ("TemplatesFunction", "AnalyticsFunction"):
        assert HOLDS[function] == ("api",)
    assert not {name for name in GROUPS["api"].members if name.startswith("SEALING") or name.endswith("CLIENT_SECRET")}


def test_routes_need_a_token_but_for_the_listed_ones() -> None:
    assert {route.key for route in loaded().routes if not route.authorized} == OPEN


def test_the_description_tells_where_the_gateway_itself_answers_401() -> None:
    described = json.loads((ROOT / "docs" / "openapi.json").read_text())
    refused = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if "401" not in operation["responses"]
    }
    assert refused == {route for route in OPEN if "proxy" not in route}


def test_what_answers_nothing_is_described_as_204() -> None:
    described = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
    empty = [
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method, operation in methods.items()
        if "204" in operation["responses"]
    ]
    templates = "/v1/templates/{id}"
    assert empty == [
        "DELETE /v1/calendar/token",
        "DELETE /v1/notifications/{id}",
        "DELETE /v1/posts/{post_id}/record",
        "DELETE /v1/profile/ai-keys/{provider}",
        "DELETE /v1/schedules/{id}",
        *(f"DELETE {templates}{part}" for part in ("", "/pin", "/rating")),
        f"PUT {templates}/report",
        *(f"DELETE {templates}{part}" for part in ("/report", "/share")),
        "DELETE /v1/webhooks/{id}",
    ]


def test_the_access_log_tells_no_path_query_address_or_person() -> None:
    text = properties("Api")["AccessLogSettings"]["Format"]
    variables = set(re.findall(r"\$context\.([\w.]+)", text))
    assert isinstance(json.loads(text), dict) and "routeKey" in variables
    assert variables <= {
        "requestId", "requestTime", "routeKey", "status", "responseLatency", "integrationLatency", "responseLength",
        "error.responseType", "integrationStatus",
    }  # fmt: skip


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_encrypted_gives_up_into_a_longer_kept_one_and_waits_for_its_consumer(name: str) -> None:
    queue = loaded().queues[name]
    assert queue.managed_sse and queue.dead_letters and queue.max_receives >= 3
    dead = loaded().queues[queue.dead_letters]
    assert dead.managed_sse and dead.dead_letters is None
    assert dead.retention_s > queue.retention_s
    consumers = [event for event in loaded().queue_events if event.queue == name]
    assert consumers
    for consumer in consumers:
        assert consumer.report_failures
        limit = loaded().functions[consumer.function].timeout_s
        assert queue.visibility_timeout_s >= limit, "SQS event sources demand it"
        assert queue.visibility_timeout_s >= 6 * min(limit, BATCH_S.get(consumer.function, limit))


def test_every_platform_has_a_queue_and_consumers_of_its_own_for_its_figures() -> None:
    poller = loaded().functions["AnalyticsPollFunction"]
    urls = json.loads(poller.environment["ANALYTICS_QUEUE_URLS"])
    assert urls == {platform: f"http://q/{queue}" for platform, queue in zip(platforms.NAMES, ANALYTICS, strict=True)}
    events = [event["Properties"] for event in properties("AnalyticsPollFunction")["Events"].values() if event["Type"] == "SQS"]
    assert [event["Queue"]["Fn::GetAtt"][0] for event in events] == [*ANALYTICS, EARLIER]
    limits = [event["ScalingConfig"]["MaximumConcurrency"] for event in events]
    assert limits == [{"Ref": "AnalyticsConcurrency"}] * len(ANALYTICS) + [2]
    assert {loaded().queues[name].dead_letters for name in (*ANALYTICS, EARLIER)} == {"AnalyticsDeadLetters"}
    parameters = document()["Parameters"]
    for one in ("Default", "MinValue"):
        # The schedule that feeds the queues needs room, too.
        assert parameters["AnalyticsReserved"][one] > len(ANALYTICS) * parameters["AnalyticsConcurrency"][one] + 2


def test_an_alarm_watches_the_age_of_every_platforms_queue() -> None:
    (told, *measured) = properties("AnalyticsQueueAge")["Metrics"]
    stats = [metric["MetricStat"] for metric in measured]
    assert told["Expression"] == "MAX(METRICS())" and {stat["Stat"] for stat in stats} == {"Maximum"}
    watched = [stat["Metric"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for stat in stats]
    assert watched == [*ANALYTICS, EARLIER]
    shown = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    assert all(shown.count(f"${{{name}.QueueName}}") == 2 for name in watched)


def test_requests_end_before_the_gateway_gives_up_whatever_else_their_function_does() -> None:
    answering = {route.function for route in loaded().routes}
    limits = {name: BATCH_S.get(name, loaded().functions[name].timeout_s) for name in answering}
    assert set(limits.values()) == {REQUEST_S} and REQUEST_S <= INTEGRATION_TIMEOUT_S


def test_the_function_that_uploads_has_the_time_for_a_gibibyte_from_a_slow_host() -> None:
    assert loaded().functions["PublishFunction"].timeout_s * 1_250_000 > 1024**3


def test_the_bucket_is_private_unversioned_and_unlogged_and_nothing_stays() -> None:
    bucket = properties("HandOverBucket")
    assert set(bucket) == {
        "PublicAccessBlockConfiguration", "OwnershipControls", "BucketEncryption", "LifecycleConfiguration", "Tags",
    }  # fmt: skip
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True} and len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"], rule["AbortIncompleteMultipartUpload"]) == (
        "Enabled", 1, {"DaysAfterInitiation": 1},
    )  # fmt: skip
    assert "Prefix" not in rule and "Filter" not in rule
    (statement,) = properties("HandOverBucketPolicy")["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_hand_over_can_be_switched_off() -> None:
    names = ("HandOverBucket", "HandOverBucketPolicy")
    assert {document()["Resources"][name]["Condition"] for name in names} == {"HandsMediaOver"}
    on, off = loaded(), loaded(MediaHandOver="false")
    assert all(function.environment["HANDOVER_BUCKET"] == "HandOverBucket" for function in on.functions.values())
    assert all(function.environment["HANDOVER_BUCKET"] == "" for function in off.functions.values())


def test_an_asynchronous_payload_never_comes_to_rest() -> None:
    assert loaded().functions["PublishFunction"].async_retries == 0
    assert loaded().functions["PublishFunction"].async_max_age_s <= 60
    for name in functions():
        assert "DeadLetterQueue" not in properties(name)
        assert "DestinationConfig" not in properties(name).get("EventInvokeConfig", {})


def test_chores_run_on_schedules_that_do_not_pile_up() -> None:
    schedules = {schedule.input: schedule for schedule in loaded().schedules}
    tasks = {json.loads(text)["task"] for text in schedules}
    samples = [json.loads(path.read_text()) for path in (ROOT / "events").glob("*.json")]
    assert tasks == {sample["task"] for sample in samples if "task" in sample} and len(tasks) >= 6
    for schedule in loaded().schedules:
        event = properties(schedule.function)["Events"][schedule.name]["Properties"]
        assert event["FlexibleTimeWindow"]["Mode"] in ("OFF", "FLEXIBLE")
        assert schedule.retries <= 2 and schedule.max_age_s <= 3600


def test_stages_can_share_an_account() -> None:
    """A name that is given has the stage in it. SAM gives a schedule without a name its logical id, so each needs one."""
    owned = ("Name", "DashboardName", "LayerName", "LogGroupName", "QueueName", "FunctionName", "RoleName", "AlarmName")
    resources = [name for name, resource in document()["Resources"].items() if resource["Type"] != "AWS::Logs::MetricFilter"]
    named = [properties(name)[key] for name in resources for key in owned if key in properties(name)]
    for schedule in loaded().schedules:
        named.append(properties(schedule.function)["Events"][schedule.name]["Properties"]["Name"])
    assert len(named) >= 10
    assert all("${Stage}" in name["Fn::Sub"] for name in named)


def test_every_alarm_can_tell_somebody() -> None:
    alarms = sam.names(document(), "AWS::CloudWatch::Alarm")
    assert set(alarms) == {
        "ServerErrors", "FunctionErrors", "FunctionThrottles", "LatePublications", "RefusedMetrics", "SilentPlatforms",
        "UnusableSettings", "PublishDeadLettersWaiting", "PublishQueueAge", "AnalyticsDeadLettersWaiting", "AnalyticsQueueAge",
        "ChoresBehind",
        "WebhookDeadLettersWaiting", "WebhookQueueAge",
        "OpenaiDown", "AnthropicDown", "GoogleDown", "OperatorAiKeyRefused", "PlatformAppRefused",
        "PlatformDialogRefused", "PlatformVersionEnded", "ScheduleErrors", "ScheduleThrottles", "LateSchedules",
        "ScheduleDeadLettersWaiting", "ScheduleQueueAge",
    }  # fmt: skip
    for name in alarms:
        assert properties(name)["AlarmActions"]["Fn::If"][0] == "HasAlarmTopic"
        assert "docs/operating.md" in properties(name)["AlarmDescription"]


MOST_METRICS = 10
"""CloudWatch refuses an alarm of an expression with more metrics."""


@pytest.mark.parametrize("alarms", [("FunctionErrors", "ScheduleErrors"), ("FunctionThrottles", "ScheduleThrottles")])
def test_alarms_over_functions_leave_none_out(alarms: tuple[str, ...]) -> None:
    watched = [
        [m["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for m in properties(alarm)["Metrics"] if "MetricStat" in m]
        for alarm in alarms
    ]
    assert all(len(metrics) <= MOST_METRICS for metrics in watched)
    assert sorted(name for metrics in watched for name in metrics) == sorted(functions())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_ai_provider_has_an_alarm_that_needs_half_of_five_attempts_to_fail(provider: str) -> None:
    alarm = properties(f"{provider.capitalize()}Down")
    (told, *measured) = alarm["Metrics"]
    assert (told["Expression"], alarm["Threshold"]) == ("IF(attempts >= 5, share, 0)", 0.5)
    stats = {metric["Id"]: metric["MetricStat"] for metric in measured}
    assert {name: stat["Stat"] for name, stat in stats.items()} == {"share": "Average", "attempts": "SampleCount"}
    for stat in stats.values():
        assert stat["Metric"]["MetricName"] == "AiDown"
        assert stat["Metric"]["Dimensions"] == [{"Name": "Provider", "Value": provider}]


def own_metrics(value: Any) -> set[tuple[str, frozenset[str]]]:
    """Metrics of the product's own namespace that an alarm or widget reads: the name and the names of its dimensions."""
    if isinstance(value, list):
        if len(value) >= 2 and value[0] == "noillusion/${Stage}":
            words = [word for word in value[2:] if isinstance(word, str)]
            return {(value[1], frozenset(words[::2]))}
        return set().union(*(own_metrics(item) for item in value))
    if not isinstance(value, dict):
        return set()
    found = own_metrics(list(value.values()))
    if value.get("Namespace") == {"Fn::Sub": "noillusion/${Stage}"}:
        found.add((value["MetricName"], frozenset(d["Name"] for d in value.get("Dimensions", []))))
    if search := re.fullmatch(
        r"SEARCH\('\{noillusion/\$\{Stage},([\w,]+)} MetricName=\"(\w+)\"'.*", str(value.get("expression"))
    ):
        found.add((search[2], frozenset(search[1].split(","))))
    return found


def test_every_metric_that_alarms_and_the_dashboard_read_is_one_that_a_filter_gives() -> None:
    given = set()
    for name in sam.names(document(), "AWS::Logs::MetricFilter"):
        (transformation,) = properties(name)["MetricTransformations"]
        assert transformation["MetricNamespace"] == {"Fn::Sub": "noillusion/${Stage}"}
        given.add((transformation["MetricName"], frozenset(d["Key"] for d in transformation.get("Dimensions", []))))
    alarms = own_metrics([properties(name) for name in sam.names(document(), "AWS::CloudWatch::Alarm")])
    shown = own_metrics(json.loads(properties("Dashboard")["DashboardBody"]["Fn::Sub"]))
    assert alarms | shown == given


def test_a_silent_sweep_raises_the_alarm() -> None:
    assert properties("LatePublications")["TreatMissingData"] == "breaching"


def test_the_dashboard_is_a_document() -> None:
    body = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    shown = json.dumps(json.loads(body))
    assert all(f"${{{name}}}" in shown for name in functions())


def test_metrics_are_taken_from_what_the_code_logs() -> None:
    code = (ROOT / "layers/shared/noillusion", ROOT / "functions")
    source = "".join(path.read_text("utf-8") for directory in code for path in directory.rglob("*.py"))
    for name in sam.names(document(), "AWS::Logs::MetricFilter"):
        (event,) = re.findall(r'\$\.message = "(\w+)"', properties(name)["FilterPattern"])
        fields = re.findall(r"\$\.(\w+)", json.dumps(properties(name)))
        assert all(field == "message" or re.search(rf"\b{field}=", source) for field in fields)
        value = properties(name)["MetricTransformations"][0]["MetricValue"].removeprefix("$.")
        assert f'"{event}"' in source
        assert value == "1" or re.search(rf"\b{value}\b", source)


def test_deleting_the_stack_leaves_the_secrets() -> None:
    for name in SECRETS.values():
        secret = document()["Resources"][name]
        assert secret["DeletionPolicy"] == secret["UpdateReplacePolicy"] == "Retain"


def test_options_are_off_until_asked_for() -> None:
    defaults = {name: declared.get("Default") for name, declared in document()["Parameters"].items()}
    assert (defaults["GradualDeployment"], defaults["SnapStart"], defaults["ReserveConcurrency"]) == ("false", "None", "false")
    assert defaults["RequireScopes"] == "false"
    assert document()["Globals"]["Function"]["Environment"]["Variables"]["REQUIRE_SCOPES"] == {"Ref": "RequireScopes"}


def test_the_extension_is_used_where_its_layer_is_named() -> None:
    name = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"
    arn = "arn:aws:lambda:eu-central-1:187925254637:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12"
    assert loaded().functions["ProfileFunction"].environment[name] == ""
    assert loaded(SecretsExtensionArn=arn).functions["ProfileFunction"].environment[name] == "2773"


def test_a_new_layer_brings_new_versions() -> None:
    assert properties("SharedLayer")["PublishLambdaVersion"] is True
    assert document()["Globals"]["Function"]["AutoPublishAlias"] == "live"
    assert all(properties(name)["AutoPublishAliasAllProperties"] is True for name in functions())


def test_no_resource_waits_for_itself() -> None:
    """CloudFormation refuses a circle. SAM makes the API name the alias of each function that it routes to."""
    resources, shared = document()["Resources"], document()["Globals"]["Function"]
    graph = {name: references(resource) for name, resource in resources.items()}
    for name in functions():
        own = shared | properties(name)
        shifting, events = own.pop("DeploymentPreference"), own.pop("Events")
        graph[name] = references(own)
        graph[f"{name}.live"] = {name} | references(shifting)
        if any(event["Type"] == "HttpApi" for event in events.values()):
            graph["Api"].add(f"{name}.live")
    known = {name: found & set(graph) for name, found in graph.items()}
    assert set(TopologicalSorter(known).static_order()) == set(known)
