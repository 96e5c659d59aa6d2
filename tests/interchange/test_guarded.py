"""No cell of a table is a formula to a spreadsheet, and every cell comes back as it was."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.interchange.exporting.export import csv_lines
from timeline.interchange.formats.guarded import guard_cell, unguard_cell


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+49 30", "-0100", "@name", "\t=1", "\r=1", "\n=1", "'=1", "''-x"),
        *("\uff1d1+1", "\uff0b49", "\uff0d0100", "\uff20name", '=HYPERLINK("x")'),
    ],
)
def test_what_a_spreadsheet_would_compute_stands_behind_an_apostrophe(cell: str) -> None:
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([{"paraphrase": cell}])), newline=""))
    assert row["paraphrase"] == "'" + cell


@pytest.mark.parametrize("cell", ["", "Says = no.", "'quoted'", "2025-12", "../2025-12-15", "’-x"])
def test_what_it_would_not_compute_stands_as_it_is(cell: str) -> None:
    assert guard_cell(cell) == cell
    assert unguard_cell(cell) == cell


@pytest.mark.parametrize("cell", ["one\rtwo", "one\ntwo", "one\r\ntwo", 'one"two', "one,two"])
def test_a_cell_over_several_lines_stays_one_cell(cell: str) -> None:
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([{"paraphrase": cell}])), newline=""))
    assert row["paraphrase"] == cell


@given(st.text(alphabet="'=+-@\t\r\n\uff1d\uff20ab "))
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    safe = str(guard_cell(cell))
    assert unguard_cell(safe) == cell
    assert not re.match(r"[=+\-@\t\r\n\uff1d\uff20]", safe)
