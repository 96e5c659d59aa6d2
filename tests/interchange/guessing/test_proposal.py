from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interchange.desk import Desk, jsonl, row
from tests.interchange.foreign.dna_project import dna_list
from tests.interchange.foreign.test_sheet import xlsx
from tests.support.tiers import scaled
from timeline.domain.errors import Refused
from timeline.interchange.guessing import whole_table
from timeline.interchange.guessing.proposal import propose
from timeline.interchange.maps.map_file import checked_map

if TYPE_CHECKING:
    from pathlib import Path

THESES = """Partei;These;Antwort;Begründung;Datum;Wahl
Beispielpartei;Der Hafen soll gebaut werden.;stimme zu;Er schafft Arbeit.;01.09.2021;BT
Musterliste;Der Hafen soll gebaut werden.;stimme nicht zu;Er kostet zu viel.;15.09.2021;BT
Neue Mitte;Der Hafen soll gebaut werden.;neutral;;09.2021;BT
"""
VOTES = """member,motion,vote,date
Ann,Build it,aye,03/04/2021
Bo,Build it,nay,03/04/2021
Cy,Build it,maybe later,05/06/2021
"""


def proposed(desk: Desk, content: str | bytes, name: str = "rows.csv") -> tuple[str, Any]:
    """Return a proposal as it is written, and as the table that it is."""
    text = propose(desk.file(content, name))
    return text, tomllib.loads(text)


def landing(text: str) -> list[str]:
    return [line[2:] for line in text.partition("as they would land:\n")[2].splitlines()]


def test_what_headers_and_cells_say_becomes_a_map(desk: Desk) -> None:
    text, table = proposed(desk, THESES)
    assert table == {
        "namespace": "rows",
        "ignore": ["Wahl"],
        "file": {"delimiter": ";"},
        "columns": {
            "actor": "Partei",
            "stance": "Antwort",
            "said_at": "Datum",
            "paraphrase": "Begründung",
        },
        "values": {
            "stance": {
                "stimme zu": "supports",
                "stimme nicht zu": "opposes",
                "neutral": "no_position/unstated",
            }
        },
        "templates": {"key": "{These}/{Partei}/{Datum}"},
        "dates": {"said_at": "dmy"},
        "topics": {"column": "These", "scale": "position"},
    }
    first, *_ = map(json.loads, landing(text))
    assert (first["actor"], first["stance"], first["said_at"]) == (
        *("Beispielpartei", "supports", "2021-09-01"),
    )


def test_the_map_records_what_it_showed(desk: Desk) -> None:
    text, table = proposed(desk, THESES)
    summary = desk.take(desk.folder / "rows.csv", mapping=table)
    assert (summary.recorded, summary.clean) == (3, True), summary.rejections
    assert len(landing(text)) == 3


def test_guessing_records_nothing(desk: Desk) -> None:
    proposed(desk, THESES)
    assert desk.log.head() == 0


def test_a_word_that_nobody_knows_is_shown_and_refused_until_somebody_says_what_it_means(
    desk: Desk,
) -> None:
    text, table = proposed(desk, VOTES)
    assert '# "maybe later" = ?  # once: say what it means' in text
    assert table["values"]["stance"] == {"aye": "for", "nay": "against"}
    assert "line 4: vote: the map has no word for 'maybe later'" in landing(text)[2]
    table["dates"] = {"said_at": "dmy"}
    assert desk.take(desk.folder / "rows.csv", mapping=table).rejected == 1


def test_dates_that_can_be_read_both_ways_are_refused_until_somebody_says_which(desk: Desk) -> None:
    text, table = proposed(desk, VOTES)
    assert table["dates"] == {}
    assert '# said_at = "dmy"  # or "mdy": every date can be read both ways' in text
    assert desk.take(desk.folder / "rows.csv", mapping=table).recorded == 0
    clear, table = proposed(desk, VOTES.replace("05/06", "05/26"))
    assert table["dates"] == {"said_at": "mdy"}
    assert "both ways" not in clear


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("2021-09-01", "2021-09"), "edtf"),
        (("20210901", "2021.09.02"), "ymd"),
        (("1630454400", "1630540800"), "epoch_s"),
        (("1630454400000", "1630540800000"), "epoch_ms"),
        (("Wed, 01 Sep 2021 10:00:00 +0200", "Thu, 02 Sep 2021 10:00:00 GMT"), "rfc822"),
    ],
)
def test_the_order_of_dates_is_the_one_in_which_all_are_read(
    desk: Desk, dates: tuple[str, str], order: str
) -> None:
    rows = "".join(f'x{number};yes;"{date}"\n' for number, date in enumerate(dates))
    _, table = proposed(desk, f"who;vote;date\n{rows}")
    assert table["dates"]["said_at"] == order


