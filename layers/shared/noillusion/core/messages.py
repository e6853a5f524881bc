"""The catalog of messages about single fields of a request. They say what is allowed and never repeat what was sent.

``RULES`` are our own checks; ``VALIDATION`` has messages for the error types of pydantic, which are codes of the API too.
Names in braces are parameters; those of pydantic are declared limits.
"""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, tuple[str, str]] = {
    "account_not_offered": ("unknown", "Must be one of the accounts that this connection offers."),
    "ai_key": ("invalid", "Must be 8 to 512 printable ASCII characters without spaces."),
    "body_too_large": ("too_large", "Can have at most {maximum} bytes."),
    "connection": ("not_found", "Must be the id of one of your connections."),
    "content_missing": ("missing", "Provide content for the request or for this target."),
    "content_not_stored": ("missing", "Content is not stored, so send it again to retry."),
    "cursor": ("invalid", "Must be the next_cursor of an earlier page of the same list, requested with the same filters."),
    "entity_tags": ("invalid", "Must be * or a comma-separated list of entity tags in double quotes."),
    "filled_template_too_long": (
        "prompt_too_long",
        "With all values filled in, the template would have {actual} characters; the maximum is {limit}.",
    ),
    "header_missing": ("missing", "This header is required."),
    "idempotency_key": ("invalid", "Must be 1 to 128 printable ASCII characters."),
    "json": ("json_invalid", "Is not valid JSON."),
    "no_variables": ("unknown_variable", "The built-in template has no variables."),
    "period_empty": ("range", "Must be before the end of the period."),
    "period_too_long": ("range", "The period can have at most {days} days."),
    "prompt_too_long": ("prompt_too_long", "The prompt would have {actual} {unit}; the maximum is {limit}."),
    "repeated_value_too_long": (
        "prompt_too_long",
        "With all values filled in, the template would have {actual} characters; the maximum is {limit}. "
        "The template uses this value {times} times.",
    ),
    "repost_of": ("not_found", "Must be the id of one of your posts."),
    "return_url": (
        "not_allowed",
        "Must be a URL below one that the operator allows, without a fragment, user name, dot segments and encoded slashes.",
    ),
    "target": ("not_found", "Must be the id of a current target of this post."),
    "target_not_retryable": ("not_retryable", "Must be a failed target that can be retried."),
    "too_many_values": ("too_many_values", "Can have at most {limit} values."),
    "unknown_variable": ("unknown_variable", "Contains a variable that the template does not have."),
    "usage_needed": (
        "too_late",
        "Must be {latest} or earlier. Later records are needed for the budget and for idempotency keys.",
    ),
    "usage_range": ("invalid", "Must not be after `to`, and at most {days} days before it."),
    "variable_missing": ("missing", "The template needs a value for this variable."),
    "version": ("stale", "Is not the current version."),
}
"""Rule name → code in the response, and message."""

NOT_VALID = "Is not valid."
VALIDATION: Mapping[str, str] = {
    "missing": "This field is required.",
    "null": "Must not be null.",
    "extra_forbidden": "Contains a field that the API does not know.",
    "string_type": "Must be a string.",
    "int_type": "Must be an integer.",
    "int_parsing": "Must be an integer.",
    "int_from_float": "Must be an integer.",
    "float_type": "Must be a number.",
    "bool_type": "Must be true or false.",
    "bool_parsing": "Must be true or false.",
    "list_type": "Must be a list.",
    "dict_type": "Must be an object.",
    "model_type": "Must be an object.",
    "model_attributes_type": "Must be an object.",
    "uuid_parsing": "Must be a UUID.",
    "uuid_type": "Must be a UUID.",
    "string_too_short": "Must have at least {min_length} characters.",
    "string_too_long": "Must have at most {max_length} characters.",
    "too_short": "Must have at least {min_length} items or characters.",
    "too_long": "Must have at most {max_length} items or characters.",
    "greater_than_equal": "Must be at least {ge}.",
    "greater_than": "Must be greater than {gt}.",
    "less_than_equal": "Must be at most {le}.",
    "less_than": "Must be less than {lt}.",
    "literal_error": "Must be one of: {expected}.",
    "enum": "Must be one of: {expected}.",
    "union_tag_invalid": "Must be one of: {expected_tags}.",
    "string_pattern_mismatch": "Does not have the required format.",
    "string_unicode": "Must be valid Unicode text.",
    "datetime_from_date_parsing": "Must be a date and time with a UTC offset (RFC 3339).",
    "datetime_parsing": "Must be a date and time with a UTC offset (RFC 3339).",
    "timezone_aware": "Must have a UTC offset.",
    "date_from_datetime_parsing": "Must be a date (YYYY-MM-DD).",
    "date_parsing": "Must be a date (YYYY-MM-DD).",
    "url_parsing": "Must be an absolute URL.",
    "json_invalid": "Is not valid JSON.",
}
"""Error type of pydantic → message."""
