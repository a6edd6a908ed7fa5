"""Whether a page is fit for everybody: axe, by light and by dark, and nothing wider than the screen."""

from __future__ import annotations

from typing import Any

import pytest

axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
SERIOUS = {"serious", "critical"}
COLOURS = ["color-contrast", "link-in-text-block"]
"""All rules of axe that speak of colours; nothing else differs between light and dark."""


def assert_fit(page: Any, place: str) -> None:
    """Nobody is shut out, by light or by dark, and nothing is wider than the screen."""
    for scheme, only in (("light", {}), ("dark", {"runOnly": {"type": "rule", "values": COLOURS}})):
        page.emulate_media(color_scheme=scheme)
        found = axe_module.Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
        serious = [one for one in found if one["impact"] in SERIOUS]
        assert [(place, scheme, one["id"], one["nodes"][0]["html"]) for one in serious] == []
    wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, place
