"""Files that wait in the hand-over bucket, as ciphertext under a key that is made for one file and kept nowhere here."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Iterable
from typing import Any, Final

from noillusion.core import clock, logs
from noillusion.core.sensitive import Secret
from noillusion.media.tickets import LIFE, StoredFile
from noillusion.settings.source import settings

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MOST_PER_TARGET: Final = 70
"""Files that one post can have: 35 media, each with an image that stands for it."""
PER_DELETION: Final = 1000
"""S3 deletes that many objects in a call."""
GONE: Final = ("NoSuchKey", "404", "AccessDenied")
"""Without the permission to list a bucket, S3 denies access to an object that does not exist."""
_client: Any = None


class Gone(Exception):
    """There is no such file any more."""


def client() -> Any:
    """Return the client of S3. It comes with the first file: few requests hand one over."""
    global _client
    if _client is None:
        import boto3
        from botocore.config import Config

        patience = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})
        _client = boto3.client("s3", config=patience)
    return _client


def name(target_id: str, number: int) -> str:
    """Return the name of an object. It follows from the target, so that whoever settles it needs no stored name."""
    return f"{target_id}/{number}"


async def put(target_id: str, number: int, data: bytes) -> StoredFile:
    """Store a file under a new key. Raises what the client raises."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, nonce, found = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES), name(target_id, number)
    body = nonce + AESGCM(key).encrypt(nonce, data, found.encode())
    await asyncio.to_thread(client().put_object, Bucket=settings().handover_bucket, Key=found, Body=body)
    return StoredFile(number, Secret(base64.urlsafe_b64encode(key).decode()))


async def get(target_id: str, stored: StoredFile) -> bytes:
    """Return a file. Raises :class:`Gone`, or what the client raises."""
    from botocore.exceptions import ClientError
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    found = name(target_id, stored.number)
    try:
        body = await asyncio.to_thread(_body, found)
        key = base64.urlsafe_b64decode(stored.key.reveal())
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], found.encode())
    except InvalidTag:
        # It was replaced: the run that stored this one died, and another one started again.
        raise Gone from None
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in GONE:
            raise
        raise Gone from None


def _body(found: str) -> bytes:
    return bytes(client().get_object(Bucket=settings().handover_bucket, Key=found)["Body"].read())


async def delete(target_ids: Iterable[str], most: int = MOST_PER_TARGET) -> None:
    """Delete the files of targets, whether there are any or not. What fails is logged, and deleted by :func:`delete_expired`."""
    names = [name(target_id, number) for target_id in target_ids for number in range(most)]
    for start in range(0, len(names) if settings().handover_bucket else 0, PER_DELETION):
        try:
            await asyncio.to_thread(_delete, names[start : start + PER_DELETION])
        except Exception as error:  # noqa: BLE001 - whatever the client raises, the work that ended here is done
            logs.failure("handed_files_not_deleted", error)


async def delete_expired(deadline: float) -> int:
    """Delete files whose tickets are no longer valid, and return their number. Raises what the client raises."""
    done, following = 0, dict[str, str]()
    while settings().handover_bucket:
        names, following = await asyncio.to_thread(_expired, following)
        if names:
            await asyncio.to_thread(_delete, names)
            done += len(names)
        if not following or clock.monotonic() > deadline:
            break
    return done


def _expired(following: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return the names of expired objects of one page, and what asks for the next page; empty after the last one."""
    page = client().list_objects_v2(Bucket=settings().handover_bucket, **following)
    before, token = clock.now() - LIFE, page.get("NextContinuationToken")
    names = [item["Key"] for item in page.get("Contents", ()) if item["LastModified"] < before]
    return names, {"ContinuationToken": token} if token else {}


def _delete(names: list[str]) -> None:
    objects = [{"Key": found} for found in names]
    client().delete_objects(Bucket=settings().handover_bucket, Delete={"Objects": objects, "Quiet": True})
