"""What the position rule finds, as the command line answers it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import select

from tests.cli.terminal import answered, done, done_with_notes
from timeline.bootstrap import open_store
from timeline.domain.statement import Words
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_votes_are_printed_from_the_first_one_on(record: str) -> None:
    votes = [one["slug"] for one in answered("topics", "--store", record) if one["scale"] == "vote"]
    assert len(votes) == 6
    on = [part for vote in votes for part in ("--topic", vote)]
    found = answered("changes", *on, "--store", record)
    firsts = [one for one in found if one["kind"] == "first"]
    standing = answered("positions", *on, "--store", record)
    assert sorted((one["topic"], one["actor"]) for one in firsts) == sorted(
        (one["topic"], one["actor"]) for one in standing
    )
    assert {one["kind"] for one in found} == {"first", "vote"}
    assert {(one["status"], *one["because"], one["rule"]) for one in found} == {
        ("printed", "vote", 2)
    }


def test_changes_can_be_narrowed_to_an_actor_and_to_days(record: str) -> None:
    found = answered("changes", "--topic", "cuba-embargo", "--store", record)
    ask = "changes", "--topic", "cuba-embargo", "--store", record
    assert answered(*ask, "-n", "3") == found[:3]
    brazil = answered(*ask, "--actor", "brazil")
    assert brazil == [one for one in found if one["actors"] == ["brazil"]]
    late = answered(*ask, "--since", "2010")
    assert late == [one for one in found if one["said_at"] >= "2010"]


def test_a_side_stands_where_its_decider_stands_and_says_that_this_is_proposed(record: str) -> None:
    ask = "positions", "--topic", "security-guarantees", "--actor", "ukraine"
    answer = done_with_notes(*ask, "--store", record)
    assert "volodymyr-zelensky" in answer.out
    assert "proposed by the words of the role" in answer.err
    (found,) = answered(*ask, "--store", record)
    assert (found["held_by"], found["proposed"]) == ("volodymyr-zelensky", True)
    (why,) = answered(*ask, "--why", "--store", record)
    assert {one["statement"] for one in why["ignored"]}.isdisjoint(why["counted"])


def test_nothing_was_known_before_it_was_recorded(record: str) -> None:
    ask = "positions", "--topic", "security-guarantees", "--store", record
    assert answered(*ask, "--known-at", "@1") == []


def test_a_merged_actor_bears_its_own_slug_in_what_was_known_before(talks: str) -> None:
    asked = [("positions",), ("changes", "--signed", "any")]
    before = [answered(*ask, "--store", talks) for ask in asked]
    assert "dmitry-peskov" in {one["actor"] for one in before[0]}
    why = "--reason", "The same.", "--store", talks
    merged = int(done("merge", "dmitry-peskov", "vladimir-putin", *why).out)
    known = "--known-at", f"@{merged - 1}", "--store", talks
    assert [answered(*ask, *known) for ask in asked] == before


@pytest.mark.thorough
def test_a_condition_of_the_demo_is_told_in_the_words_of_the_speaker_of_its_end(
    whole_demo_original: str,
) -> None:
    named = conditions_named(whole_demo_original)
    ask = "--store", whole_demo_original
    every = answered("changes", "--signed", "any", *ask)
    found = [*ends_of(every), *ends_of(answered("positions", "--why", *ask))]
    assert len(found) > 100
    strange = []
    for texts, end in found:
        _, speaker, last = max((named[one] for one in end), key=lambda one: one[2])
        own = {text for text, who, at in named.values() if who == speaker and at <= last}
        strange += [(end, text) for text in texts if not text or text not in own]
    assert strange == []


def conditions_named(store: str) -> dict[int, tuple[str, str, int]]:
    """Return, by number, how a statement names its condition, who said it, and when."""
    columns, table = schema.statements.c, {}
    with closing(open_store(store)) as services, services.models.engine().connect() as conn:
        asked = select(columns.number, columns.words, columns.speaker, columns.counts_from)
        for row in conn.execute(asked.where(columns.known_until.is_(None))):
            text = " ".join(msgspec.json.decode(row.words, type=Words).condition.split())
            table[row.number] = text, row.speaker, row.counts_from
    return table


def ends_of(answers: list[dict[str, Any]]) -> Iterator[tuple[list[str], list[int]]]:
    """Yield conditions that answers name, with the statements of their end."""
    for answer in answers:
        for texts, end in (("appeared", "after"), ("gone", "before"), ("terms", "counted")):
            if answer.get(texts):
                yield answer[texts], answer[end]
