"""People, their permissions and their Pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from local.simulators.facebook import nodes
from local.simulators.facebook.insights import Insights
from local.simulators.facebook.linked import Linked
from local.simulators.facebook.lists import PAGE_LISTS, PageLists
from local.simulators.facebook.state import SCOPES, Page, State
from local.simulators.meta.errors import GraphError
from local.simulators.meta.fields import Field, choose, known, parse_fields, select
from local.simulators.meta.graph import Call
from local.simulators.meta.lists import paged
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

PAGE_FIELDS: Final = nodes.PAGE | {"picture"}
LINKED: Final = "instagram_business_account"


class Pages:
    """The endpoints of people, businesses and Pages."""

    def __init__(self, state: State, lists: PageLists, insights: Insights, linked: Linked) -> None:
        self.state, self.lists, self.insights, self.linked = state, lists, insights, linked

    def read_user(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me``."""
        fields = parse_fields(call.params.get("fields", "id,name"))
        known(fields, nodes.USER | {"picture"}, "User")
        user = self.state.users[node]
        first, _, last = user.name.partition(" ")
        row = {"id": user.id, "name": user.name, "first_name": first, "last_name": last, "picture": self._picture()}
        return choose(row, fields)

    def read_permissions(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me/permissions``."""
        user = self.state.users[node]
        granted = [{"permission": p, "status": "granted"} for p in sorted(user.granted)]
        return {"data": granted + [{"permission": p, "status": "declined"} for p in sorted(user.declined)]}

    def delete_permissions(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /me/permissions``, and of one permission, which is in the path or a parameter."""
        user = self.state.users[node]
        if one := call.path[2] if len(call.path) > 2 else call.params.get("permission"):
            user.granted.discard(one)
        else:
            self.state.withdraw(user)
        return {"success": True}

    def list_accounts(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me/accounts``: chosen Pages. Those of a business need ``business_management`` (platforms.md 0.4)."""
        user, scopes = self.state.users[node], self.state.scopes(token)
        if "pages_show_list" not in scopes:
            return {"data": []}
        shown = [self.state.pages[p] for p in user.pages if p in user.chosen]
        pages = [p for p in shown if not p.business or "business_management" in scopes]
        return self._page_rows(call, token, pages, "access_token,category,name,id,tasks", PAGE_FIELDS | {"tasks"})

    def list_businesses(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me/businesses``."""
        self._need_business(token)
        found = sorted({b for p in self.state.users[node].pages if (b := self.state.pages[p].business)})
        return paged(self.state.world, call, [{"id": b, "name": f"Business {b}"} for b in found])

    def list_business_pages(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{business}/owned_pages`` and ``client_pages``. Their Pages have no field ``tasks`` (platforms.md 0.4)."""
        self._need_business(token)
        user = self.state.users[token.user]
        pages = [self.state.pages[p] for p in user.pages if p in user.chosen]
        chosen = [p for p in pages if p.business == node and p.business_edge == call.path[1]]
        extra = {"permitted_tasks"} if call.path[1] == "client_pages" else set()
        return self._page_rows(call, token, chosen, "id,name", PAGE_FIELDS | extra)

    def _need_business(self, token: Token) -> None:
        if "business_management" not in self.state.scopes(token):
            raise GraphError(200, "(#200) Requires business_management permission to manage the object")

    def _page_rows(self, call: Call, token: Token, pages: Iterable[Page], default: str, names: frozenset[str]) -> Json:
        fields = parse_fields(call.params.get("fields", default))
        known(fields, names, "Page")
        rows = [self._page(p, fields, token) for p in pages]
        since = {row["id"]: self.state.now - n for n, row in enumerate(rows)}
        return paged(self.state.world, call, rows, made_at=lambda row: since[row["id"]])

    def read_page(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{page}``; edges can be expanded in ``fields``."""
        fields = parse_fields(call.params.get("fields", "id,name"))
        plain = [f for f in fields if f.name not in PAGE_LISTS and f.name != "insights"]
        known(plain, PAGE_FIELDS, "Page")
        row = self._page(self.state.pages[node], plain, token)
        for entry in fields:
            if entry not in plain:
                row[entry.name] = self._expand(call, token, node, entry)
        return row

    def _expand(self, call: Call, token: Token, node: str, entry: Field) -> Any:
        inner = Call(call.host, "GET", call.version, (node, entry.name), dict(entry.args), {}, call.token)
        if entry.name == "insights":
            return select(self.insights.page_insights(inner, token, node), entry.fields)
        return self.lists.list_page(inner, token, node, entry.fields)

    def _page(self, page: Page, fields: Iterable[Field], token: Token) -> Json:
        fields = tuple(fields)
        row: Json = {
            "id": page.id, "name": page.name, "username": page.username, "tasks": list(page.tasks),
            "permitted_tasks": list(page.tasks), "category": "Local business",
            "fan_count": page.fan_count, "followers_count": page.fan_count, "link": f"https://www.facebook.com/{page.id}",
            "picture": self._picture(), "is_published": True, "can_post": True, "has_transitioned_to_new_page_experience": True,
            "verification_status": "not_verified", "talking_about_count": 0, "were_here_count": 0,
            "category_list": [{"id": "2500", "name": "Local business"}],
        }  # fmt: skip
        for entry in fields:
            if entry.name == LINKED and (profile := self.linked.field(page, token, entry)):
                row[LINKED] = profile
            if entry.name == "access_token":
                row["access_token"] = self._page_token(page, token)
        return choose(row, fields)

    def _picture(self) -> Json:
        return {"data": {"url": self.state.world.image("50x50"), "width": 50, "height": 50}}

    def _page_token(self, page: Page, token: Token) -> str:
        if token.kind == "PAGE":
            return token.value
        for issued in self.state.tokens.tokens.values():
            same = issued.account == page.id and issued.user == token.user and issued.long_lived == token.long_lived
            if same and self.state.tokens.problem(issued.value) is None:
                return issued.value
        life = 0.0 if token.long_lived else token.expires_at - self.state.now
        return self.state.tokens.issue("PAGE", token.user, page.id, SCOPES, life, token.long_lived).value
