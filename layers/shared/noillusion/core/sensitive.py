"""Types for values that must never be printed: credentials, and content that a person writes or publishes."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SecretStr
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from noillusion.core.fields import no_nul
from noillusion.core.models import refused


class _Hidden(SecretStr):
    """A string whose ``repr``, ``str`` and JSON form are a placeholder."""

    def _display(self) -> str:
        return f"<{type(self).__name__.lower()}>"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __bool__(self) -> bool:
        return bool(self._secret_value)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        # A pickle contains the plain value and can end up in caches, queues and other processes.
        raise TypeError(f"{type(self).__name__} cannot be pickled")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def reveal(self) -> str:
        """Return the plain value. Call it only where the value leaves this process."""
        return self._secret_value

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # pydantic does not check the characters of a secret string, and a lone surrogate would break every later use.
        return core_schema.no_info_after_validator_function(cls._whole, super().__get_pydantic_core_schema__(source, handler))

    @classmethod
    def _whole(cls, value: Self) -> Self:
        text = value.reveal()
        no_nul(text)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise refused("unicode") from None
        return value


class Secret(_Hidden):
    """A credential: OAuth token, AI key, client secret, authorization code."""


class Content(_Hidden):
    """Content that a person writes, links or generates: post text, captions, alt text, URLs, prompts."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(schema)
        described.pop("writeOnly", None)
        described.pop("format", None)
        return described


def reveal(value: Any) -> Any:
    """Return ``value`` with every :class:`Secret` and :class:`Content` in it revealed, including in dicts, lists and tuples."""
    if isinstance(value, _Hidden):
        return value.reveal()
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(item) for item in value]
    return value


__all__ = ["Content", "Secret", "reveal"]
