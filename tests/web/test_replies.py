"""A right of reply is seen wherever what it answers is read, and nowhere once it is taken back."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from tests.web.site import plain

if TYPE_CHECKING:
    from tests.web.paper import Paper

WORDS = "We never said so."
MARK = "answered, 16 Dec 2025: reply"


def pages_with_words(number: int) -> tuple[str, ...]:
    """Return the addresses that show a statement of Bland in its words."""
    return (
        f"/s/{number}",
        "/t/union",
        f"/t/union?s={number}",
        "/t/union/why/bland",
        "/a/bland",
        f"/embed/s/{number}",
        "/t/union.json",
        f"/api/v1/entries/{number}",
        "/t/union/statements.csv",
    )


def test_a_reply_stands_in_full_wherever_the_words_that_it_answers_do(paper: Paper) -> None:
    number, room = paper.numbers["still"], paper.newsroom.statements
    room.receive_reply(paper.dora(), number, "2025-12-16", WORDS, "en")
    seen = {path: paper.open(path).text for path in pages_with_words(number)}
    assert [path for path, text in seen.items() if WORDS not in text] == []
    in_words = plain(seen["/t/union"].partition('id="in-words"')[2].partition("</section>")[0])
    assert MARK in in_words
    assert f'href="/s/{number}#reply"' in seen["/t/union"]
    assert 'id="reply"' in seen[f"/s/{number}"]
    room.retract_reply(paper.dora(), number, 1, "Of somebody else.")
    seen = {path: paper.open(path).text for path in pages_with_words(number)}
    assert [path for path, text in seen.items() if WORDS in text or MARK in plain(text)] == []


def test_a_reply_is_not_told_of_before_it_came_or_once_its_words_are_withheld(paper: Paper) -> None:
    number, room = paper.numbers["still"], paper.newsroom.statements
    before = paper.services.log.head()
    room.receive_reply(paper.dora(), number, "2025-12-16", WORDS, "en")
    assert WORDS not in paper.open(f"/t/union?known_at=@{before}").text
    room.retract(paper.dora(), number, "A mix-up.", withhold=True)
    paths = (*pages_with_words(number), f"/s/{number}@{number}")
    assert [path for path in paths if WORDS in paper.open(path).text] == []


def test_tables_count_the_replies_and_give_the_latest(paper: Paper) -> None:
    number, room = paper.numbers["still"], paper.newsroom.statements
    room.receive_reply(paper.dora(), number, "2025-12-15", "No.", "en")
    room.receive_reply(paper.dora(), number, "2025-12-16", WORDS, "en")
    table = csv.DictReader(io.StringIO(paper.open("/t/union/statements.csv").text))
    told = {row["number"]: row for row in table}
    answered = told[str(number)]
    assert [answered[name] for name in ("replies", "replied_at", "reply.text", "reply.lang")] == [
        "2",
        "2025-12-16",
        WORDS,
        "en",
    ]
    assert {row["replies"] for one, row in told.items() if one != str(number)} == {""}
    listed = json.loads(paper.open("/t/union.json").text)["entries"]
    (entry,) = (one for one in listed if one["number"] == number)
    assert [one["text"] for one in entry["replies"]] == ["No.", WORDS]
