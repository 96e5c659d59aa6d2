"""What the page of a codebook shows: one version whole, and of all versions what they changed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import NotFound
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from timeline.projections.queries.codebooks import CodebookVersion, codebooks
from timeline.projections.queries.coding_agreement import CodingAgreement, coding_agreement
from timeline.projections.queries.quote_readings import QuoteAgreement, quote_agreement
from timeline.projections.queries.translations import language_of, translations
from web.codebook.changes import Changed, changes_between
from web.entries.about_topic import AboutTopic, about_topic
from web.entries.codebooks import CodebookView, view_codebook
from web.entries.variables import kind_words
from web.i18n import dates
from web.shell.request import this_request

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Topic
    from web.wording.clocks import Clocks

NO_SUCH_VERSION = Message(
    "no_such_version", "the codebook has no version %(version)s", fix="choose one from its page"
)


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version in the list: who wrote it, when and why, and what it changed in the one before.

    ``lang`` is that of the reader where the reason is translated into it, else empty.
    ``is_erased`` where a law demanded that its words go.
    """

    version: int
    when: str
    when_machine: str
    by: str
    reason: str
    lang: str
    changed: tuple[Changed, ...]
    is_erased: bool
    is_shown: bool
    href: str


class CodebookPage(AboutTopic, frozen=True, kw_only=True):
    """Everything that the template reads; ``shown`` is empty where nothing is to be shown."""

    shown: CodebookView | None
    coders: CodingAgreement
    readers: QuoteAgreement
    is_latest: bool
    found: tuple[CodebookVersion, ...]
    versions: list[VersionLine]
    kinds: dict[str, str]
    """The kinds of variables in words."""


def codebook_page(conn: Connection, slug: str) -> CodebookPage:
    """Read the page; raises `NotFound` for no such topic or version, `Refused` for nonsense."""
    args = this_request().query
    about = about_topic(conn, slug, args)
    topic, clocks = about["topic"], about["clocks"]
    found = codebooks(conn, topic.id, clocks.known_at)
    chosen = _chosen(found, args.get("version", ""))
    view = view_codebook(conn, topic, chosen, clocks.known_at) if chosen else None
    return CodebookPage(
        **about,
        shown=view,
        coders=coding_agreement(conn, topic.id, clocks.known_at),
        readers=quote_agreement(conn, topic.id, clocks.known_at),
        is_latest=bool(chosen and chosen.version == found[-1].version),
        found=tuple(found),
        versions=_lines(conn, topic, clocks, found, chosen),
        kinds=kind_words(),
    )


def _chosen(found: list[CodebookVersion], given: str) -> CodebookVersion | None:
    if not given:
        return found[-1] if found else None
    number = whole_number(given)
    chosen = next((one for one in found if one.version == number), None)
    if chosen is None:
        raise NotFound(NO_SUCH_VERSION, field="version", version=InQuotes(given))
    return chosen


def _lines(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    found: list[CodebookVersion],
    chosen: CodebookVersion | None,
) -> list[VersionLine]:
    """Return the versions, the latest first."""
    known = f"&known_at={clocks.known_text}" if clocks.known_text else ""
    lang, translated = language_of(conn), translations(conn, [topic.id]).get(topic.id, {})
    changed = {
        later.version: changes_between(
            before.codebook, later.codebook, topic.scale, translated, lang
        )
        for before, later in pairwise(found)
    }
    reasons = {one.version: one.codebook.reason for one in found if one.codebook}
    return [
        VersionLine(
            version=one.version,
            when=dates.moment_us(one.recorded_at),
            when_machine=dates.machine(one.recorded_at // 1_000_000),
            by=one.recorded_by,
            reason=translated.get(reason := reasons.get(one.version, ""), reason),
            lang=lang if reason in translated else "",
            changed=changed.get(one.version, ()),
            is_erased=one.codebook is None,
            is_shown=one is chosen,
            href=f"/t/{topic.slug}/codebook?version={one.version}{known}",
        )
        for one in reversed(found)
    ]
