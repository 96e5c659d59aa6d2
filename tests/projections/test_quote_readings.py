"""Quotes that are read blindly: what a reader gets, what others see, and what undoes a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from timeline.application.commands import Quoted
from timeline.domain.errors import Refused
from timeline.domain.verdict import Ends
from timeline.projections.queries.quote_readings import (
    quote_readings,
    quotes_not_carrying,
    quotes_to_read,
)

if TYPE_CHECKING:
    from tests.projections.record import Record

WORDS = "Russia has no objection to it."


def test_each_reader_reads_a_quote_once_and_a_corrected_one_anew(record: Record) -> None:
    record.talks()
    said = record.say(quote=Quoted(WORDS, lang="en", wording="original"))
    record.say(paraphrase="Without any quote.")
    number, by, read = said.position, record.newsroom.byline, record.newsroom.statements.read_quote

    def left(reader: str) -> list[int]:
        return [one.number for one in record.ask(quotes_to_read, reader, limit=9)]

    (given,) = record.ask(quotes_to_read, "cora", limit=9)
    assert (given.number, given.quote) == (number, WORDS)
    assert left("anna") == []  # who recorded it knows more
    with pytest.raises(Refused, match="knows more of it than its quote"):
        read(record.anna(), number, "accepts", carries=True)
    read(by("cora"), number, "accepts", carries=True)
    with pytest.raises(Refused, match="they have read this quote"):
        read(by("cora"), number, "accepts", carries=True)
    assert (left("cora"), left("dora")) == ([], [number])
    assert record.ask(quote_readings, [number], but_for="dora") == {}
    last = read(by("dora"), number, "no_position", carries=False).position
    found = record.ask(quote_readings, [number], but_for="dora")[number]
    assert [(one.reader, one.carries, one.direction) for one in found] == [
        ("cora", True, 1),
        ("dora", False, None),
    ]
    record.newsroom.statements.correct(
        record.anna(), number, {"quote.text": "No objection to it from Russia."}, "Misread."
    )
    assert record.ask(quote_readings, [number]) == {}
    assert len(record.ask(quote_readings, [number], last)[number]) == 2
    assert left("cora") == [number]


@pytest.mark.parametrize("did", ["corrected", "coded"])
def test_who_corrected_or_coded_a_statement_knows_more_of_it_than_its_quote_too(
    record: Record, did: str
) -> None:
    record.talks()
    number = record.say(quote=Quoted(WORDS, lang="en", wording="original")).position
    statements, byline = record.newsroom.statements, record.newsroom.byline
    if did == "corrected":
        statements.correct(byline("cora"), number, {"paraphrase": "No objection."}, "Clearer.")
    else:
        statements.code(byline("cora"), number, "accepts")
    assert record.ask(quotes_to_read, "cora", limit=9) == []
    with pytest.raises(Refused, match="recorded, corrected or coded"):
        statements.read_quote(byline("cora"), number, "accepts", carries=True)
    assert [one.number for one in record.ask(quotes_to_read, "dora", limit=9)] == [number]


def test_the_ledger_gives_nobody_what_a_blind_reader_found(record: Record) -> None:
    record.talks()
    number = record.say(quote=Quoted(WORDS, lang="en", wording="original")).position
    read, by = record.newsroom.statements.read_quote, record.newsroom.byline
    at = [read(by(one), number, "accepts", carries=True).position for one in ("cora", "dora")]
    rows = [row for position in at for row in record.log.stored(position - 1, position)]
    shared = msgspec.msgpack.decode(rows[0].committed)
    assert {"carries", "direction"}.isdisjoint(shared)
    assert shared["hash"] != msgspec.msgpack.decode(rows[1].committed)["hash"]


def test_what_blind_readers_found_goes_with_the_words_of_the_quote(record: Record) -> None:
    record.talks()
    number = record.say(quote=Quoted(WORDS, lang="en", wording="original")).position
    statements = record.newsroom.statements
    statements.read_quote(record.newsroom.byline("cora"), number, "accepts", carries=True)
    statements.redact(record.anna(), number, "Art. 17 GDPR")
    (found,) = record.ask(quote_readings, [number])[number]
    assert (found.reader, found.carries, found.direction) == ("cora", False, None)
    before = record.digests()
    record.models.rebuild()
    assert record.digests() == before


def test_a_quote_is_read_anew_under_another_question(record: Record) -> None:
    record.talks()
    number = record.say(quote=Quoted(WORDS, lang="en", wording="original")).position
    rooms, cora = record.newsroom, record.newsroom.byline("cora")
    last = rooms.statements.read_quote(cora, number, "accepts", carries=True).position
    rooms.statements.correct(record.anna(), number, {"topic": "nato-membership"}, "It is NATO.")
    assert record.ask(quote_readings, [number]) == {}
    assert len(record.ask(quote_readings, [number], last)[number]) == 1
    (given,) = record.ask(quotes_to_read, "cora", limit=9)
    assert given.number == number
    rooms.statements.read_quote(cora, number, "opposes", carries=True)
    assert [one.direction for one in record.ask(quote_readings, [number])[number]] == [-2]


def test_a_quote_of_few_words_never_carries_alone(record: Record) -> None:
    record.talks()
    said = record.say(quote=Quoted("Not at all now", lang="en", wording="original"))
    read, cora = record.newsroom.statements.read_quote, record.newsroom.byline("cora")
    with pytest.raises(Refused, match="fewer than 5 words"):
        read(cora, said.position, "opposes", carries=True)
    read(cora, said.position, "opposes", carries=False)
    with pytest.raises(Refused, match="there is no quote to read"):
        read(cora, record.say(paraphrase="None.").position, "opposes", carries=False)


def test_who_decided_on_a_change_reads_its_quotes_no_more_and_is_not_counted(
    record: Record,
) -> None:
    record.talks()
    quotes = ("We will never agree to that.", "We would now agree to that.")
    before, after = (
        record.say(stance=stance, said_at=day, quote=Quoted(words, lang="en")).position
        for stance, day, words in zip(
            ("opposes", "supports"), ("2025-12-10", "2025-12-14"), quotes, strict=True
        )
    )
    by, read = record.newsroom.byline, record.newsroom.statements.read_quote
    read(by("cora"), before, "opposes", carries=True)
    change = Ends("eu-accession", "dmitry-peskov", 2, (before,), (after,))
    record.newsroom.changes.decline(by("cora"), change, "same")
    assert record.ask(quotes_to_read, "cora", limit=9) == []
    read(by("cora"), after, "supports", carries=False)
    found = record.ask(quote_readings, [before, after])
    assert {number: [one.reader for one in some] for number, some in found.items()} == {
        before: ["cora"]
    }
    for reader in ("dora", "emil"):
        assert after in [one.number for one in record.ask(quotes_to_read, reader, limit=9)]
        read(by(reader), after, "supports", carries=True)
    assert record.ask(quotes_not_carrying, [before, after]) == set()
    assert record.ask(quotes_to_read, "zoe", limit=9) == record.ask(
        quotes_to_read, "zoe", numbers=[before], limit=9
    )
