"""Names with one slug are not one actor, nor one topic: what looks alike is never merged."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interchange.desk import Desk, row, table
from timeline.domain.naming import slugify
from timeline.domain.spelling import comparable_name

PAIRS = [
    ("王伟", "王维"),
    ("Müller", "Mueller"),
    ("Иванов", "Ivanov"),
    ("Weiß", "Weiss"),
    ("Should A+ be?", "Should A- be?"),
]
# None of them is in capitals: an abbreviation is no word (see test_nothing).
ALIKE = ("aAäÄ", "eE", "-’' ", "!?.", ("ß", "ss"), "иИ", ("у", "У"), "вВ", "王", "伟维", "iuv+")
TWO_NAMES = st.lists(
    st.sampled_from(ALIKE).flatmap(
        lambda letters: st.tuples(st.sampled_from(letters), st.sampled_from(letters))
    ),
    min_size=1,
    max_size=5,
).map(lambda pairs: [f"Nb{''.join(letters).strip()}" for letters in zip(*pairs, strict=True)])
"""Two names of letters that look or sound alike."""


def named(actor: str, **changes: object) -> dict[str, Any]:
    return row(actor=actor, actor_kind="person", **changes)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_actor_whose_slug_another_name_has_is_refused_with_both_names_and_the_fix(
    desk: Desk, one: str, other: str
) -> None:
    assert slugify(one) == slugify(other)
    assert desk.refusal(named(one), named(other)) == (
        f"rows.jsonl, line 2, column actor: {other!r} has the address (slug) {slugify(one)!r},"
        f" which belongs to {one!r}; add it as an alias if they are the same, else give it a slug"
        " of its own"
    )
    assert desk.event("actor.introduced").content.name == one


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_topic_whose_slug_another_name_has_is_refused_with_both_names_and_the_fix(
    desk: Desk, one: str, other: str
) -> None:
    said = {"topic_question": None, "stance": "asserts"}
    assert desk.refusal(row(topic=one, **said), row(topic=other, **said)) == (
        f"rows.jsonl, line 2, column topic: {other!r} has the address (slug) {slugify(one)!r},"
        f" which belongs to {one!r}; use that slug if they are the same, else give it one of its"
        " own"
    )
    assert desk.event("topic.opened").content.name == one


def test_an_alias_says_that_two_names_are_the_same(desk: Desk) -> None:
    actor = {"kind": "actor", "actor_name": "Müller", "actor_kind": "person"}
    summary = desk.take_rows(actor | {"aliases": ["Mueller"]}, named("Müller"), named("Mueller"))
    assert (summary.recorded, summary.clean) == (3, True)
    assert len({said.speaker for said in desk.events("statement.recorded")}) == 1


def test_an_own_slug_says_that_two_names_are_not_the_same(desk: Desk) -> None:
    own = named("mueller-linke", actor_name="Mueller")
    summary = desk.take_rows(named("Müller"), own, named("Mueller", stance="doubts"))
    assert (summary.recorded, summary.clean) == (3, True)
    first, second, third = (said.speaker for said in desk.events("statement.recorded"))
    assert first != second == third


def test_a_map_may_say_which_names_are_the_same_and_which_are_not(desk: Desk) -> None:
    rows = [{"who": who, "what": "Tax", "how": "for"} for who in ("Müller", "Mueller", "Muëller")]
    mapping = {
        "columns": {"actor": "who", "stance": "how"},
        "constants": {"actor_kind": "person", "said_at": "2025"},
        "values": {"actor": {"Mueller": "mueller", "Muëller": "mueller-linke"}},
        "topics": {"column": "what", "scale": "vote"},
    }
    summary = desk.take(desk.file(table(*rows)), mapping=mapping)
    assert (summary.recorded, summary.clean) == (3, True)
    introduced = [(each.slug, each.content.name) for each in desk.events("actor.introduced")]
    assert introduced == [("mueller", "Müller"), ("mueller-linke", "Muëller")]


def test_a_topic_that_was_reworded_is_found_under_its_earlier_name(desk: Desk) -> None:
    said = row(topic="EU accession")
    desk.take_rows(said)
    desk.newsroom.topics.reword(
        desk.anna(), "eu-accession", "Should it?", "shorter", same_meaning=True, name="Accession"
    )
    assert desk.take_rows(said).known == 1


@given(TWO_NAMES)
def test_two_names_are_one_actor_only_if_their_letters_are_the_same(names: list[str]) -> None:
    one, other = names
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/names.db", Path(folder)) as desk,
    ):
        desk.take_rows(named(one, key="1"), named(other, key="2"))
        speakers = [said.speaker for said in desk.events("statement.recorded")]
        taken = slugify(one) == slugify(other) and comparable_name(one) != comparable_name(other)
        assert len(speakers) == 1 + (not taken)
        assert (len(set(speakers)) == 1) == (
            taken or comparable_name(one) == comparable_name(other)
        )


@given(TWO_NAMES)
def test_two_names_are_one_topic_only_if_their_letters_are_the_same(names: list[str]) -> None:
    one, other = names
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/names.db", Path(folder)) as desk,
    ):
        said = {"topic_question": None, "stance": "asserts"}
        desk.take_rows(row(topic=one, key="1", **said), row(topic=other, key="2", **said))
        topics = [each.topic for each in desk.events("statement.recorded")]
        taken = slugify(one) == slugify(other) and comparable_name(one) != comparable_name(other)
        assert len(topics) == 1 + (not taken)
        assert (len(set(topics)) == 1) == (taken or comparable_name(one) == comparable_name(other))


def test_a_story_that_was_renamed_comes_back_by_either_title_and_keeps_the_last(
    desk: Desk, tmp_path: Path
) -> None:
    line = {"kind": "story", "story": "talks", "title": "Talks"}
    desk.take_rows(row(key="1", story="talks"), line)
    desk.newsroom.stories.rename(desk.anna(), "talks", "The long war", "They went on.")
    head = desk.log.head()
    assert desk.take_rows(line, line | {"title": "The long war"}).clean
    assert desk.log.head() == head
    assert "with another title" in desk.refusal(line | {"title": "Another"})
    with Desk.opened(f"sqlite:///{tmp_path}/there.db", tmp_path) as other:
        (tmp_path / "out.jsonl").write_text(desk.export("jsonl"), "utf-8", newline="")
        assert other.take(tmp_path / "out.jsonl").clean
        assert other.event("story.opened").content.title == "The long war"
