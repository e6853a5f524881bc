"""The steps of a run with one registration. Whatever fails, what was published is deleted and the account is disconnected."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from local.demo.tour import Tour
from tools.smoke.consent import Query, Returns
from tools.smoke.posts import TestPost, post_for, story_for
from tools.smoke.report import Failed, Report, Step, codes

Json = dict[str, Any]
CONSENT_S = 900.0
SETTLED_S = 900.0
"""TikTok can take minutes for a video."""
MEASURED_S = 60.0
NOTHING_PUBLISHED = "Nothing is published: no app can delete a post of this account. LEAVE=1 publishes a story all the same."


@dataclass
class Choice:
    """What the operator chose for a run. ``pick`` takes the accounts that can publish and returns one of them."""

    open_url: Callable[[str], None]
    pick: Callable[[list[Json]], Json]
    tell: Callable[[str], None]
    media: str | None = None
    leave_behind: bool = False
    """Publish also where the post cannot be deleted again."""


class Run:
    """One account's way through the product."""

    def __init__(self, tour: Tour, report: Report, returns: Returns, choice: Choice) -> None:
        self.tour, self.report, self.returns, self.choice = tour, report, returns, choice
        self.connection: Json = {}
        self.post: Json = {}

    def all(self) -> None:
        """Run the steps. The report has the outcome."""
        with contextlib.suppress(Failed):
            try:
                self._connect()
                self._test()
                if test_post := self._test_post():
                    self._publish(test_post)
                    self._read()
                    self._measure()
            finally:
                self._leave()

    def _leave(self) -> None:
        if self.post:
            with contextlib.suppress(Failed):
                self._delete()
        if self.connection:
            with contextlib.suppress(Failed):
                self._disconnect()

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Json:
        """Return the JSON of a success. Raises :class:`Failed` with the status and the problem's codes."""
        answer = self.tour.send(method, path, body, {"idempotency-key": key} if key else None)
        found: Json = answer.json() if answer.content else {}
        if answer.is_success:
            return found
        fields = [f"{error['field']}:{error['code']}" for error in found.get("errors", ())]
        raise Failed(str(found.get("code", "no_problem")), http_status=answer.status_code, fields=codes(fields))

    def _connect(self) -> None:
        platform, registration = self.report.platform, self.report.registration
        with self.report.step("connect") as step:
            asked = {"return_url": self.returns.url, "registration": registration}
            begun = self.call("POST", f"/v1/connections/{platform}/authorize", asked)
            self.choice.open_url(begun["authorization_url"])
            handle = self.returns.wait(self._call_back, CONSENT_S)
            pending = self.call("GET", f"/v1/connections/pending/{handle}")
            usable = [account for account in pending["accounts"] if account["can_publish"]]
            step.facts |= {
                "accounts": len(pending["accounts"]),
                "accounts_that_can_publish": len(usable),
                "granted_scopes": codes(pending["granted_scopes"]),
                "missing_scopes": codes([missing["scope"] for missing in pending["missing_scopes"]]),
            }
            if not usable:
                reasons = codes({account["reason"] for account in pending["accounts"]} - {""})
                raise Failed("no_account_can_publish", reasons=reasons)
            chosen = self.choice.pick(usable)
            body = {"account_ids": [chosen["id"]]}
            (self.connection,) = self.call("POST", f"/v1/connections/pending/{handle}/confirm", body)["items"]
            step.facts["account_kind"] = self.connection["account_kind"]

    def _call_back(self, query: Query) -> Query:
        """Call the callback of the local gateway with the query that the platform gave to the browser."""
        path = f"/v1/oauth/{self.report.platform}/callback?{urlencode(query)}"
        answer = self.tour.http.get(f"{self.tour.run['api']}{path}")
        if answer.status_code != 303:
            found = answer.json()
            raise Failed(str(found.get("code") or found.get("error") or "no_grant"), http_status=answer.status_code)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def _test(self) -> None:
        with self.report.step("test") as step:
            told = self.call("POST", f"/v1/connections/{self.connection['id']}/test")
            step.facts |= {name: told[name] for name in ("latency_ms", "scopes_told")}
            step.facts["access_ends"] = _days(told["access_expires_at"] or told["connection"]["access_expires_at"])
            step.facts["data_access_ends"] = _days(told["data_access_expires_at"])
            if quota := told["quota"]:
                step.facts |= {"quota_limit": quota["limit"], "quota_used": quota["used"]}
            if not told["ok"]:
                raise Failed(told["error_class"], platform_code=told["platform_code"])

    def _test_post(self) -> TestPost | None:
        """Return the post to publish, and record why there is none."""
        simulated, media = self.report.simulated, self.choice.media
        with self.report.step("choose_post") as step:
            found = post_for(self.connection, self.tour.word, media, simulated=simulated)
            if found is None and self.choice.leave_behind:
                found = story_for(media, simulated=simulated)
            if found is None:
                step.outcome = "skipped"
                step.facts["code"] = "cannot_be_deleted"
                self.choice.tell(NOTHING_PUBLISHED)
                return None
            step.facts |= {"kind": found.kind, "audience": found.audience}
            self.choice.tell(found.notice)
            return found

    def _publish(self, test_post: TestPost) -> None:
        with self.report.step("publish") as step:
            body = {"targets": [{**test_post.target, "connection_id": self.connection["id"]}]}
            self.post = self.call("POST", "/v1/posts", body, key=f"smoke-{self.tour.word}")
            self._settle(step)

    def _settle(self, step: Step) -> None:
        """Wait until the outcome is known."""
        until = time.monotonic() + SETTLED_S
        while self.post["status"] in ("processing", "unknown") and time.monotonic() < until:
            time.sleep(1.0)
            self.post = self.call("GET", f"/v1/posts/{self.post['id']}")
        (target,) = self.post["targets"]
        step.facts["status"] = target["status"]
        if target["status"] != "published":
            error = target["error"] or {}
            raise Failed("not_published", error_class=error.get("error_class"), platform_code=error.get("platform_code"))

    def _read(self) -> None:
        with self.report.step("read") as step:
            (target,) = self.call("GET", f"/v1/posts/{self.post['id']}")["targets"]
            # Identifiers and URLs lead to the account, so the report only says that they are there.
            step.facts |= {
                "status": target["status"],
                "has_id": bool(target["platform_post_id"]),
                "has_url": bool(target["permalink"]),
            }

    def _measure(self) -> None:
        with self.report.step("measure") as step:
            self.tour.fire("PollDueAnalytics")
            until = time.monotonic() + MEASURED_S
            while True:
                (target,) = self.call("GET", f"/v1/analytics/posts/{self.post['id']}")["targets"]
                if target["latest"] or time.monotonic() > until:
                    break
                time.sleep(1.0)
            if not target["latest"]:
                raise Failed("not_measured")
            figures = {name: count for name, count in (target["latest"]["figures"] or {}).items() if isinstance(count, int)}
            step.facts |= {"reading": target["latest"]["status"], "reason": target["latest"]["reason"], "figures": codes(figures)}

    def _delete(self) -> None:
        self.report.left_behind = True
        with self.report.step("delete") as step:
            (removal,) = self.call("DELETE", f"/v1/posts/{self.post['id']}")["targets"]
            step.facts |= {"deleted": removal["deleted"], "reason": removal["reason"]}
            (target,) = self.post["targets"]
            self.report.left_behind = not removal["deleted"] and target["status"] not in ("failed", "canceled")
            if removal["reason"] == "platform_cannot_delete":
                step.outcome = "skipped"
                self.choice.tell("The post is still there. Delete it in the platform's own app.")
            elif self.report.left_behind:
                raise Failed("not_deleted", reason=removal["reason"])

    def _disconnect(self) -> None:
        with self.report.step("disconnect") as step:
            told = self.call("DELETE", f"/v1/connections/{self.connection['id']}")
            step.facts |= {"revoked": told["revoked"], "grant": told["grant"]}
            if told["advice"]:
                self.choice.tell(told["advice"])
            if told["grant"] == "not_revoked":
                raise Failed("not_revoked")


def _days(instant: str | None) -> int | None:
    """Return the whole days until an instant."""
    if instant is None:
        return None
    return max((datetime.fromisoformat(instant) - datetime.now(UTC)).days, 0)
