"""What a bookmark in the browser sends: a page elsewhere, and the words that are selected on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.fields import DOCUMENT
from timeline.domain.text import whole_number, without_unfit
from web.i18n.translate import gettext, translator
from web.record.forms.form_state import FormState, Problem
from web.record.source_text.kept_text import kept_text_of_page
from web.record.workbench.bench import value_of
from web.shell.bundles import bundle
from web.shell.request import read_connection, this_request

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from web.record.source_text.cutting import Span

MOST_SENT = 100_000
"""Characters of a page that a bookmark sends, in an address: those of a kept text are many more."""

MOST_WORDS = 200
"""Words of a selection that are looked for in a text."""


class Bookmark(msgspec.Struct, frozen=True):
    """A function in JavaScript, and the address of the desk that it is called with."""

    program: str
    desk: str


def bookmark() -> Bookmark:
    """Return what the bookmark does; the page makes one of it."""
    made = bundle("bookmarklet.js")
    program = made.content.decode() if made else ""
    return Bookmark(program.strip().rstrip(";"), f"{this_request().host}record/text")


def sheet_from_page(query: MultiDict[str, str]) -> FormState:
    """Return the form with what a page says of itself; its text comes along in the browser."""
    sent = {
        field.name: [without_unfit(query[field.name])] for field in DOCUMENT if field.name in query
    }
    sheet = FormState(sent)
    sheet.quiet = True
    if of := whole_number(query.get("of", "")):
        told = gettext(
            "The page has %(all)s characters, and the bookmark brings the first %(some)s."
            " Paste the whole text, or give it as a file.",
            all=translator().figure(of),
            some=translator().figure(MOST_SENT),
        )
        sheet.doubts["text"] = Problem("text", told)
    return sheet


def where_selected(query: MultiDict[str, str]) -> str:
    """Return where on the workbench the words that were selected on a page stand.

    Empty where no text of that page is kept; the text's beginning where they are not in it.
    """
    kept = kept_text_of_page(read_connection(), query.get("source.url", "").strip())
    if kept is None:
        return ""
    found = _found(kept.text, query.get("words", ""))
    return f"{kept.address}?at={value_of(found)}#here" if found else kept.address


def _found(text: str, words: str) -> Span | None:
    """Return the offsets of words in a text, whatever spaces stand between them."""
    looked_for = r"\s+".join(map(re.escape, words.split()[:MOST_WORDS]))
    match = re.search(looked_for, text) if looked_for else None
    return match.span() if match else None
