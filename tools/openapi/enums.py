"""The closed sets of the API by the names of their components. A set that is not named here stops the generation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, get_args

from noillusion.ai import messages as ai_messages
from noillusion.ai import models as ai
from noillusion.ai import options, outcomes, usage_models
from noillusion.analytics import models as analytics
from noillusion.catalog import accounts, figures, platforms, providers, registrations
from noillusion.catalog.models import Effort, ModelStatus
from noillusion.connections import models as connections
from noillusion.connections.callback_errors import CALLBACK_ERRORS
from noillusion.core.codes import CATALOG
from noillusion.core.hidden import HiddenKind
from noillusion.core.models import Unit
from noillusion.flows import account_options, draft
from noillusion.flows.faults import ErrorClass
from noillusion.flows.issues import IssueCode
from noillusion.health import HealthStatus
from noillusion.notices.models import NoticeKind
from noillusion.platforms import files
from noillusion.platforms.instagram import options as instagram
from noillusion.platforms.linkedin import options as linkedin
from noillusion.platforms.tiktok import options as tiktok
from noillusion.privacy import models as privacy
from noillusion.profiles.models import ContentMode, KeyState
from noillusion.publishing import models as publishing
from noillusion.publishing import offer_models, views
from noillusion.scheduling import calendar_models, slots, states
from noillusion.scheduling import models as scheduling
from noillusion.templates import choice_models, lint
from noillusion.templates import models as templates
from noillusion.webhooks import models as webhooks
from tools import errors

SETS: Mapping[str, Iterable[str | int]] = {
    "PlatformName": platforms.NAMES,
    "RegistrationName": get_args(registrations.RegistrationName),
    "Access": registrations.ACCESSES,
    "ProviderName": providers.NAMES,
    "ContentMode": get_args(ContentMode),
    "LengthUnit": get_args(platforms.LengthUnit),
    "PostKind": get_args(draft.Kind),
    "MediaKind": get_args(draft.MediaKind),
    "FileSort": get_args(offer_models.FileSort),
    "FileSource": get_args(files.Source),
    "MediaFigure": get_args(files.Figure),
    "MediaRule": files.RULES,
    "Interaction": get_args(account_options.Interaction),
    "PollDays": get_args(draft.PollDays),
    "CommentState": get_args(draft.CommentState),
    "PostStatus": get_args(publishing.PostStatus),
    "TargetStatus": get_args(publishing.TargetStatus),
    "NextAction": get_args(views.NextAction),
    "NextBy": get_args(views.NextBy),
    "CalendarEntryType": get_args(calendar_models.EntryType),
    "CalendarEntryState": get_args(calendar_models.EntryState),
    "Weekday": get_args(slots.Weekday),
    "Severity": get_args(publishing.Severity),
    "IssueCode": get_args(IssueCode),
    "Unit": get_args(Unit),
    "ErrorClass": tuple(ErrorClass),
    "RemovalReason": publishing.REMOVAL_REASONS,
    "RefreshReason": views.REFRESH_REASONS,
    "EditReason": views.EDIT_REASONS,
    "EditStatus": get_args(draft.EditStatus),
    "InstagramTrial": get_args(instagram.Graduation),
    "LinkedInVisibility": get_args(linkedin.Visibility),
    "TikTokMode": get_args(tiktok.Mode),
    "TikTokPrivacyLevel": get_args(tiktok.PrivacyLevel),
    "AccountKind": get_args(accounts.AccountKind),
    "AccountReason": get_args(accounts.AccountReason),
    "AccountCapability": get_args(accounts.AccountCapability),
    "CapabilityGap": get_args(accounts.CapabilityGap),
    "NoAccounts": get_args(accounts.NoAccounts),
    "ConnectionStatus": get_args(accounts.ConnectionStatus),
    "ConnectionState": get_args(accounts.ConnectionState),
    "ConnectionRenewal": get_args(accounts.Renewal),
    "ConnectionStatusReason": get_args(accounts.StatusReason),
    "CallbackError": CALLBACK_ERRORS,
    "TemplateOrigin": get_args(templates.Origin),
    "TemplateScope": get_args(templates.Scope),
    "TemplateSort": get_args(templates.Sort),
    "VariableType": get_args(templates.VariableType),
    "GenerationTask": get_args(ai.Task),
    "GenerationSource": get_args(ai.GenerationSource),
    "GenerationStop": get_args(ai_messages.GenerationStop),
    "ResultCheckCode": get_args(ai.CheckCode),
    "MessageRole": get_args(ai.MessageRole),
    "SpanSource": get_args(ai.SpanSource),
    "HiddenKind": get_args(HiddenKind),
    "KeySource": get_args(ai.KeySource),
    "KeyState": get_args(KeyState),
    "ModelStatus": get_args(ModelStatus),
    "ReasoningEffort": get_args(Effort),
    "UsageDimension": get_args(ai.Dimension),
    "SkipReason": get_args(ai.SkipReason),
    "AttemptOutcome": get_args(ai.AttemptOutcome),
    "ProviderOutcome": get_args(outcomes.LastOutcome),
    "KeyError": get_args(outcomes.Outcome),
    "CostStatus": get_args(ai.CostStatus),
    "EstimateStatus": get_args(ai.EstimateStatus),
    "ReportReason": get_args(choice_models.ReportReason),
    "TemplateFinding": get_args(lint.FindingCode),
    "TemplatePart": get_args(templates.Part),
    "TextLength": get_args(options.TextLength),
    "UsageSource": get_args(usage_models.UsageSource),
    "AnalyticsSort": get_args(figures.Sort),
    "AnalyticsMetric": get_args(figures.Metric),
    "AnalyticsInterval": get_args(figures.Interval),
    "AnalyticsPeriod": get_args(figures.PeriodName),
    "SeriesBasis": get_args(figures.SeriesBasis),
    "ComparisonDimension": get_args(figures.Dimension),
    "ReadingStatus": get_args(analytics.ReadingStatus),
    "SampleStatus": get_args(analytics.SampleStatus),
    "MissingReason": analytics.REASONS,
    "NoticeKind": get_args(NoticeKind),
    "ScheduleWay": get_args(states.WayName),
    "ScheduleStatus": get_args(states.ScheduleStatus),
    "OccurrenceState": get_args(states.OccurrenceState),
    "OccurrenceCode": states.CODES,
    "WayReason": get_args(scheduling.WayReason),
    "WebhookEvent": webhooks.EVENTS,
    "WebhookDisabledReason": get_args(webhooks.DisabledReason),
    "DeliveryState": get_args(webhooks.DeliveryState),
    "DeliveryCode": get_args(webhooks.DeliveryCode),
    "RetentionEnd": get_args(privacy.RetentionEnd),
    "ReceiptState": get_args(privacy.ReceiptState),
    "DeletionState": get_args(connections.DeletionState),
    "GrantOutcome": get_args(connections.GrantOutcome),
    "HealthStatus": get_args(HealthStatus),
    "ProblemCode": sorted(CATALOG),
    "FieldErrorCode": errors.field_codes(),
}


@cache
def names() -> Mapping[frozenset[str | int], str]:
    """Return the values of each closed set → the name of its component."""
    named: dict[frozenset[str | int], str] = {}
    for name, values in SETS.items():
        key = frozenset(values)
        if key in named:
            raise SystemExit(f"the enums {named[key]} and {name} have the same values")
        named[key] = name
    return named


def components() -> dict[str, dict[str, Any]]:
    """Return the schemas of all closed sets, in the order of their declaration."""
    return {name: _component(name, list(values)) for name, values in SETS.items()}


def _component(name: str, values: list[str | int]) -> dict[str, Any]:
    return {"type": "integer" if isinstance(values[0], int) else "string", "enum": values, "description": _TEXTS[name]}


_TEXTS: Mapping[str, str] = {
    "Interaction": "A way in which people react to a video or take it up.",
    "FileSource": "The way in which a file comes: behind a public `url`, or as `data` in the request.",
    "FileSort": "The sort of a file of a post: its media, and what comes with them.",
    "MediaFigure": "A figure of a media file. `ratio` is width / height.",
    "MediaRule": "A rule for media files.",
    "PlatformName": "A social media platform.",
    "RegistrationName": "An app of a deployment at a platform, among those that a deployment can have there.",
    "Access": "What connections can be for: kinds of accounts, and abilities that only some registrations give.",
    "ProviderName": "An AI provider.",
    "ContentMode": "The kind of account that texts are written for.",
    "LengthUnit": "The unit in which a platform counts the length of a text: Unicode characters or UTF-16 code units.",
    "PostKind": "The kind of a post. `image` has one image, `images` several images or videos. A `reel` is a short vertical "
    "video, a `story` one image or video that is shown for a day.",
    "MediaKind": "The kind of a media file.",
    "PollDays": "The number of days for which a poll is open.",
    "CommentState": "The state of a post's first comment. `not_sent`: the platform finished the post after the request that "
    "had the comment's text had ended. `unknown`: the platform's answer was lost.",
    "PostStatus": "The status of a post, derived from its targets.",
    "TargetStatus": (
        "The status of a post on one account. Final: `published`, `delivered_to_inbox` (the person finishes it in the platform's "
        "app), `failed`, `unknown` (it may have been published) and `canceled`. All others are in progress."
    ),
    "NextAction": "What happens next with a post on one account. `publish`: a request is publishing it. `ask_platform`: the "
    "platform is still at work and is asked again. `look_for_post`: the platform's answer was lost, and the post is looked for. "
    "`retry`: it can be retried. `decide`: the outcome stays unknown; look at the account, then retry with "
    "`accept_duplicate_risk` if the post is not there. `finish_in_app`: the draft is published in the platform's app.",
    "NextBy": "Who takes the next step: the `service` itself, the `client` of the API, or the `person` in the platform's app.",
    "CalendarEntryType": "The sort of an entry of the calendar.",
    "CalendarEntryState": "The state of an entry of the calendar: of an occurrence of a schedule, or of a published post. "
    "`planned`: a later time of a schedule that recurs; `free`: a slot.",
    "Weekday": "A day of the week.",
    "Severity": "`error`: it cannot be published like this; `warning`: it can.",
    "IssueCode": "The code of a problem with a target that was found before publishing.",
    "Unit": "The unit of figures. `utf16`: UTF-16 code units.",
    "ErrorClass": "The class of a platform's refusal; see the page of error codes.",
    "RemovalReason": "The reason why a post was not deleted from its platform, or the class of the platform's refusal.",
    "RefreshReason": "The reason why the id and the link of a post were not read again, or the class of the platform's refusal.",
    "EditReason": "The reason why the text of a post was not changed, or the class of the platform's refusal.",
    "EditStatus": "The outcome of a change of a post's text. `unknown`: the platform's answer was lost.",
    "InstagramTrial": "How a trial reel is shared with everyone: `MANUAL`, by the person; `SS_PERFORMANCE`, by Instagram if it "
    "performs well.",
    "LinkedInVisibility": "Who can see a post on LinkedIn.",
    "TikTokMode": "`direct`: publish; `inbox`: send a draft that the person finishes in TikTok's app.",
    "TikTokPrivacyLevel": "Who can see a post on TikTok.",
    "AccountKind": "The kind of an account: a Facebook `page`, a `professional` Instagram account, a `member` or an "
    "`organization` on LinkedIn, or a TikTok `creator`.",
    "AccountReason": "The reason why an account cannot be published to; empty if it can.",
    "AccountCapability": "What can be done with an account. `public_posts`: posts that everyone can see; `drafts`: drafts for "
    "the platform's own app; `comments`: first comments; `metrics`: figures of posts; `account_metrics`: figures of the account.",
    "CapabilityGap": "What is missing where something cannot be done with an account. `scope_missing`: a permission of the "
    "person; `task_missing`, `role_missing`: a task or role of the person; `no_access`: a permission or audit of this "
    "service's app, which only its operator can get; `token_missing`: access to the account; `personal_account`: a professional "
    "account; `not_supported`: nothing helps.",
    "NoAccounts": "The reason why a grant offers no account. `none_selected`: none was selected in the dialog; "
    "`permission_missing`: the permission to list accounts; `business_owned`: Pages of a Business Portfolio without the "
    "permission for them; `none_linked`: no professional account is linked to the Pages; `other_account`: the account to renew "
    "is not among them; `no_accounts`: the platform does not tell.",
    "ConnectionRenewal": "How access is renewed. `rotating`: by a refresh token that each renewal replaces; `renewable`: by a "
    "refresh token that stays; `extend`: the token is exchanged for a longer one; `static`: it has no end; `reconnect`: only by "
    "connecting the account again.",
    "ConnectionState": "Where a connection is in its life. `expiring`: it works and ends soon; `needs_reconnect`: it no longer "
    "works.",
    "ConnectionStatus": "`reauth_required`: the account must be connected again.",
    "ConnectionStatusReason": "The reason why an account must be connected again; empty while the connection works.",
    "CallbackError": "The reason why a callback brought no grant. Only `declined` is the person's own decision; the page of "
    "error codes tells what to show.",
    "TemplateOrigin": "Where a template comes from.",
    "TemplateScope": "Which templates to list.",
    "TemplateSort": "The order of templates.",
    "VariableType": "The type of a variable's value.",
    "GenerationTask": "What to do: write posts, improve a text, or list ideas.",
    "GenerationSource": "Where results come from: a provider, built-in content because no provider answered, or nowhere.",
    "GenerationStop": "The reason why there is no result.",
    "ResultCheckCode": "What a remark about a result is about.",
    "SpanSource": "Where a part of a message comes from.",
    "HiddenKind": "How a character is hidden.",
    "MessageRole": "The role of a message that is sent to a provider.",
    "KeySource": "Whose key was used: that of a request header, your stored one, or the operator's.",
    "KeyState": "Whether a stored key works.",
    "ModelStatus": "Whether a model can be relied on.",
    "ReasoningEffort": "How hard a model thinks.",
    "UsageDimension": "What usage is summed up by.",
    "SkipReason": "The reason why a provider is not tried.",
    "AttemptOutcome": "The outcome of an attempt.",
    "KeyError": "The outcome of the last use of a key, if it failed.",
    "ProviderOutcome": "The outcome of the last attempt at a provider.",
    "CostStatus": "`none`: nothing was charged; `unknown`: the token counts or the price are unknown.",
    "ReportReason": "The reason for a report of a shared template.",
    "TemplateFinding": "What a template says wrongly.",
    "TemplatePart": "A part of a template.",
    "TextLength": "The length of a text, compared with what is usual on the platform.",
    "EstimateStatus": "`unknown`: the price of the model is unknown.",
    "UsageSource": "An AI provider, or `static` for built-in content.",
    "AnalyticsSort": "The figure to sort by, highest first.",
    "AnalyticsMetric": "A figure of posts.",
    "AnalyticsInterval": "The length of an interval by the clock of a time zone.",
    "AnalyticsPeriod": "A period by its name. Those of `last_` some days are whole days, including today, until now.",
    "SeriesBasis": "What an interval counts: the newest figures of posts that were published in it, or what was gained in it.",
    "ComparisonDimension": "What the posts of a group have in common.",
    "ReadingStatus": "`unavailable`: the reading returned no figures.",
    "SampleStatus": "`not_enough_data`: there are too few posts to say anything.",
    "MissingReason": "The reason why a figure is missing: one of our own, or the class of the platform's refusal.",
    "NoticeKind": "The kind of a notice.",
    "ScheduleWay": "How the content of a scheduled post comes when it is due: the platform holds it, a URL is fetched, it is "
    "generated, or you are told and send it.",
    "ScheduleStatus": "The status of a schedule.",
    "OccurrenceState": "The state of a scheduled post at one time. `notified`: you can send the content through its link; "
    "`processing`: the platform has it; `missed`: its grace was over; `skipped`: it was due during a pause.",
    "OccurrenceCode": "The reason for the state of an occurrence.",
    "WayReason": "Why a way can or cannot be used for an account.",
    "WebhookEvent": "The type of an event that is sent to a webhook: the kind of a notice, or a test.",
    "WebhookDisabledReason": "Why a webhook gets no events: you paused it, it failed for three days, or it answered 410.",
    "DeliveryState": "How far the delivery of an event to a webhook is.",
    "DeliveryCode": "The outcome of an attempt: `ok`; `status`, `redirect` and `gone` (410) for other statuses; `timeout`; "
    "`unreachable`, `unresolvable`, `address_not_public` and `invalid_url` for what could not be connected to; `expired` and "
    "`disabled` for what was never sent; `unreadable` if the service cannot open the stored URL.",
    "RetentionEnd": "What ends the storage of a record.",
    "ReceiptState": "The state of the deletion of an account.",
    "GrantOutcome": "What happened to the grant at the platform when an account was disconnected.",
    "DeletionState": "The state of a deletion that Meta requested.",
    "HealthStatus": "`late`: due work has been waiting for more than five minutes.",
    "ProblemCode": "The code of a problem. Codes do not change their meaning.",
    "FieldErrorCode": "The code of an error in a field. Codes do not change their meaning.",
}
