"""Frames on other people's pages: they load there, open beside, and nothing else of ours does."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from flask import Flask, request
from playwright.sync_api import expect

from tests.support.web_server import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FrameLocator

    from tests.browser.reader import NewReader, Reader

pytestmark = pytest.mark.thorough


class Gazette:
    """Somebody else's site, which holds what was pasted into it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def pasted(self, me: Reader, markup: str) -> FrameLocator:
        """Open its page with this markup on it, and return the frame there."""
        me.page.goto(f"{self.address}?{urlencode({'holds': markup})}")
        foreign = f"request to {self.address}"
        me.complaints[:] = [
            complaint for complaint in me.complaints if not complaint.startswith(foreign)
        ]
        return me.page.frame_locator("iframe")


@pytest.fixture(scope="module")
def gazette() -> Iterator[Gazette]:
    """Another site, on a port of its own."""
    app = Flask("gazette")
    app.add_url_rule("/", view_func=lambda: f"<!doctype html>{request.args['holds']}")
    with served(app) as address:
        yield Gazette(f"{address}/")


@pytest.mark.parametrize("path", ["/t/cuba-embargo", "/s/64"])
def test_what_a_page_offers_works_on_another_site(
    reader: NewReader, gazette: Gazette, path: str
) -> None:
    me = reader()
    me.go(path)
    me.find("#embed > summary").click()
    expect(me.page.frame_locator("#embed iframe").locator("h1")).to_be_visible()
    me.find("[data-copy='#frame']").click()
    copied = str(me.page.evaluate("navigator.clipboard.readText()"))
    frame = gazette.pasted(me, copied)
    expect(frame.locator("h1")).to_be_visible()
    expect(frame.locator(".lane-plot a").first).to_be_visible()
    inside = me.page.frames[1]
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inside.evaluate("document.body.scrollHeight <= innerHeight")


def test_a_mark_in_a_frame_opens_its_proof_beside_the_page(
    reader: NewReader, gazette: Gazette
) -> None:
    me = reader()
    frame = gazette.pasted(
        me, f'<iframe src="{me.address}/embed/t/nato-membership" width="480"></iframe>'
    )
    with me.context.expect_page() as opened:
        frame.locator(".lane-plot .point").first.click()
    expect(opened.value.locator("h1")).to_be_visible()
    assert "/s/" in opened.value.url
    with me.context.expect_page() as opened:
        frame.locator(".chart-axis a").first.click()
    opened.value.wait_for_url(lambda found: "/t/nato-membership?from=" in found)
    assert me.page.url.startswith(gazette.address)
    with me.context.expect_page() as opened:
        frame.locator("h1 a").click()
    opened.value.wait_for_url(f"{me.address}/t/nato-membership")


def test_a_whole_page_cannot_be_framed(reader: NewReader, gazette: Gazette) -> None:
    me = reader()
    gazette.pasted(me, f'<iframe src="{me.address}/t/eu-accession"></iframe>')
    me.page.wait_for_timeout(500)
    assert me.page.frames[1].url.startswith("chrome-error:")
    refused = [complaint for complaint in me.complaints if "frame-ancestors" in complaint]
    assert refused
    me.complaints.clear()


@pytest.mark.parametrize("width", [320, 480, 900])
def test_a_frame_fits_its_width(reader: NewReader, width: int) -> None:
    me = reader(width=width)
    for path in ("/embed/t/cuba-embargo", "/embed/t/eu-accession", "/embed/s/64", "/embed/s/90"):
        me.go(path)
        assert not me.is_too_wide(), path
