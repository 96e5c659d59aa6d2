"""What the page of a codebook shows: one version whole, and of all versions what they changed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import NotFound
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from timeline.projections.queries import directory
from timeline.projections.queries.codebooks import CodebookVersion, codebooks
from timeline.projections.queries.directory import Story, Topic
from web.codebook.changes import Changed, changes_between
from web.entries.codebooks import CodebookView, view_codebook
from web.i18n import dates
from web.wording.clocks import Clocks, read_clocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

NO_SUCH_VERSION = Message(
    "no_such_version", "the codebook has no version %(version)s", fix="choose one from its page"
)


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version in the list: who wrote it, when and why, and what it changed in the one before.

    ``is_erased`` where a law demanded that its words go.
    """

    version: int
    when: str
    when_machine: str
    by: str
    reason: str
    changed: tuple[Changed, ...]
    is_erased: bool
    is_shown: bool
    href: str


class CodebookPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads; ``shown`` is empty where nothing is to be shown."""

    topic: Topic
    story: Story | None
    clocks: Clocks
    shown: CodebookView | None
    is_latest: bool
    found: tuple[CodebookVersion, ...]
    versions: list[VersionLine]


def codebook_page(conn: Connection, slug: str, args: Mapping[str, str]) -> CodebookPage:
    """Read the page; raises `NotFound` for no such topic or version, `Refused` for nonsense."""
    topic = directory.topic(conn, slug)
    clocks = read_clocks(conn, args)
    found = codebooks(conn, topic.id, clocks.known_at)
    chosen = _chosen(found, args.get("version", ""))
    view = view_codebook(conn, topic, chosen, clocks.known_at) if chosen else None
    stories = {one.id: one for one in directory.stories(conn)}
    return CodebookPage(
        topic=topic,
        story=stories.get(topic.story or ""),
        clocks=clocks,
        shown=view,
        is_latest=bool(chosen and chosen.version == found[-1].version),
        found=tuple(found),
        versions=_lines(topic, clocks, found, chosen),
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
    topic: Topic, clocks: Clocks, found: list[CodebookVersion], chosen: CodebookVersion | None
) -> list[VersionLine]:
    """Return the versions, the latest first."""
    known = f"&known={clocks.known_text}" if clocks.known_text else ""
    changed = {
        later.version: changes_between(before.codebook, later.codebook, topic.scale)
        for before, later in pairwise(found)
    }
    return [
        VersionLine(
            version=one.version,
            when=dates.moment_us(one.recorded_at),
            when_machine=dates.machine(one.recorded_at // 1_000_000),
            by=one.recorded_by,
            reason=one.codebook.reason if one.codebook else "",
            changed=changed.get(one.version, ()),
            is_erased=one.codebook is None,
            is_shown=one is chosen,
            href=f"/t/{topic.slug}/codebook?version={one.version}{known}",
        )
        for one in reversed(found)
    ]
