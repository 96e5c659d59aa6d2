"""Parquet out and in: the table in typed columns, and back as what it was."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.interchange.desk import Desk, Row, row, without_clock
from tests.interchange.histories import IN_FULL, ROWS
from tests.interchange.test_export import store
from tests.support.tiers import scaled
from timeline.domain.errors import Refused
from timeline.interchange.exporting.export import export
from timeline.interchange.formats.contracts import ExportOptions

if TYPE_CHECKING:
    from pathlib import Path

SIDES: Row = {
    "kind": "story",
    "story": "talks",
    "title": "The talks",
    "sides": [{"label": "East", "actors": ["russia"]}],
}


def exported(desk: Desk) -> bytes:
    out = io.BytesIO()
    export(desk, out, "parquet", ExportOptions())
    return out.getvalue()


def table(path: Path) -> list[dict[str, Any]]:
    relation = duckdb.read_parquet(str(path))
    return [dict(zip(relation.columns, cells, strict=True)) for cells in relation.fetchall()]


@settings(
    max_examples=scaled(7),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ROWS)
@example(IN_FULL)
def test_import_of_an_export_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    first, second = (store(tmp_path_factory.mktemp("store")) for _ in range(2))
    with first as desk, second as other:
        russia = {"kind": "actor", "actor": "russia", "actor_kind": "state", "aliases": ["Россия"]}
        desk.take_rows(russia, SIDES, *rows)
        summary = other.take(other.file(exported(desk), "export.parquet"))
        assert summary.clean, summary.rejections
        assert without_clock(other.export()) == without_clock(desk.export())
        again = desk.take(desk.file(exported(desk), "export.parquet"))
        assert (again.recorded, again.clean) == (0, True), again.rejections


def test_lists_are_lists_and_places_are_numbers(desk: Desk, tmp_path: Path) -> None:
    desk.take_rows(
        {"kind": "actor", "actor": "russia", "actor_kind": "state", "aliases": ["RU", "Россия"]},
        SIDES,
        row(quote__text="Ja", quote__start=3, quote__end=5),
    )
    path = tmp_path / "rows.parquet"
    path.write_bytes(exported(desk))
    rows = {one["kind"]: one for one in table(path)}
    assert rows["actor"]["aliases"] == ["RU", "Россия"]
    assert rows["story"]["sides"] == '[{"label":"East","actors":["russia"]}]'
    assert (rows["statement"]["quote.start"], rows["statement"]["quote.end"]) == (3, 5)
    assert rows["statement"]["aliases"] is None


def test_an_export_of_nothing_has_columns(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(exported(desk))
    assert table(path) == []
    assert desk.take(path).recorded == 0


def test_columns_of_others_are_read_by_a_map(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "party.parquet"
    made = duckdb.sql(
        "select 'SPD' as party, date '2021-09-01' as day, 2 as stand, true as sure, ['a'] as list"
        " union all select 'FDP', date '2021-09-02', null, false, null"
    )
    assert made is not None
    made.write_parquet(str(path))
    mapping = {
        "columns": {"actor": "party", "said_at": "day", "stance": "stand"},
        "constants": {
            "topic": "tempo-limit",
            "topic_question": "Should there be a speed limit?",
            "attribution": "reported",
            "source.outlet": "Manifesto",
            "paraphrase": "As printed.",
        },
        "values": {"stance": {"2": "supports"}},
        "ignore": ["sure", "list"],
    }
    summary = desk.take(path, mapping=mapping)
    assert summary.recorded == 1
    assert [rejection.line for rejection in summary.rejections] == [2]
    said = desk.event("statement.recorded")
    assert (said.said_at, said.stance) == ("2021-09-01", 2)


def test_a_damaged_file_is_told(desk: Desk) -> None:
    desk.take_rows(row())
    whole = exported(desk)
    with pytest.raises(Refused, match=r"half\.parquet: the Parquet file cannot be read"):
        desk.take(desk.file(whole[: len(whole) // 2], "half.parquet"))


def test_another_format_is_told_apart(desk: Desk) -> None:
    path = desk.file(exported(desk), "rows.csv")
    with pytest.raises(Refused, match="this is a Parquet file"):
        desk.take(path, format="csv")


def test_without_the_extra_a_line_says_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.file(exported(desk), "rows.parquet")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Refused, match=r"install standline\[analysis\]"):
        exported(desk)
    with pytest.raises(Refused, match=r"install standline\[analysis\]"):
        desk.take(path)