def test_a_column_that_is_not_found_is_named(desk: Desk) -> None:
    text, table = proposed(desk, "wer;farbe\nAnn;rot\nBo;blau\n")
    assert table["columns"] == {"actor": "wer"}
    assert table["ignore"] == ["farbe"]
    for field in ("stance", "said_at", "topic"):
        assert f"# {field} = ?  # no column looks like" in text


def test_other_columns_that_may_be_meant_are_named(desk: Desk) -> None:
    text, _ = proposed(desk, "Partei;Person;Stimme;Datum\nA;Ann;ja;2021\nB;Bo;nein;2021\n")
    assert 'actor = "Partei"  # or: Person' in text


def test_an_encoding_that_is_not_utf8_is_proposed_and_told(desk: Desk) -> None:
    text, table = proposed(desk, THESES.encode("cp1252"))
    assert table["file"]["encoding"] == "cp1252"
    assert "it is not UTF-8: look at the umlauts" in text
    assert table["columns"]["paraphrase"] == "Begründung"


def test_sheets_and_json_are_guessed_from_as_well(desk: Desk) -> None:
    cells = [line.split(";") for line in THESES.splitlines()]
    _, table = proposed(desk, xlsx(("Daten", cells)), "rows.xlsx")
    assert table["columns"]["actor"] == "Partei"
    rows = [dict(zip(cells[0], line, strict=True)) for line in cells[1:]]
    for content in (json.dumps(rows), jsonl(rows)):
        _, table = proposed(desk, content, "rows.json")
        assert table["topics"] == {"column": "These", "scale": "position"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (jsonl([row()]), "a file in our own fields, which comes in without a map"),
        (dna_list(), "event list of Discourse Network Analyzer, which comes in without a map"),
        ("wer;was\n", "there is no row to guess from"),
    ],
)
def test_what_needs_no_map_or_has_no_rows_is_told(desk: Desk, content: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        proposed(desk, content)


ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
HEADS = ("Wer", "member", "motion", "These", "vote", "Antwort", "date", "Datum", "id", "source")
SAID = ("Ann", "Bo; Cy", "Build it", "aye", "nay", "stimme zu", "neutral", "-1", "1", "03.04.2021")
CELLS = st.sampled_from((*SAID, "2021-09", "20210903", "NA", "", '"', "a\\b", "{line}")) | ANY


@settings(max_examples=scaled(30), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(HEADS) | ANY.filter(str.strip), min_size=3, max_size=5, unique_by=str.strip
    ),
    st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=2, max_size=6),
)
def test_a_proposal_is_a_map_whatever_stands_in_the_table(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]]
) -> None:
    path: Path = tmp_path_factory.mktemp("guess") / "rows.json"
    listed = [dict(zip(header, cells, strict=False)) for cells in rows]
    path.write_text(json.dumps(listed))
    try:
        text = propose(path)
    except Refused:
        return
    checked_map(tomllib.loads(text))


@pytest.mark.parametrize("sign", ["\n", "\x1b", "\x7f"])
def test_a_header_ends_no_comment_of_the_map(desk: Desk, sign: str) -> None:
    header = f'vote{sign}"Ann" = "for"'
    rows = [dict(zip((header, "who"), line, strict=True)) for line in (["Ann"] * 2, ["aye", "Bo"])]
    _, table = proposed(desk, json.dumps(rows), "rows.json")
    assert table["columns"]["stance"] == header
    assert table["values"]["stance"] == {"aye": "for"}


TALK = """Wer;Was;Wann;Quelle;Haltung
Ann;Fordert den Bau.;3.11.2026;Radio;dafür
Bo;Lehnt ihn ab.;4.11.2026;Radio;dagegen
Cy;Wartet ab.;31.11.2026;Radio;eher dagegen
Di;Ist dafür.;13.11.2026;Radio;supports
Ed;Ist dafür.;14.11.2026;Radio;neutral
"""


def test_what_most_values_are_is_proposed_and_the_other_rows_are_named(desk: Desk) -> None:
    text, table = proposed(desk, TALK)
    assert table["columns"] == {
        "actor": "Wer",
        "paraphrase": "Was",
        "said_at": "Wann",
        "source": {"outlet": "Quelle"},
        "stance": "Haltung",
    }
    assert table["dates"] == {"said_at": "dmy"}
    assert "# line 4: there is no date '31.11.2026'; check how many days that month has" in text


def test_fewer_dates_than_two_of_three_are_no_column_of_dates(desk: Desk) -> None:
    text, table = proposed(desk, TALK.replace("13.11.2026", "soon"))
    assert "said_at" not in table["columns"]
    assert "# said_at = ?" in text


