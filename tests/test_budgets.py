"""Pages keep to the bytes and requests that they may have; how long they take is not tested."""

from __future__ import annotations

import pytest

from tests.support import budgets

SMALL: budgets.Sizes = {"thousand": (2, 50), "hundred-thousand": (51, 4)}


@pytest.fixture(scope="module")
def tables() -> list[list[str]]:
    """The tables over a small record, by cell."""
    lines = list(budgets.tables(SMALL, runs=2))
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_every_page_has_its_line_and_every_column_its_number(tables: list[list[str]]) -> None:
    wanted = [one.name for one in (*budgets.DEMO_PAGES, *budgets.LARGE_PAGES)]
    pages = tables[2 : 2 + len(wanted)]
    assert [line[0] for line in pages] == wanted
    for line in pages:
        assert len(line) == len(tables[0])
        assert all(float(line[at]) > 0 for at in (1, 3, 4))
        assert float(line[6]) >= 0


def test_pages_and_files_keep_to_their_bytes(tables: list[list[str]]) -> None:
    for line in (line for line in tables if len(line) == len(tables[0])):
        if line[2].isdecimal():
            assert float(line[1]) <= float(line[2]), line[0]
    files = tables[-1 - len(budgets.FILES) :]
    assert [line[0] for line in files] == [*budgets.FILES, "requests, first view"]
    for name, size, most in files:
        assert float(size.split()[0]) <= float(most.split()[0]), name
