from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from timeline.domain.errors import Conflict, NotFound, Refused
from timeline.domain.naming import stable_id
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from tests.application.newsdesk import Newsdesk

QUESTION = "Should there be a ceasefire?"


def test_a_topic_is_opened_in_a_story_and_may_succeed_another(desk: Newsdesk) -> None:
    opened = desk.newsroom.topics.open(
        desk.anna(),
        QUESTION,
        "position",
        name="Ceasefire",
        story="Berlin talks",
        succeeds="nato-membership",
    )
    event: Any = desk.log.event(opened.position)
    assert (event.slug, event.story, event.succeeds) == (
        "ceasefire",
        stable_id("story", "berlin-talks"),
        stable_id("topic", "nato-membership"),
    )


def test_a_topic_without_a_name_takes_its_slug_from_the_question(desk: Newsdesk) -> None:
    opened = desk.newsroom.topics.open(desk.anna(), QUESTION, "position")
    assert opened.id == stable_id("topic", "should-there-be-a-ceasefire")


@pytest.mark.parametrize("missing", [{"story": "rome"}, {"succeeds": "ukraine-in-space"}])
def test_what_a_topic_refers_to_is_on_record(desk: Newsdesk, missing: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        desk.newsroom.topics.open(desk.anna(), QUESTION, "position", **missing)


def test_a_slug_that_another_topic_has_is_a_conflict(desk: Newsdesk) -> None:
    with pytest.raises(Conflict, match="differs in: scale, story, question"):
        desk.newsroom.topics.open(desk.anna(), QUESTION, "claim", slug="eu-accession")


def test_a_topic_is_reworded_filed_closed_and_reopened(desk: Newsdesk) -> None:
    topics, head = desk.newsroom.topics, desk.log.head()
    topics.reword(desk.anna(), "eu-accession", "Should it join?", "short", same_meaning=True)
    topics.file_under(desk.anna(), "eu-accession", None)
    topics.close(desk.anna(), "eu-accession", "decided")
    topics.reopen(desk.anna(), "eu-accession", "open again")
    assert desk.types(after=head) == [
        "topic.reworded",
        "topic.filed_under",
        "topic.closed",
        "topic.reopened",
    ]


def test_a_wording_that_somebody_else_has_set_meanwhile_is_a_conflict(desk: Newsdesk) -> None:
    topics = desk.newsroom.topics
    topics.close(desk.anna(), "eu-accession", "decided")
    with pytest.raises(Conflict, match=r"meanwhile: topic\.closed by anna"):
        topics.reword(desk.anna(seen=1), "eu-accession", QUESTION, "short", same_meaning=True)


def test_an_unknown_topic_is_named_with_the_nearest(desk: Newsdesk) -> None:
    with pytest.raises(NotFound) as no:
        desk.newsroom.topics.close(desk.anna(), "eu-acession", "decided")
    assert no.value.nearest[0] == "eu-accession"


def test_a_question_of_many_pages_is_refused(desk: Newsdesk) -> None:
    with pytest.raises(Refused, match="4000 characters, 500 are allowed"):
        desk.newsroom.topics.open(desk.anna(), "Why?" * 1000, "position")


def test_the_wordings_of_a_topic_can_be_erased(desk: Newsdesk) -> None:
    desk.newsroom.topics.redact(desk.anna(), "eu-accession", "court order")
    topic = desk.log.load(Topic, stable_id("topic", "eu-accession"))
    assert topic is not None
    assert (topic.question, topic.scale) == ("", "position")


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
