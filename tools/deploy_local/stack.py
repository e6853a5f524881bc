"""The CloudFormation stack in the emulator: deployed by SAM, then completed where the emulator differs from AWS.

It must never reach AWS: SAM gets the endpoint and credentials of the emulator, and nothing from the developer's shell.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.aws.specs import REGION
from noillusion.settings.holdings import GROUPS
from tools.build.artifacts import TOOLS
from tools.commands import output, quiet
from tools.deploy_local import routes
from tools.deploy_local.ministack import CREDENTIALS, client

NAME = "noillusion-local"
STAGE = "local"
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
PARTITION = "aws"
SHOWN_EVERY = 25
"""Number of resources between two lines of progress."""
BATCHED = ("sqs:SendMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")


class DeployFailed(Exception):
    """The deployment failed; the message is for the user."""


def architecture() -> str:
    """Return the architecture of this machine in Lambda's terms. Raises DeployFailed."""
    machine = platform.machine().lower()
    if machine not in ARCHITECTURES:
        raise DeployFailed(f"functions cannot be built for {machine}")
    return ARCHITECTURES[machine]


def adapted(template: Path) -> Path:
    """Write a copy of the built template without what the emulator's CloudFormation refuses, and return its path.

    An alarm on an expression of several metrics becomes one on the first metric: alarms are not used here, but other resources
    refer to them. Policies of buckets are left out: they refuse plain HTTP, which is all that the emulator speaks.
    """
    document = yaml.safe_load(template.read_text("utf-8"))
    resources = document["Resources"]
    document["Resources"] = {name: found for name, found in resources.items() if found["Type"] != "AWS::S3::BucketPolicy"}
    for resource in document["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
            stat = next(metric["MetricStat"] for metric in properties.pop("Metrics") if "MetricStat" in metric)
            properties |= {**stat["Metric"], "Statistic": stat["Stat"], "Period": stat["Period"]}
    copy = template.with_name("emulator.yaml")
    copy.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return copy


def deploy(endpoint: str, template: Path, parameters: Mapping[str, str], say: Callable[[str], None] = quiet) -> None:
    """Create or update the stack with ``sam deploy`` of a built template. Raises DeployFailed with the reasons."""
    done: list[str] = []

    def each(line: str) -> None:
        if re.match(r"(CREATE|UPDATE)_COMPLETE ", line):
            done.append(line)
            if len(done) % SHOWN_EVERY == 0:
                say(f"{len(done)} resources are done")

    command = [
        str(TOOLS / "sam"), "deploy", "--template-file", str(adapted(template)), "--stack-name", NAME, "--region", REGION,
        "--capabilities", "CAPABILITY_IAM", "--resolve-s3", "--no-confirm-changeset", "--no-fail-on-empty-changeset",
        "--no-progressbar", "--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items()),
    ]  # fmt: skip
    environment = {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "NO_PROXY": "127.0.0.1,localhost",
        "HOME": str(template.parent.parent),
        "PATH": os.pathsep.join([str(TOOLS), os.defpath]),
        "LANG": "C.UTF-8",
    }
    code, written = output(command, template.parent, environment, each)
    (template.parent.parent / "deploy.log").write_text(written)
    if code:
        reasons = _reasons(endpoint) or [written.strip()[-2_000:]]
        raise DeployFailed("sam deploy failed:\n" + "\n".join(reasons))


def _reasons(endpoint: str) -> list[str]:
    """Return why resources failed, newest first."""
    cloudformation = client(endpoint, "cloudformation")
    try:
        pages = list(cloudformation.get_paginator("describe_stack_events").paginate(StackName=NAME))
    except cloudformation.exceptions.ClientError:
        return []
    failed = [event for page in pages for event in page["StackEvents"] if event["ResourceStatus"].endswith("FAILED")]
    return [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')[:1_000]}" for event in failed]


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack as CloudFormation describes it: physical ids and types by logical id, parameters, processed template."""

    endpoint: str
    status: str
    parameters: Mapping[str, str]
    resources: Mapping[str, tuple[str, str]]
    template: Mapping[str, Any]

    def client(self, service: str) -> Any:
        """Return a client of one AWS service."""
        return client(self.endpoint, service)

    def id(self, name: str) -> str:
        """Return the physical id of a resource. Raises KeyError."""
        return self.resources[name][1]

    def ids(self, kind: str) -> dict[str, str]:
        """Return the physical ids of all resources of a type, by logical id."""
        return {name: physical for name, (found, physical) in self.resources.items() if found == kind}

    @property
    def api_id(self) -> str:
        """Return the id of the HTTP API."""
        (found,) = self.ids("AWS::ApiGatewayV2::Api").values()
        return found

    @property
    def api(self) -> str:
        """Return the URL of the API on this machine, without a trailing slash."""
        return f"{self.endpoint}/_aws/execute-api/{self.api_id}"


def describe(endpoint: str) -> Stack:
    """Return the stack as currently deployed."""
    cloudformation = client(endpoint, "cloudformation")
    (found,) = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=NAME)
    listed = [item for page in pages for item in page["StackResourceSummaries"]]
    template = cloudformation.get_template(StackName=NAME, TemplateStage="Processed")["TemplateBody"]
    return Stack(
        endpoint,
        found["StackStatus"],
        {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in found.get("Parameters", [])},
        {item["LogicalResourceId"]: (item["ResourceType"], item["PhysicalResourceId"]) for item in listed},
        json.loads(template) if isinstance(template, str) else template,
    )


def complete(stack: Stack, issuer: str) -> int:
    """Complete what the emulator's CloudFormation does not do. Return the number of routes. Raises routes.BodyError."""
    correct_policies(stack)
    names = _names(stack)
    limit_consumers(stack, names)
    (logical,) = stack.ids("AWS::ApiGatewayV2::Api")
    body = stack.template["Resources"][logical]["Properties"]["Body"]
    return routes.apply(stack.client("apigatewayv2"), stack.api_id, body, names, issuer)


def publish(stack: Stack) -> None:
    """Publish the functions as they were deployed last and have their aliases lead there.

    New code publishes versions by itself, but changed parameters of functions do not (docs/operating.md, "Publish changed
    parameters").
    """
    functions = stack.client("lambda")
    for name in stack.ids("AWS::Lambda::Function").values():
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)


def _names(stack: Stack) -> dict[str, str]:
    account = stack.client("sts").get_caller_identity()["Account"]
    pseudo = {
        "AWS::Region": REGION,
        "AWS::AccountId": account,
        "AWS::Partition": PARTITION,
        "AWS::StackName": NAME,
        "AWS::URLSuffix": "amazonaws.com",
    }
    functions = {
        f"{name}.Arn": f"arn:{PARTITION}:lambda:{REGION}:{account}:function:{physical}"
        for name, physical in stack.ids("AWS::Lambda::Function").items()
    }
    resources = {name: physical for name, (_, physical) in stack.resources.items()}
    return {**resources, **stack.parameters, **functions, **pseudo}


def correct_policies(stack: Stack) -> None:
    """Make roles allow what they allow in AWS.

    ``Ref`` of a secret is its ARN in CloudFormation, but only its name in the emulator. A batch of messages needs the permission
    for one (Amazon SQS developer guide, "API permissions"), but a permission of its own in the emulator.
    """
    secrets = {name: stack.client("secretsmanager").describe_secret(SecretId=name)["ARN"] for name in _secrets(stack)}
    iam = stack.client("iam")
    for role in stack.ids("AWS::IAM::Role").values():
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            for statement in document["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                statement["Action"] = [*actions, *(f"{action}Batch" for action in actions if action in BATCHED)]
                resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                statement["Resource"] = [secrets.get(resource, resource) for resource in resources]
            iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def limit_consumers(stack: Stack, names: routes.Names) -> None:
    """Set the concurrency of consumers as a number: CloudFormation converts a parameter, the emulator does not."""
    for logical, mapping in stack.ids("AWS::Lambda::EventSourceMapping").items():
        scaling = routes.resolve(stack.template["Resources"][logical]["Properties"].get("ScalingConfig", {}), names)
        if scaling:
            most = {"MaximumConcurrency": int(scaling["MaximumConcurrency"])}
            stack.client("lambda").update_event_source_mapping(UUID=mapping, ScalingConfig=most)


def _secrets(stack: Stack) -> list[str]:
    return list(stack.ids("AWS::SecretsManager::Secret").values())


SECRETS = {
    "api": "Secrets",
    "worker": "WorkerSecret",
    "health": "HealthSecret",
    "sealing": "SealingSecret",
    "platforms": "PlatformsSecret",
    "ai": "AiSecret",
}
"""Group of settings → its secret."""


def fill_secrets(stack: Stack, values: Mapping[str, str]) -> None:
    """Write the values of the deployment to the secrets of their groups; values in no group go to the first."""
    grouped = {name for group in GROUPS.values() for name in group.members}
    for group, logical in SECRETS.items():
        own = {name: value for name, value in values.items() if name in GROUPS[group].members}
        others = {name: value for name, value in values.items() if name not in grouped} if group == "api" else {}
        stack.client("secretsmanager").put_secret_value(SecretId=stack.id(logical), SecretString=json.dumps({**others, **own}))
