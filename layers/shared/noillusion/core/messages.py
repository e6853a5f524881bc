"""The catalog of messages about single fields of a request. They say what is allowed and never repeat what was sent.

``RULES`` are our own checks; ``VALIDATION`` has messages for the error types of pydantic, which are codes of the API too.
Names in braces are parameters, which an error carries as ``params``; those of pydantic are declared limits.
"""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, tuple[str, str]] = {
    "account_not_offered": ("unknown", "Must be one of the accounts that this connection offers."),
    "ai_key": ("ai_key", "Must be 8 to 512 printable ASCII characters without spaces."),
    "base64": ("base64", "Must be valid base64."),
    "body_too_large": ("too_large", "Can have at most {limit} bytes."),
    "builtin_variable": ("reserved_name", "Must not be the name of a built-in variable."),
    "choices": ("choices_mismatch", "Provide choices for the type choice, and only for it."),
    "connection": ("not_found", "Must be the id of one of your connections."),
    "connections_once": ("duplicates", "Must list each connection at most once."),
    "content_missing": ("missing", "Provide content for the request or for this target."),
    "content_not_stored": ("missing", "Content is not stored, so send it again to retry."),
    "edit_empty": ("missing", "Must contain a visible character."),
    "entity_tags": ("entity_tags", "Must be * or a comma-separated list of entity tags in double quotes."),
    "content_type_missing": ("content_type_missing", "Provide content_type with data."),
    "cursor": ("cursor", "Must be the next_cursor of an earlier page of the same list, requested with the same filters."),
    "date": ("date_format", "Must be a date such as 2026-11-22 (RFC 3339)."),
    "date_time": ("date_time_format", "Must be a date and time with a UTC offset (RFC 3339)."),
    "due_past": ("in_past", "Must be in the future."),
    "duplicates": ("duplicates", "Must not contain duplicates."),
    "file_size": ("file_size", "Must decode to 1 to {limit} bytes."),
    "filled_template_too_long": (
        "prompt_too_long",
        "With all values filled in, the template would have {actual} characters; the maximum is {limit}.",
    ),
    "form": ("form_invalid", "Is not a valid form with 1 to {limit} parts (RFC 7578)."),
    "form_name": ("form_name", "The name of a file's part is the path of its data, such as content.media.0.data."),
    "form_place": ("form_place", "There is no place for this file in the request, or the place is taken."),
    "form_request": ("missing", "The form needs one part of this name, with the JSON of the request."),
    "header_missing": ("missing", "This header is required."),
    "idempotency_key": ("idempotency_key", "Must be 1 to 128 printable ASCII characters."),
    "json": ("json_invalid", "Is not valid JSON."),
    "language": ("language", "Must be a language tag such as es-419 (BCP 47), or the name of a language."),
    "no_access": ("no_access", "It has access to: {allowed}."),
    "no_access_together": ("no_access", "No registration gives access to all of this. Each gives access to: {allowed}."),
    "no_variables": ("unknown_variable", "The built-in template has no variables."),
    "no_parameters": ("unknown_parameter", "Is not a query parameter of this route, which has none."),
    "not_a_choice": ("not_a_choice", "Must be one of the declared choices."),
    "not_boolean": ("bool_type", "Must be true or false."),
    "not_null": ("null", "Must not be null."),
    "not_number": ("float_type", "Must be a number."),
    "not_string": ("string_type", "Must be a string."),
    "local_time": ("local_time_format", "Must be a local date and time without a UTC offset, such as 2026-12-24T09:00:00."),
    "nul": ("nul_character", "Must not contain NUL characters."),
    "one_source": ("exactly_one", "Provide exactly one of url and data."),
    "one_template": ("exactly_one", "Provide either template_id or template."),
    "other_account": ("other_account", "Must be the account of the connection that is renewed."),
    "period_empty": ("range", "Must be before the end of the period."),
    "period_too_long": ("range", "The period can have at most {limit} days."),
    "prompt_too_long": ("prompt_too_long", "The prompt would have {actual} characters; the maximum is {limit}."),
    "prompt_too_many_tokens": (
        "prompt_too_long",
        "The prompt would have an estimated {actual} tokens at most; the maximum is {limit}.",
    ),
    "providers_once": ("duplicates", "Must list each provider at most once."),
    "repeated_value_too_long": (
        "prompt_too_long",
        "With all values filled in, the template would have {actual} characters; the maximum is {limit}. "
        "The template uses this value {times} times.",
    ),
    "recurrence_missing": ("missing", "The schedule has no recurrence, so one needs a rule."),
    "registration": ("no_access", "Must be a registration of this deployment: {allowed}."),
    "repost_of": ("not_found", "Must be the id of one of your posts."),
    "return_url": (
        "not_allowed",
        "Must be a URL below one that the operator allows, without a fragment, user name, dot segments and encoded slashes.",
    ),
    "rrule": ("rrule_format", "Must be a recurrence rule such as FREQ=WEEKLY;BYDAY=MO,TH (RFC 5545)."),
    "rrule_frequency": ("rrule_frequency", "FREQ must be one of: {allowed}."),
    "rrule_length": ("too_long", "Can have at most {limit} characters."),
    "rrule_never": ("rrule_never", "Has no time within {limit} years that is not excluded."),
    "rrule_part": ("rrule_part", "Has a part that is not supported. Supported parts: {allowed}."),
    "rrule_range": ("rrule_range", "Has a number outside its range: {allowed}."),
    "rrule_times": ("rrule_times", "Can have at most {limit} times a day."),
    "rrule_until": ("rrule_until", "UNTIL must be a date or a time such as 20261224, 20261224T090000 or 20261224T080000Z."),
    "rrule_use": ("rrule_use", "Has a part that can only be used like this: {allowed}."),
    "target": ("not_found", "Must be the id of a current target of this post."),
    "target_not_retryable": ("not_retryable", "Must be a failed target that can be retried."),
    "text_missing": ("text_missing", "The task improve requires the field text."),
    "time_zone": ("time_zone", "Must be an IANA time zone such as Europe/Berlin."),
    "too_many_values": ("too_many_values", "Can have at most {limit} values."),
    "topic_missing": ("topic_missing", "This task requires the field topic or a template_id."),
    "unicode": ("string_unicode", "Must be valid Unicode text."),
    "unknown_parameter": ("unknown_parameter", "Is not a query parameter of this route. It has: {allowed}."),
    "unknown_variable": ("unknown_variable", "Contains a variable that the template does not have."),
    "usage_needed": (
        "too_late",
        "Must be {latest} or earlier. Later records are needed for the budget and for idempotency keys.",
    ),
    "usage_range": ("range", "Must not be after `to`, and at most {limit} days before it."),
    "url": ("url", "Must be an absolute http(s) URL without spaces."),
    "variable_missing": ("missing", "The template needs a value for this variable."),
    "variables_once": ("duplicates", "Must declare each variable at most once."),
    "version": ("stale", "Is not the current version."),
    "way_unavailable": ("way_unavailable", "Must be a way that the account can be used in: {allowed}."),
    "years": ("out_of_range", "Must be between the years {earliest} and {latest}."),
}
"""Rule name → code in the response, and message."""

