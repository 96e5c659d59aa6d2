from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from timeline.domain.errors import Conflict, NotFound
from timeline.domain.naming import stable_id

if TYPE_CHECKING:
    from tests.application.newsdesk import Newsdesk

SIDES = (("East", ["russia"]), ("West", ["Ukraine", "european-leaders"]))


def test_a_story_takes_its_slug_from_its_title(desk: Newsdesk) -> None:
    opened = desk.newsroom.stories.open(desk.anna(), "Größere Lage")
    assert opened.id == stable_id("story", "groessere-lage")


def test_a_story_opened_twice_is_one_story(desk: Newsdesk) -> None:
    again = desk.newsroom.stories.open(desk.anna(), "Berlin talks")
    assert (again.fresh, again.position) == (False, 1)


def test_a_slug_that_another_story_has_is_a_conflict(desk: Newsdesk) -> None:
    with pytest.raises(Conflict, match="on record, but differs in: title"):
        desk.newsroom.stories.open(desk.anna(), "Other talks", slug="berlin-talks")


def test_sides_are_arranged_by_slug_or_name(desk: Newsdesk) -> None:
    done = desk.newsroom.stories.arrange_sides(desk.anna(), "berlin-talks", SIDES)
    event: Any = desk.log.event(done.position)
    east, west = (
        tuple(stable_id("actor", slug) for slug in side)
        for side in (["russia"], ["ukraine", "european-leaders"])
    )
    assert (event.sides, event.content.labels) == ((east, west), ("East", "West"))


def test_a_side_has_only_actors_on_record(desk: Newsdesk) -> None:
    with pytest.raises(NotFound, match="did you mean ukraine") as no:
        desk.newsroom.stories.arrange_sides(desk.anna(), "berlin-talks", [("West", ["ukrain"])])
    assert no.value.field == "sides"


def test_an_order_that_somebody_else_has_set_meanwhile_is_a_conflict(desk: Newsdesk) -> None:
    stories = desk.newsroom.stories
    stories.arrange_sides(desk.anna(seen=1), "berlin-talks", SIDES)
    with pytest.raises(Conflict, match=r"meanwhile: story\.sides_arranged by anna"):
        stories.arrange_sides(desk.anna(seen=1), "berlin-talks", [])


def test_an_unknown_story_is_named_with_the_nearest(desk: Newsdesk) -> None:
    with pytest.raises(NotFound, match="did you mean berlin-talks"):
        desk.newsroom.stories.arrange_sides(desk.anna(), "berlin-talk", [])
