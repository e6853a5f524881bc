"""What platforms hold survives a restart of the simulators, in a file that can do nothing but hold it."""

from __future__ import annotations

import asyncio
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from local.simulators.kept import Kept, Remembers, version
from local.simulators.linkedin.state import SHARE, Token
from local.simulators.registry import PLATFORMS
from local.simulators.serve import create_world
from local.simulators.tiktok.state import Publication
from local.simulators.world import Fault, World


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers nothing."""


def kept(path: Path, said: list[str] | None = None) -> tuple[World, Kept]:
    world = create_world("http://127.0.0.1:1")
    lines: list[str] = [] if said is None else said
    return world, Kept(world, path, nothing, lines.append)


def memory(world: World, platform: str) -> Any:
    simulator = world.simulators[platform]
    assert isinstance(simulator, Remembers)
    return simulator.memory


def test_accounts_tokens_posts_ids_and_time_are_the_same_in_the_next_run(tmp_path: Path) -> None:
    world, file = kept(tmp_path / "file")
    world.clock.offset = 3_600.0
    facebook, linkedin = memory(world, "facebook"), memory(world, "linkedin")
    post = facebook.new_post("101000000000001", "Good morning", None, [], world.clock.now())
    token = facebook.tokens.issue("page", "100000000000001", "101000000000001", frozenset({"email"}), 0)
    linkedin.tokens["t"] = Token("t", SHARE, "mB7xQ2kPzA", frozenset({"openid"}), 1.0, 2.0)
    linkedin.calls["app", "who", "day"] += 3
    file.save()
    again, reader = kept(tmp_path / "file")
    reader.load()
    assert again.clock.offset == 3_600.0
    assert memory(again, "facebook").posts == {post.id: post}
    assert memory(again, "facebook").tokens.tokens == {token.value: token}
    assert memory(again, "facebook").tokens.world is again
    assert next(memory(again, "facebook").ids) == next(facebook.ids)
    assert memory(again, "linkedin").tokens["t"].app is SHARE
    assert memory(again, "linkedin").calls["app", "who", "day"] == 3
    for platform in PLATFORMS:
        assert again.simulators[platform].state() is not None


def test_faults_settings_consent_and_everything_of_ai_providers_end_with_the_run(tmp_path: Path) -> None:
    world, file = kept(tmp_path / "file")
    world.faults.append(Fault(platform="openai", preset="rate_limited", times=-1))
    world.latency_ms["tiktok"] = 500
    memory(world, "tiktok").settings["audited"] = False
    memory(world, "linkedin").consent["decision"] = "deny"
    file.save()
    again, reader = kept(tmp_path / "file")
    reader.load()
    assert (again.faults, again.latency_ms) == ([], {})
    assert memory(again, "tiktok").settings["audited"] is True
    assert memory(again, "linkedin").consent["decision"] == "grant"
    assert set(pickle_names(tmp_path / "file")) == set(PLATFORMS)


def pickle_names(path: Path) -> list[str]:
    return [
        name for name in ("openai", "anthropic", "google", *PLATFORMS) if name.encode() in path.read_bytes().partition(b"\n")[2]
    ]


def test_a_download_that_was_under_way_is_begun_again(tmp_path: Path) -> None:
    async def run() -> tuple[Any, Any]:
        world, file = kept(tmp_path / "file")
        state = memory(world, "tiktok")
        waiting = Publication("v_pub_url~v2.1", "user", "video", True, {}, 1.0, urls=["https://media.example/none.mp4"])
        waiting.pull = asyncio.create_task(asyncio.sleep(60))
        state.tasks.add(waiting.pull)
        state.publications[waiting.id] = waiting
        file.save()
        waiting.pull.cancel()
        again, reader = kept(tmp_path / "file")
        reader.load()
        found = memory(again, "tiktok").publications[waiting.id]
        pull = found.pull
        pull.cancel()
        return pull, memory(again, "tiktok").tasks

    pull, tasks = asyncio.run(run())
    assert isinstance(pull, asyncio.Task)
    assert tasks == set()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"0" * 64 + b"\n" + b"whatever", "have changed"),
        (version().encode() + b"\n" + b"\x80\x05broken", "cannot be read"),
        (version().encode() + b"\n" + pickle.dumps({"offset_s": os.system}), "posix.system has no place in this file"),
        (version().encode() + b"\n", "cannot be read"),
    ],
)
def test_a_file_that_does_not_fit_is_told_of_and_runs_no_code(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "file").write_bytes(content)
    said: list[str] = []
    world, file = kept(tmp_path / "file", said)
    file.load()
    assert told in said[0]
    assert memory(world, "facebook").posts == {}
    file.save()
    kept(tmp_path / "file", said)[1].load()
    assert len(said) == 1


def test_changes_are_written_soon_after_a_request_and_a_full_disk_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.simulators.kept.SAVE_EVERY_S", 0.01)
    said: list[str] = []

    async def run(path: Path) -> None:
        _, file = kept(path, said)
        writing = asyncio.create_task(file.run())
        await asyncio.sleep(0.1)
        assert not path.exists()
        await file({"type": "http"}, lambda: asyncio.sleep(0), lambda _: asyncio.sleep(0))  # type: ignore[arg-type, return-value]
        for _ in range(500):
            if path.exists() or said:
                break
            await asyncio.sleep(0.01)
        writing.cancel()

    asyncio.run(run(tmp_path / "file"))
    assert (tmp_path / "file").exists()
    assert said == []
    asyncio.run(run(tmp_path / "no" / "such" / "folder"))
    assert "cannot be kept" in said[0]
