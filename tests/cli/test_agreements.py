"""How far coders agree, by command."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from tests.cli.terminal import answered, done, refused
from timeline.bootstrap import open_store
from timeline.desk.second_readings import Sample
from timeline.domain.naming import stable_id
from timeline.domain.statement import StatementRecorded


@pytest.fixture
def store(sqlite_talks: str) -> str:
    return sqlite_talks


def read_again(store: str, shift: int = 0) -> int:
    """Let cora read every statement on a topic again, so many steps further; return how many."""
    topic = stable_id("topic", "eu-accession")
    with closing(open_store(store)) as services:
        said = [
            (event.originator_id, place, event.stance)
            for place, event in services.log.stream()
            if isinstance(event, StatementRecorded) and event.topic == topic
        ]
        room = services.desk.second_readings
        sample = Sample(
            id="s",
            topic=topic,
            coder="cora",
            asked_by="mira",
            asked_at=1,
            position=services.log.head(),
        )
        room.ask(sample, [one[:2] for one in said])
        for reading, (_, _, stance) in zip(room.readings("s"), said, strict=True):
            value = None if stance is None else stance + shift
            room.read(msgspec.structs.replace(reading, stance=value, read_at=2))
    return len(said)


def test_where_nothing_was_read_twice_there_is_nothing_to_say(store: str) -> None:
    assert answered("agreement", "--store", store) == []


def test_the_agreement_is_told_topic_by_topic_and_coder_by_coder(store: str) -> None:
    units = read_again(store)
    whole, *coders = answered("agreement", "--topic", "eu-accession", "--store", store)
    assert (whole["topic"], whole["coder"], whole["units"]) == ("eu-accession", "", units)
    assert whole["same"] == units
    assert whole["to_decide"] == 0
    assert "cora" in {one["coder"] for one in coders}
    assert "eu-accession" in done("agreement", "--store", store).out


def test_what_differs_waits_to_be_decided(store: str) -> None:
    units = read_again(store, shift=-1)
    whole, *_ = answered("agreement", "--store", store)
    assert (whole["same"], whole["to_decide"]) == (0, units)
    assert whole["side_meaning"] in ("few", "unvaried")
    assert "no topic" in refused("agreement", "--topic", "nonsense", "--store", store)
