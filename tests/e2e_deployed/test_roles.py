"""Roles of the deployed functions: each may do what its work needs and nothing beside it. The emulator enforces them."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws import template
from local.aws.specs import REGION
from local.options import ROOT
from noillusion.catalog import platforms
from tools.deploy_local.ministack import client
from tools.deploy_local.stack import SECRETS, describe

ANALYTICS = tuple(f"{platform.capitalize()}AnalyticsQueue" for platform in platforms.NAMES)
READS = {name: ("secretsmanager", "get_secret_value", {"SecretId": name}) for name in SECRETS.values()}
SENDS = {
    name: ("sqs", "send_message", {"QueueUrl": name, "MessageBody": "{}"})
    for name in (
        "PublishQueue",
        *ANALYTICS,
        "AnalyticsQueue",
        "WebhookQueue",
        "PublishDeadLetters",
        "AnalyticsDeadLetters",
        "WebhookDeadLetters",
    )
}
OBJECT = {"Bucket": "HandOverBucket", "Key": "a-target/0"}
FILES: dict[str, tuple[str, str, dict[str, str]]] = {
    "store": ("s3", "put_object", OBJECT),
    "read": ("s3", "get_object", OBJECT),
    "list": ("s3", "list_objects_v2", {"Bucket": "HandOverBucket"}),
    "delete": ("s3", "delete_object", OBJECT),
}
HANDS_OVER = {
    "MediaFunction": {"read"},
    "PublishFunction": {"store", "delete"},
    "ProfileFunction": {"delete"},
    "ConnectCallbackFunction": {"delete"},
    "MaintainFunction": {"list", "delete"},
}
OTHERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("iam", "list_roles", {}),
    ("lambda", "list_functions", {}),
    ("s3", "list_buckets", {}),
    ("secretsmanager", "put_secret_value", {"SecretId": "Secrets", "SecretString": "{}"}),
    ("scheduler", "list_schedules", {}),
)
SENDERS = {
    "ConnectCallbackFunction": {"PublishQueue"},
    "PublishFunction": {"PublishQueue", "WebhookQueue"},
    "MaintainFunction": {"PublishQueue", "WebhookQueue"},
    "WebhooksFunction": {"WebhookQueue"},
    "AnalyticsPollFunction": {*ANALYTICS, "AnalyticsQueue"},
}
FUNCTIONS = (
    *SENDERS,
    "ProfileFunction",
    "HealthFunction",
    "MediaFunction",
    "TemplatesFunction",
    "CalendarFunction",
    "GenerateFunction",
    "AnalyticsFunction",
)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_its_work_needs_and_nothing_else(run: dict[str, Any], function: str) -> None:
    stack, resources = describe(run["aws_endpoint"]), template.read(ROOT / "template.yaml")["Resources"]
    role = client(run["aws_endpoint"], "lambda").get_function_configuration(FunctionName=stack.id(function))["Role"]
    given = client(run["aws_endpoint"], "sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    session = boto3.session.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION)

    def allowed(service: str, action: str, arguments: dict[str, str]) -> bool:
        named = {key: stack.id(value) if value in stack.resources else value for key, value in arguments.items()}
        make: Any = session.client
        try:
            getattr(make(service, endpoint_url=run["aws_endpoint"]), action)(**named)
        except ClientError as refused:
            assert refused.response["Error"]["Code"].startswith("AccessDenied"), refused
            return False
        return True

    held = resources[function]["Properties"]["Environment"]["Variables"]["HOLDS"].split(",")
    assert {name for name, call in READS.items() if allowed(*call)} == {SECRETS[group] for group in held}
    assert {name for name, call in SENDS.items() if allowed(*call)} == SENDERS.get(function, set())
    client(run["aws_endpoint"], "s3").put_object(Bucket=stack.id("HandOverBucket"), Key=OBJECT["Key"], Body=b"ciphertext")
    assert {name for name, call in FILES.items() if allowed(*call)} == HANDS_OVER.get(function, set())
    assert [call[:2] for call in OTHERS if allowed(*call)] == []
