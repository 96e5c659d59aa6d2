"""Recording from a script: the form without a screen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.terminal import DONE, USAGE, answered, done, one_line, refused, standline

SOURCE = ("--source-outlet", "Der Standard", "--source-published-at", "2025-12-21")
SAID = ("--said-at", "2025-12-20", "--paraphrase", "Membership is acceptable.")
STATEMENT = ("record", "statement", "--topic", "eu-accession", "--actor", "russia")
ACCEPTS = (*STATEMENT, "--stance", "accepts", *SAID, *SOURCE)
DEVELOPMENT = ("record", "development", "--topic", "eu-accession", "--title", "A new round")
HAPPENED = (*DEVELOPMENT, "--happened-at", "2025-12-20", *SOURCE)


def changed(given: tuple[str, ...], option: str, value: str) -> tuple[str, ...]:
    at = given.index(option) + 1
    return (*given[:at], value, *given[at + 1 :])


def last_event(store: str) -> dict[str, object]:
    found: dict[str, object] = done("log", "--json", "--store", store).objects[-1]
    return found


def test_a_statement_is_recorded_and_its_number_is_printed(talks: str) -> None:
    number = int(done(*ACCEPTS, "--attribution", "reported", "--store", talks).out)
    event = last_event(talks)
    assert (event["position"], event["type"]) == (number, "statement.recorded")
    assert (event["recorded_by"], event["via"]) == ("editor", "api")
    ask = ("--topic", "eu-accession", "--actor", "russia", "--store", talks)
    (position,) = answered("positions", *ask, "--why")
    assert (position["attribution"], position["counted"]) == ("reported", [number])


@pytest.mark.parametrize(
    "words",
    [
        ("record", "--store", "HERE", *ACCEPTS[1:]),
        ("record", "statement", "--store", "HERE", *ACCEPTS[2:]),
        (*ACCEPTS, "--store", "HERE"),
        ("record", "--store", "sqlite:////nowhere/x.db", *ACCEPTS[1:], "--store", "HERE"),
    ],
)
def test_the_store_may_be_named_at_every_place(
    talks: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDLINE_STORE", "sqlite:////nowhere/x.db")
    number = int(done(*(talks if word == "HERE" else word for word in words)).out)
    assert last_event(talks)["position"] == number


def test_a_development_is_recorded_and_its_number_is_printed(talks: str) -> None:
    topics = ("--topic", "security-guarantees", "--status", "announced")
    number = int(done(*HAPPENED, *topics, "--by", "ann", "--store", talks).out)
    event = last_event(talks)
    assert (event["position"], event["type"]) == (number, "development.recorded")
    assert event["recorded_by"] == "ann"


def test_every_field_of_the_form_can_be_given(talks: str) -> None:
    fields = {
        "--topic": "nato-membership",
        "--actor": "volodymyr-zelensky",
        "--on-behalf-of": "ukraine",
        "--mandate-reason": "He is the president.",
        "--stance": "conditional",
        "--said-at": "2025-12-20",
        "--condition": "if there are guarantees",
        "--condition-topic": "security-guarantees",
        "--hedge": "könnte",
        "--attribution": "quoted",
        "--quote": "Wir brauchen Garantien",
        "--quote-lang": "de",
        "--quote-wording": "translated",
        "--quote-translated-by": "Der Standard",
        "--translation": "We need guarantees",
        "--paraphrase": "Guarantees would do.",
        "--utterance": "the press conference",
        "--source-outlet": "Der Standard",
        "--source-title": "Garantien statt Beitritt",
        "--source-url": "https://example.org/garantien",
        "--source-author": "Ann",
        "--source-published-at": "2025-12-21",
        "--source-lang": "de",
        "--key": "garantien-1",
    }
    words = [word for pair in fields.items() for word in pair]
    number = int(done("record", "statement", *words, "--store", talks).out)
    options = ("--topic", "nato-membership", "--actor", "volodymyr-zelensky", "--format", "jsonl")
    rows = done("export", *options, "--store", talks).objects
    (row,) = (row for row in rows if row.get("hedge") == "könnte")
    assert row["quote"]["text"] == "Wir brauchen Garantien"
    assert row["quote"]["translated_by"] == "Der Standard"
    assert row["condition"] == {"text": "if there are guarantees", "topic": "security-guarantees"}
    assert row["utterance"] == "the press conference"
    assert row["source"]["author"] == "Ann"
    assert last_event(talks)["position"] == number


def test_who_declines_is_recorded_with_the_question(talks: str) -> None:
    given = (*STATEMENT, "--stance", "no_position", "--no-position-reason", "declined", *SOURCE)
    done(*given, "--asked", "Will Russia agree?", "--store", talks)
    data = last_event(talks)["data"]
    assert isinstance(data, dict)
    assert data["asked"] == "Will Russia agree?"


@pytest.mark.parametrize("given", [ACCEPTS, HAPPENED])
def test_a_key_counts_once_however_often_it_is_given(talks: str, given: tuple[str, ...]) -> None:
    first = done(*given, "--key", "k", "--store", talks)
    again = standline(*given, "--key", "k", "--store", talks)
    assert (again.status, again.out) == (DONE, first.out)
    assert again.err == "standline: it was on record already\n"
    assert last_event(talks)["position"] == int(first.out)


def test_a_key_that_stands_for_other_words_is_refused(talks: str) -> None:
    done(*ACCEPTS, "--key", "k", "--store", talks)
    other = changed(ACCEPTS, "--stance", "opposes")
    line = refused(*other, "--key", "k", "--store", talks)
    assert (
        line == "stance: it is on record, but differs in: stance; correct the one on record instead"
    )
    assert refused(*HAPPENED, "--key", "k", "--store", talks)


def test_without_a_key_the_same_words_are_two_statements(talks: str) -> None:
    numbers = {int(done(*ACCEPTS, "--store", talks).out) for _ in range(2)}
    assert len(numbers) == 2


def test_a_record_creates_no_topic_and_no_actor(talks: str) -> None:
    before = [answered(noun, "--store", talks) for noun in ("topics", "actors")]
    refused(*changed(ACCEPTS, "--topic", "eu-enlargement-of-the-west"), "--store", talks)
    refused(*changed(ACCEPTS, "--actor", "Ann Other"), "--store", talks)
    refused(*HAPPENED, "--topic", "no-such-topic", "--store", talks)
    after = [answered(noun, "--store", talks) for noun in ("topics", "actors")]
    assert [[each["slug"] for each in noun] for noun in after] == [
        [each["slug"] for each in noun] for noun in before
    ]


@pytest.mark.parametrize(
    ("option", "value", "line"),
    [
        ("--topic", "eu-acession", "there is no topic 'eu-acession'; did you mean eu-acc"),
        ("--topic", "zzz", "there is no topic 'zzz'; `standline topics` lists them"),
        ("--actor", "Selenskyj", "did you mean volodymyr-zelensky?"),
        ("--stance", "loves", "stance 'loves' is not a word of the position scale; use"),
        ("--said-at", "20.12.2025", "said_at: '20.12.2025' is not a date that we can read; write"),
        ("--said-at", "2025-12-30", "the source is of 2025-12-21, before what it tells of"),
        ("--said-at", "2025-02-30", "said_at: "),
        ("--paraphrase", "nul\0", "paraphrase: the text contains a control character, U+0000"),
        ("--paraphrase", "\u202eback", "turns the direction of writing, U+202E"),
        ("--paraphrase", "x" * 5_000_000, "paraphrase: the text has 5000000 characters, 2000 are"),
        ("--source-published-at", "soon", "source.published_at: 'soon' is not a date"),
    ],
)
def test_a_statement_that_breaks_a_rule_is_refused_in_one_line(
    sqlite_talks: str, option: str, value: str, line: str
) -> None:
    before = last_event(sqlite_talks)
    assert line in refused(*changed(ACCEPTS, option, value), "--store", sqlite_talks)
    assert last_event(sqlite_talks) == before


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (("--source-url", "ftp://example.org/"), "source.url: "),
        (("--source-url", "http://ann:secret@example.org/"), "source.url: "),
        (("--attribution", "whispered"), "there is no attribution "),
        (("--on-behalf-of", "ukraine"), "on_behalf_of: "),
        (("--condition", "if", "--condition-topic", "zzz"), "`standline topics` lists them"),
        (("--quote", "words", "--quote-wording", "exact"), "wording: "),
    ],
)
def test_an_option_that_breaks_a_rule_is_refused_in_one_line(
    sqlite_talks: str, more: tuple[str, ...], line: str
) -> None:
    assert line in refused(*ACCEPTS, *more, "--store", sqlite_talks)


def test_a_statement_without_a_source_is_refused(sqlite_talks: str) -> None:
    line = refused(*STATEMENT, "--stance", "accepts", *SAID, "--store", sqlite_talks)
    assert line == ("source: the source has no outlet, title or address; name at least one of them")


def test_an_unknown_status_of_a_development_is_refused(sqlite_talks: str) -> None:
    line = refused(*HAPPENED, "--status", "maybe", "--store", sqlite_talks)
    assert line.startswith("there is no status 'maybe'; use one of: claimed, ")


FURTHER = ("--source-outlet", "Neue Zeit", "--source-published-at", "2025-12-22")
REASON = ("--reason", "It tells of another speech.")


def types_of(store: str, number: int) -> list[str]:
    """Return the types of an entry's events, oldest first."""
    events = done("log", "--json", "--store", store).objects
    (subject,) = (event["subject"] for event in events if event["position"] == number)
    return [event["type"] for event in events if event["subject"] == subject]


