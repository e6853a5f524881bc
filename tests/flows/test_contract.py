"""What every platform promises, once: whoever adds a platform adds its rows to ``examples.py`` and is held to all of this."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, replace
from importlib import import_module
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from noillusion.catalog.platforms import NAMES, PLATFORMS
from noillusion.catalog.registrations import REGISTRATIONS, Registration
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.flows.draft import Draft, Kind, Link, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.measures import PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow, Issue, Lookup, Published, Reply, Step, Tokens
from noillusion.flows.shapes import held_to
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform
from noillusion.platforms.options import PlatformOptions
from noillusion.platforms.parts import ITEM_ITSELF, LINK_ITSELF
from tests.flows.driver import calls, play
from tests.flows.examples import ACCEPTED, ACCOUNTS, APP, DRAFTS, EVERY, HANDLES, PARTS, POSTS, answering, get, reader

CANARY = "canary"
KINDS = sorted(DRAFTS)
REDIRECT = "https://api.example.com/callback"
TOKENS = Tokens(Secret("token-1"), Secret("token-2"), subject="1")
DEAD = Fault(ErrorClass.REAUTH, "dead", certain=True)

of_catalog = pytest.mark.parametrize("name", NAMES)
every_platform = pytest.mark.parametrize("name", EVERY)
every_kind = pytest.mark.parametrize(("name", "kind"), KINDS, ids=lambda part: str(part))


def group(name: str) -> str:
    """The platform in a name: what its registrations have in common."""
    return name.partition(".")[0]


def flows(name: str) -> dict[str, Flow[Any]]:
    """Every operation of a platform that is a flow, ready to run."""
    platform, account = get(name), reader(name)
    once = {
        "exchange": platform.exchange(APP, code="code-1", redirect_uri=REDIRECT),
        "refresh": platform.refresh(APP, TOKENS),
        "revoke": platform.revoke(APP, TOKENS),
        "accounts": platform.accounts(APP, replace(TOKENS, scopes=account.scopes)),
        "probe": platform.probe(account),
        "resume": platform.resume(HANDLES[group(name)], account),
        "find": platform.find(Lookup({}, 1_000.0), account),
        "find by handle": platform.find(Lookup(HANDLES[group(name)], 1_000.0), account),
        "locate": platform.locate(PostRef(POSTS[group(name)], "image", HANDLES[group(name)]), account),
        "metrics": platform.metrics([PostRef(POSTS[group(name)], "image")], account),
        "account_metrics": platform.account_metrics(account),
    }
    if platform.capabilities.deletes:
        once["delete"] = platform.delete(POSTS[group(name)], account)
    if platform.capabilities.edits:
        once["edit"] = platform.edit(POSTS[group(name)], Content("words"), account)
    return once | {f"publish {kind}": platform.publish(draft, account) for (of, kind), draft in DRAFTS.items() if of == name}


def asked(name: str, flow: Flow[Any]) -> list[Call]:
    """The calls of a flow on a platform that answers everything well."""
    return calls(play(flow, answering(name), get(name).classify)[1])


def overrides(platform: Platform, operation: str) -> bool:
    return getattr(type(platform), operation) is not getattr(Platform, operation)


def problems(platform: Platform, draft: Draft, account: Account) -> set[tuple[str, str]]:
    return {(issue.field, issue.severity) for issue in platform.check(draft, account)}


# ---- what a platform says of itself


@every_platform
def test_capabilities_agree_with_the_operations_that_are_there(name: str) -> None:
    platform = get(name)
    capabilities = platform.capabilities
    assert capabilities.deletes is overrides(platform, "delete")
    assert bool(capabilities.edits) is overrides(platform, "edit")
    assert capabilities.revokes is overrides(platform, "revoke")
    assert (capabilities.refresh.model != "static") is overrides(platform, "refresh")
    assert overrides(platform, "resume") and capabilities.metrics_batch > 0
    again = capabilities.read_back
    assert 0 < again.created_within_s < again.gives_up_after_s
    assert again.settles_after_s < again.gives_up_after_s and again.growth >= 1 and again.first_look_s <= again.longest_gap_s


def test_registrations_of_a_platform_agree_in_what_is_asked_without_a_connection() -> None:
    """A target knows its platform and not the registration of its account."""
    for registration in REGISTRATIONS:
        own = catalog.get(registration.platform, registration.name).capabilities
        first = catalog.get(registration.platform).capabilities
        assert (own.read_back, own.edits, own.metrics_batch) == (first.read_back, first.edits, first.metrics_batch)
        pulled = [{kind: parts.media and parts.media.pulled for kind, parts in one.kinds.items()} for one in (own, first)]
        assert pulled[0] == pulled[1]


@of_catalog
def test_a_platform_is_a_package_of_the_same_rooms(name: str) -> None:
    platform = get(name)
    rooms = {"facts", "connect", "publish", "platform"}
    rooms |= {"options"} if platform.entry.has_options else set()
    rooms |= {"measure"} if overrides(platform, "metrics") else set()
    for room in rooms:
        assert import_module(f"noillusion.platforms.{name}.{room}").__doc__
    assert platform.options is catalog.options().get(name, PlatformOptions)
    assert (platform.name, platform.title) == (name, PLATFORMS[platform.name].title)
    assert platform.wording.platform == name and platform is get(name)


@of_catalog
def test_every_scope_has_a_feature_and_every_host_a_plain_name(name: str) -> None:
    platform = get(name)
    for registration in platform.registrations:
        assert registration.features and all(registration.features.values()) and registration.platform == name
        assert set(registration.needed) <= registration.features.keys()
        assert all(set(scopes) <= registration.features.keys() for scopes in registration.access.values())
    assert platform.hosts and all(host == host.lower() and urlsplit(f"https://{host}").netloc == host for host in platform.hosts)
    known = (".".join(host.split(".")[-2:]) for host in platform.hosts)
    assert set(platform.forms.link_hosts) <= set(known)


@every_platform
def test_options_refuse_what_they_do_not_know_without_echoing_it(name: str) -> None:
    options = get(name).options
    for given_options in ({f"{CANARY}_option": CANARY}, *({field: [{CANARY: CANARY}]} for field in options.model_fields)):
        with pytest.raises(ValidationError) as refusal:
            options.model_validate(given_options)
        assert f"'{CANARY}'" not in str(refusal.value)
    assert options.model_config.get("frozen") and options().model_dump() is not None


# ---- the parts of a draft


def test_every_kind_of_every_platform_has_an_example() -> None:
    assert set(DRAFTS) == {(name, kind) for name in EVERY for kind in get(name).capabilities.kinds}


def universe(platform: Platform) -> set[str]:
    """Every part that a draft for the platform can have, by the shapes themselves."""
    names = {field.name for field in fields(Draft)} - {"kind", "options", "publish_at"}
    card = {f"link.{field.name}" for field in fields(Link) if field.name not in LINK_ITSELF}
    items = {f"media.{field.name}" for field in fields(MediaItem) if field.name not in ITEM_ITSELF}
    return names | card | items | {f"options.{name}" for name in platform.options.model_fields}


@every_platform
def test_kinds_declare_parts_that_there_are_and_every_option_belongs_to_one(name: str) -> None:
    platform = get(name)
    declared = set()
    for parts in platform.capabilities.kinds.values():
        groups = (*parts.needs, *parts.may, *parts.drops)
        assert parts.needs and len(groups) == len(set(groups))
        assert set(groups) <= universe(platform)
        assert ("media" in parts.needs) is (parts.media is not None)
        assert parts.media is None or (parts.media.most >= 1 and parts.media.types)
        declared |= set(groups)
    assert {part for part in universe(platform) if part.startswith("options.")} <= declared


@every_kind
def test_an_example_passes_and_lacks_nothing_but_what_it_needs(name: str, kind: Kind) -> None:
    platform, draft = get(name), DRAFTS[name, kind]
    assert platform.check(draft, ACCOUNTS[name]) == []
    for part in platform.capabilities.kinds[kind].needs:
        assert any(
            field in (part, part.replace("media.", "media.0.")) and severity == "error"
            for field, severity in problems(platform, without(draft, part), ACCOUNTS[name])
        )


ABSENT: dict[str, Any] = {field.name: field.default for field in fields(Draft)} | {"text": Content(" \n")}


def without(draft: Draft, part: str) -> Draft:
    """The draft without a part that its kind needs."""
    owner, _, name = part.partition(".")
    if name:
        lacking: dict[str, Any] = {name: None}
        whole = getattr(draft, owner)
        left: Any = tuple(replace(one, **lacking) for one in whole) if isinstance(whole, tuple) else replace(whole, **lacking)
        return replace(draft, **{owner: left})
    return replace(draft, **{part: ABSENT[part]})


def added(draft: Draft) -> dict[str, tuple[Draft, str]]:
    """The draft with each part that it can have besides, taken from the examples, and the field in which that part stands."""
    found: dict[str, tuple[Draft, str]] = {}
    for owner in (field.name for field in fields(Draft) if field.name not in ("kind", "text", "options", "publish_at")):
        found[owner] = (replace(draft, **{owner: getattr(draft, owner) or PARTS[owner]}), owner)
    link, (item, *others) = found["link"][0].link, found["media"][0].media
    assert link is not None
    for name in (field.name for field in fields(Link) if field.name not in LINK_ITSELF):
        found[f"link.{name}"] = (replace(draft, link=replace(link, **{name: PARTS[name]})), f"link.{name}")
    for name in (field.name for field in fields(MediaItem) if field.name not in ITEM_ITSELF):
        media = (replace(item, **{name: PARTS[name]}), *others)
        found[f"media.{name}"] = (replace(draft, media=media), f"media.0.{name}")
    return found


@every_kind
def test_a_part_that_a_kind_does_not_declare_is_refused(name: str, kind: Kind) -> None:
    platform = get(name)
    parts, base = platform.capabilities.kinds[kind], DRAFTS[name, kind]
    for part, (draft, field) in added(base).items():
        found, owner = problems(platform, draft, ACCOUNTS[name]), part.partition(".")[0]
        if part in (*parts.needs, *parts.may):
            assert (field, "error") not in found, part
        elif part in parts.drops:
            assert (field, "warning") in found, part
        else:
            # What belongs to a part that is refused is not refused once more.
            assert {(field, "error"), (owner, "error")} & found, part


def another(options: type[BaseModel], option: str) -> Any:
    """A value of an option that is not its default."""
    default = options.model_fields[option].default
    for value in (not default, "7", ["7"], 7, "CONNECTIONS", "inbox", "SELF_ONLY", "MANUAL"):
        with suppress(ValidationError):
            chosen = getattr(options.model_validate({option: value}), option)
            if chosen != default:
                return chosen
    raise AssertionError(f"no value for {option}")


@every_kind
def test_an_option_of_another_kind_is_refused(name: str, kind: Kind) -> None:
    platform, draft = get(name), DRAFTS[name, kind]
    parts = platform.capabilities.kinds[kind]
    for option in platform.options.model_fields:
        chosen = (draft.options or platform.options()).model_copy(update={option: another(platform.options, option)})
        found = [
            issue.field
            for issue in platform.check(replace(draft, options=chosen), ACCOUNTS[name])
            if issue.code == "not_applicable"
        ]
        allowed = f"options.{option}" in (*parts.needs, *parts.may)
        assert found == ([] if allowed else [f"options.{platform.name}.{option}"])


@every_platform
def test_a_kind_that_is_not_supported_is_the_only_problem(name: str) -> None:
    platform = get(name)
    kinds: set[Kind] = set(get_args(Kind))
    for kind in kinds - set(platform.capabilities.kinds):
        (issue,) = platform.check(Draft(kind, Content("x" * 100_000)), ACCOUNTS[name])
        assert (issue.field, issue.code, issue.severity) == ("kind", "not_supported", "error")


@every_kind
def test_texts_are_measured_in_the_platforms_unit_and_refused_beyond_its_limit(name: str, kind: Kind) -> None:
    platform, draft, parts = get(name), DRAFTS[name, kind], get(name).capabilities.kinds[kind]
    limit = platform.text_limit(kind)
    if "text" not in (*parts.needs, *parts.may):
        assert ("text", "error") in problems(platform, replace(draft, text=Content("x")), ACCOUNTS[name])
        return
    longest = "\N{GRINNING FACE}" * (limit // platform.text_length("\N{GRINNING FACE}"))
    assert platform.text_length(longest) == limit
    codes = [
        [issue.code for issue in platform.check(replace(draft, text=Content(text)), ACCOUNTS[name])]
        for text in (longest, longest + "x")
    ]
    parts = platform.capabilities.kinds[kind]
    wordless = [] if "text" in (*parts.needs, *parts.may) else ["not_allowed"]
    assert codes == [wordless, [*wordless, "too_long"]]


@every_kind
def test_more_media_than_a_kind_takes_are_refused(name: str, kind: Kind) -> None:
    platform, draft = get(name), DRAFTS[name, kind]
    media = platform.capabilities.kinds[kind].media
    if media is not None:
        full = replace(draft, media=(draft.media[0],) * media.most)
        assert platform.check(full, ACCOUNTS[name]) == []
        assert ("media", "error") in problems(platform, replace(full, media=(*full.media, full.media[0])), ACCOUNTS[name])
        odd = replace(draft, media=(replace(draft.media[0], content_type="application/zip"),))
        assert ("media.0.content_type", "error") in problems(platform, odd, ACCOUNTS[name])


@every_kind
def test_messages_never_echo_what_was_written(name: str, kind: Kind) -> None:
    canary = Content(f"{CANARY}://" + CANARY * 20_000)
    item = MediaItem("image", url=canary, content_type=f"image/{CANARY}", alt_text=canary)
    found = get(name).check(Draft(kind, canary, Link(canary, canary, canary), (item,) * 40), ACCOUNTS[name])
    assert found and CANARY not in repr(found)


@every_kind
def test_a_missing_scope_is_named_and_unknown_scopes_are_not_missing(name: str, kind: Kind) -> None:
    platform, draft = get(name), DRAFTS[name, kind]
    issue = next(iter(platform.check(draft, replace(ACCOUNTS[name], scopes=("another",)))))
    assert (issue.field, issue.code) == ("account", "scope_missing")
    assert any(scope in issue.message for scope in reader(name).scopes)
    assert platform.check(draft, replace(ACCOUNTS[name], scopes=())) == []


@every_kind
def test_the_stored_text_is_a_part_of_the_text(name: str, kind: Kind) -> None:
    text = "  Ünï #tag " + "x" * 50 + " \n"
    stored = get(name).stored_text(replace(DRAFTS[name, kind], text=Content(text)))
    assert len(stored) > 50 and stored in text


# ---- connecting


@pytest.mark.parametrize("registration", REGISTRATIONS, ids=lambda found: found.key)
def test_the_dialog_is_the_platforms_own_and_asks_for_every_scope(registration: Registration) -> None:
    platform = catalog.get(registration.platform, registration.name)
    app = replace(APP, registration=registration.name, scopes=tuple(registration.features))
    url = urlsplit(platform.authorize_url(app, redirect_uri=f"{REDIRECT}?a=b&c", state="s&t +1"))
    query = parse_qs(url.query)
    assert (url.scheme, url.netloc in platform.hosts) == ("https", True)
    assert query["redirect_uri"] == [f"{REDIRECT}?a=b&c"] and query["state"] == ["s&t +1"]
    assert query["response_type"] == ["code"] and [APP.client_id] in query.values()
    assert set(query["scope"][0].replace(",", " ").split()) == set(registration.features)
    assert "app-secret" not in url.geturl()


@every_platform
def test_no_secret_and_no_content_shows_when_a_step_is_printed(name: str) -> None:
    for operation, flow in flows(name).items():
        trace: list[Step] = []
        play(flow, answering(name), get(name).classify, trace)
        shown = [word for word in ("app-secret", "code-1", "token-1", "token-2", "Hello", "Look") if word in repr(trace)]
        assert shown == [], operation


@every_platform
def test_tokens_come_without_a_token_and_an_empty_one_is_never_taken(name: str) -> None:
    made = asked(name, get(name).exchange(APP, code="code-1", redirect_uri=REDIRECT))
    assert made and all(call.auth == "none" and call.effect is not Effect.COMMIT for call in made)
    for empty in ("", None):
        replies = [Reply(200, data={"access_token": empty})]
        with pytest.raises(UnexpectedShape, match="access_token"):
            play(get(name).exchange(APP, code="code-1", redirect_uri=REDIRECT), replies)


@every_platform
def test_a_probe_is_one_read(name: str) -> None:
    (call,) = asked(name, get(name).probe(ACCOUNTS[name]))
    assert call.effect is Effect.READ and call.auth == "bearer"


# ---- publishing


@every_platform
def test_calls_go_to_the_platforms_own_hosts_and_nowhere_else(name: str) -> None:
    platform = get(name)
    for operation, flow in flows(name).items():
        for call in asked(name, flow):
            parts = urlsplit(call.url)
            assert parts.scheme == "https" and parts.netloc in platform.hosts, operation


@every_platform
def test_only_publishing_editing_and_removing_commit(name: str) -> None:
    for operation, flow in flows(name).items():
        commits = [call for call in asked(name, flow) if call.effect is Effect.COMMIT]
        assert len(commits) == (operation.startswith(("publish", "edit", "delete"))), operation


@every_kind
def test_a_publication_commits_once_keeps_its_id_and_prepares_before(name: str, kind: Kind) -> None:
    platform = get(name)
    result, steps = play(platform.publish(DRAFTS[name, kind], reader(name)), answering(name), platform.classify)
    effects = [call.effect for call in calls(steps)]
    at = effects.index(Effect.COMMIT)
    assert at > 0 and Effect.PREPARE not in effects[at:] and "accepted_id" in calls(steps)[at].keep
    handle = platform.forms.handle("accepted_id")
    assert isinstance(result, Published) and handle.fits(result.accepted_id)
    commit = calls(steps)[at]
    told = ACCEPTED[group(name)].get(commit.keep["accepted_id"])
    # A handle that was known before is only confirmed by the answer.
    assert commit.known.get("accepted_id", told) == result.accepted_id
    for call in calls(steps):
        assert all(platform.forms.handle(kept) for kept in call.keep)


@every_kind
def test_a_dead_connection_is_seen_before_anything_is_sent(name: str, kind: Kind) -> None:
    def refuse(call: Call) -> Reply:
        raise PlatformError(DEAD, call.effect)

    trace: list[Step] = []
    with pytest.raises(PlatformError) as refused:
        play(get(name).publish(DRAFTS[name, kind], reader(name)), refuse, trace=trace)
    assert refused.value.fault == DEAD
    assert trace and Effect.COMMIT not in {call.effect for call in calls(trace)}


@every_kind
@pytest.mark.parametrize(
    ("kind_of_error", "error_class"),
    [(OutcomeUnknown, ErrorClass.TRANSIENT), (OutcomeUnknown, ErrorClass.NOT_READY), (PlatformError, ErrorClass.UNKNOWN)],
)
def test_A2_after_a_lost_or_refused_commit_nothing_is_committed_again(
    name: str, kind: Kind, kind_of_error: Callable[[Fault, Effect], PlatformError], error_class: ErrorClass
) -> None:
    trace: list[Step] = []
    answer = answering(name)

    def lose(call: Call) -> Reply:
        if call.effect is Effect.COMMIT:
            raise kind_of_error(Fault(error_class, "timeout", certain=True), Effect.COMMIT)
        return answer(call)

    with pytest.raises(PlatformError) as ended:
        play(get(name).publish(DRAFTS[name, kind], reader(name)), lose, get(name).classify, trace)
    assert [call.effect for call in calls(trace)].count(Effect.COMMIT) == 1
    assert type(ended.value) is kind_of_error
    if kind_of_error is OutcomeUnknown:
        assert calls(trace)[-1].effect is Effect.COMMIT


@every_platform
def test_a_resume_needs_a_handle_and_an_accepted_post_is_never_committed(name: str) -> None:
    platform = get(name)
    with pytest.raises(UnexpectedShape, match="handles"):
        play(platform.resume({}, reader(name)))
    result, steps = play(platform.resume(HANDLES[group(name)], reader(name)), answering(name), platform.classify)
    assert result.accepted_id == HANDLES[group(name)]["accepted_id"]
    assert {call.effect for call in calls(steps)} <= {Effect.READ}


@every_platform
def test_an_id_in_hand_is_the_answer_of_a_read_back(name: str) -> None:
    platform = get(name)
    lookup = Lookup({"accepted_id": HANDLES[group(name)]["accepted_id"]}, 1_000.0)
    result, steps = play(platform.find(lookup, reader(name)), answering(name), platform.classify)
    assert isinstance(result, Published) and result.accepted_id == HANDLES[group(name)]["accepted_id"]
    assert {call.effect for call in calls(steps)} <= {Effect.READ}


@every_platform
def test_removing_is_one_commit_or_refused_without_a_call(name: str) -> None:
    platform, trace = get(name), list[Step]()
    if platform.capabilities.deletes:
        (call,) = asked(name, platform.delete(POSTS[group(name)], reader(name)))
        assert (call.method, call.effect) == ("DELETE", Effect.COMMIT)
    else:
        with pytest.raises(PlatformError, match="permission:delete_not_supported"):
            play(platform.delete(POSTS[group(name)], reader(name)), trace=trace)
        assert trace == []


@every_platform
def test_editing_is_one_commit_with_the_whole_text_or_refused_without_a_call(name: str) -> None:
    platform, trace, text = get(name), list[Step](), Content("New words, 100 % (sure)")
    if platform.capabilities.edits:
        (call,) = asked(name, platform.edit(POSTS[group(name)], text, reader(name)))
        assert (call.method, call.effect) == ("POST", Effect.COMMIT)
        assert "New words" in str(reveal([call.form, call.json])) and "New words" not in repr(call)
    else:
        with pytest.raises(PlatformError, match="permission:edit_not_supported"):
            play(platform.edit(POSTS[group(name)], text, reader(name)), trace=trace)
        assert trace == []


@every_platform
def test_locating_a_post_only_reads_and_says_what_is_known(name: str) -> None:
    platform = get(name)
    for post_id in (POSTS[group(name)], ""):
        flow = held_to(platform.forms, platform.locate(PostRef(post_id, "image", HANDLES[group(name)]), reader(name)))
        found, steps = play(flow, answering(name), platform.classify)
        assert isinstance(found, Published) and found.post_id in (post_id or None, POSTS[group(name)], found.accepted_id)
        assert {call.effect for call in calls(steps)} <= {Effect.READ}


# ---- measuring


@every_platform
def test_every_post_gets_figures_or_a_reason_and_measuring_only_reads(name: str) -> None:
    platform, post = get(name), POSTS[group(name)]
    assert play(platform.metrics([], reader(name))) == ({}, [])
    for account in (reader(name), replace(ACCOUNTS[name], scopes=("another",))):
        found, steps = play(platform.metrics([PostRef(post, "image")], account), answering(name), platform.classify)
        assert list(found) == [post] and isinstance(found[post], PostMetrics)
        play(platform.account_metrics(account), answering(name), platform.classify, steps)
        assert {call.effect for call in calls(steps)} <= {Effect.READ}


# ---- what comes back


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
WORDS = st.sampled_from(["error", "code", "message", "error_subcode", "is_transient", "status", "errorDetails", "inputErrors",
                         "serviceErrorCode", "success", "error_type", "data", "log_id", "type"])  # fmt: skip
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=9,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["retry-after", "x-restli-error-response", "x-restli-gateway-error", "x-business-use-case-usage", "x-restli-id"]
    ),
    st.sampled_from(["true", "", "-1", "1e9", "٣", "[]", '{"a": [{"estimated_time_to_regain_access": "x"}]}', "{"]),
    max_size=3,
)


@every_platform
@given(status=st.integers(100, 999), headers=HEADERS, data=ANYTHING)
@example(status=200, headers={}, data={"error": [[]]})
@example(status=400, headers={}, data={"error": {"code": float("nan"), "error_subcode": {}}})
@settings(max_examples=200, deadline=None)
def test_whatever_comes_back_is_classified_and_never_certain_for_a_server_error(
    name: str, status: int, headers: dict[str, str], data: Any
) -> None:
    fault = get(name).classify(Reply(status, headers, data))
    assert isinstance(fault, Fault | None)
    if fault is None:
        assert 200 <= status < 300 or name == "tiktok"
    elif status >= 500:
        assert not fault.certain
    assert fault is None or fault.retry_after is None or fault.retry_after >= 0


@every_platform
def test_a_success_without_a_complaint_has_no_fault_and_an_outage_has_one(name: str) -> None:
    platform = get(name)
    assert platform.classify(Reply(200, data={})) is None
    assert platform.classify(ACCEPTED[group(name)]) is None
    for status in (500, 502, 503, 504):
        fault = platform.classify(Reply(status))
        assert fault == Fault(ErrorClass.TRANSIENT, f"http_{status}")


REFUSALS = {
    "facebook": {"error": {"code": 368, "type": "OAuthException"}},
    "instagram": {"error": {"code": 368, "type": "OAuthException"}},
    "linkedin": {"status": 403, "code": "ACCESS_DENIED"},
    "tiktok": {"error": {"code": "spam_risk"}},
}
"""A documented refusal of each platform."""


@every_platform
def test_a_documented_refusal_is_certain_unless_a_server_error_brings_it(name: str) -> None:
    ends = {status: get(name).classify(Reply(status, data=REFUSALS[group(name)])) for status in (403, 500)}
    assert [fault is not None and fault.certain for fault in ends.values()] == [True, False]


@pytest.mark.parametrize("name", ["facebook", "instagram"])
@pytest.mark.parametrize(
    "body", [{"error": {"code": 123_456}}, {"error_type": "OAuthException"}], ids=["graph", "token endpoint"]
)
def test_an_error_that_nobody_knows_passes_from_a_status_of_500_on(name: str, body: Any) -> None:
    faults = [get(name).classify(Reply(status, data=body)) for status in (499, 500)]
    assert [fault and fault.error_class for fault in faults] == [ErrorClass.UNKNOWN, ErrorClass.TRANSIENT]


@every_platform
def test_F8_words_in_a_message_decide_nothing(name: str) -> None:
    words = "(#190) DUPLICATE_POST EXPIRED_ACCESS_TOKEN spam_risk invalid_grant access_token_invalid rate limit"
    for body in ({"message": words}, {"error": {"message": words}}, {"error_description": words}):
        fault = get(name).classify(Reply(400, data=body))
        assert fault is None or (fault.error_class, fault.certain) == (ErrorClass.UNKNOWN, False)


@every_platform
def test_ids_and_links_of_another_form_are_never_taken(name: str) -> None:
    forms = get(name).forms
    assert forms.accepted.fits(HANDLES[group(name)]["accepted_id"]) and forms.post_id(POSTS[group(name)])
    assert all(forms.handle(handle).fits(value) for handle, value in HANDLES[group(name)].items())
    values: tuple[object, ...] = ("", " ", "in prose", "9\n", "../9", "9?x=1", "9" * 200, "<b>", None, True, [], {})
    for odd in values:
        assert not forms.accepted.fits(odd) and forms.post_id(odd) is None and not forms.account.fits(odd)
        assert forms.permalink(odd) is None and forms.named(odd) == ""
    host = forms.link_hosts[0]
    assert forms.permalink(f"https://www.{host}/x") and forms.permalink(f"https://{host}/x")
    for link in (
        f"http://{host}/x",
        f"https://{host}.evil.example/x",
        f"https://u@{host}/x",
        f"https://{host}:444/x",
        f"https://evil{host}/x",
    ):
        assert forms.permalink(link) is None
    (published, _) = play(
        held_to(forms, returning(Published(HANDLES[group(name)]["accepted_id"], "in prose", "https://evil.example/")))
    )
    assert published == Published(HANDLES[group(name)]["accepted_id"])


def returning(result: Published) -> Flow[Published]:
    yield from ()
    return result


# ---- flows do no I/O


WATCHED = ("socket.", "open", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "sqlite3.", "time.sleep")
_watching: dict[int, list[str]] = {}
"""By thread: servers of other tests may be at work in others."""


def _watch(event: str, _: object) -> None:
    if event.startswith(WATCHED) and (seen := _watching.get(threading.get_ident())) is not None:
        seen.append(event)


sys.addaudithook(_watch)


@pytest.fixture
def touched() -> Iterator[list[str]]:
    """Names of whatever touches the network, files or processes while a test watches."""
    seen = _watching[threading.get_ident()] = []
    yield seen
    del _watching[threading.get_ident()]


@every_platform
def test_no_flow_does_io(name: str, touched: list[str]) -> None:
    for (of, _), draft in DRAFTS.items():
        if of == name:
            found: list[Issue] = get(name).check(draft, ACCOUNTS[name])
            assert found == []
    for flow in flows(name).values():
        play(flow, answering(name), get(name).classify)
    assert touched == []


def test_the_watch_sees_io(touched: list[str]) -> None:
    with open("/dev/null", "rb"):  # noqa: PTH123 - the event is what counts
        assert "open" in touched
