"""What people judge, said by a script: changes, quotes, standings, what a topic asks for."""

from __future__ import annotations

from contextlib import closing

from tests.application.newsdesk import statement
from tests.cli.terminal import answered, done, refused
from timeline.application.commands import Quoted
from timeline.bootstrap import open_store

SOURCE = ("--source-outlet", "Der Standard", "--source-published-at", "2025-12-21")
SAID = ("record", "statement", "--topic", "eu-accession", "--actor", "russia", *SOURCE)


def test_a_script_signs_declines_and_opens_a_change_again(talks: str) -> None:
    store = ("--store", talks)
    one = ("--stance", "opposes", "--said-at", "2025-12-19", "--paraphrase", "Never.")
    other = ("--stance", "accepts", "--said-at", "2025-12-20", "--paraphrase", "So be it.")
    before, after = (done(*SAID, *words, *store).out.strip() for words in (one, other))
    ends = ("--before", before, "--after", after)
    of = ("--topic", "eu-accession", "--actor", "russia", *ends, *store)
    signed = ("sign", *of, "--sentence", "Russia now accepts it.", "--caveat", "in talks")
    assert "second person" in refused(*signed, "--four-eyes")
    position = int(done(*signed, "--four-eyes", "--by", "ann").out)
    (told,) = answered("verdict", "list", *store)
    assert (told["position"], told["verdict"], told["by"]) == (position, "signed", "ann")
    assert (told["before"], told["after"]) == ([int(before)], [int(after)])
    done("decline", *of, "--cause", "thin", "--note", "Two words.")
    (told,) = answered("verdict", "list", "--topic", "eu-accession", *store)
    assert (told["verdict"], told["cause"], told["words"]) == ("declined", "thin", "Two words.")
    done("verdict", "reopen", *of, "--reason", "A fuller quote was found.")
    assert answered("verdict", "list", *store) == []
    assert "nobody has signed" in refused("verdict", "reopen", *of, "--reason", "Again.")


def test_a_script_signs_a_change_in_another_language_too(talks: str) -> None:
    store = ("--store", talks)
    one = ("--stance", "opposes", "--said-at", "2025-12-19", "--paraphrase", "Never.")
    other = ("--stance", "accepts", "--said-at", "2025-12-20", "--paraphrase", "So be it.")
    before, after = (done(*SAID, *words, *store).out.strip() for words in (one, other))
    ends = ("--before", before, "--after", after)
    of = ("sign", "--topic", "eu-accession", "--actor", "russia", *ends, *store)
    also = ("--also", "de", "Russland nimmt es jetzt hin.", "")
    done(*of, "--sentence", "Russia now accepts it.", *also)
    (told,) = answered("verdict", "list", *store)
    assert told["also"] == [{"lang": "de", "sentence": "Russland nimmt es jetzt hin."}]
    assert "no language" in refused(*of, "--sentence", "So.", "--also", "Deutsch", "So.", "")


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


def test_a_script_lists_mandates_and_says_which_of_them_decide(talks: str) -> None:
    asked = ("standing", "list", "dmitry-peskov", "--store", talks)
    (held, *_) = answered(*asked)
    assert (held["for"], held["standing"], held["proposed"]) == ("russia", "", "speaks")
    said = ("standing", "set", "dmitry-peskov", held["mandate"])
    given = ("--topic", "eu-accession", "--from", "2025", "--reason", "By decree.")
    assert int(done(*said, "decides", *given, "--store", talks).out)
    (_, told) = answered(*asked)[:2]
    assert {name: told[name] for name in ("standing", "topic", "from", "reason")} == {
        "standing": "decides",
        "topic": "eu-accession",
        "from": "2025",
        "reason": "By decree.",
    }
    assert "reason" in refused(*said, "speaks", "--store", talks)


def test_a_script_says_what_a_topic_asks_for_and_when_words_on_it_are_old(talks: str) -> None:
    def asked() -> tuple[str, bool, int | None]:
        (found,) = [one for one in answered("topics", "--store", talks) if one["slug"] == TOPIC]
        return found["asks"], found["recurring"], found["limit_months"]

    assert asked() == ("position", False, 24)
    done("classify", TOPIC, "decision", "--recurring", "--store", talks)
    assert asked() == ("decision", True, None)
    said = ("classify", TOPIC, "position", "--limit-months", "6", "--store", talks)
    assert "reason" in refused(*said)
    done(*said, "--reason", "They only spoke.")
    assert asked() == ("position", False, 6)


def test_a_script_lets_a_topic_print_its_changes_as_derived(talks: str) -> None:
    def prints() -> str:
        (found,) = [one for one in answered("topics", "--store", talks) if one["slug"] == TOPIC]
        return str(found["prints"])

    assert prints() == "signed"
    done("classify", TOPIC, "position", "--derived", "--store", talks)
    assert prints() == "derived"


TOPIC = "eu-accession"