@pytest.mark.parametrize("given", [ACCEPTS, (*HAPPENED, "--topic", "security-guarantees")])
def test_a_further_source_is_added_and_taken_back(talks: str, given: tuple[str, ...]) -> None:
    number, noun = done(*given, "--store", talks).out.strip(), given[1]
    added = done("record", "second", number, *FURTHER, "--by", "ann", "--store", talks).out
    assert last_event(talks)["position"] == int(added)
    back = done("record", "unsecond", number, *FURTHER[:2], *REASON, "--store", talks).out
    event = last_event(talks)
    assert (event["position"], event["via"], event["recorded_by"]) == (int(back), "api", "editor")
    assert types_of(talks, int(number)) == [
        f"{noun}.recorded",
        f"{noun}.seconded",
        f"{noun}.corrected",
    ]
    line = refused("record", "unsecond", number, *FURTHER, *REASON, "--store", talks)
    assert line == "source: no further source of this entry is so called; it has none"


def test_a_further_source_counts_with_its_own_attribution(talks: str) -> None:
    number = done(*ACCEPTS, "--attribution", "reported", "--store", talks).out.strip()
    quoted = ("--attribution", "quoted", "--store", talks)
    done("record", "second", number, *FURTHER, *quoted)
    ask = ("--topic", "eu-accession", "--actor", "russia", "--store", talks)
    assert answered("positions", *ask)[0]["attribution"] == "quoted"
    done("record", "unsecond", number, *FURTHER, *REASON, "--store", talks)
    assert answered("positions", *ask)[0]["attribution"] == "reported"


