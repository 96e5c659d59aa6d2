"""What an answer must never be or hold, whatever was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.attacks.corpus import ATTRIBUTE, TAG
from tests.web.markup import Page

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

FETCHING = frozenset(
    (
        *("src", "srcset", "action", "formaction", "poster", "data", "background", "ping"),
        *("hx-get", "hx-post", "hx-put", "hx-delete", "hx-patch", "manifest", "xlink:href"),
    )
)
"""Attributes from which a browser asks for something, or sends something."""

LEADING = re.compile(r"^\s*(javascript|vbscript|data):", re.IGNORECASE)
OUTSIDE = re.compile(r"^\s*([a-z]+:)?[/\\]{2}", re.IGNORECASE)
FORBIDDEN = (TAG, "object", "embed", "applet")
OURS = ("", "localhost")
REDIRECTS = range(300, 400)
"""What browsers go on from without reading it."""

SCRIPTS = re.compile(r"/static/")


def harm(answer: TestResponse) -> str:
    """Return what is wrong with an answer, or nothing."""
    if answer.status_code >= 500:
        return f"status {answer.status_code}"
    if "X-Evil" in answer.headers or "evil=1" in answer.headers.getlist("Set-Cookie"):
        return "a header that was sent in"
    if urlsplit(answer.headers.get("Location", "")).netloc not in OURS:
        return "leads away"
    if answer.mimetype == "text/html" and answer.status_code not in REDIRECTS:
        return _in_markup(answer.text)
    return ""


def _in_markup(markup: str) -> str:
    page = Page(f"<main>{markup}</main>" if "<html" not in markup else markup)
    for element in page.elements:
        if element.tag in FORBIDDEN or (element.tag == "base" and "href" in element.attributes):
            return f"<{element.tag}>"
        if element.tag == "script" and not SCRIPTS.match(element.attributes.get("src", "")):
            return "a script"
        for name, value in element.attributes.items():
            if name.startswith("on") or name in (ATTRIBUTE, "style", "srcdoc"):
                return f"{name}="
            if name in FETCHING and (OUTSIDE.match(value) or LEADING.match(value)):
                return f"{name}={value[:80]}"
            if name == "href" and (
                LEADING.match(value)
                or (
                    element.tag != "a"
                    and OUTSIDE.match(value)
                    and urlsplit(value).netloc not in OURS
                )
            ):
                return f"<{element.tag} href={value[:80]}"
    return ""
