"""Fill in the form that opens a text: from a page, with a part of it, with a made-up article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.reading.agenda import Item, items, voices, words_of
from timeline.domain.errors import Refused
from timeline.domain.field import LINE
from timeline.domain.fields import DOCUMENT
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number, without_unfit
from web.i18n.translate import gettext, ngettext, translator
from web.record.forms.form_state import FormState, Problem
from web.record.source_text.article import source_text_of_page
from web.record.source_text.sentences import WHOLE
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


NO_SUCH_PART = Message(
    "no_such_part", "the text has no part %(name)s", fix="choose one that is listed"
)

ITEM, SPEAKER = "item", "speaker"


class PartRow(msgspec.Struct, frozen=True):
    """A part as the list shows it; ``value`` is what its button sends."""

    value: str
    name: str
    about: str
    note: str


class Parts(msgspec.Struct, frozen=True):
    """The parts of a text; none if it is short or has no parts."""

    items: tuple[PartRow, ...] = ()
    speakers: tuple[PartRow, ...] = ()
    length: int = 0

    @property
    def is_cut(self) -> bool:
        """Tell whether the workbench shows one section of it at a time."""
        return self.length > WHOLE


def parts_of(text: str) -> Parts:
    """Return the parts of a text: its agenda items, and its speakers if it is long."""
    agenda = items(text)
    speakers = voices(text) if agenda or len(text) > WHOLE else ()
    return Parts(
        tuple(_item_row(place, item) for place, item in enumerate(agenda)),
        tuple(
            PartRow(f"{SPEAKER}:{voice.name}", voice.name, "", _length(voice.length))
            for voice in speakers
        ),
        len(text),
    )


def take_part(sheet: FormState) -> None:
    """Keep only the requested part in the form, and name it in the title.

    Raises `Refused` for a part that the text does not have.
    """
    text = sheet.value("text").replace("\r\n", "\n")
    kind, _, which = sheet.value("part").partition(":")
    name, words = _item(text, which) if kind == ITEM else (which, words_of(text, which))
    if not words:
        raise Refused(NO_SUCH_PART, field="text", name=InQuotes(which))
    title = ", ".join(filter(None, (sheet.value("source.title"), name)))
    sheet.put("text", words)
    sheet.put("source.title", title[:LINE])
    if kind == SPEAKER and not sheet.value("source.author"):
        sheet.put("source.author", which)
    sheet.notes["text"] = gettext(
        "Only this part is left. For another one, give the file once more."
    )
    sheet.quiet = True


def _item(text: str, which: str) -> tuple[str, str]:
    """Return the name and the words of an item by its place; no words if there is no such item."""
    agenda, place = items(text), whole_number(which)
    if place is None or place >= len(agenda):
        return which, ""
    item = agenda[place]
    return _name(item), text[item.start : item.end].strip()


def _name(item: Item) -> str:
    if not item.heading:
        return gettext("Before the agenda")
    return f"{item.heading}: {item.about}" if item.about else item.heading


def _item_row(place: int, item: Item) -> PartRow:
    speakers = ngettext("%(num)d speaker", "%(num)d speakers", len(item.speakers))
    note = f"{speakers}, {_length(item.end - item.start)}"
    return PartRow(
        f"{ITEM}:{place}", item.heading or gettext("Before the agenda"), item.about, note
    )


def _length(count: int) -> str:
    return ngettext("%(num)d character", "%(num)d characters", count)


DAY = "2025-12-15"
GERMAN = """Im Streit um die Brücke bei Neuhafen ist kein Ende in Sicht.

„Wir bauen die Brücke, sobald das Geld da ist“, sagte Bürgermeisterin Dora Beispiel am Montag.

Die Fähre reiche nicht mehr aus, sagte sie.

Der Fährmann Pjotr Muster lehnte den Bau ab. Man müsse die Fähre erhalten.

Laut Stadtkämmerei könnte die Brücke doppelt so teuer werden wie geplant."""
ENGLISH = """There is no end in sight to the dispute over the bridge at Newport.

“We will build the bridge as soon as the money is there,” Mayor Dora Example said on Monday.

She said that the ferry was no longer enough.

The ferryman Pjotr Sample rejected the plan. He said that the ferry had to be kept.

According to the treasury, the bridge might cost twice as much as planned."""


def fill_in_sample(sheet: FormState) -> FormState:
    """Fill in the made-up article, in German or English by the reader's language."""
    is_german = translator().locale.language == "de"
    sheet.put("text", GERMAN if is_german else ENGLISH)
    sheet.put("source.outlet", gettext("Made up"))
    sheet.put("source.title", gettext("The bridge, a made-up article"))
    sheet.put("source.published_at", DAY)
    sheet.put("source.lang", "de" if is_german else "en")
    sheet.notes["text"] = gettext("Nobody said any of this. Open it, and try the workbench.")
    sheet.quiet = True
    return sheet
