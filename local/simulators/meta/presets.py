"""The faults by name that Facebook and Instagram share."""

from __future__ import annotations

from typing import Any, Final

from local.simulators.meta.errors import NOT_FOUND_TEXT, SUBCODE_TEXT, GraphError
from local.simulators.world import Preset


def preset(code: int, message: str, subcode: int | None = None, **options: Any) -> Preset:
    """A named fault with the envelope of ``GraphError`` and the same options."""
    error = GraphError(code, message, subcode, **options)
    return Preset(error.status, error.body(), error.headers, f"{code}" + (f"/{subcode}" if subcode else ""))


APP_USAGE_FULL: Final = {"X-App-Usage": '{"call_count":100,"total_cputime":41,"total_time":38}'}
COMMON_PRESETS: Final[dict[str, Preset]] = {
    "expired_token": preset(190, SUBCODE_TEXT[463], 463),
    "invalid_token": preset(190, SUBCODE_TEXT[467], 467),
    "app_removed": preset(190, SUBCODE_TEXT[458], 458),
    "checkpoint": preset(190, SUBCODE_TEXT[459], 459),
    "password_changed": preset(190, SUBCODE_TEXT[460], 460),
    "unconfirmed_account": preset(190, SUBCODE_TEXT[464], 464),
    "no_page_role": preset(190, SUBCODE_TEXT[492], 492),
    "session_key_invalid": preset(102, "Session key invalid or no longer valid"),
    "token_required": preset(104, "Requires valid signature"),
    "permission_denied": preset(10, "(#10) Application does not have permission for this action"),
    "scope_missing": preset(200, "(#200) Permissions error"),
    "no_capability": preset(3, "(#3) Application does not have the capability to make this API call."),
    "development_mode": preset(270, "(#270) This request needs an app with a higher access level"),
    "not_found": preset(100, NOT_FOUND_TEXT.format(method="get", id="0"), 33, kind="GraphMethodException"),
    "invalid_parameter": preset(100, "(#100) Invalid parameter"),
    "unknown_error": preset(1, "An unknown error has occurred."),
    "transient": preset(2, "An unexpected error has occurred. Please retry your request later.", transient=True),
    "transient_flag": preset(-3, "Please try again later.", status=400, transient=True),
    "server_error": Preset(503, "", note="503 with an empty body"),
    "rate_limited": preset(4, "(#4) Application request limit reached", headers=APP_USAGE_FULL),
    "rate_limited_user": preset(17, "(#17) User request limit reached", headers=APP_USAGE_FULL),
    "rate_limited_page": preset(32, "(#32) Page request limit reached", headers={"X-Page-Usage": APP_USAGE_FULL["X-App-Usage"]}),
    "application_limit": preset(341, "(#341) Application limit reached"),
    "call_limit": preset(613, "(#613) Calls to this api have exceeded the rate limit."),
    "malformed_usage": preset(4, "(#4) Application request limit reached", headers={"X-App-Usage": "not json"}),
    "policy_block": preset(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
    "duplicate": preset(506, "(#506) Duplicate status message"),
    "link_not_scraped": preset(1609005, "(#1609005) The link could not be scraped"),
    "list_without_data": Preset(200, {}, note="a list without its data member"),
}
