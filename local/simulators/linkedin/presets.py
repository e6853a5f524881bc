"""LinkedIn's faults by name, for the control API."""

from __future__ import annotations

from local.simulators.dialogs import decisions
from local.simulators.linkedin.errors import ERROR_HEADERS, duplicate_body, error_headers, invalid
from local.simulators.linkedin.oauth import DIALOG_ERRORS
from local.simulators.linkedin.state import COMMUNITY, SHARE
from local.simulators.world import Json, Preset


def _fault(status: int, message: str, code: str | None = None, service: int | None = None, note: str = "") -> Preset:
    body: Json = {"status": status, "message": message}
    if service is not None:
        body["serviceErrorCode"] = service
    if code:
        body["code"] = code
    headers = {"x-li-fabric": "prod-lor1", "x-li-uuid": "AAYkSimulatedFault0000w==", **error_headers(status)}
    return Preset(status, body, headers, note)


def _refused(code: str, path: str, description: str) -> Preset:
    return Preset(400, invalid(code, path, description).body, {"x-li-fabric": "prod-lor1", **ERROR_HEADERS})


PRESETS: dict[str, Preset] = {
    "invalid_token": _fault(401, "Invalid access token", "INVALID_ACCESS_TOKEN", 65600),
    "revoked_token": _fault(
        401,
        "The token used in the request has been revoked by the user",
        "REVOKED_ACCESS_TOKEN",
        65601,
        "also seen seconds after issue",
    ),
    "expired_token": _fault(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN", 65602),
    "unauthorized": _fault(401, "Unauthorized", note="401 without serviceErrorCode"),
    "access_denied": _fault(403, "Not enough permissions to access: posts.CREATE", "ACCESS_DENIED", 100),
    "unpermitted_fields": _fault(
        403,
        "Unpermitted fields present in PARAMETER: Data Processing Exception while processing fields [/shares[0]]",
        "ACCESS_DENIED",
        100,
    ),
    "organization_permissions": _fault(400, "Organization permissions must be used when using organization as author"),
    "member_permissions": _fault(400, "Member permissions must be used when using member as author"),
    "missing_field": _refused("MISSING_FIELD", "/commentary", "required"),
    "invalid_value": _refused("INVALID_VALUE_FOR_FIELD", "/visibility", "not a known value"),
    "too_long": _refused("FIELD_LENGTH_TOO_LONG", "/commentary", "longer than 3000 characters"),
    "invalid_urn": _refused("INVALID_URN_TYPE", "/author", "not a person or organization"),
    "invalid_image": _refused("INVALID_IMAGE_ID", "/content/media/id", "no such image"),
    "media_waiting": _refused("MEDIA_ASSET_WAITING_UPLOAD", "/content/media/id", "the asset is not available yet"),
    "media_failed": _refused("MEDIA_ASSET_PROCESSING_FAILED", "/content/media/id", "the asset could not be processed"),
    "expired_upload_url": _fault(400, "The upload URL has expired", "EXPIRED_UPLOAD_URL"),
    "too_large": _fault(413, "Request entity too large"),
    "unsupported_type": _fault(415, "Unsupported media type"),
    "not_found": _fault(404, "Could not find entity", "NOT_FOUND"),
    "conflict": _fault(409, "Conflicting write, retry the request", "CONFLICT"),
    "duplicate": Preset(
        422, duplicate_body("urn:li:share:7398000000000000000"), ERROR_HEADERS, "names a post that may not exist"
    ),
    "duplicate_of_person": Preset(422, duplicate_body("urn:li:person:mB7xQ2kPzA"), ERROR_HEADERS, "no proof of publication"),
    "nonexistent_version": _fault(426, "Requested version 20240701 is not active", "NONEXISTENT_VERSION"),
    "version_missing": _fault(
        400, "A version must be present. Please specify a version by adding the LinkedIn-Version header.", "VERSION_MISSING"
    ),
    "rate_limited": _fault(
        429, "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.", "TOO_MANY_REQUESTS", 101
    ),
    "transient": _fault(500, "Internal Server Error", "INTERNAL_SERVER_ERROR", 0),
    "bad_gateway": Preset(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", note="HTML, not JSON"),
    "unavailable": _fault(503, "Service Unavailable", "SERVICE_UNAVAILABLE"),
    "gateway_timeout": _fault(504, "Request timed out", "GATEWAY_TIMEOUT"),
    "created_without_id": Preset(201, "", {"x-li-fabric": "prod-lor1"}, "2xx without x-restli-id: outcome unknown"),
    "oauth_invalid_request": Preset(400, {"error": "invalid_request", "error_description": "A required parameter is missing"}),
    "oauth_invalid_grant": Preset(
        400, {"error": "invalid_grant", "error_description": "The refresh token is invalid, expired or revoked"}
    ),
    "oauth_invalid_client": Preset(401, {"error": "invalid_client", "error_description": "Client authentication failed"}),
}
NOTES = [
    f"Clients: {SHARE.client_id}/{SHARE.secret} (Share app), {COMMUNITY.client_id}/{COMMUNITY.secret} (Community app).",
    "Redirect URIs: any https URL, and http on 127.0.0.1 or localhost. There is no partial consent.",
    f"The person consents at once. consent: {{decision: {decisions(DIALOG_ERRORS)}, user: id}}; 'ask' shows a page.",
    "No id_token is issued. Person ids are the same for both apps.",
    "The 3000 characters of a commentary are counted as readers see them; stored is what little text understood.",
    "Not documented, chosen here: duplicates for 10 min, 1 comment a minute, 50 ids in a List(), upload URLs for a day.",
    'Community app: action settings {"community_tier": "development"} gives 100 calls per member and 500 per app a day.',
    'Actions: consent, user, settings, expire_tokens, revoke, delete_post {"urn"}, seed {"count", "text", "content", …}.',
]
