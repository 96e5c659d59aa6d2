"""Nothing is somebody: cells that say nothing, lists, instants, and names as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange.desk import Desk, jsonl, row, table
from tests.interchange.foreign.test_sheet import xlsx
from tests.support.tiers import thorough
from timeline.parquet import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.interchange import Summary

MAP: dict[str, Any] = {
    "columns": {"actor": "who", "stance": "how", "said_at": "when", "paraphrase": "text"},
    "values": {"stance": {"yes": "for", "no": "against"}},
    "topics": {"column": "what", "scale": "vote"},
}
CELLS = {"who": "Ann", "how": "yes", "when": "2025-05-01", "text": "", "what": "Tax"}
WORDS = ["NA", "nan", "None", "N/A", "NULL", "-", "?", "k.A.", "k. A.", "n/a", "  ", "\u200b", "–"]


def take(desk: Desk, *rows: dict[str, Any], **changes: Any) -> Summary:  # noqa: ANN401 - TOML
    return desk.take(desk.file(table(*[CELLS | one for one in rows])), mapping=MAP | changes)


def names(desk: Desk) -> list[str]:
    return [event.content.name for event in desk.events("actor.introduced")]


def days(desk: Desk) -> list[str]:
    return [event.said_at for event in desk.events("statement.recorded")]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("column", ["who", *thorough("what", "how")])
def test_a_word_for_nothing_is_nobody_no_topic_and_no_stance(
    desk: Desk, column: str, word: str
) -> None:
    assert take(desk, {column: word}).recorded == 0
    assert desk.all_events() == []


@pytest.mark.parametrize("word", WORDS)
def test_a_word_for_nothing_is_no_text(desk: Desk, word: str) -> None:
    take(desk, {"text": word})
    assert not desk.event("statement.recorded").content.paraphrase


def test_the_summary_says_once_which_words_were_taken_for_nothing(desk: Desk) -> None:
    summary = take(desk, {"text": "NA"}, {"text": "k.A.", "who": "Bo"}, {"who": "?"})
    assert (
        summary.lines()[-1]
        == "cells that say ?, NA, k.A. are taken for nothing (a map: nothing = [])"
    )


def test_a_map_says_otherwise_for_all_columns_or_for_the_words_of_one(desk: Desk) -> None:
    assert take(desk, {"who": "NA"}, nothing=["keine"]).recorded == 1
    assert names(desk) == ["NA"]
    signs = {"values": {"stance": {"+": "for", "-": "against"}}}
    assert take(desk, {"how": "-", "who": "Bo"}, {"how": "-", "who": "-"}, **signs).recorded == 1


def test_in_our_own_fields_and_in_every_format_nothing_is_nobody(desk: Desk) -> None:
    ours = row(actor="NA", hedge="None")
    cells = [list(ours), [str(one) for one in ours.values()]]
    for content, name in (
        (jsonl([ours]), "rows.jsonl"),
        (table(ours), "rows.csv"),
        (xlsx(("Rows", cells)), "rows.xlsx"),
    ):
        summary = desk.take(desk.file(content, name))
        assert (summary.recorded, summary.nothing) == (0, {"NA", "None"})
    assert desk.take_rows(row(reported_via="NULL")).recorded == 1
    assert desk.event("statement.recorded").attribution == "reported"


def test_names_that_are_nearly_such_words_stay(desk: Desk) -> None:
    take(desk, {"who": "Na"}, {"who": "Nan"}, {"who": "Nonet"})
    assert names(desk) == ["Na", "Nan", "Nonet"]


@pytest.mark.parametrize("listed", ["['Ann', 'Bob']", '["Ann", "Bob"]', ["Ann", "Bob"]])
def test_a_list_is_refused_where_one_name_belongs_and_split_where_a_map_says_so(
    desk: Desk, listed: str | list[str]
) -> None:
    path = desk.file(jsonl([CELLS | {"who": listed}]), "rows.jsonl")
    (rejection,) = desk.take(path, mapping=MAP).rejections
    assert (rejection.column, "is a list, and one name belongs here" in rejection.reason) == (
        "who",
        True,
    )
    assert desk.take(path, mapping=MAP | {"split": {"actor": ";"}}).recorded == 2
    assert names(desk) == ["Ann", "Bob"]


@pytest.mark.parametrize("listed", ["[100, 101]", [100, 101], [[100]], [{"a": 1}]])
def test_a_list_is_no_topic(desk: Desk, listed: str | list[Any]) -> None:
    summary = desk.take(desk.file(jsonl([CELLS | {"what": listed}]), "rows.jsonl"), mapping=MAP)
    assert summary.rejections[0].column == "what"
    assert desk.all_events() == []


def test_a_list_of_one_is_that_one_and_an_empty_list_is_nothing(desk: Desk) -> None:
    assert take(desk, {"who": "['Ann']"}, {"who": "[]"}).recorded == 1
    assert names(desk) == ["Ann"]


@pytest.mark.parametrize("text", ["[sic]", "[...]", "[{[]: 1}]", r"['a\d' and more]"])
def test_square_brackets_alone_make_no_list(desk: Desk, text: str) -> None:
    take(desk, {"text": text})
    assert desk.event("statement.recorded").content.paraphrase == text


def test_a_list_of_something_else_than_words_is_refused(desk: Desk) -> None:
    assert take(desk, {"who": "[('Ann', 'Bob')]"}, {"who": "[b'Ann']"}).rejected == 2


def test_a_list_in_a_column_of_parquet_is_a_list(desk: Desk) -> None:
    path = desk.folder / "rows.parquet"
    with open_engine() as duck:
        duck.execute(
            "copy (select ['Ann', 'Bob'] as who, 'yes' as how, '' as text, 'Tax' as what,"
            " timestamptz '2025-05-01 23:30:00+00' as \"when\") to ? (format parquet)",
            [str(path)],
        )
    assert desk.take(path, mapping=MAP).rejections[0].column == "who"
    split = {"split": {"actor": ";"}, "dates": {"times": "drop", "zone": "Europe/Berlin"}}
    assert desk.take(path, mapping=MAP | split).recorded == 2
    assert days(desk) == ["2025-05-02", "2025-05-02"]


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ("2025-05-01T23:30:00Z", "edtf"),
        ("2025-05-01 23:30:00+00:00", "ymd"),
        ("1746142200", "epoch_s"),
        ("Thu, 01 May 2025 23:30:00 GMT", "rfc822"),
    ],
)
def test_an_instant_keeps_its_day_in_the_zone_of_the_map(
    desk: Desk, given: str, order: str
) -> None:
    said = {"said_at": order, "times": "drop"}
    take(desk, {"when": given, "who": "Ann"}, dates=said | {"zone": "Europe/Berlin"})
    take(desk, {"when": given, "who": "Bo"}, dates=said)
    assert days(desk) == ["2025-05-02", "2025-05-01"]


@pytest.mark.parametrize("given", ["0000-00-00", "0000", "0000-05-01", "00000000"])
@pytest.mark.parametrize("order", ["edtf", "ymd"])
def test_the_year_0_is_no_date(desk: Desk, given: str, order: str) -> None:
    (rejection,) = take(desk, {"when": given}, dates={"said_at": order}).rejections
    assert rejection.column == "when"


@pytest.mark.parametrize("year", ["0", "0000"])
def test_the_year_0_is_no_part_of_a_date(desk: Desk, year: str) -> None:
    columns = {name: MAP["columns"][name] for name in ("actor", "stance")}
    parts = {"columns": columns, "dates": {"said_at": {"year": "when"}}, "ignore": ["text"]}
    published = {"constants": {"source.published_at": "2025-05-02"}}
    assert take(desk, {"when": year}, **parts, **published).rejections[0].column == "when"


@pytest.mark.parametrize("name", ["taz", "dpa", "e-on"])
@pytest.mark.parametrize("write", [table, lambda *rows: jsonl(rows)])
def test_a_name_that_looks_like_a_slug_stays_as_it_is_written(
    desk: Desk, name: str, write: Callable[..., str]
) -> None:
    desk.take(desk.file(write(CELLS | {"who": name}), "rows.txt"), mapping=MAP)
    assert names(desk) == [name]


def test_a_name_with_a_line_break_is_one_name(desk: Desk) -> None:
    take(desk, {"who": "European\nUnion"}, {"who": "European Union", "what": "Toll\r\n roads"})
    assert names(desk) == ["European Union"]
    assert desk.events("topic.opened")[1].content.name == "Toll roads"


def test_an_abbreviation_and_a_word_that_differ_in_case_only_are_asked(desk: Desk) -> None:
    summary = take(desk, {"who": "BUND"}, {"who": "Bund"})
    (rejection,) = summary.rejections
    assert rejection.reason.startswith("'Bund' is written like 'BUND' but for its capitals")
    own = {"values": {"actor": {"Bund": "bund-federal"}, **MAP["values"]}}
    assert take(desk, {"who": "Bund"}, {"who": "BUND"}, **own).recorded == 1
    assert names(desk) == ["BUND", "Bund"]


def test_other_names_that_differ_in_case_only_are_one_and_counted(desk: Desk) -> None:
    summary = take(desk, {"who": "Ann Example"}, {"who": "ANN EXAMPLE", "what": "Toll"})
    assert names(desk) == ["Ann Example"]
    assert "1 name differing from another in case only, taken for the same" in summary.lines()
