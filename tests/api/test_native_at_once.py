"""What happens to a schedule while its post is handed over to Facebook: it is refused, or it reaches the post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.core.errors import Problem
from noillusion.core.preconditions import ANY
from noillusion.publishing.create import create
from noillusion.publishing.models import HeldPostRequest
from noillusion.scheduling import changing, holding
from noillusion.scheduling.models import SchedulePatch
from tests.api.test_held_posts import DAY
from tests.api.test_native_schedules import Desk, desk, only_schedule

__all__ = ["desk"]


def patch(desk: Desk, name: str) -> Any:
    """A change of a schedule."""
    fields = {
        "due_at": {"due_at": (desk.now() + timedelta(seconds=2 * DAY)).isoformat()},
        "targets": {"targets": [{"connection_id": desk.connection, "way": "notify"}]},
    }
    return SchedulePatch.model_validate(fields[name])


@pytest.mark.parametrize(
    ("act", "code"),
    [("pause", "held_not_pausable"), ("due_at", "post_busy"), ("targets", "validation_failed"), ("publish_now", "post_busy")],
)
def test_what_is_about_to_be_handed_over_stays_as_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch, act: str, code: str) -> None:
    refused: list[str] = []

    async def meanwhile(user_id: str, key: str, request: HeldPostRequest, deadline: float) -> Any:
        schedule_id = await only_schedule(user_id)
        try:
            if act == "pause":
                await changing.pause(user_id, schedule_id)
            elif act == "publish_now":
                await changing.publish_now(user_id, schedule_id, None, deadline)
            else:
                await changing.change(user_id, schedule_id, patch(desk, act), ANY, deadline)
        except Problem as problem:
            refused.append(problem.code)
        return await create(user_id, key, request, deadline)

    monkeypatch.setattr(holding, "create", meanwhile)
    made = desk.schedule(desk.body())
    (target,) = made.json["targets"]
    assert (made.status, made.json["status"], target["occurrence"]["code"]) == (201, "active", "held_by_platform"), made.text
    assert desk.at_facebook()["status"] == "scheduled" and refused == [code]


def test_a_refused_change_that_came_too_late_does_not_reach_facebook(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made, others = desk.schedule(desk.body()).json, holding.refuse
    first = (desk.now() + timedelta(seconds=3 * DAY)).replace(microsecond=0)

    async def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(holding, "refuse", others)
        await others(*given)
        earlier = SchedulePatch.model_validate({"due_at": first.isoformat()})
        await changing.change(str(desk.client.sub), made["id"], earlier, ANY, clock.monotonic() + 20)

    monkeypatch.setattr(holding, "refuse", meanwhile)
    later = (first + timedelta(seconds=DAY)).isoformat()
    answer = desk.ask_for("PATCH", f"/v1/schedules/{made['id']}", body={"due_at": later})
    assert (answer.status, answer.json["code"]) == (409, "changed_at_once"), answer.text
    assert desk.at_facebook()["live_at"] == first.timestamp()
