from __future__ import annotations

import tracemalloc
from typing import Any

from tests.application.newsdesk import Newsdesk, statement
from timeline.application.commands import Command, Source
from timeline.application.directory import Directory
from timeline.application.intake import Intake, IntakeRow
from timeline.domain.naming import keyed_id


def intake(desk: Newsdesk) -> Intake:
    return Intake(desk.log, Directory(desk.log, desk.register, creates=True), desk.anna)


def row(number: int, **changes: Any) -> IntakeRow:  # noqa: ANN401 - each field has its type
    source = Source(outlet="UN", title=f"Res {number}", published_at="2025-12-15")
    said = statement(paraphrase=f"Row {number}.", source=source)
    told = {"paraphrase": said.paraphrase, "source": source} | changes
    return IntakeRow(keyed_id("test", str(number)), statement(**told))


def said_by(entered: IntakeRow) -> Command:
    assert entered.command
    return entered.command


def test_what_is_refused_never_stops_the_rest(desk: Newsdesk) -> None:
    rows = [row(1), row(2, stance="for"), row(3, said_at="soon"), row(4)]
    outcomes = intake(desk).put(rows)
    assert [outcome.kind for outcome in outcomes] == ["fresh", "refused", "refused", "fresh"]
    assert [outcome.id for outcome in outcomes] == [each.entry for each in rows]
    assert [outcome.error.field for outcome in outcomes if outcome.error] == ["stance", "said_at"]


def test_what_a_refused_row_brought_along_is_not_recorded(desk: Newsdesk) -> None:
    head = desk.log.head()
    (outcome,) = intake(desk).put([row(1, actor=None, actor_name="Somebody", said_at="2026-12")])
    assert (outcome.kind, desk.log.head()) == ("refused", head)


def test_what_a_refused_row_brought_along_comes_with_the_next(desk: Newsdesk) -> None:
    rows = intake(desk)
    new: dict[str, object] = {"actor": None, "actor_name": "Somebody"}
    rows.put([row(1, **new, said_at="2026-12")])
    head = desk.log.head()
    rows.put([row(1, **new)])
    assert "actor.introduced" in desk.types(after=head)


def test_rows_of_one_batch_share_what_is_new(desk: Newsdesk) -> None:
    new: dict[str, object] = {"actor": None, "actor_name": "Somebody"}
    head, rows = desk.log.head(), intake(desk)
    rows.put([row(1, **new), row(2, **new)])
    rows.put([row(3, **new)])
    assert desk.types(after=head).count("actor.introduced") == 1


def test_rows_of_a_topic_that_was_closed_since_are_known(desk: Newsdesk) -> None:
    intake(desk).put([row(1)])
    desk.newsroom.topics.close(desk.anna(), "eu-accession", "decided")
    outcomes = intake(desk).put([row(1), row(2), row(1, stance="opposes")])
    assert [outcome.kind for outcome in outcomes] == ["known", "refused", "conflict"]
    assert outcomes[2].differs == ("stance",)


def test_rows_whose_source_was_redated_since_are_known(desk: Newsdesk) -> None:
    (said,) = intake(desk).put([row(1, said_at="2025-12-14")])
    first: Any = desk.log.event(said.position or 0)
    desk.newsroom.documents.correct(
        desk.anna(), first.document, "published_at", "2025-12-13", "misread"
    )
    source = said_by(row(1)).source
    rows = [
        row(1, said_at="2025-12-14"),
        row(1, said_at="soon"),
        row(2, said_at="2025-12-14", source=source),
    ]
    outcomes = intake(desk).put(rows)
    assert [outcome.kind for outcome in outcomes] == ["known", "refused", "refused"]


def test_a_speaker_without_a_mandate_speaks_for_another_as_the_file_states(desk: Newsdesk) -> None:
    speaking: dict[str, object] = {"actor": "dmitry-peskov", "on_behalf_of": "russia"}
    (fresh,) = intake(desk).put([row(1, **speaking)])
    event: Any = desk.log.event(fresh.position or 0)
    assert event.content.mandate_reason == "as stated in the imported file"
    desk.newsroom.actors.mandate(desk.anna(), "dmitry-peskov", "russia", "spokesman")
    (known,) = intake(desk).put([row(1, **speaking)])
    assert (known.kind, known.position) == ("known", fresh.position)


def test_what_came_along_is_told_until_it_is_counted(desk: Newsdesk) -> None:
    rows = intake(desk)
    rows.put([row(1, actor=None, actor_name="Somebody")])
    assert sorted(event.TOPIC for event in rows.brought.values()) == [
        "actor.introduced",
        "document.filed",
    ]


def test_memory_does_not_grow_with_the_rows(desk: Newsdesk) -> None:
    rows = intake(desk)

    def put(first: int) -> int:
        rows.put([row(first + n) for n in range(200)])
        return tracemalloc.get_traced_memory()[0]

    put(0)
    tracemalloc.start()
    begin = put(200)
    end = [put(first) for first in range(400, 2_400, 200)][-1]
    tracemalloc.stop()
    assert end - begin < 3_000_000
