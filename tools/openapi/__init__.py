"""The OpenAPI document, generated from the code: routes and models, with names, enums, problems, headers and examples."""
