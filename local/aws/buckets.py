"""The template's buckets on moto's server. Objects live in this process's memory only; rules about their age are not applied."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from html import unescape
from urllib.parse import quote

import httpx

from local.aws.intrinsics import Attributes
from local.aws.specs import REGION

_AUTHORIZATION = f"AWS4-HMAC-SHA256 Credential=local/20250101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=local"
_CONFIGURATION = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"


def bucket_addresses(names: Iterable[str], stack: str) -> dict[str, Attributes]:
    """Return name and ARN of each bucket by logical id, before the buckets exist."""
    return {name: {"Ref": f"{stack}-{name.lower()}", "Arn": f"arn:aws:s3:::{stack}-{name.lower()}"} for name in names}


class Buckets:
    """The buckets of one instance."""

    def __init__(self, addresses: Mapping[str, Attributes], endpoint: str, client: httpx.AsyncClient) -> None:
        self.names = {logical: attributes["Ref"] for logical, attributes in addresses.items()}
        self._endpoint, self._client = endpoint, client

    async def create(self) -> None:
        """Create them. Raises httpx.HTTPError."""
        for name in self.names.values():
            await self._call("PUT", name, _CONFIGURATION)

    async def objects(self, name: str) -> list[str]:
        """Return the names of a bucket's objects."""
        return [unescape(key) for key in re.findall("<Key>(.*?)</Key>", (await self._call("GET", f"{name}?list-type=2")).text)]

    async def delete(self) -> None:
        """Forget the buckets and what is in them."""
        for name in self.names.values():
            with contextlib.suppress(httpx.HTTPError):
                for key in await self.objects(name):
                    await self._call("DELETE", f"{name}/{quote(key)}")
                await self._call("DELETE", name)

    async def _call(self, method: str, path: str, body: str = "") -> httpx.Response:
        headers = {"authorization": _AUTHORIZATION}
        response = await self._client.request(method, f"{self._endpoint}/{path}", content=body, headers=headers, timeout=30)
        return response.raise_for_status()
