"""Reading quotes blindly from a script."""

from __future__ import annotations

from contextlib import closing

from tests.application.newsdesk import statement
from tests.cli.terminal import answered, done, refused
from timeline.application.commands import Quoted
from timeline.bootstrap import open_store


def test_a_script_lists_quotes_to_read_and_keeps_how_they_were_read(talks: str) -> None:
    store = ("--store", talks)
    said = statement(quote=Quoted("Ukraine may join whenever it wants", lang="en"))
    with closing(open_store(talks)) as services:
        services.newsroom.statements.record(services.newsroom.byline("anna"), said)
    (first, *_) = answered("quote", "list", "--by", "cora", *store)
    assert set(first) == {"number", "question", "quote"}
    read = ("quote", "read", str(first["number"]), "no_position", "--does-not-carry")
    assert int(done(*read, "--by", "cora", *store).out)
    left = answered("quote", "list", "--by", "cora", *store)
    assert first["number"] not in [one["number"] for one in left]
    assert "they have read this quote" in refused(*read, "--by", "cora", *store)
    event = done("log", "--json", *store).objects[-1]
    assert (event["type"], event["recorded_by"]) == ("statement.quote_read", "cora")
    assert "direction" not in str(event)


def test_a_script_takes_its_reading_of_a_quote_back(talks: str) -> None:
    store = ("--store", talks)
    said = statement(quote=Quoted("Ukraine may join whenever it wants", lang="en"))
    with closing(open_store(talks)) as services:
        number = services.newsroom.statements.record(
            services.newsroom.byline("anna"), said
        ).position
    done("quote", "read", str(number), "no_position", "--does-not-carry", "--by", "cora", *store)
    assert int(done("quote", "unread", str(number), "--by", "cora", *store).out)
    assert number in [one["number"] for one in answered("quote", "list", "--by", "cora", *store)]
    assert "has not read this quote" in refused(
        "quote", "unread", str(number), "--by", "ben", *store
    )
