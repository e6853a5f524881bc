"""Requests made from the OpenAPI document, sent to a whole local instance by Schemathesis."""
