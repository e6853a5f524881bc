"""Refusals in the envelope of the Graph API (platforms.md 0.2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from local.simulators.world import Json

STATUS_OF_CODE: Final = {-1: 500, 1: 500, 2: 500, 3: 403, 4: 403, 10: 403, 17: 403, 32: 403, 368: 403}
NOT_FOUND_TEXT: Final = (
    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, "
    "or does not support this operation"
)
SUBCODE_TEXT: Final = {
    458: "Error validating access token: The user has not authorized application.",
    459: "Error validating access token: You cannot access the app till you log in to www.facebook.com.",
    460: "Error validating access token: The session has been invalidated because the user changed the password.",
    463: "Error validating access token: Session has expired.",
    464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
    467: "Error validating access token: The session is invalid because the user logged out.",
    492: "Error validating access token: The user has no role on the Page.",
}


class GraphError(Exception):
    """An answer in the Graph envelope (platforms.md 0.2)."""

    def __init__(
        self,
        code: int,
        message: str,
        subcode: int | None = None,
        *,
        status: int | None = None,
        kind: str = "OAuthException",
        transient: bool = False,
        text: str | None = None,
        data: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.subcode, self.message, self.kind, self.transient, self.text = (
            code,
            subcode,
            message,
            kind,
            transient,
            text,
        )
        self.data = data
        self.status = status or (403 if 200 <= code < 300 else STATUS_OF_CODE.get(code, 400))
        self.headers = dict(headers or {})

    def body(self) -> Json:
        """The JSON body, with a fresh trace id."""
        error: Json = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.transient
        if self.data:
            error["error_data"] = self.data
        if self.text:
            error |= {"error_user_title": "The request could not be completed", "error_user_msg": self.text}
        return {"error": {**error, "fbtrace_id": secrets.token_urlsafe(9)}}


def invalid(message: str, subcode: int | None = None) -> GraphError:
    """Code 100: a parameter that cannot be accepted."""
    return GraphError(100, f"(#100) {message}", subcode)


def not_found(node: str, method: str = "GET") -> GraphError:
    """Code 100/33: the object is missing or invisible to this token."""
    text = NOT_FOUND_TEXT.format(method=method.lower(), id=node)
    return GraphError(100, text, 33, kind="GraphMethodException")
