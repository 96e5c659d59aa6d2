"""The entries of a topic are chosen by what its codebook asks beside the stance."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from timeline.domain.codebook import Codebook
from timeline.domain.variables import CHOICE, YES_NO, Variable

if TYPE_CHECKING:
    from tests.web.record.desk import Desk

BOOK = Codebook(
    variables=(
        Variable(id="room", kind=CHOICE, label="Room", choices=("a line", "a page")),
        Variable(id="named", kind=YES_NO, label="Named"),
    )
)


@pytest.fixture
def chosen(desk: Desk) -> dict[str, int]:
    """What was said with which values."""
    desk.services.newsroom.topics.write_codebook(desk.byline(), "a-union", BOOK)
    return {
        "line": desk.say(paraphrase="In a line.", variables={"room": "a line", "named": "yes"}),
        "page": desk.say(paraphrase="On a page.", variables={"room": "a page", "named": "yes"}),
        "none": desk.say(paraphrase="Without any.", said_at="2025-12-02"),
    }


def shown(desk: Desk, query: str) -> set[int]:
    """Return the numbers of the entries in the list."""
    page = desk.client.get(f"/t/a-union?{query}", follow_redirects=True).text
    return {int(number) for number in re.findall(r'<article [^>]*id="s(\d+)"', page)}


def test_a_choice_lets_through_what_has_any_of_the_values_of_every_variable(
    desk: Desk, chosen: dict[str, int]
) -> None:
    assert shown(desk, "variable=room:a+page") == {chosen["page"]}
    assert shown(desk, "variable=room:a+page&variable=room:a+line") == {
        chosen["line"],
        chosen["page"],
    }
    assert shown(desk, "variable=room:a+page&variable=named:no") == set()
    assert shown(desk, "variable=named:yes&variable=room:a+line") == {chosen["line"]}
    page = desk.get("/t/a-union?variable=room:a+page").text
    assert 'name="variable" value="room:a page" checked' in page


def test_a_value_that_was_corrected_is_found_as_it_was_known_then(
    desk: Desk, chosen: dict[str, int]
) -> None:
    statements, head = desk.services.newsroom.statements, desk.head()
    statements.correct(desk.byline(), chosen["line"], {"variables.room": "a page"}, "Misread.")
    assert shown(desk, "variable=room:a+line") == set()
    assert shown(desk, f"variable=room:a+line&known_at=@{head}") == {chosen["line"]}


def test_a_table_of_statements_has_a_column_for_each_variable(
    desk: Desk, chosen: dict[str, int]
) -> None:
    table = desk.get("/t/a-union/statements.csv?variable=room:a+page").text
    (line,) = csv.DictReader(io.StringIO(table))
    assert (line["number"], line["variables.room"]) == (str(chosen["page"]), "a page")
    assert line["variables.named"] == "yes"