def test_the_words_are_those_of_the_scale_of_the_topic_that_is_named(desk: Desk) -> None:
    text = propose(desk.file(TALK, "rows.csv"), "harbour", "position")
    said = tomllib.loads(text)["values"]["stance"]
    assert said == {
        "dafür": "supports",
        "dagegen": "opposes",
        "supports": "supports",
        "neutral": "no_position/unstated",
    }
    assert "# Import with --topic harbour, which is on the position scale." in text
    assert "# words of the position scale: opposes, doubts, undecided, accepts, supports;" in text
    assert "# topic = ?" not in text
    assert "a word of the scale (opposes, doubts, undecided, accepts, supports) or" in text
    claim = tomllib.loads(propose(desk.file(TALK, "rows.csv"), "harbour", "claim"))
    assert claim["values"]["stance"] == {"neutral": "leaves open"}


def roll_calls(*, again: int = 0, vote: str = "yes") -> str:
    """Return two roll calls of a chamber that is larger than the sample, as their publisher has it.

    So many members of the second one stand in it twice, the second time with this vote.
    """
    rows = [
        f"Member {member},Motion {poll},{vote},2021-05-0{poll},{poll},{member}"
        for poll, vote in ((1, "yes"), (2, "ABSTAIN"))
        for member in range(600)
    ]
    head = "member,motion,vote,date,poll_id,mandate_id"
    twice = [one.replace("ABSTAIN", vote) for one in rows[len(rows) - again :]]
    return "\n".join([head, *rows, *twice]) + "\n"


def test_a_number_that_later_rows_have_again_is_no_key_by_itself(desk: Desk) -> None:
    _, table = proposed(desk, roll_calls())
    assert "key" not in table["columns"]
    assert table["templates"] == {"key": "{poll_id}/{mandate_id}"}
    summary = desk.take(desk.folder / "rows.csv", mapping=table)
    assert (summary.recorded, summary.clean) == (1200, True), summary.rejections


def test_of_a_table_with_more_rows_than_are_looked_at_the_map_says_of_how_many_it_speaks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "of the first" not in proposed(desk, roll_calls())[0]
    monkeypatch.setattr(whole_table, "ROWS", 1_000)
    text, _ = proposed(desk, roll_calls(again=1))
    assert "# no two of the first 1,000 rows have the same" in text
    assert "of words for a stance is that of the first 1,000 rows." in text


def test_a_number_that_no_other_row_has_is_the_key(desk: Desk) -> None:
    _, table = proposed(desk, "id,member,motion,vote\n1,Ann,Build it,yes\n2,Ann,Burn it,no\n")
    assert table["columns"]["key"] == "id"


def test_where_nothing_tells_rows_apart_the_map_says_what_follows(desk: Desk) -> None:
    text, table = proposed(desk, roll_calls(again=1))
    assert "templates" not in table
    assert "becomes a second entry" in text


def test_a_row_that_is_the_same_in_every_column_is_no_other_row(desk: Desk) -> None:
    _, table = proposed(desk, roll_calls(again=1, vote="ABSTAIN"))
    assert table["templates"] == {"key": "{poll_id}/{mandate_id}"}
    summary = desk.take(desk.folder / "rows.csv", mapping=table)
    assert (summary.recorded, summary.known, summary.clean) == (1200, 1, True)


def test_a_word_that_stands_far_down_is_proposed_as_well_in_whichever_case(desk: Desk) -> None:
    _, table = proposed(desk, roll_calls() + "Zoe,Motion 2,Abstain,2021-05-02,2,900\n")
    assert table["values"]["stance"] == {"yes": "for", "abstain": "abstained"}


@pytest.mark.parametrize(
    "numbers", [("-1", "0", "1"), ("-2", "-1", "0", "1", "2"), ("+", "-", "0"), ("1", "2")]
)
def test_numbers_take_no_side_until_somebody_says_which_end_is_for(
    desk: Desk, numbers: tuple[str, ...]
) -> None:
    rows = "".join(f"P{place},Build it,{number}\n" for place, number in enumerate(numbers * 3))
    text, table = proposed(desk, f"party,motion,position\n{rows}")
    assert table["columns"]["stance"] == "position"
    assert table["values"]["stance"] == {}
    assert all(f"# {json.dumps(number)} = ?  # 3 times" in text for number in numbers)
    assert desk.take(desk.folder / "rows.csv", mapping=table).recorded == 0
    assert desk.all_events() == []


def test_numbers_of_which_some_have_a_sign_are_a_column_of_stances_under_any_header(
    desk: Desk,
) -> None:
    text, table = proposed(desk, "party,motion,x17\nA,Build it,-1\nB,Build it,1\nC,Build it,0\n")
    assert table["columns"]["stance"] == "x17"
    assert '# "-1" = ?  # once: say what it means' in text


