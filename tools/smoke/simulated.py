"""The person in front of a simulated dialog: opens the URL, consents, and comes back as a browser would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from local.demo.tour import Tour
from local.options import Options
from noillusion.catalog.registrations import Registration
from tools.smoke.consent import Returns

APPS = dict.fromkeys(("FACEBOOK_BUSINESS", "INSTAGRAM_FACEBOOK"), ("facebook-app", "facebook-app-secret"))
SETTINGS = {"FACEBOOK_CONFIG_ID": "700000000000001"}
"""Of the registrations that simulated platforms know and a usual instance lacks."""
PARTS = ("ID", "SECRET")
PAGE, LINKED = "101000000000001", "17841400000000001"


def simulated_options(options: Options) -> Options:
    """Return the options of an instance with every registration of the simulators, on a free port and without schedules."""
    clients = {f"{prefix}_CLIENT_{part}": value for prefix, app in APPS.items() for part, value in zip(PARTS, app, strict=True)}
    return replace(options, port=0, tick=False, settings={**SETTINGS, **clients, **options.settings})


class SimulatedPerson:
    """Consents to everything. ``tunnel`` is true if the callback reaches the product, else the URL is pasted."""

    def __init__(self, tour: Tour, registration: Registration, returns: Returns, *, tunnel: bool = True) -> None:
        self.tour, self.registration, self.returns, self.tunnel = tour, registration, returns, tunnel

    def consents(self, authorization_url: str) -> None:
        """Go through the dialog."""
        if self.registration.key == "instagram.facebook":
            self.tour.control("POST", "facebook/user", {"pages": [{"id": PAGE, "instagram": LINKED}]})
        dialog = self.tour.follow(authorization_url)
        location = dialog.headers["location"]
        if not self.tunnel:
            self.returns.put(urlsplit(location).query)
            return
        back = self.tour.follow(location)
        self.returns.put(urlsplit(back.headers["location"]).query)

    def picks(self, accounts: list[dict[str, Any]]) -> dict[str, Any]:
        """Take an organization where there is one: that is what its registration is for."""
        return next((account for account in accounts if account["kind"] == "organization"), accounts[0])
