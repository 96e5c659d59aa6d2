"""A story: it groups topics, and orders their sides."""

from __future__ import annotations

import msgspec

from timeline.domain.aggregate import check_slug, command, required_reason
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, Content, Event
from timeline.domain.messages import Message
from timeline.domain.naming import stable_id
from timeline.domain.translation import Translatable, Translated

NO_SUCH_STORY = Message("no_such_story", "there is no story %(name)s")
STORY_TITLE_MISSING = Message(
    "story_title_missing", "the story has no title", fix="name the running story in a few words"
)
SIDE_UNNAMED = Message("side_unnamed", "a side has no name", fix="name each side")
ACTOR_IN_TWO_SIDES = Message(
    "actor_in_two_sides", "an actor stands in the order twice", fix="name each actor once"
)


class StoryTitle(Content, frozen=True):
    title: str


class StoryOpened(Event, frozen=True):
    TOPIC = "story.opened"
    slug: str
    content: StoryTitle | None = None


class NewTitle(Content, frozen=True):
    title: str
    reason: str


class StoryRenamed(Event, frozen=True):
    TOPIC = "story.renamed"
    content: NewTitle | None = None


class SideLabels(Content, frozen=True):
    labels: tuple[str, ...]


class StorySidesArranged(Event, frozen=True):
    """``sides`` holds the ids of actors in lane order, for each label of the content."""

    TOPIC = "story.sides_arranged"
    sides: tuple[tuple[str, ...], ...]
    content: SideLabels | None = None


class StoryTranslated(Translated, frozen=True):
    TOPIC = "story.translated"


class Side(msgspec.Struct, frozen=True):
    """One group of lanes: its label and its actors' ids, in order."""

    label: str
    actors: tuple[str, ...]


class Story(Translatable):
    """Decides what may be recorded of one story."""

    TRANSLATED = StoryTranslated

    def __init__(self) -> None:
        super().__init__()
        self.slug = ""
        self.title = ""
        self.names: set[str] = set()
        """Every title that it has had."""
        self.sides: tuple[tuple[str, ...], ...] = ()
        self.labels: tuple[str, ...] = ()

    @classmethod
    def open(cls, byline: Byline, slug: str, title: str) -> Story:
        """Open a story under a slug of its own.

        Raises `Refused` for an empty title or an invalid slug.
        """
        check_slug(slug)
        story = cls()
        story.id = stable_id("story", slug)
        story._record(StoryOpened, byline, slug=slug, content=StoryTitle(title=_titled(title)))
        return story

    @command
    def rename(self, byline: Byline, title: str, reason: str) -> None:
        """Change the title; the address stays. Raises `Refused` without a reason."""
        if _titled(title) != self.title:
            content = NewTitle(title=_titled(title), reason=required_reason(reason))
            self._record(StoryRenamed, byline, content=content)

    @command
    def arrange_sides(self, byline: Byline, sides: tuple[Side, ...]) -> None:
        """Set the order of lanes; raises `Refused` for a repeated actor or an unnamed side."""
        if not all(side.label.strip() for side in sides):
            raise Refused(SIDE_UNNAMED, field="sides")
        seen = [actor for side in sides for actor in side.actors]
        if len(seen) != len(set(seen)):
            raise Refused(ACTOR_IN_TWO_SIDES, field="sides")
        actors = tuple(side.actors for side in sides)
        labels = tuple(side.label for side in sides)
        if (actors, labels) != (self.sides, self.labels):
            content = SideLabels(labels=labels)
            self._record(StorySidesArranged, byline, sides=actors, content=content)

    def texts(self) -> dict[str, str]:
        """Return the title and the labels of the sides."""
        return {"title": self.title} | {f"side:{label}": label for label in self.labels}

    def _apply(self, event: Event) -> None:
        super()._apply(event)
        match event:
            case StoryOpened():
                self.slug = event.slug
                self._call(event.content)
            case StoryRenamed():
                self._call(event.content)
            case StorySidesArranged():
                self.sides = event.sides
                self.labels = event.content.labels if event.content else ()

    def _call(self, content: StoryTitle | NewTitle | None) -> None:
        self.title = content.title if content else ""
        self.names.add(self.title)


def _titled(title: str) -> str:
    if not title.strip():
        raise Refused(STORY_TITLE_MISSING, field="title")
    return title.strip()
