"""Run the whole flow against a local instance: start ``make run``, then ``python examples/demo.py``.

LOCAL_DIR is the directory of the instance; default: .local of this repository.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
import uuid
from pathlib import Path
from uuid import UUID

import httpx

from noillusion_client import AsyncClient, Client, ProblemError
from noillusion_client.models import (
    AIKeyInput,
    AuthorizeRequest,
    CheckRequest,
    ConfirmRequest,
    ContentInput,
    GenerateRequest,
    Post,
    PostRequest,
    TargetInput,
    TemplateInput,
    TemplatePut,
)

DIRECTORY = Path(os.environ.get("LOCAL_DIR") or Path(__file__).resolve().parents[3] / ".local")
RUN = json.loads((DIRECTORY / "run.json").read_text())
PERSON = f"auth0|example-{uuid.uuid4()}"
WORD = uuid.uuid4().hex[:8]
"""A word of this run's own, because platforms refuse a text that was published before."""


def token() -> str:
    """Return an access token of the local issuer."""
    return str(httpx.get(RUN["token_url"], params={"sub": PERSON}).json()["access_token"])


def draft(text: str, connection_id: UUID) -> PostRequest:
    """Return a text post for one account."""
    return PostRequest(content=ContentInput(text=text), targets=[TargetInput(connection_id=connection_id)])


def finished(client: Client, post: Post) -> Post:
    """Return a post once it is published. Some take longer than a request; they are answered as processing and are followed."""
    while post.status == "processing":
        time.sleep(1)
        post = client.get_post(post.id)
    assert post.status == "published"
    return post


def connect(client: Client) -> UUID:
    """Connect an account. The simulator's dialog consents immediately; the redirects are followed as a browser would."""
    begun = client.authorize_platform("linkedin", body=AuthorizeRequest())
    pending_id = httpx.get(begun.authorization_url, follow_redirects=True).json()["pending_id"]
    pending = client.get_pending_connection(pending_id)
    chosen = next(account for account in pending.accounts if account.can_publish)
    (connection,) = client.confirm_pending_connection(pending_id, body=ConfirmRequest(account_ids=[chosen.id])).items
    print(f"connected: {connection.platform} as {connection.display_name}")
    return connection.id


def publish(client: Client, connection_id: UUID) -> None:
    """Check, then publish. A repeat with the same key answers the same post; another text with it is refused."""
    hello, key = draft(f"Hello from Python. #{WORD}", connection_id), str(uuid.uuid4())
    assert client.check_post(body=CheckRequest(content=hello.content, targets=hello.targets)).ok
    post = finished(client, client.publish_post(body=hello, idempotency_key=key))
    assert client.publish_post(body=hello, idempotency_key=key).id == post.id
    print(f"published: {post.status}, {post.targets[0].permalink}")
    try:
        client.publish_post(body=draft("Another text with the same key", connection_id), idempotency_key=key)
    except ProblemError as refused:
        assert refused.code == "idempotency_key_reused"
        print(f"refused: {refused}")
    else:
        raise AssertionError("the key was accepted twice")
    # Keys are made automatically where you give none, so these are two more posts.
    for number in (2, 3):
        finished(client, client.publish_post(body=draft(f"Post number {number} of {WORD}", connection_id)))
    ids = [each.id for each in client.items(client.list_posts, limit=1)]
    assert len(ids) == 3 and ids[-1] == post.id
    print(f"listed: {len(ids)} posts on {len(ids)} pages")


def generate(client: Client) -> None:
    """Draft a text with AI."""
    client.store_ai_key("openai", body=AIKeyInput(key="sk-anything-goes-here"))
    answer = client.generate_posts(body=GenerateRequest(task="generate", platforms=["linkedin"], topic="We open a bakery"))
    print(f"generated: {answer.results[0].length} characters by {answer.transparency.provider}")


def use_templates(client: Client) -> None:
    """Create a template and change one field of it."""
    made = client.create_template(
        body=TemplateInput(name="Invitation", content_mode="business", user_text="Invite people to {topic}.")
    )
    changed = client.update_template(made.id, body=TemplatePut(name="Invite", content_mode="business", user_text=made.user_text))
    assert changed.user_text == made.user_text
    print(f"template: {changed.name}, version {changed.version}")


def export(client: Client) -> None:
    """Export everything: parts of JSON lines with checksums."""
    part, rows = client.start_export().first_part, 0
    while part:
        *lines, last = client.get_export_part(part).splitlines(keepends=True)
        end = json.loads(last)["part"]
        assert hashlib.sha256("".join(lines).encode()).hexdigest() == end["sha256"]
        rows, part = rows + len(lines), end["next_part"]
    print(f"exported: {rows} rows")


async def list_again() -> None:
    """Read a list with asyncio."""
    async with AsyncClient(RUN["api"], token) as client:
        posts = [post async for post in client.items(client.list_posts, limit=2)]
        print(f"listed with asyncio: {len(posts)} posts")


def main() -> None:
    """Run every step. Raises ProblemError where the API refuses one."""
    with Client(RUN["api"], token) as client:
        connection_id = connect(client)
        publish(client, connection_id)
        generate(client)
        summary = client.get_analytics_summary()
        assert summary.totals.posts == 3
        print(f"analytics: {summary.totals.posts} posts")
        use_templates(client)
        asyncio.run(list_again())
        export(client)
        print(f"deleted: receipt {client.delete_account().code}")


if __name__ == "__main__":
    main()
