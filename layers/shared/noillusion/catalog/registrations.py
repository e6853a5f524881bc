"""The registrations that an operator can have at the platforms: what each asks for, and what it gives access to.

Names of settings begin with the prefix of a registration: ``LINKEDIN_COMMUNITY_CLIENT_ID``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from noillusion.catalog.platforms import PlatformName
from noillusion.core.records import record

RegistrationName = Literal["login", "business", "instagram", "facebook", "share", "community"]
Access = Literal[
    "pages", "professional", "member", "organizations", "member_analytics", "creator", "deletion", "byte_uploads", "public_posts"
]
"""What a connection can be for: kinds of accounts, and abilities that only some registrations give."""
ACCESSES: tuple[Access, ...] = get_args(Access)
WORDS: Mapping[Access, str] = {
    "pages": "Facebook Pages",
    "professional": "Instagram professional accounts",
    "member": "profiles of LinkedIn members",
    "organizations": "organizations on LinkedIn",
    "member_analytics": "the figures of LinkedIn members' posts",
    "creator": "TikTok accounts",
    "deletion": "the deletion of Instagram posts",
    "byte_uploads": "videos for Instagram that are sent as data",
    "public_posts": "public posts on TikTok, which need TikTok's audit of the app",
}
"""Each as a text names it after "has no access to"."""


@record()
class Registration:
    """One registration of an app at a platform."""

    platform: PlatformName
    name: RegistrationName
    title: str
    prefix: str
    """Of the names of its settings."""
    features: Mapping[str, str]
    """The scopes that are asked for, in their fixed order → the feature that is lost without each."""
    needed: tuple[str, ...]
    """Scopes without which it is of no use. The operator can leave the others out."""
    access: Mapping[Access, tuple[str, ...]]
    """What it gives access to → the scopes that this takes."""
    configuration: str = ""
    """The setting with the configuration of Facebook Login for Business, where the registration can have one."""
    shares: str = ""
    """The prefix of the settings of the app that it uses if it has none of its own. It is then offered with a configuration, and
    in place of the one whose app that is."""

    asks_at: PlatformName | None = None
    """The platform whose dialog it uses, if it is not its own."""

    @property
    def dialog_at(self) -> PlatformName:
        """The platform where a person consents, and can remove the app."""
        return self.asks_at or self.platform

    @property
    def key(self) -> str:
        """The registration's name among those of all platforms."""
        return f"{self.platform}.{self.name}"

    @property
    def people(self) -> str:
        """The name that stands in keyed hashes of its people, whose ids are those of one app."""
        return self.platform if of(self.platform)[0] is self else self.key


_PAGES: Mapping[str, str] = {
    "pages_show_list": "choosing a Page",
    "business_management": "Pages that belong to a Business Portfolio",
    "pages_manage_posts": "publishing and deleting posts",
    "pages_read_engagement": "links to posts, numbers of shares, settling unclear outcomes",
    "read_insights": "views, reach and clicks",
    "pages_read_user_content": "numbers of comments and reactions",
    "pages_manage_engagement": "first comments",
}
"""platforms.md 0.4, "Scopes"."""
_OF_PAGES: Mapping[Access, tuple[str, ...]] = {"pages": ("pages_manage_posts",)}

