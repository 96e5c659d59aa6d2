"""Bad input: one clear line each, with file, line, column and how to mend it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from timeline.domain.errors import NotFound, Refused
from timeline.interchange.native import fields

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"stance": "suports"},
            (
                "column stance: stance 'suports' is not a word of the position scale; "
                "use one of: opposes, doubts, undecided, accepts, supports, no_position"
            ),
        ),
        (
            {"said_at": "14.13.2025"},
            "column said_at: ",
        ),
        ({"said_at": "2025-12-14T09:00"}, "column said_at: "),
        ({"said_at": "2027-01-01", "source__published_at": None}, "column said_at: "),
        ({"said_at": "2025-12-16"}, "column said_at: "),
        ({"said_at": None, "source__published_at": None}, "column said_at: "),
        ({"actor": None}, "column actor: actor is missing; say who said it, by slug or name"),
        ({"stance": None}, "column stance: stance is missing; "),
        ({"topic": None}, "column topic: topic is missing; "),
        ({"paraphrase": "a\x00b"}, "column paraphrase: "),
        ({"quote__text": "a\x00b"}, "column quote.text: "),
        ({"quote__text": "x" * 501}, "column quote.text: the quote has 501 characters, 500 "),
        ({"paraphrase": "x" * 5_000_000}, "column paraphrase: the text has 5000000 characters, "),
        ({"actr": "x"}, "column actr: there is no field 'actr'; did you mean actor?"),
        ({"title": "x"}, "column title: a statement has no field 'title'; "),
        ({"kind": "tweet"}, "column kind: there is no kind of line 'tweet'; use one of: "),
        ({"stance": ["for"]}, "column stance: ['for'] is not text; "),
        ({"scale": "vote"}, "column scale: topic 'eu-accession' is on the position scale, not "),
        ({"topic": "x", "scale": "votes"}, "column scale: there is no scale 'votes'; use one of: "),
        ({"attribution": "rumour"}, "column attribution: there is no attribution 'rumour'; "),
        ({"stance": "no_position"}, "column no_position_reason: "),
        (
            {"actor": "x", "actor_kind": "robot"},
            "column actor_kind: there is no kind of actor 'robot'; ",
        ),
        ({"source__url": "ftp://example.org"}, "column source.url: "),
        ({"key": "urn:uuid:1"}, "column key: '1' is not the id of an entry; "),
    ],
)
def test_a_row_that_cannot_be_recorded_is_refused_in_one_line(
    desk: Desk, changes: dict[str, Any], line: str
) -> None:
    told = desk.refusal(row(), row(**changes))
    assert told.startswith("rows.jsonl, line 2, " + line), told
    assert "; " in told
    assert len(told) < 400
    assert "\n" not in told
    assert len(desk.events("statement.recorded")) == 1


def test_a_stance_of_another_scale_names_that_scale(desk: Desk) -> None:
    told = desk.refusal(row(topic="eu-acession", topic_question=None, stance="supports"))
    assert told == (
        "rows.jsonl, line 1, column stance: 'supports' is a word of the position scale, and topic "
        "'eu-acession' is on the claim scale; choose another topic, or give the row that opens it "
        "a topic_question or a scale"
    )
    assert desk.log.head() == 0


def test_a_stance_of_another_scale_suggests_the_topic_that_was_meant(desk: Desk) -> None:
    desk.take_rows(row())
    told = desk.refusal(row(topic="eu-acession", topic_question=None, stance="supports"))
    assert told.endswith("; did you mean eu-accession?")


def test_without_creating_an_unknown_topic_is_refused_with_the_nearest(desk: Desk) -> None:
    desk.take_rows(row())
    told = desk.refusal(row(topic="eu-acession"), creates=False)
    assert told == (
        "rows.jsonl, line 1, column topic: there is no topic 'eu-acession'; "
        "did you mean eu-accession?"
    )


def test_without_creating_an_unknown_actor_is_refused_with_the_nearest(desk: Desk) -> None:
    desk.take_rows(row())
    told = desk.refusal(row(actor="dmitri-peskow"), creates=False)
    assert told.endswith("there is no actor 'dmitri-peskow'; did you mean dmitry-peskov?")


def test_without_creating_lines_define_nothing(desk: Desk) -> None:
    told = desk.refusal({"kind": "actor", "actor": "russia"}, creates=False)
    assert "the actor is not on record, and nothing may be created" in told


def test_all_rows_go_to_the_topic_that_is_asked_for(desk: Desk) -> None:
    desk.take_rows(row())
    desk.take_rows(row(topic="something-else", actor="ann"), topic="eu-accession")
    assert len({event.topic for event in desk.events("statement.recorded")}) == 1


def test_an_unknown_topic_that_is_asked_for_is_refused_at_once(desk: Desk) -> None:
    desk.take_rows(row())
    with pytest.raises(NotFound, match="did you mean eu-accession"):
        desk.take_rows(row(actor="ann"), topic="eu-acession")


def test_malformed_json_is_one_row_and_stops_nothing(desk: Desk) -> None:
    content = '{"topic": "x",}\n' + jsonl([row()]) + "[1]\n"
    summary = desk.take(desk.file(content, "rows.jsonl"))
    assert (summary.recorded, summary.rejected) == (1, 2)
    assert str(summary.rejections[0]).startswith(
        "rows.jsonl, line 1: the line is not a JSON object ("
    )


def test_half_a_character_in_json_is_refused(desk: Desk) -> None:
    content = jsonl([row()]).replace("Ukraine", "\\ud800Ukraine")
    assert desk.take(desk.file(content, "rows.jsonl")).rejected == 1


@pytest.mark.parametrize("content", [b"", b"  \n\n"])
def test_an_empty_file_is_refused(desk: Desk, content: bytes) -> None:
    with pytest.raises(Refused) as info:
        desk.take(desk.file(content))
    assert str(info.value) == "rows.csv: the file is empty; give a file with at least one row"


def test_a_folder_is_no_file(desk: Desk) -> None:
    with pytest.raises(Refused, match="this is a folder, not a file; name the file inside it"):
        desk.take(desk.folder)


def test_a_file_that_is_not_there_is_told_so(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"nowhere\.csv: there is no such file; check the path"):
        desk.take(desk.folder / "nowhere.csv")


def test_headers_that_are_none_of_ours_ask_for_a_map(desk: Desk) -> None:
    with pytest.raises(Refused) as info:
        desk.take(desk.file("land,stimme\nX,ja\n"))
    assert str(info.value).startswith(
        "rows.csv, line 1: none of the headers is a field of ours: land, stimme; "
        "say what they mean in a map (--map)"
    )


def test_what_an_unknown_field_may_mean_is_looked_up_once_for_all_rows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought: list[str] = []

    def nearest(name: str, *_: object, **__: object) -> list[str]:
        sought.append(name)
        return ["stance"]

    monkeypatch.setattr(fields, "nearest", nearest)
    summary = desk.take_rows(*(row(posture="supports", key=str(number)) for number in range(3)))
    assert (summary.rejected, sought) == (3, ["posture"])


def test_an_unknown_header_names_the_nearest_field(desk: Desk) -> None:
    content = table(row()).replace("said_at", "said_on", 1)
    with pytest.raises(Refused, match="there is no field 'said_on'; did you mean said_at"):
        desk.take(desk.file(content))


def test_a_header_that_stands_twice_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="the header 'topic' stands twice"):
        desk.take(desk.file("topic,topic\na,b\n"))


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_the_delimiter_is_found(desk: Desk, mark: str) -> None:
    assert desk.take(desk.file(table(row(), delimiter=mark))).recorded == 1


def test_a_wrong_delimiter_is_told_with_the_likely_one(desk: Desk) -> None:
    declared = {"file": {"delimiter": ","}, "columns": {"topic": "topic"}}
    with pytest.raises(Refused, match="the delimiter seems to be the semicolon"):
        desk.take(desk.file("topic;actor\na;b\n"), mapping=declared)


def test_a_row_with_too_few_cells_is_refused_and_the_next_one_taken(desk: Desk) -> None:
    content = table(row(), row(actor="Ann")).splitlines(keepends=True)
    content.insert(2, "eu-accession,what\n")
    summary = desk.take(desk.file("".join(content)))
    assert (summary.recorded, summary.rejected) == (2, 1)
    assert str(summary.rejections[0]) == (
        "rows.csv, line 3: the row has 2 cells, the header 8; "
        "quote cells that hold the delimiter, and leave none out"
    )


def test_a_quotation_mark_that_is_never_closed_is_told_where_it_begins(desk: Desk) -> None:
    content = table(row()) + 'eu-accession,"open,x\n'
    summary = desk.take(desk.file(content))
    assert (summary.recorded, summary.rejected) == (1, 1)
    assert str(summary.rejections[0]).startswith("rows.csv, line 3: the cells of the row cannot")


def test_cells_over_several_lines_keep_the_count_of_lines(desk: Desk) -> None:
    content = table(row(paraphrase="one\ntwo\nthree"), row(paraphrase="x", stance="wants"))
    (rejection,) = desk.take(desk.file(content)).rejections
    assert rejection.line == 5
    assert desk.event("statement.recorded").content.paraphrase == "one\ntwo\nthree"


def test_a_damaged_archive_is_refused(desk: Desk) -> None:
    whole = gzip.compress(table(*[row(key=str(n)) for n in range(9_000)]).encode(), mtime=0)
    with pytest.raises(Refused, match="the packed file is damaged or cut short"):
        desk.take(desk.file(whole[: len(whole) // 2], "rows.csv.gz"))


def test_a_format_that_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="there is no format 'xlsx'; use one of: claimreview, csv"):
        desk.take_rows(row(), format="xlsx")


def test_the_summary_shows_the_first_refusals_and_counts_them_all(desk: Desk) -> None:
    summary = desk.take_rows(*[row(stance=f"wants {n}") for n in range(50)])
    assert (summary.rejected, len(summary.rejections)) == (50, 20)


def test_a_file_is_named_by_its_name_alone(desk: Desk, tmp_path: Path) -> None:
    assert str(tmp_path) not in desk.refusal(row(stance="wants"))
