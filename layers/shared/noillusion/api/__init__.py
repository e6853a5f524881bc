"""The shared parts of all HTTP handlers: resolver, current user, problem responses, paging, OpenAPI."""
