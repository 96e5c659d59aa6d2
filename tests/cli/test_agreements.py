"""How far coders agree, by command."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from tests.cli.terminal import answered, done, refused
from timeline.application.commands import RecordStatement, Source
from timeline.bootstrap import open_store
from timeline.desk.accounts.roles import Role
from timeline.desk.second_readings import ParagraphMark, Sample
from timeline.domain.codebook import Codebook
from timeline.domain.naming import stable_id
from timeline.domain.statement import StatementRecorded
from timeline.domain.variables import CHOICE, NUMBER, Variable


@pytest.fixture
def store(sqlite_talks: str) -> str:
    return sqlite_talks


def read_again(
    store: str,
    shift: int = 0,
    values: dict[str, str] | None = None,
    mark: ParagraphMark | None = None,
) -> int:
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
            told = {
                name: msgspec.json.encode(one).decode() if one else ""
                for name, one in (("variables", values), ("marked", mark))
            }
            room.read(msgspec.structs.replace(reading, stance=value, read_at=2, **told))
    return len(said)


def test_where_nothing_was_read_twice_there_is_nothing_to_say(store: str) -> None:
    assert answered("agreement", "--store", store) == []


def test_the_agreement_is_told_topic_by_topic_and_coder_by_coder(store: str) -> None:
    units = read_again(store)
    whole, *coders = answered("agreement", "--topic", "eu-accession", "--store", store)
    assert (whole["topic"], whole["coder"], whole["units"]) == ("eu-accession", "", units)
    assert whole["same"] == units
    assert whole["to_decide"] == 0
    assert "cora" in {coder["coder"] for coder in coders}
    assert "eu-accession" in done("agreement", "--store", store).out


@pytest.mark.thorough
def test_each_variable_of_a_codebook_has_a_line(store: str) -> None:
    asks = Variable(id="room", kind=CHOICE, choices=("a line", "a page"))
    book = Codebook(variables=(asks, Variable(id="billions", kind=NUMBER)))
    with closing(open_store(store)) as services:
        rooms = services.newsroom
        rooms.topics.write_codebook(rooms.byline("mira"), "eu-accession", book)
        for room in ("a line", "a page"):
            rooms.statements.record(
                rooms.byline("mira"),
                RecordStatement(
                    topic="eu-accession",
                    actor="russia",
                    stance="opposes",
                    paraphrase=f"In {room}.",
                    said_at="2025-12-01",
                    source=Source(outlet="Invented Times"),
                    variables={"room": room, "billions": "2"},
                ),
            )
        services.models.catch_up()
    read_again(store, values={"room": "a page", "billions": "2"})
    room, billions = (one for one in answered("agreement", "--store", store) if one["variable"])
    told = [(one["variable"], one["coder"], one["units"], one["same"]) for one in (room, billions)]
    assert told == [("room", "", 2, 1), ("billions", "", 2, 2)]
    assert (room["alpha"], room["meaning"]) == (0.0, "few")
    assert (billions["alpha"], billions["meaning"]) == (None, "unvaried")
    assert "room" in done("agreement", "--store", store).out


def test_what_differs_waits_to_be_decided(store: str) -> None:
    units = read_again(store, shift=-1)
    whole, *_ = answered("agreement", "--store", store)
    assert (whole["same"], whole["to_decide"]) == (0, units)
    assert whole["side_meaning"] in ("few", "unvaried")
    assert "no topic" in refused("agreement", "--topic", "nonsense", "--store", store)


def test_a_sample_is_drawn_listed_and_taken_back(store: str) -> None:
    with closing(open_store(store)) as services:
        services.desk.people.add("cora", "Cora", Role.CODER, services.clock())
    ask = ("--coder", "cora", "--by", "mira", "--store", store)
    assert "no size of a sample" in refused("sample", "draw", "eu-accession", "--size", "x", *ask)
    assert "nobody who codes" in refused(
        "sample", "draw", "eu-accession", "--coder", "nina", "--store", store
    )
    drawn, size = done("sample", "draw", "eu-accession", "--size", "100%", *ask).out.split()
    (listed,) = answered("sample", "list", "--topic", "eu-accession", "--store", store)
    assert (listed["id"], listed["coder"], listed["asked_by"]) == (drawn, "cora", "mira")
    assert (listed["size"], listed["read"]) == (int(size), 0)
    assert answered("sample", "list", "--topic", "nato-membership", "--store", store) == []
    done("sample", "withdraw", drawn, "--store", store)
    assert answered("sample", "list", "--store", store) == []
    assert "nothing of the kind" in refused("sample", "withdraw", drawn, "--store", store)


def test_speaker_day_and_passage_have_a_line_each_where_paragraphs_were_read(store: str) -> None:
    mark = ParagraphMark(
        size=20, passage=(3, 9), words=(3, 9), speaker="nobody", said_at="2025-12-01"
    )
    units = read_again(store, mark=mark)
    told = [one for one in answered("agreement", "--store", store) if one["field"]]
    assert [one["field"] for one in told] == ["speaker", "said_at", "passage"]
    assert told[0]["same"] == 0
    assert (told[2]["units"], told[2]["same"], told[2]["alpha"]) == (units, units, 1)
    assert all(one["variable"] == "" for one in told)


def test_a_sample_of_paragraphs_is_drawn_where_texts_are_kept(store: str) -> None:
    with closing(open_store(store)) as services:
        services.desk.people.add("cora", "Cora", Role.CODER, services.clock())
    asked = ("eu-accession", "--coder", "cora", "--paragraphs", "--store", store)
    assert "nothing on this topic" in refused("sample", "draw", *asked)