LABELS = """Wahl;Land;Partei;These_Titel;Thesentext;Position
BT;Bund;A;Tempolimit;Auf Autobahnen soll ein Tempolimit gelten.;stimme zu
BT;Bund;B;Tempolimit;Auf Autobahnen soll ein Tempolimit gelten.;stimme nicht zu
LT;Bund;A;Tempolimit;In Städten soll überall Tempo 30 gelten.;stimme nicht zu
LT;Bund;B;Tempolimit;In Städten soll überall Tempo 30 gelten.;stimme zu
"""


def test_a_column_of_sentences_that_repeat_beside_a_label_is_the_question(desk: Desk) -> None:
    _, table = proposed(desk, LABELS)
    assert table["topics"]["column"] == "These_Titel"
    assert table["columns"]["topic_question"] == "Thesentext"
    summary = desk.take(desk.folder / "rows.csv", mapping=dated(table))
    assert (summary.recorded, summary.wordings) == (4, 1), summary.rejections


def dated(table: dict[str, Any]) -> dict[str, Any]:
    return table | {"constants": {"said_at": "2021"}}


def test_the_actor_is_the_column_that_varies_with_the_stance(desk: Desk) -> None:
    text, table = proposed(desk, LABELS)
    assert table["columns"]["actor"] == "Partei"
    assert 'actor = "Partei"  # or: Land' in text


def test_columns_that_tell_rows_apart_are_named_and_kept(desk: Desk) -> None:
    text, table = proposed(
        desk,
        LABELS.replace("In Städten soll überall Tempo 30", "Auf Autobahnen soll ein Tempolimit"),
    )
    assert table["templates"]["key"] == "{These_Titel}/{Partei}/{Wahl}"
    assert "# no two rows have the same; without Wahl some are alike" in text
    assert "Wahl" not in table["ignore"]
    assert desk.take(desk.folder / "rows.csv", mapping=dated(table)).recorded == 4


def test_a_key_is_made_of_a_document_and_a_number_in_it(desk: Desk) -> None:
    rows = "".join(f"d{doc},{n},Ann,Build it,yes,2021-05-0{n}\n" for doc in (1, 2) for n in (1, 2))
    _, table = proposed(desk, f"doc,n,who,motion,vote,date\n{rows}")
    assert table["templates"]["key"] == "{doc}/{n}"


def test_the_line_is_never_proposed_as_a_key(desk: Desk) -> None:
    said = "who,motion,vote\nAnn,Build it,yes\nAnn,Build it,no\n"
    text, table = proposed(desk, said)
    assert "{line}" not in text
    assert "key" not in table["columns"] | table.get("templates", {})
    assert "becomes a second entry" in text


def test_days_written_in_eight_digits_are_dates_under_any_header(desk: Desk) -> None:
    _, table = proposed(
        desk, "who,motion,vote,x\nAnn,Build it,yes,20150113\nBo,Build it,no,20150114\n"
    )
    assert (table["columns"]["said_at"], table["dates"]["said_at"]) == ("x", "ymd")


def test_when_it_was_published_is_not_when_it_was_said(desk: Desk) -> None:
    _, table = proposed(desk, "who,motion,vote,published\nAnn,Build it,yes,2015-01-13\n")
    assert table["columns"]["source"] == {"published_at": "published"}
    assert "said_at" not in table["columns"]


def test_words_that_say_nothing_are_no_stance(desk: Desk) -> None:
    text, table = proposed(
        desk, "who,motion,vote\nAnn,Build it,yes\nBo,Build it,NA\nCy,Build it,k.A.\n"
    )
    assert table["values"]["stance"] == {"yes": "for"}
    assert '# "na" = ?  # once, taken for nothing, which refuses the row: else say' in text


def test_words_that_say_nothing_are_no_dates(desk: Desk) -> None:
    text, table = proposed(
        desk, "who,motion,vote,when\nAnn,Build it,yes,NA\nBo,Build it,no,01.05.2025\n"
    )
    assert table["dates"]["said_at"] == "dmy"
    assert "# line" not in text.partition("# The first rows")[0]


def test_a_foreign_parquet_file_gets_a_map_and_nulls_and_nested_lists_make_nobody(
    desk: Desk,
) -> None:
    file = desk.folder / "rows.parquet"
    table = duckdb.sql(
        "select * from (values ('Ann', 'Build it', 'aye', date '2021-09-01', [['a'], [null]]),"
        " (null, 'Build it', 'nay', date '2021-09-02', null),"
        " ('[[\"Bo\"], [\"Cy\"]]', 'Build it', 'nay', date '2021-09-03', [])"
        ") as t (member, motion, vote, date, tags)"
    )
    assert table is not None
    table.write_parquet(str(file))
    mapping = tomllib.loads(propose(file))
    assert mapping["columns"] == {"actor": "member", "stance": "vote", "said_at": "date"}
    summary = desk.take(file, mapping=mapping)
    assert (summary.recorded, summary.rejected) == (1, 2)
    assert desk.event("actor.introduced").content.name == "Ann"
