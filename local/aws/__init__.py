"""AWS on a laptop: gateway, authorizer, environments, queues and schedules."""
