"""Blind reading: a question and a quote, and nothing else; only quotes that need a reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.record.test_signing import by
from timeline.application.commands import Quoted
from timeline.desk.accounts.roles import Role
from timeline.domain.statement import QuoteJudgment, StatementQuoteRead
from timeline.projections.queries.quote_readings import quote_readings

if TYPE_CHECKING:
    from tests.web.record.desk import Desk

HERE = "/record/quotes"
WORDS = "We will join the union next year"
_FORM = re.compile(rf'action="{HERE}/(\d+)"')


def quoting(desk: Desk, words: str = WORDS, **changes: object) -> int:
    """Record that Dora Example is quoted, and return the number of it."""
    said = {"actor": "dora", "stance": "supports", "attribution": "quoted"} | changes
    return desk.say(quote=Quoted(words, lang="en"), **said)


def asked(page: str) -> int:
    """Return the number of the quote that a page asks about, 0 for none."""
    match = _FORM.search(page)
    return int(match[1]) if match else 0


def test_the_page_shows_the_question_and_the_quote_and_nothing_else(desk: Desk) -> None:
    number = quoting(desk, translation="Not ours.", hedge="perhaps", paraphrase="Wants to join.")
    read = desk.services.newsroom.statements.read_quote
    read(desk.services.newsroom.byline("zoe"), number, "accepts", carries=True)
    page = desk.get(HERE).text
    main = page[page.index('<div id="view">') : page.index("</main>")]
    assert asked(page) == number
    assert "Should A join the union?" in main
    assert WORDS in main
    for told in ("Dora", "Wants to join", "Not ours", "perhaps", "Times", "2025", "zoe", "checked"):
        assert told not in main


def test_two_answers_keep_the_reading_and_the_next_quote_follows(desk: Desk) -> None:
    first, second = quoting(desk), quoting(desk, "I hope for it with all my heart")
    head = desk.head()
    answer = desk.post(f"{HERE}/{first}", {"carries": "yes", "stance": "supports"})
    assert (answer.status_code, answer.location) == (303, f"{HERE}?after={first}")
    event = desk.events(head)[-1]
    judgment = QuoteJudgment(carries=True, direction=2)
    assert isinstance(event, StatementQuoteRead)
    assert (event.reader, event.content) == ("anna", judgment)
    assert asked(desk.get(answer.location).text) == second
    desk.post(f"{HERE}/{second}", {"carries": "no", "stance": "no_position"})
    assert "No quote needs your reading." in desk.get(HERE).text


def test_only_quotes_are_asked_about_that_need_a_reading_by_this_person(desk: Desk) -> None:
    read, by_line = desk.services.newsroom.statements.read_quote, desk.services.newsroom.byline
    quoting(desk, "Never ever, no")  # too short to carry
    quoting(desk, attribution="second_hand", reported_via="Bland")
    quoting(desk, stance="no_position", no_position_reason="defers")
    twice = quoting(desk, said_at="2025-11-02")
    for reader in ("cora", "emil"):
        read(by_line(reader), twice, "supports", carries=True)
    assert asked(desk.get(HERE).text) == 0
    number = quoting(desk, said_at="2025-11-03")
    assert asked(desk.get(HERE).text) == number
    assert asked(by(desk, "ben").get(HERE).text) == 0  # who recorded it
    assert asked(by(desk, "mira", Role.CODER).get(HERE).text) == number
    assert by(desk, "mira", Role.READER).get(HERE).status_code == 403


def test_quotes_of_changes_that_wait_come_first_and_skipping_comes_around(desk: Desk) -> None:
    other = quoting(desk, actor="petrow", said_at="2025-10-01")
    before = quoting(desk, stance="opposes", said_at="2025-10-02")
    after = quoting(desk, said_at="2025-11-02")
    page, met = desk.get(HERE).text, []
    for _ in range(4):
        met.append(asked(page))
        page = desk.get(f"{HERE}?after={met[-1]}").text
    assert met == [before, after, other, before]


def test_who_saw_elsewhere_how_a_quote_is_coded_says_so_and_is_not_asked_again(desk: Desk) -> None:
    first, second = quoting(desk), quoting(desk, said_at="2025-11-03")
    page, head = desk.get(HERE).text, desk.head()
    assert f'action="{HERE}/{first}/seen"' in page
    answer = desk.post(f"{HERE}/{first}/seen", {})
    assert (answer.status_code, answer.location) == (303, f"{HERE}?after={first}")
    assert asked(desk.get(answer.location).text) == second
    assert asked(desk.get(HERE).text) == second
    assert desk.head() == head  # nothing of it is in the log
    answer = desk.post(f"{HERE}/{first}", {"carries": "yes", "stance": "supports"})
    assert "was shown a change with these words, or how they are coded" in answer.text
    assert desk.head() == head
    assert asked(by(desk, "emil").get(HERE).text) == first
    assert by(desk, "mira", Role.READER).post(f"{HERE}/{second}/seen").status_code == 403
    assert desk.post(f"{HERE}/99999/seen", {}).status_code == 404


def test_a_reading_needs_both_answers_and_is_kept_once(desk: Desk) -> None:
    number, head = quoting(desk), desk.head()
    half = desk.post(f"{HERE}/{number}", {"carries": "yes"})
    assert half.status_code == 422
    assert "Choose a direction, or that it has none." in half.text
    assert 'value="yes" required checked' in half.text
    assert desk.post(f"{HERE}/{number}", {"carries": "yes", "stance": "blue"}).status_code == 422
    assert desk.head() == head
    given = {"carries": "no", "stance": "supports"}
    assert desk.post(f"{HERE}/{number}", given).status_code == 303
    again = desk.post(f"{HERE}/{number}", given)
    assert (again.status_code, desk.head()) == (422, head + 1)
    assert "they have read this quote" in again.text.lower()
    assert "Go on" in again.text


def test_a_reading_is_taken_back_right_after_and_the_quote_comes_again(desk: Desk) -> None:
    first, second = quoting(desk), quoting(desk, "I hope for it with all my heart")
    head, given = desk.head(), {"carries": "yes", "stance": "supports"}
    after = desk.post(f"{HERE}/{first}", given).location or ""
    page = desk.get(after).text
    assert asked(page) == second
    assert f'action="{HERE}/{first}/undo"' in page
    answer = desk.post(f"{HERE}/{first}/undo", {})
    assert (answer.status_code, asked(desk.get(answer.location or "").text)) == (303, first)
    assert desk.types(head) == ["statement.quote_read", "statement.quote_unread"]
    with desk.services.models.engine().connect() as conn:
        assert quote_readings(conn, [first]) == {}
    again = desk.post(f"{HERE}/{first}/undo", {})
    assert again.status_code == 422
    assert "has not read this quote" in again.text
    desk.post(f"{HERE}/{first}", given | {"stance": "opposes"})
    with desk.services.models.engine().connect() as conn:
        assert [reading.direction for reading in quote_readings(conn, [first])[first]] == [-2]


def test_who_saw_a_change_is_asked_about_none_of_its_quotes(desk: Desk) -> None:
    other = quoting(desk, actor="petrow", said_at="2025-10-01")
    before = quoting(desk, stance="opposes", said_at="2025-10-02")
    after = quoting(desk, said_at="2025-11-02")
    desk.get("/record/changes")
    met, page = [], desk.get(HERE).text
    while (number := asked(page)) and number not in met:
        met.append(number)
        page = desk.get(f"{HERE}?after={number}").text
    assert met == [other]
    head = desk.head()
    refused = desk.post(f"{HERE}/{before}", {"carries": "yes", "stance": "opposes"})
    assert "was shown a change with these words" in refused.text
    assert desk.head() == head
    cora = by(desk, "cora")
    assert asked(cora.get(HERE).text) == before
    cora.post(f"{HERE}/{after}", data={"carries": "yes", "stance": "supports"})
    assert desk.types(head) == ["statement.quote_read"]
