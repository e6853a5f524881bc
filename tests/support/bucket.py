"""The hand-over bucket, on moto's server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from local.aws.services import AwsServer
from local.aws.specs import REGION
from noillusion.media import stored
from noillusion.settings import source as settings


@dataclass
class Bucket:
    """What is in the bucket, as its operator sees it."""

    name: str
    client: Any

    def objects(self) -> dict[str, bytes]:
        """Every object by its name."""
        listed = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {item["Key"]: self.client.get_object(Bucket=self.name, Key=item["Key"])["Body"].read() for item in listed}


@contextmanager
def bucket(server: AwsServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A new bucket that the product knows."""
    values = {
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "HANDOVER_BUCKET": f"handover-{secrets.token_hex(4)}",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(stored, "_client", None)
    settings.settings.forget()
    client = boto3.client("s3")
    client.create_bucket(Bucket=values["HANDOVER_BUCKET"], CreateBucketConfiguration={"LocationConstraint": REGION})
    try:
        yield Bucket(values["HANDOVER_BUCKET"], client)
    finally:
        settings.settings.forget()
