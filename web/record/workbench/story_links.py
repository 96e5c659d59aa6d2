"""The story of a text: the workbench offers only the questions of that story."""

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
    from web.record.source_text.article import SourceText


class StoryLink(msgspec.Struct, frozen=True):
    """The story to which a text is ``tied``, else the ``proposed`` one, by slug or empty.

    ``known`` are the ids of the stories whose questions are offered: the one that it is tied to,
    else those of the statements that are coded from it.
    """

    stories: list[Story]
    tied: str
    proposed: str
    known: set[str]

    @property
    def title(self) -> str:
        """The title of the story that the text is tied to."""
        return next((story.title for story in self.stories if story.slug == self.tied), "")


def story_link(
    conn: Connection, source: SourceText, coded: Iterable[Entry], passage: str
) -> StoryLink:
    """Return the story of a text, by the entries ``coded`` from it and by a passage of it."""
    with reader_language():
        stories = directory.stories(conn)
    slugs = {story.id: story.slug for story in stories}
    tied = services().desk.texts.story_of(source.document)
    if tied in slugs:
        return StoryLink(stories, slugs[tied], "", {tied})
    topics = directory.topics(conn) if stories else []
    story_of = {key: topic.story for topic in topics for key in (topic.id, topic.slug)}
    story_ids = [story_of.get(entry.topic) for entry in coded if isinstance(entry, StatementEntry)]
    known = [story_id for story_id in story_ids if story_id in slugs]
    near = (
        story_of.get(topic_of(conn, f"{source.name} {passage}")) if topics and not known else None
    )
    best = known[0] if known else near
    return StoryLink(stories, "", slugs.get(best or "", ""), {*filter(None, known)})


def tie_to_story(source: SourceText, slug: str) -> None:
    """Tie a text to a story, or untie it if the slug is empty; raises `NotFound`."""
    story = directory.story(read_connection(), slug).id if slug else ""
    services().desk.texts.tie(source.document, story, own_handle(), this_request().instant)
