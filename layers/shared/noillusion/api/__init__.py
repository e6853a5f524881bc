"""What every HTTP handler shares: resolver, current user, problem responses, paging, OpenAPI."""
