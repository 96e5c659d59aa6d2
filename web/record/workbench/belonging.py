"""To which story a text belongs: what it may answer are the questions of that story alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.capture.topics import topic_of
from timeline.projections.queries import directory
from timeline.projections.queries.entries import StatementEntry
from web.record.forms.signing import own_handle
from web.shell.request import read_connection, reader_language, services, this_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Story
    from timeline.projections.queries.entries import Entry
    from web.record.source_text.kept_text import KeptText


class Belonging(msgspec.Struct, frozen=True):
    """To which story a text is ``tied``, else which one is ``proposed``, by slug or empty.

    ``known`` are the ids of the stories whose questions are offered: of the one that it is tied to,
    else of those on which something of it is coded.
    """

    stories: list[Story]
    tied: str
    proposed: str
    known: set[str]

    @property
    def title(self) -> str:
        """The title of the story that the text is tied to."""
        return next((story.title for story in self.stories if story.slug == self.tied), "")


def belonging(conn: Connection, kept: KeptText, coded: Iterable[Entry], passage: str) -> Belonging:
    """Return to which story a text belongs, by what is ``coded`` of it and by a passage of it."""
    with reader_language():
        stories = directory.stories(conn)
    slugs = {story.id: story.slug for story in stories}
    tied = services().desk.texts.story_of(kept.document)
    if tied in slugs:
        return Belonging(stories, slugs[tied], "", {tied})
    topics = directory.topics(conn) if stories else []
    story_of = {key: topic.story for topic in topics for key in (topic.id, topic.slug)}
    spoken = [story_of.get(entry.topic) for entry in coded if isinstance(entry, StatementEntry)]
    known = [one for one in spoken if one in slugs]
    near = story_of.get(topic_of(conn, f"{kept.name} {passage}")) if topics and not known else None
    likely = known[0] if known else near
    return Belonging(stories, "", slugs.get(likely or "", ""), {*filter(None, known)})


def tie(kept: KeptText, slug: str) -> None:
    """Tie a text to a story, or untie it for an empty slug; raises `NotFound` for no such story."""
    story = directory.story(read_connection(), slug).id if slug else ""
    services().desk.texts.tie(kept.document, story, own_handle(), this_request().instant)
