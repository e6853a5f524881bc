"""Reading of a function's secrets from Secrets Manager. Their values never reach a log, an error text or a file."""

from __future__ import annotations

import http.client
import json
import os
from threading import Lock
from typing import Any
from urllib.parse import quote

from noillusion.core import logs
from noillusion.settings.errors import SettingsError

EXTENSION_PORT = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"
"""Set by the template if the AWS Parameters and Secrets Lambda Extension is one of the layers."""
EXTENSION_TIMEOUT_S = 5.0
ABSENT = "ResourceNotFoundException"
"""Error code of the service for a secret without a value."""


def fetch(arns: str, *, fresh: bool = False) -> dict[str, str]:
    """Return the members of the secrets in a comma-separated list; later ones have priority. Values that are not strings are
    returned as JSON, ``null`` is omitted. With the extension, this is one call over loopback for each, all concurrent.

    A secret without a value has no members, so missing settings are reported by name. ``fresh`` bypasses the extension, which can
    cache an older value for some minutes. Raises :class:`SettingsError`.
    Source: AWS Secrets Manager user guide, "Use AWS Secrets Manager secrets in AWS Lambda functions".
    """
    named, service = [arn.strip() for arn in arns.split(",")], _Service(optional="," in arns)

    def text(arn: str) -> str:
        found = None if fresh else _from_extension(arn)
        return service.text(arn) if found is None else found

    if len(named) == 1:
        return _members(text(named[0]))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(named)) as pool:
        return {name: value for found in pool.map(text, named) for name, value in _members(found).items()}


def _members(text: str) -> dict[str, str]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise SettingsError("SECRETS_ARN", "must name a secret that is a JSON object")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items() if value is not None}


def _from_extension(arn: str) -> str | None:
    """Return a secret from the extension, or ``None`` if it is absent or fails; then the service is called."""
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


class _Service:
    """Secrets Manager, with one client that is created on first use."""

    def __init__(self, *, optional: bool) -> None:
        self._optional, self._lock = optional, Lock()
        self._client: Any = None

    def text(self, arn: str) -> str:
        """Return the value of a secret. Raises :class:`SettingsError`."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return str(self._made().get_secret_value(SecretId=arn)["SecretString"])
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
        except (BotoCoreError, KeyError) as error:
            code = type(error).__name__
        logs.event("secret_unreadable", error=code)
        if self._optional and code == ABSENT:
            return "{}"
        raise SettingsError("SECRETS_ARN", "names a secret that could not be read")

    def _made(self) -> Any:
        import boto3
        from botocore.config import Config

        with self._lock:
            if self._client is None:
                patience = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 2, "mode": "standard"})
                self._client = boto3.client("secretsmanager", config=patience)
        return self._client
