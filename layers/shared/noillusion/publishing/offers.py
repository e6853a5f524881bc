"""What the platforms offer, from the data by which they are checked and published to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from noillusion.catalog.platforms import NAMES, PlatformName
from noillusion.catalog.registrations import Access, Registration, accesses, no_access
from noillusion.core.preconditions import etag
from noillusion.flows.draft import Kind, MediaKind
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform
from noillusion.platforms.file_checks import MEASURES
from noillusion.platforms.files import FilesOf, MediaRules, rules_for
from noillusion.platforms.holding import Window
from noillusion.platforms.parts import Media, Parts
from noillusion.publishing.offer_models import (
    AccessOffer,
    FigureBounds,
    FileOffer,
    FileSort,
    HashtagOffer,
    HoldingOffer,
    KindOffer,
    MediaOffer,
    PlatformOffer,
    PlatformOffers,
    RegistrationOffer,
    ScopeOffer,
)
from noillusion.settings.apps import Apps
from noillusion.settings.source import settings


def offers() -> tuple[PlatformOffers, str]:
    """Return what the platforms offer in this deployment, and the entity tag of that."""
    return _offers(settings().apps, hands_over=bool(settings().handover_bucket))


@lru_cache(maxsize=1)
def _offers(apps: Apps, *, hands_over: bool) -> tuple[PlatformOffers, str]:
    items = [offer(name, apps, hands_over=hands_over) for name in NAMES]
    found = PlatformOffers(items=items)
    return found, etag(found)


def offer(name: PlatformName, apps: Apps, *, hands_over: bool) -> PlatformOffer:
    """Return what one platform offers in a deployment with these apps, and one that hands files over, or does not."""
    offered = apps.offered[name]
    platform = catalog.get(name, offered[0].name if offered else "")
    entry, capabilities, kinds = platform.entry, platform.capabilities, kinds_of(platform, hands_over=hands_over)
    return PlatformOffer(
        platform=platform.name,
        title=platform.title,
        configured=bool(offered),
        registrations=[_registration(found, apps, kinds, hands_over=hands_over) for found in offered],
        access=[_access(access, apps, name) for access in accesses(name)],
        text_unit=entry.length.unit,
        hashtags=HashtagOffer(warning=entry.hashtags.warning, limit=entry.hashtags.limit),
        kinds=kinds,
        options=_options(platform),
        daily_posts=capabilities.daily_posts,
        can_delete=capabilities.deletes,
        can_revoke=capabilities.revokes,
    )


def kinds_of(platform: Platform, *, hands_over: bool) -> list[KindOffer]:
    """Return the kinds of posts of a platform, as the accounts of one of its registrations have them."""
    return [_kind(platform, kind, parts, hands_over=hands_over) for kind, parts in platform.capabilities.kinds.items()]


def _registration(found: Registration, apps: Apps, usual: Sequence[KindOffer], *, hands_over: bool) -> RegistrationOffer:
    asked, platform = apps.asked(found), catalog.get(found.platform, found.name)
    return RegistrationOffer(
        registration=found.name,
        title=found.title,
        access=list(apps.gives(found)),
        scopes=[ScopeOffer(scope=scope, feature=feature) for scope, feature in asked.items()],
        left_out=[ScopeOffer(scope=scope, feature=found.features[scope]) for scope in apps.left_out[found.key]],
        can_delete=platform.capabilities.deletes,
        can_revoke=platform.capabilities.revokes,
        kinds=[kind for kind in kinds_of(platform, hands_over=hands_over) if kind not in usual],
    )


def _access(access: Access, apps: Apps, name: PlatformName) -> AccessOffer:
    giving = [found.name for found in apps.offered[name] if access in apps.gives(found)]
    message = None if giving else no_access(access)
    return AccessOffer(access=access, available=bool(giving), registrations=giving, message=message)


def _options(platform: Platform) -> dict[str, Any]:
    schema = platform.options.model_json_schema()
    return schema if schema.get("properties") else {}


def _kind(platform: Platform, kind: Kind, parts: Parts, *, hands_over: bool) -> KindOffer:
    pulled = parts.media.pulled if parts.media and hands_over else frozenset[MediaKind]()
    return KindOffer(
        kind=kind,
        text_limit=platform.text_limit(kind),
        required=list(parts.needs),
        optional=list(parts.may),
        ignored=list(parts.drops),
        media=_media(parts.media) if parts.media else None,
        files=list(_files(platform.capabilities.files, kind, parts, pulled)),
        held=_held(platform.capabilities.holds.get(kind)),
    )


def _held(window: Window | None) -> HoldingOffer | None:
    return HoldingOffer(earliest_s=window.earliest_s, latest_s=window.latest_s) if window is not None else None


def _media(media: Media) -> MediaOffer:
    return MediaOffer(minimum=media.fewest, maximum=media.most, alt_text_limit=media.alt_text_limit)


def _files(files: FilesOf, kind: Kind, parts: Parts, pulled: frozenset[MediaKind]) -> Iterator[FileOffer]:
    """The media themselves, then the image that stands for one of them or for a link."""
    for sort, types in (parts.media.types if parts.media else {}).items():
        yield _file(sort, rules_for(files, kind, sort) or MediaRules(types, {}), pulled=sort in pulled)
    if {"media.thumbnail", "link.thumbnail"} & {*parts.needs, *parts.may} and (rules := rules_for(files, kind, "cover")):
        yield _file("thumbnail", rules, pulled="image" in pulled)


def _file(sort: FileSort, rules: MediaRules, *, pulled: bool) -> FileOffer:
    bounds, handed = rules.figures.items(), pulled and "data" not in rules.sources
    return FileOffer(
        sort=sort,
        content_types=list(rules.types),
        figures=[FigureBounds(figure=name, minimum=b[0], maximum=b[1], unit=MEASURES[name].unit) for name, b in bounds],
        video_codecs=list(rules.video_codecs),
        audio_codecs=list(rules.audio_codecs),
        color_spaces=list(rules.colors),
        sources=[*rules.sources, "data"] if handed else list(rules.sources),
        handed_over=handed,
        index_first=rules.moov_first,
        redirects=rules.redirects,
        advised=sorted(rules.advised),
    )
