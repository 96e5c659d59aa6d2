"""Open a page from a bookmark in the browser, with the words that are selected on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.fields import DOCUMENT
from timeline.domain.text import whole_number, without_unfit
from web.i18n.translate import gettext, translator
from web.record.forms.form_state import FormState, Problem
from web.record.source_text.lookup import source_text_of_page
from web.record.workbench.bench import value_of
from web.shell.bundles import bundle
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from web.record.source_text.sentences import Span

MOST_SENT = 100_000
"""How many characters of a page a bookmark sends in an address; a kept text may have more."""

MOST_WORDS = 200
"""How many words of a selection are searched for in a text."""


class Bookmark(msgspec.Struct, frozen=True):
    """A JavaScript function, and its argument: the address of the desk."""

    program: str
    desk: str


def bookmark() -> Bookmark:
    """Return the program of the bookmark; the page turns it into a link."""
    script = bundle("bookmarklet.js")
    program = script.content.decode() if script else ""
    return Bookmark(program.strip().rstrip(";"), f"{this_request().host}record/text")


def sheet_from_page(query: MultiDict[str, str]) -> FormState:
    """Return the form with the fields of a page; the browser adds the text."""
    values = {
        field.name: [without_unfit(query[field.name])] for field in DOCUMENT if field.name in query
    }
    sheet = FormState(values)
    sheet.quiet = True
    if length := whole_number(query.get("of", "")):
        message = gettext(
            "The page has %(all)s characters, and the bookmark brings the first %(some)s."
            " Paste the whole text, or give it as a file.",
            all=translator().figure(length),
            some=translator().figure(MOST_SENT),
        )
        sheet.doubts["text"] = Problem("text", message)
    return sheet


def where_selected(query: MultiDict[str, str]) -> str:
    """Return the address on the workbench of the words that were selected on a page.

    Empty if no text of that page is kept; the beginning of the text if they are not in it.
    """
    source = source_text_of_page(read_connection(), query.get("source.url", "").strip())
    if source is None:
        return ""
    span = _span_of(source.text, query.get("words", ""))
    return f"{source.address}?at={value_of(span)}#here" if span else source.address


def _span_of(text: str, words: str) -> Span | None:
    """Return the offsets of words in a text, with any white space between them."""
    pattern = r"\s+".join(map(re.escape, words.split()[:MOST_WORDS]))
    match = re.search(pattern, text) if pattern else None
    return match.span() if match else None
