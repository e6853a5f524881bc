"""What is written without a thought of cold starts: every SDK at the top, whatever a route needs."""

from __future__ import annotations

import os
from typing import Any

import anthropic
import boto3
import openai
import psycopg
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from google import genai
from pydantic import BaseModel

app = APIGatewayHttpResolver(enable_validation=True)
client = openai.OpenAI(max_retries=0)  # key and address come from the SDK's own environment variables


class Request(BaseModel):
    """The part of a request that is used; the rest is ignored."""

    topic: str
    models: dict[str, str] = {}


class Answer(BaseModel):
    """The text as it came."""

    text: str
    profiles: int


SDKS = (anthropic, boto3, genai, openai)


class Count(BaseModel):
    """One count."""

    profiles: int


def profiles() -> int:
    """One query on a connection of its own."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM profiles").fetchone() or (0,)
    return int(count)


@app.get("/v1/profile")
def read() -> Count:
    """One query."""
    return Count(profiles=profiles())


@app.post("/v1/generate")
def generate(request: Request) -> Answer:
    """One query, one call."""
    count = profiles()
    reply = client.responses.create(model=request.models["openai"], input=request.topic, max_output_tokens=2000, store=False)
    return Answer(text=reply.output_text, profiles=count)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The Lambda entry point."""
    return app.resolve(event, context)
