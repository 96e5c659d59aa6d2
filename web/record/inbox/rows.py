"""The rows of the inbox: texts, sources, and moves in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.desk.inbox import ASIDE, DONE, LATER, NEW, TAKEN
from timeline.projections.queries.selected_entries import counts_from
from web.i18n import dates
from web.i18n.languages import language_named
from web.i18n.translate import gettext, lazy_gettext
from web.record.forms.form_state import as_sentences
from web.record.forms.signing import own_handle
from web.shell.request import services

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.desk.feeds import AddedFeed, Feed
    from timeline.desk.inbox import Item, Move

TRAY_NAMES: Mapping[str, object] = {
    NEW: lazy_gettext("New"),
    TAKEN: lazy_gettext("In work"),
    LATER: lazy_gettext("Later"),
    DONE: lazy_gettext("Done"),
    ASIDE: lazy_gettext("Not coded"),
}


class InboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """A text as a list shows it.

    ``facts`` are where and when it was published and in which language. ``lang`` is that of its
    title, ``last`` the latest move in words. ``may_move`` tells whether the reader may move it.
    ``others`` have much the same words and are folded under it; ``alike`` says how similar one of
    those is, in percent. ``suggested`` counts passages that may be statements, if that is known,
    ``recorded`` the entries from it and from ``others``. ``laid`` says who opened its text in the
    workbench without taking it here.
    """

    id: str
    title: str
    facts: list[str]
    lead: str
    lang: str
    url: str
    tray: str
    moves: int
    last: str
    is_own: bool
    may_move: bool
    has_text: bool
    others: list[InboxRow]
    suggested: int | None = None
    recorded: int = 0
    alike: int = 0
    laid: str = ""


class FeedRow(msgspec.Struct, frozen=True):
    """A source that fails: since when, and what is wrong with it."""

    address: str
    since: str
    trouble: str


TITLE = 90
"""How many characters of its first words stand for a missing title."""

AND_SO_ON = " …"


class AddedRow(msgspec.Struct, frozen=True):
    """A feed that an editor added; ``told`` says who and when."""

    address: str
    told: str


class WatchStatus(msgspec.Struct, frozen=True):
    """The state of the watched sources: how many, when one was read last, and which of them fail.

    ``added`` are the feeds that editors added here.
    """

    count: int
    last: str
    failing: list[FeedRow]
    added: list[AddedRow]


def rows_of(conn: Connection, items: Sequence[Item], *, editor: bool) -> list[InboxRow]:
    """Return the rows of texts, each with those that are folded under it."""
    inbox, ids = services().desk.inbox, [item.id for item in items]
    others, suggested = inbox.repeated(ids), inbox.suggested(ids)
    folded = [item for text_ in others.values() for item in text_]
    shares = inbox.shares([item.id for item in folded])
    counts = counts_from(conn, {item.document for item in (*items, *folded)} - {""})
    opened_by = {text.document: text.added_by for text in services().desk.texts.waiting()}
    return [
        msgspec.structs.replace(
            row_of(item, [_folded(text_, shares) for text_ in others[item.id]], editor=editor),
            suggested=suggested.get(item.id),
            recorded=sum(counts[text_.document] for text_ in (item, *others[item.id])),
            laid=_opened(opened_by.get(item.document, "") if item.tray in (NEW, LATER) else ""),
        )
        for item in items
    ]


def _opened(name: str) -> str:
    return gettext("%(name)s opened this text in the workbench.", name=name) if name else ""


def _folded(item: Item, shares: Mapping[str, float]) -> InboxRow:
    alike = min(99, round(shares[item.id] * 100)) if item.id in shares else 0
    return msgspec.structs.replace(row_of(item, editor=False), alike=alike)


def row_of(item: Item, others: Sequence[InboxRow] = (), *, editor: bool) -> InboxRow:
    """Return the row of a text; ``others`` have much the same words."""
    imprint, is_own = item.imprint, item.moved_by == own_handle()
    title = imprint["source.title"] or imprint["source.url"]
    first, rest = _first_words(item.lead)
    published, lang = imprint["source.published_at"], imprint["source.lang"]
    return InboxRow(
        id=item.id,
        title=title or first,
        facts=[
            *filter(None, [imprint["source.outlet"]]),
            dates.said(published) if published else _arrival_words(item),
            *([language_named(lang)] if lang else []),
        ],
        lead=item.lead if title else rest,
        lang=lang,
        url=imprint["source.url"],
        tray=item.tray,
        moves=item.moves,
        last=move_in_words(item) if item.moves else "",
        is_own=is_own,
        may_move=item.tray != TAKEN or is_own or editor,
        has_text=item.has_text,
        others=list(others),
    )


def _first_words(lead: str) -> tuple[str, str]:
    """Split a text into the first words, which stand for its title, and the rest."""
    words = " ".join(lead.split())
    if len(words) <= TITLE:
        return words, ""
    first = words[: TITLE - len(AND_SO_ON)].rpartition(" ")[0] or words[: TITLE - len(AND_SO_ON)]
    return f"{first}{AND_SO_ON}", f"… {words[len(first) :].strip()}"


def heading(item: Item, words: str) -> str:
    """Return the heading over the ``words`` of a text: its title, else the name of its file.

    The first words are no heading here, because they follow at once.
    """
    title = item.imprint["source.title"] or item.imprint["source.url"]
    if title or not words:
        return title or _first_words(item.lead)[0]
    file, _, quoted = item.lead.partition(": ")
    is_file = bool(quoted) and " ".join(words.split()).startswith(quoted[:TITLE].rstrip("…"))
    return file if is_file else gettext("Text without a title")


def move_in_words(move: Move) -> str:
    """Return a move in words, with who made it and when."""
    when, name = dates.moment_us(move.moved_at), move.moved_by
    if not name:
        return gettext("Nobody took it in time, %(when)s", when=when)
    sentence = {
        NEW: gettext("%(name)s put it back, %(when)s", name=name, when=when),
        TAKEN: gettext("%(name)s works on it, %(when)s", name=name, when=when),
        LATER: gettext("%(name)s put it off, %(when)s", name=name, when=when),
        DONE: gettext("%(name)s was done with it, %(when)s", name=name, when=when),
        ASIDE: gettext("%(name)s set it aside, %(when)s", name=name, when=when),
    }[move.tray]
    return f"{sentence}: {move.reason}" if move.reason else sentence


def watch_status(feeds: Sequence[Feed], added: Sequence[AddedFeed]) -> WatchStatus:
    """Return the state of the watched sources."""
    rows = [
        AddedRow(feed.address, f"{feed.added_by}, {dates.moment_us(feed.added_at)}")
        for feed in added
    ]
    failing = [
        FeedRow(feed.address, dates.moment_us(feed.failing_since), as_sentences(feed.trouble))
        for feed in feeds
        if feed.trouble
    ]
    last = max((feed.read_at for feed in feeds), default=0)
    addresses = {feed.address for feed in feeds} | {feed.address for feed in added}
    return WatchStatus(len(addresses), dates.moment_us(last) if last else "", failing, rows)


def _arrival_words(item: Item) -> str:
    return gettext("undated, came %(when)s", when=dates.moment_us(item.came_at))
