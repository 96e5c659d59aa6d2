"""A page in the language of its address leads on in it: its links and its searches ask for it."""

from __future__ import annotations

import re

from flask import request

from web.shell.reader_choices import FRAMED, asked_language

LINK = re.compile(r'(\s(?:href|content)="(?:\d+; url=)?/(?!/|static/))([^"#]*)')
"""A link to a page of ours, or the page that a replay without script goes on to."""

ASKS_FOR_ONE = re.compile(r"[?;]lang=")
FORM = re.compile(r'<form\b[^>]*\smethod="get"[^>]*>')


def in_asked_language(html: str) -> str:
    """Return a page, or a part of one, whose links keep to the language of its address.

    Nothing is remembered of the reader: a page opened afresh is in their own language. Links of
    frames lead there, too, as the page around a frame chose its language for it.
    """
    language = asked_language(request)
    if not language or request.blueprint == FRAMED:
        return html
    kept = f'<input type="hidden" name="lang" value="{language}">'
    in_links = LINK.sub(lambda link: link[1] + _asking(link[2], language), html)
    return FORM.sub(lambda form: form[0] + kept, in_links)


def _asking(address: str, language: str) -> str:
    """Return an address, as it stands in HTML, with the language behind it."""
    if ASKS_FOR_ONE.search(address):
        return address
    return f"{address}{'&amp;' if '?' in address else '?'}lang={language}"
