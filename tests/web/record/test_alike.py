"""Several statements corrected alike: seen first, in one append, with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.web.record.test_replies import queries
from timeline.domain.entry import Corrected

if TYPE_CHECKING:
    from typing import Any

    from tests.web.record.desk import Desk

ALIKE = "/record/alike"
TOPICS = "a-union", "deal"


def listed(desk: Desk, *numbers: int, **given: str) -> dict[str, Any]:
    """Return the form with these statements ticked and filled in so."""
    path = f"{ALIKE}?topic=a-union"
    seen = [f"{number}:1" for number in numbers]
    told = {"seen": seen, "tick": list(map(str, numbers)), "reason": "It is about the deal."}
    return desk.opened(path) | told | {"material": "material"} | given


def previewed(desk: Desk, form: dict[str, Any]) -> str:
    """Return what is shown before anything is corrected."""
    head = desk.head()
    page = desk.post(ALIKE, form | {"use": "previewed=1"})
    assert (page.status_code, desk.head()) == (200, head)
    return page.text


def two(desk: Desk) -> tuple[int, int]:
    desk.services.newsroom.topics.open(desk.byline(), "Is A ready?", "position", slug="ready")
    numbers = desk.say(), desk.say(paraphrase="Still rejects it.", said_at="2025-12-02")
    desk.services.models.catch_up()
    return numbers


def test_several_statements_move_to_another_topic_in_one_append(desk: Desk) -> None:
    numbers, head = two(desk), desk.head()
    page = desk.get(f"{ALIKE}?topic=a-union").text
    assert all(f'name="seen" value="{number}:1"' in page for number in numbers)
    form = listed(desk, *numbers, topic="ready")
    shown = previewed(desk, form)
    assert shown.count("<del>A union</del> <ins>Ready</ins>") == 2
    assert "Correct these 2 statements" in shown
    told = f"{numbers[0]}|{numbers[1]}|ready|"
    assert f'name="previewed" value="{told}"' in shown
    answer = desk.post(ALIKE, form | {"previewed": told})
    assert answer.status_code == 303
    events = [event for event in desk.events(head) if isinstance(event, Corrected)]
    assert [corrected.field for corrected in events] == ["topic", "topic"]
    assert len({corrected.recorded_at for corrected in events}) == 1
    back = parse_qs(urlsplit(answer.location).query)
    assert (back["to_topic"], back["done"]) == (["a-union"], ["2"])
    again = desk.get(answer.location).text
    assert "2 statements corrected in one append." in again
    assert '<option value="a-union" selected>' in again


def test_nothing_is_corrected_that_was_not_seen_before(desk: Desk) -> None:
    numbers = two(desk)
    head = desk.head()
    form = listed(desk, *numbers, topic="ready")
    response = desk.post(ALIKE, form | {"previewed": f"{numbers[0]}|ready|"})
    assert (response.status_code, desk.head()) == (200, head)
    assert "Correct these 2 statements" in response.text


def test_one_that_cannot_be_corrected_is_named_and_all_are_left(desk: Desk) -> None:
    numbers = two(desk)
    head = desk.head()
    told = f"{numbers[0]}|{numbers[1]}|deal|"
    form = listed(desk, *numbers, topic="deal") | {"previewed": told}
    answer = desk.post(ALIKE, form)
    assert (answer.status_code, desk.head()) == (422, head)
    assert f"#{numbers[0]}: " in answer.text
    assert "on the expectation scale" in answer.text


def test_who_said_them_is_corrected_too_and_gaps_are_told(desk: Desk) -> None:
    numbers = two(desk)
    bare = listed(desk, *numbers)
    unticked = previewed(desk, bare | {"tick": [], "actor": "Aland"})
    assert "Tick the statements that are meant." in unticked
    assert "Say what they should hold" in previewed(desk, bare)
    assert "Nobody on record, or several" in previewed(desk, bare | {"actor": "Nowhere"})
    assert "That is what they hold already." in previewed(desk, bare | {"actor": "Bland"})
    form = bare | {"actor": "Aland"}
    assert previewed(desk, form).count("<del>Bland</del> <ins>Aland</ins>") == 2
    told = f"{numbers[0]}|{numbers[1]}||Aland"
    assert desk.post(ALIKE, form | {"previewed": told, "reason": ""}).status_code == 422
    assert desk.post(ALIKE, form | {"previewed": told}).status_code == 303
    desk.services.models.catch_up()
    assert f"{numbers[1]}:2" in desk.get(f"{ALIKE}?actor=aland").text


def test_what_somebody_corrected_meanwhile_is_told_and_not_undone(desk: Desk) -> None:
    numbers = two(desk)
    form = listed(desk, *numbers, topic="ready")
    statements = desk.services.newsroom.statements
    statements.correct(desk.byline(), numbers[0], {"stance": "doubts"}, "misread")
    head = desk.head()
    told = f"{numbers[0]}|{numbers[1]}|ready|"
    answer = desk.post(ALIKE, form | {"previewed": told})
    assert (answer.status_code, desk.head()) == (409, head)
    assert "Somebody recorded something here while you were typing." in answer.text


def test_who_is_merged_into_another_finds_what_stands_in_their_lane(desk: Desk) -> None:
    numbers = desk.say(), desk.say(actor="petrow", said_at="2025-12-02")
    desk.services.newsroom.actors.merge(desk.byline(), "petrow", "bland", "One and the same.")
    desk.services.models.catch_up()
    for slug in ("petrow", "bland"):
        page = desk.get(f"{ALIKE}?actor={slug}").text
        assert all(f'name="tick" value="{number}"' in page for number in numbers)


def test_what_was_said_in_the_same_breath_is_told_before_a_speaker_is_corrected(desk: Desk) -> None:
    how = {"stance": "no_position", "no_position_reason": "unstated", "utterance": "u"}
    one, other = (desk.say(topic=topic, **how) for topic in TOPICS)
    desk.services.models.catch_up()
    told = "was said in the same breath and keeps its speaker"
    form = listed(desk, one, actor="Aland")
    shown = previewed(desk, form)
    assert f"#{other} {told}" in shown
    assert f'name="seen" value="{other}:1"' in shown
    seen = [f"{one}:1", f"{other}:1"]
    both = form | {"seen": seen, "tick": [str(one), str(other)]}
    assert told not in previewed(desk, both)
    assert told not in previewed(desk, form | {"actor": "", "topic": "deal"})


def test_more_statements_are_previewed_with_hardly_more_questions_to_the_store(desk: Desk) -> None:
    numbers = [desk.say(said_at=f"2025-11-{day:02}") for day in range(1, 11)]
    desk.services.models.catch_up()
    asked = []
    for some in (numbers[:2], numbers):
        form = listed(desk, *some, actor="Aland") | {"use": "previewed=1"}
        with queries() as sent:
            desk.post(ALIKE, form)
        asked.append(len(sent))
    assert asked[1] - asked[0] <= len(numbers)