def test_a_statement_is_recorded_with_its_passage_or_gets_it_later(talks: str) -> None:
    said = "Ein Beitritt sei hinnehmbar, hieß es."
    done(*ACCEPTS, "--passage", said, "--store", talks)
    recorded: Any = last_event(talks)["data"]
    assert recorded["passage"] == {"exact": said}
    number = done(*ACCEPTS, "--store", talks).out.strip()
    added = done("record", "passage", number, "--text", said, "--by", "ann", "--store", talks).out
    assert last_event(talks)["position"] == int(added)
    assert types_of(talks, int(number)) == ["statement.recorded", "statement.passage_added"]
    line = refused("record", "passage", number, "--text", "Anders.", "--store", talks)
    assert line.startswith("passage.text: another passage is on record for this statement")


@pytest.mark.parametrize("command", ["second", "unsecond"])
def test_a_source_is_added_and_taken_back_once_under_a_key(talks: str, command: str) -> None:
    number = done(*ACCEPTS, "--store", talks).out.strip()
    if command == "unsecond":
        done("record", "second", number, *FURTHER, "--store", talks)
    given = ("record", command, number, *FURTHER, *(REASON if command == "unsecond" else ()))
    done(*given, "--key", "k", "--store", talks)
    before = last_event(talks)
    again = standline(*given, "--key", "k", "--store", talks)
    assert (again.status, again.err) == (DONE, "standline: it was on record already\n")
    assert last_event(talks) == before


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            ("--source-title", "Der Gipfel"),
            "2 further sources of this entry are so called; des",
        ),
        (("--source-outlet", "Die Lupe"), "so called; it has Neue Zeit; Das Blatt"),
        ((), "source: nothing is said of the source; name its outlet, title or address"),
        (("--source-outlet", "Neue Zeit", "--reason", " "), "reason: "),
    ],
)
def test_a_source_that_is_not_told_from_the_others_is_not_taken_back(
    sqlite_talks: str, more: tuple[str, ...], line: str
) -> None:
    number = done(*ACCEPTS, "--store", sqlite_talks).out.strip()
    for outlet in ("Neue Zeit", "Das Blatt"):
        named = ("--source-outlet", outlet, "--source-title", "Der Gipfel")
        done("record", "second", number, *named, "--store", sqlite_talks)
    before = last_event(sqlite_talks)
    reason = () if "--reason" in more else REASON
    assert line in refused("record", "unsecond", number, *more, *reason, "--store", sqlite_talks)
    assert last_event(sqlite_talks) == before


