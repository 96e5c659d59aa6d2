"""Commands on stories: open one, and arrange its sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.noun import TranslatableNoun
from timeline.application.texts import text
from timeline.domain.naming import slugify
from timeline.domain.story import Side, Story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline


class Stories(TranslatableNoun[Story]):
    """Commands on stories."""

    KIND = Story

    def stream(self, name: str) -> str:
        """Return the id of a story given by slug, name or id; raises `NotFound`."""
        return self._directory().story(name).id

    def open(self, byline: Byline, title: str, *, slug: str | None = None) -> Recorded:
        """Open a story; its slug follows from the title unless one is given."""
        clean_title = text(title, "title")
        return self._open(Story.open(byline, slug or slugify(clean_title), clean_title))

    def rename(self, byline: Byline, story: str, title: str, reason: str) -> Recorded:
        """Give the story another title; it keeps its address."""
        clean_title, why = text(title, "title"), text(reason, "reason")
        return self._revise(byline, story, lambda loaded: loaded.rename(byline, clean_title, why))

    def arrange_sides(
        self, byline: Byline, story: str, sides: Sequence[tuple[str, Sequence[str]]]
    ) -> Recorded:
        """Set the order of lanes: for each side its label and its actors, by slug or name."""
        directory = self._directory()

        def ids(actors: Sequence[str]) -> tuple[str, ...]:
            return tuple(directory.actor(actor, field="sides").id for actor in actors)

        arranged = tuple(Side(text(label, "side"), ids(actors)) for label, actors in sides)
        return self._revise(byline, story, lambda loaded: loaded.arrange_sides(byline, arranged))
