from __future__ import annotations

import pytest

from tests.domain.past import ANNA, decided, past, told
from timeline.domain.errors import Refused
from timeline.domain.naming import stable_id
from timeline.domain.story import (
    NewTitle,
    Side,
    SideLabels,
    Story,
    StoryOpened,
    StoryRenamed,
    StorySidesArranged,
    StoryTitle,
)

OPENED = told(StoryOpened, slug="berlin-talks", content=StoryTitle(title="Berlin talks"))
ARRANGED = told(
    StorySidesArranged, sides=(("ru",), ("ua", "eu")), content=SideLabels(labels=("East", "West"))
)


def test_a_story_is_opened_with_its_title() -> None:
    story = Story.open(ANNA, "berlin-talks", " Berlin talks ")
    assert story.id == stable_id("story", "berlin-talks")
    assert decided(story) == [OPENED]


def test_a_story_without_a_title_is_refused() -> None:
    with pytest.raises(Refused, match="no title"):
        Story.open(ANNA, "berlin-talks", " ")


@pytest.mark.parametrize("slug", ["Berlin", "berlin talks", "berlin--talks", "-", "", "für"])
def test_a_slug_that_is_none_is_refused(slug: str) -> None:
    with pytest.raises(Refused, match="lower-case letters, digits and hyphens"):
        Story.open(ANNA, slug, "Berlin talks")


def test_the_sides_of_a_story_are_arranged() -> None:
    story = past(Story, OPENED)
    story.arrange_sides(ANNA, (Side("East", ("ru",)), Side("West", ("ua", "eu"))))
    assert decided(story) == [ARRANGED]


def test_the_same_order_again_records_nothing() -> None:
    story = past(Story, OPENED, ARRANGED)
    story.arrange_sides(ANNA, (Side("East", ("ru",)), Side("West", ("ua", "eu"))))
    assert decided(story) == []


def test_a_side_that_is_renamed_is_recorded() -> None:
    story = past(Story, OPENED, ARRANGED)
    story.arrange_sides(ANNA, (Side("Moscow", ("ru",)), Side("West", ("ua", "eu"))))
    assert [event.TOPIC for event in decided(story)] == ["story.sides_arranged"]


def test_an_actor_on_two_sides_is_refused() -> None:
    story = past(Story, OPENED)
    with pytest.raises(Refused, match="twice; name each actor once"):
        story.arrange_sides(ANNA, (Side("East", ("ru",)), Side("West", ("ru",))))


def test_a_side_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="a side has no name"):
        past(Story, OPENED).arrange_sides(ANNA, (Side(" ", ("ru",)),))


RENAMED = told(StoryRenamed, content=NewTitle(title="Talks", reason="They went on elsewhere."))


def test_a_story_is_renamed_with_a_reason_and_is_found_by_every_title() -> None:
    story = past(Story, OPENED)
    story.rename(ANNA, " Talks ", "They went on elsewhere.")
    assert decided(story) == [RENAMED]
    assert (story.title, story.slug) == ("Talks", "berlin-talks")
    assert story.names == {"Berlin talks", "Talks"}


def test_the_same_title_again_records_nothing() -> None:
    story = past(Story, OPENED, RENAMED)
    story.rename(ANNA, "Talks", "")
    assert decided(story) == []


@pytest.mark.parametrize(
    ("title", "reason", "why"), [(" ", "x", "no title"), ("Talks", " ", "a reason is missing")]
)
def test_a_title_is_never_empty_and_never_changes_without_a_reason(
    title: str, reason: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        past(Story, OPENED).rename(ANNA, title, reason)