NOT_VALID = "Is not valid."
VALIDATION: Mapping[str, str] = {
    "missing": "This field is required.",
    "extra_forbidden": "Contains a field that the API does not know.",
    "string_type": "Must be a string.",
    "int_type": "Must be an integer.",
    "int_parsing": "Must be an integer.",
    "int_parsing_size": "Must be an integer.",
    "int_from_float": "Must be an integer.",
    "finite_number": "Must be a finite number.",
    "float_type": "Must be a number.",
    "decimal_type": "Must be a decimal number such as 12.50.",
    "decimal_parsing": "Must be a decimal number such as 12.50.",
    "decimal_max_digits": "Must have at most {max_digits} digits.",
    "decimal_max_places": "Must have at most {decimal_places} decimal places.",
    "decimal_whole_digits": "Must have at most {whole_digits} digits before the decimal point.",
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
LIMITS: Mapping[str, str] = {
    "min_length": "limit",
    "max_length": "limit",
    "ge": "limit",
    "gt": "limit",
    "le": "limit",
    "lt": "limit",
    "max_digits": "limit",
    "decimal_places": "limit",
    "whole_digits": "limit",
    "actual_length": "actual",
    "expected": "allowed",
    "expected_tags": "allowed",
}
"""Name of a declared limit in pydantic → its name among the ``params`` of an error."""
UNITS: Mapping[str, str] = dict.fromkeys(("string_too_short", "string_too_long", "too_short", "too_long"), "characters")
"""Error type of pydantic → unit of its limit, except for lists."""


def filled(message: str, params: Mapping[str, object]) -> str:
    """Return a message with its parameters filled in. Lists are separated by commas."""
    listed = {name: ", ".join(value) if isinstance(value, list | tuple) else value for name, value in params.items()}
    return message.format(**listed)
