"""Reads the deployment's secret from Secrets Manager. Nothing of its value ever reaches a log, an error text or a file."""

from __future__ import annotations

import http.client
import json
import os
from urllib.parse import quote

from noillusion import logs
from noillusion.settings import SettingsError

EXTENSION_PORT = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"
"""Set by the template where the AWS Parameters and Secrets Lambda Extension is among the layers."""
EXTENSION_TIMEOUT_S = 5.0


def fetch(arn: str, *, fresh: bool = False) -> dict[str, str]:
    """The secret's members; what is not a string comes as its JSON text, ``null`` not at all. One call over loopback where the
    extension is there.

    ``fresh`` goes past the extension, which may hold an older value for some minutes. Raises :class:`SettingsError`.
    Source: AWS Secrets Manager user guide, "Use AWS Secrets Manager secrets in AWS Lambda functions".
    """
    text = None if fresh else _from_extension(arn)
    try:
        values = json.loads(_from_service(arn) if text is None else text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise SettingsError("the secret named by SECRETS_ARN must be a JSON object")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items() if value is not None}


def _from_extension(arn: str) -> str | None:
    """``None`` where there is no extension or it does not help: then the service itself is asked."""
    port = os.environ.get(EXTENSION_PORT, "")
    if not port.isdigit():
        return None
    connection = http.client.HTTPConnection("localhost", int(port), timeout=EXTENSION_TIMEOUT_S)
    token = {"X-Aws-Parameters-Secrets-Token": os.environ.get("AWS_SESSION_TOKEN", "")}
    try:
        connection.request("GET", f"/secretsmanager/get?secretId={quote(arn, safe='')}", headers=token)
        reply = connection.getresponse()
        body = reply.read()
        if reply.status == 200:
            return str(json.loads(body)["SecretString"])
        logs.event("secrets_extension_failed", status=reply.status)
    except (OSError, http.client.HTTPException, ValueError, RecursionError, KeyError, TypeError) as error:
        logs.event("secrets_extension_failed", error=type(error).__name__)
    finally:
        connection.close()
    return None


def _from_service(arn: str) -> str:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    patience = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 2, "mode": "standard"})
    try:
        reply = boto3.client("secretsmanager", config=patience).get_secret_value(SecretId=arn)
        return str(reply["SecretString"])
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
    except (BotoCoreError, KeyError) as error:
        code = type(error).__name__
    logs.event("secret_unreadable", error=code)
    raise SettingsError("the secret named by SECRETS_ARN could not be read")
