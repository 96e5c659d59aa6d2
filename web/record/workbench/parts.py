"""Open a part of a long transcript as a separate text: an agenda item, or a speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.capture.reading.agenda import Item, items, voices, words_of
from timeline.domain.errors import Refused
from timeline.domain.field import LINE
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from web.i18n.translate import gettext, ngettext
from web.record.source_text.sentences import WHOLE

if TYPE_CHECKING:
    from web.record.forms.form_state import FormState

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
