"""Whether rows are read by columns or one by one, they say the same, and so do refusals."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.tiers import scaled
from timeline.interchange.formats.csv_rows import CsvRows
from timeline.interchange.formats.opening import open_source
from timeline.interchange.formats.source_row import Layout
from timeline.interchange.importing.by_column import may_be_read
from timeline.interchange.importing.reading import Reader
from timeline.interchange.maps.map_file import checked_map

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.interchange.maps.map_file import Map


VOTES = {
    "columns": {"actor": "who", "stance": "how", "said_at": "day", "paraphrase": "text"},
    "constants": {"actor_kind": "state", "source.outlet": "Assembly"},
    "templates": {"utterance": "100 % {text}, {who}", "key": "{day}/{who}"},
    "namespace": "votes",
    "values": {
        "actor": {"genf": "geneva"},
        "stance": {"yes": "for", "no": "against", "away": "no_position/unstated"},
    },
    "topics": {"column": "what", "scale": "vote", "unmatched": "keep"},
    "topic": [{"slug": "harbour", "question": "Should it?", "values": ["Hafen"]}],
}
PLAIN = {
    "columns": {"actor": "who", "stance": "how", "topic": "what", "said_at": "day", "key": "text"}
}
HEADER = ("who", "how", "day", "text", "what")

CELLS = (
    st.sampled_from(["Genf", "Bern ", "", "a;b", "Zü\u00adrich", "Rom\x07"]),
    st.sampled_from(["yes", "no", "away", "YES", "", "perhaps", "no_position/declined"]),
    st.sampled_from(["1946-01-01", "16.12.2025", "", "Dezember 2025", "never"]),
    st.sampled_from(["On peace", " ", "50 % of it", "\udce4 wrong", "{who}", "line\nbreak"]),
    st.sampled_from(["Hafen", "Brücke", "", "bridge", "bridge\u00ad"]),
)


def read(rows: list[tuple[str, ...]], given: Map, tmp_path: Path, *, by_column: bool) -> list[str]:
    """Return what is read of rows, as text: of which line, which fields or which refusal."""
    file = tmp_path / "votes.csv"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows])
    file.write_bytes(text.getvalue().encode("utf-8", "surrogateescape"))
    with open_source(file, None) as open_file:
        reader = Reader(open_file, CsvRows(open_file, Layout()), given, None)
        assert (reader.by_column is not None) == may_be_read(given)
        if not by_column:
            reader.by_column = None
        return [
            f"{row.source.line} {row.kind} {[*row.fields.items()]} {row.skipped} {row.error!r}"
            for row in reader
        ]


@pytest.mark.parametrize("given_map", [VOTES, PLAIN], ids=["votes", "plain"])
@settings(max_examples=scaled(30))
@given(rows=st.lists(st.tuples(*CELLS), min_size=1, max_size=4))
def test_rows_say_the_same_by_columns_as_one_by_one(
    rows: list[tuple[str, ...]],
    given_map: dict[str, object],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    given = checked_map(given_map)
    assert may_be_read(given)
    folder = tmp_path_factory.mktemp("rows")
    by_columns = read(rows, given, folder, by_column=True)
    assert by_columns == read(rows, given, folder, by_column=False)
