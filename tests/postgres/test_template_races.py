"""Templates that two requests change at once, on real connections: one waits for the other, and both get an answer that holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest

from local.wire import Proxy
from noillusion.core import loop
from noillusion.core.errors import NotFound
from noillusion.db import Statement, sql
from noillusion.db.postgres import PostgresDatabase
from noillusion.templates import choices, defaults, service
from noillusion.templates import store as templates
from noillusion.templates.choice_models import PinInput, ReportInput
from noillusion.templates.models import RatingInput, Template, TemplateInput, TemplatePut
from tests.postgres.rows import ALICE, BOB
from tests.support.databases import PostgresStore

Work = Callable[[str], Awaitable[Any]]


@pytest.fixture(autouse=True)
def deployed(store: PostgresStore, direct: Proxy, deploy: Callable[[str], None]) -> None:
    deploy(direct.url(store.name))


def given(text: str = "About {topic}", **more: Any) -> TemplateInput:
    return TemplateInput(name="Bob's", content_mode="personal", user_text=text, **more)


def put(text: str, **more: Any) -> TemplatePut:
    return TemplatePut(**given(text, **more).model_dump())


def made(user_id: str = BOB, **more: Any) -> str:
    template, _ = loop.run(service.create(user_id, given(**more), None))
    return str(template.id)


def shared() -> str:
    template_id = made()
    loop.run(service.share(BOB, template_id))
    return template_id


async def see(store: PostgresStore, what: str) -> None:
    """Wait until a connection to the database is at this, as ``pg_stat_activity`` tells."""
    async with asyncio.timeout(60):
        while not store.fetch(f"SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND {what}"):
            await asyncio.sleep(0.01)


async def behind(store: PostgresStore, statement: str, work: Awaitable[Any]) -> Any:
    """Do the work while another transaction, which it has to wait for, has run a statement; then that one is committed."""
    with psycopg.connect(store.server.url(store.name)) as other:
        other.execute(statement.encode())
        task = asyncio.ensure_future(work)
        await see(store, "wait_event_type = 'Lock'")
        other.commit()
        return await task


@pytest.mark.parametrize(
    "work",
    [
        lambda template_id: service.rate(ALICE, template_id, RatingInput(stars=5)),
        lambda template_id: choices.report(ALICE, template_id, ReportInput(reason="spam")),
        lambda template_id: choices.pin(ALICE, template_id, PinInput(version=1)),
        lambda template_id: service.copy(ALICE, template_id, None, None),
    ],
    ids=["rate", "report", "pin", "copy"],
)
def test_what_waits_for_the_deletion_of_a_template_does_not_find_it(store: PostgresStore, work: Work) -> None:
    template_id = shared()
    with pytest.raises(NotFound):
        loop.run(behind(store, f"DELETE FROM prompt_templates WHERE id = '{template_id}'", work(template_id)))


@pytest.mark.parametrize("way", ["create", "change"])
def test_of_two_defaults_at_once_the_later_one_is_it(store: PostgresStore, way: str) -> None:
    first, second = made(ALICE), made(ALICE)

    async def work() -> Template:
        if way == "create":
            return (await service.create(ALICE, given(is_default=True), None))[0]
        return await service.change(ALICE, second, put("Later {topic}", is_default=True))

    update = f"UPDATE prompt_templates SET is_default = true WHERE id = '{first}'"
    template = loop.run(behind(store, update, work()))
    assert template.is_default
    assert store.fetch(f"SELECT id::text FROM prompt_templates WHERE is_default AND user_id = '{ALICE}'") == [(template.id,)]


@pytest.mark.parametrize(("deed", "texts"), [("change", ["About {topic}"]), ("unshare", [])])
def test_a_copy_has_the_texts_of_its_version_or_is_not_made(
    store: PostgresStore, direct: Proxy, monkeypatch: pytest.MonkeyPatch, deed: str, texts: list[str]
) -> None:
    template_id, copying, waits = shared(), templates.copy, sql("SELECT pg_advisory_xact_lock(1)")
    bobs = PostgresDatabase(direct.url(store.name))

    def in_two_steps(*arguments: Any) -> tuple[Statement, ...]:
        first, *rest = copying(*arguments)
        return first, waits, *rest

    async def race() -> None:
        with psycopg.connect(store.server.url(store.name)) as other:
            other.execute(waits.text.encode())
            copied = asyncio.ensure_future(service.copy(ALICE, template_id, None, None))
            await see(store, "wait_event_type = 'Lock'")
            for module in (service, defaults):
                monkeypatch.setattr(module, "database", lambda: bobs)
            await (service.unshare(BOB, template_id) if deed == "unshare" else service.change(BOB, template_id, put("Later")))
            other.commit()
            with nullcontext() if texts else pytest.raises(NotFound):
                await copied
        await bobs.close()

    monkeypatch.setattr(templates, "copy", in_two_steps)
    loop.run(race())
    copies = store.fetch(f"SELECT id::text FROM prompt_templates WHERE user_id = '{ALICE}'")
    versions = store.fetch(f"SELECT user_text FROM prompt_template_versions WHERE user_id = '{ALICE}'")
    assert (len(copies), [text for (text,) in versions]) == (len(texts), texts)
