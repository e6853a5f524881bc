"""TikTok's signed events and when they are sent."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

import httpx

from local.simulators.tiktok.state import CLIENT_ID, CLIENT_SECRET, Publication, State
from local.simulators.world import Json


class Webhooks:
    """The events of publications and grants."""

    def __init__(self, state: State) -> None:
        self.state = state

    def watch(self, publication: Publication) -> None:
        """Send a publication's events as they happen; without a callback URL there is nothing to do."""
        if self.state.settings["webhook_url"]:
            self.spawn(self._announce(publication))

    async def _announce(self, publication: Publication) -> None:
        while True:
            self.state.settle(publication)
            status = self.state.status(publication)
            for event in self._events(publication, status):
                if event not in publication.announced:
                    publication.announced.append(event)
                    await self.send(event, publication.user, self.event_content(event, publication))
            private = publication.info.get("privacy_level") != "PUBLIC_TO_EVERYONE"
            known = private or "post.publish.publicly_available" in publication.announced
            if status in ("FAILED", "SEND_TO_USER_INBOX") or (status == "PUBLISH_COMPLETE" and known):
                return
            await asyncio.sleep(0.05)

    def _events(self, publication: Publication, status: str) -> Iterable[str]:
        if status == "FAILED":
            yield "post.publish.failed"
        if status == "SEND_TO_USER_INBOX":
            yield "post.publish.inbox_delivered"
        if status == "PUBLISH_COMPLETE":
            yield "post.publish.complete"
            if self.state.public_ids(publication):
                yield "post.publish.publicly_available"

    async def send(self, event: str, user: str, content: Json) -> None:
        """Send an event to the app's callback URL, three times at most."""
        for attempt in range(3):
            answer = await self.post_event(
                self.state.settings["webhook_url"], event, user, content, age_s=0, secret=CLIENT_SECRET
            )
            if answer["status"] == 200:
                return
            await asyncio.sleep(self.state.settings["webhook_gap_s"] * 2**attempt)

    def spawn(self, work: Any) -> None:
        """Run work in the background where a loop is running."""
        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            work.close()
            return
        self.state.tasks.add(task)
        task.add_done_callback(self.state.tasks.discard)

    def event_content(self, event: str, publication: Publication | None) -> Json:
        """Return the content of a webhook event about a publication."""
        if publication is None:
            return {"reason": 1} if event == "authorization.removed" else {}
        content: Json = {"publish_id": publication.id}
        if event.endswith(("complete", "failed")):
            content["publish_type"] = publication.publish_type
        if event.endswith("failed"):
            content["reason"] = publication.fail_reason
        if event.endswith("available"):
            content["post_id"] = publication.post_id
        return content

    async def post_event(self, url: str, event: str, user: str, content: Json, *, age_s: float, secret: str) -> Json:
        """Sign an event and post it once to a URL."""
        now = int(self.state.now() - age_s)
        body = {
            "client_key": CLIENT_ID,
            "event": event,
            "create_time": now,
            "user_openid": user,
            "content": json.dumps(content, separators=(",", ":")),
        }
        raw = json.dumps(body, separators=(",", ":")).encode()
        signature = hmac.new(secret.encode(), f"{now}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {"TikTok-Signature": f"t={now},s={signature}", "Content-Type": "application/json"}
        status: int | None = None
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
                status = (await client.post(url, content=raw, headers=headers)).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            pass
        self.state.sent.append({"event": event, "status": status, "content": content})
        return {"status": status, "body": body, "headers": headers}