REGISTRATIONS: tuple[Registration, ...] = (
    Registration(
        "facebook",
        "login",
        title="Facebook Login",
        prefix="FACEBOOK",
        features=_PAGES,
        needed=("pages_show_list",),
        access=_OF_PAGES,
    ),
    Registration(
        "facebook",
        "business",
        title="Facebook Login for Business",
        prefix="FACEBOOK_BUSINESS",
        features=_PAGES,
        needed=("pages_show_list",),
        access=_OF_PAGES,
        configuration="FACEBOOK_CONFIG_ID",
        shares="FACEBOOK",
    ),
    Registration(
        "instagram",
        "instagram",
        title="Instagram Login",
        prefix="INSTAGRAM",
        # platforms.md 2.2.
        features={
            "instagram_business_basic": "everything: the account itself cannot be read",
            "instagram_business_content_publish": "publishing",
            "instagram_business_manage_comments": "first comments",
            "instagram_business_manage_insights": "views, reach, saves and shares",
        },
        needed=("instagram_business_basic",),
        access={"professional": ("instagram_business_content_publish",)},
    ),
    Registration(
        "instagram",
        "facebook",
        title="Instagram through Facebook Login",
        prefix="INSTAGRAM_FACEBOOK",
        # platforms.md 0.4, "Scopes", Instagram path A.
        features={
            "pages_show_list": "choosing an account, by the Page that it is linked to",
            "business_management": "accounts whose Page belongs to a Business Portfolio",
            "instagram_basic": "everything: the account itself cannot be read",
            "instagram_content_publish": "publishing",
            "pages_read_engagement": "links to posts, settling unclear outcomes",
            "instagram_manage_comments": "first comments",
            "instagram_manage_insights": "views, reach, saves and shares",
            "instagram_manage_contents": "deleting posts",
        },
        needed=("pages_show_list", "instagram_basic"),
        access={
            "professional": ("instagram_content_publish",),
            "deletion": ("instagram_manage_contents",),
            "byte_uploads": ("instagram_content_publish",),
        },
        configuration="INSTAGRAM_FACEBOOK_CONFIG_ID",
        asks_at="facebook",
    ),
    Registration(
        "linkedin",
        "share",
        title="Sign In and Share on LinkedIn",
        prefix="LINKEDIN",
        # One fixed set: asking for another one kills every earlier token of the member (platforms.md 3.2).
        features={
            "openid": "knowing which LinkedIn account was connected",
            "profile": "showing the account's name",
            "w_member_social": "publishing posts as the member",
        },
        needed=("openid",),
        access={"member": ("w_member_social",)},
    ),
    Registration(
        "linkedin",
        "community",
        title="Community Management API",
        prefix="LINKEDIN_COMMUNITY",
        features={
            "r_basicprofile": "knowing which LinkedIn account was connected",
            "w_member_social": "publishing posts as the member",
            "r_member_postAnalytics": "figures of the member's posts",
            "r_member_profileAnalytics": "the number of the member's followers",
            "rw_organization_admin": "choosing an organization, and its figures",
            "w_organization_social": "publishing posts as an organization",
            "r_organization_social": "settling unclear outcomes of an organization's posts",
            "w_member_social_feed": "first comments of the member",
            "w_organization_social_feed": "first comments of an organization",
        },
        needed=("r_basicprofile",),
        access={
            "member": ("w_member_social",),
            "organizations": ("rw_organization_admin", "w_organization_social"),
            "member_analytics": ("r_member_postAnalytics",),
        },
    ),
    Registration(
        "tiktok",
        "login",
        title="Login Kit and Content Posting API",
        prefix="TIKTOK",
        features={
            "user.info.basic": "knowing which TikTok account was connected",
            "user.info.profile": "the account's username and links to its posts",
            "user.info.stats": "follower and like counts of the account",
            "video.list": "counts of each post, and settling posts whose outcome is unclear",
            "video.publish": "posting directly",
            "video.upload": "sending drafts to the TikTok inbox",
        },
        needed=("user.info.basic",),
        access={"creator": (), "public_posts": ("video.publish",)},
    ),
)
"""In the order in which they are chosen; the first of a platform is that of connections from before there were several."""


def of(platform: str) -> tuple[Registration, ...]:
    """Return the registrations of a platform."""
    return tuple(found for found in REGISTRATIONS if found.platform == platform)


def get(platform: str, name: str) -> Registration:
    """Return a registration by its name, the platform's first one without a name. Raises ``KeyError`` for an unknown one."""
    for found in of(platform):
        if name in (found.name, ""):
            return found
    raise KeyError(name)


def accesses(platform: str) -> tuple[Access, ...]:
    """Return everything that the registrations of a platform can give access to."""
    given = {access for found in of(platform) for access in found.access}
    return tuple(access for access in ACCESSES if access in given)


def no_access(access: Access) -> str:
    """Return the sentence for what a deployment has no access to."""
    return f"This deployment has no access to {WORDS[access]}."