@pytest.mark.parametrize("command", [("second",), ("unsecond", *REASON)])
def test_what_is_no_entry_has_no_further_source(
    sqlite_talks: str, command: tuple[str, ...]
) -> None:
    given = (command[0], "1", *command[1:], *FURTHER, "--store", sqlite_talks)
    assert refused("record", *given) == ("no entry has the number 1; look it up in the event log")
    given = (command[0], "first", *command[1:], *FURTHER, "--store", sqlite_talks)
    line = one_line(standline("record", *given), USAGE)
    assert line.startswith("Invalid value for 'NUMBER': 'first' is not a valid whole number")


def test_a_source_is_not_taken_back_without_a_reason(sqlite_talks: str) -> None:
    answer = standline("record", "unsecond", "1", *FURTHER, "--store", sqlite_talks)
    assert one_line(answer, USAGE).startswith("Missing option '--reason'")


PESKOV = changed(ACCEPTS, "--actor", "dmitry-peskov")
FOR_RUSSIA = (*changed(PESKOV, "--stance", "opposes"), "--on-behalf-of", "russia")
ZELENSKY = (*changed(ACCEPTS, "--actor", "volodymyr-zelensky"), "--on-behalf-of", "ukraine")
FOR_UKRAINE = changed(ZELENSKY, "--stance", "opposes")


def test_a_mandate_that_moves_a_side_is_asked_about_in_one_line(sqlite_talks: str) -> None:
    at = ("--store", sqlite_talks)
    done(*changed(ZELENSKY, "--said-at", "2025-11-20"), *at)
    before = last_event(sqlite_talks)
    for more in ((), ("--embargo-until", "2099-01-01T09:00:00Z"), ("--spoke-for", "russia")):
        told = one_line(standline(*FOR_UKRAINE, *more, *at))
        assert told.startswith("--on-behalf-of: by a mandate this would move “ukraine”")
        assert "add --spoke-for ukraine; if not, leave --on-behalf-of out" in told
    assert last_event(sqlite_talks) == before
    meant = (*FOR_UKRAINE, "--spoke-for", "ukraine", "--key", "said", *at)
    number = int(done(*meant).out)
    again = standline(*FOR_UKRAINE, "--key", "said", *at)
    assert (again.status, int(again.out)) == (DONE, number)


def test_who_does_not_decide_moves_no_side_and_is_asked_nothing(sqlite_talks: str) -> None:
    done(*ACCEPTS, "--store", sqlite_talks)
    done(*FOR_RUSSIA, "--store", sqlite_talks)


def test_a_reason_for_whom_somebody_speaks_answers_the_question_of_their_mandate(
    sqlite_talks: str,
) -> None:
    done(*ACCEPTS, "--store", sqlite_talks)
    done(*FOR_RUSSIA, "--mandate-reason", "He said so.", "--store", sqlite_talks)
