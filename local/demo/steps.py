"""The steps of the demo in order. Each returns what to show, and raises ``Unexpected`` at the first wrong result."""

from __future__ import annotations

from collections.abc import Callable

from local.demo.accounts import connect, disconnect, sign_in, stay_connected, store_ai_keys
from local.demo.calendar import calendar
from local.demo.figures import poll, read_analytics
from local.demo.kinds import every_kind, offers
from local.demo.notices import create_webhook, read_notices
from local.demo.organizations import organization
from local.demo.privacy import delete, export
from local.demo.publications import check, finish, one_platform_down, publish, repeat, retry
from local.demo.samples import Shown
from local.demo.schedules import held_by_facebook, schedule
from local.demo.sources import generate_when_due, pull
from local.demo.texts import generate, keep_templates, no_ai, preview_generation, use_templates
from local.demo.tour import Tour

STEPS: tuple[tuple[str, Callable[[Tour], Shown]], ...] = (
    ("Sign in: the first request creates the profile", sign_in),
    ("Store the AI keys of three providers", store_ai_keys),
    ("Connect four platforms through their dialogs", connect),
    ("Use templates: built-in ones and your own", use_templates),
    ("Keep versions of a template, check, export and import it; pin and report another's", keep_templates),
    ("Preview what is sent to an AI provider", preview_generation),
    ("Generate for four platforms while the first provider is rate-limited", generate),
    ("Show what the platforms offer", offers),
    ("Check before publishing", check),
    ("Create a webhook and test it", create_webhook),
    ("Publish to four platforms, one of them slow", publish),
    ("Send the same request again", repeat),
    ("The slow platform finishes in the background", finish),
    ("Read the notice of it, and what the webhook got", read_notices),
    ("Plan the week, and see it in the calendar and in a calendar program", calendar),
    ("Read figures from the platforms", poll),
    ("Show the analytics", read_analytics),
    ("Be warned of an account that ends, and renew it in place", stay_connected),
    ("Publish as an organization, through another app", organization),
    ("Publish while one platform is down", one_platform_down),
    ("Retry only what failed", retry),
    ("Schedule a post without storing its text", schedule),
    ("Publish every other kind of post", every_kind),
    ("Schedule a post that stays on an object store of your own", pull),
    ("Schedule a text that is generated when it is due", generate_when_due),
    ("Have Facebook hold a post until its time, and publish it now", held_by_facebook),
    ("Generate while every AI provider is down", no_ai),
    ("Export everything", export),
    ("Disconnect one account", disconnect),
    ("Delete the profile and get a receipt", delete),
)
