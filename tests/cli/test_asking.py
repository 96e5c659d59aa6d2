"""Topics, actors, positions and changes, on the fixtures that everybody can check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.cli.terminal import (
    USAGE,
    answered,
    done,
    done_with_notes,
    one_line,
    only_line,
    refused,
    standline,
)

if TYPE_CHECKING:
    from pathlib import Path

POSITION = [
    *("topic", "actor", "stance", "terms", "uncoded", "joint", "held_by", "proposed"),
    *("attribution", "reported_via", "condition", "first_said", "last_said", "last_known"),
    *(
        "statements",
        "unwatched",
        "reported",
        "according_to",
        "order_open",
        "voices",
        "rule",
        "side",
    ),
]
CHANGE = [
    *("topic", "actor", "actors", "kind", "from", "to", "appeared", "gone", "said_at", "known_at"),
    *("before", "after", "before_by", "after_by", "withdrawn_by", "between", "returns_to", "back"),
    *("back_on", "certain", "old", "joint", "uncoded", "new_office", "other_speaker"),
    *("other_wording", "order_open", "proposed", "status", "because", "sentence", "caveat"),
    *("also", "rule"),
]


def log_of(store: str, kind: str) -> list[dict[str, Any]]:
    events = done("log", "--json", "--store", store).objects
    return [event for event in events if event["type"] == kind]


def number_of(store: str, key: str) -> int:
    (found,) = (
        event["position"]
        for event in log_of(store, "statement.recorded")
        if event["data"].get("paraphrase", "").startswith(key)
    )
    assert isinstance(found, int)
    return found


def position_of(store: str, *options: str) -> dict[str, Any]:
    (found,) = answered("positions", *options, "--store", store)
    assert isinstance(found, dict)
    return found


def changes_of(store: str, *options: str) -> list[tuple[str, str | None, str | None, str]]:
    found = answered("changes", *options, "--store", store)
    return [(each["kind"], each["from"], each["to"], each["said_at"]) for each in reversed(found)]


def test_topics_are_told_with_the_keys_of_the_contract(record: str) -> None:
    topics = answered("topics", "--store", record)
    assert len(topics) == 20
    for topic in topics:
        assert list(topic) == [
            "slug",
            "question",
            "story",
            "scale",
            "asks",
            "recurring",
            "limit_months",
            "prints",
            "statements",
            "actors",
            "lede",
        ]
    assert [topic["slug"] for topic in topics] == sorted(topic["slug"] for topic in topics)
    assert next(topic for topic in topics if topic["slug"] == "eu-accession") == {
        "slug": "eu-accession",
        "question": "Should Ukraine join the EU?",
        "story": "berlin-talks",
        "scale": "position",
        "asks": "position",
        "recurring": False,
        "limit_months": 24,
        "prints": "signed",
        "statements": 2,
        "actors": 1,
        "lede": None,
    }
    spoken_for = {topic["slug"]: topic["actors"] for topic in topics}
    assert (spoken_for["talks-progress"], spoken_for["deal-by-christmas"]) == (3, 1)
    votes = [topic for topic in topics if topic["story"] == "un-votes"]
    assert {topic["scale"] for topic in votes} == {"vote"}
    assert sum(topic["statements"] for topic in votes) == 2_938


def test_actors_are_told_with_the_keys_of_the_contract(record: str) -> None:
    actors = answered("actors", "--store", record)
    for actor in actors:
        assert list(actor) == ["slug", "name", "aliases"]
    by_slug = {actor["slug"]: actor for actor in actors}
    assert {"russia", "united-states", "brazil", "dmitry-peskov"} <= by_slug.keys()
    assert by_slug["dmitry-peskov"]["name"] == "Dmitry Peskov"
    assert "Dmitri Peskow" in by_slug["dmitry-peskov"]["aliases"]
    assert [actor["name"].lower() for actor in actors] == sorted(
        by["name"].lower() for by in actors
    )


ACCEPTS_IT = {
    "stance": "accepts",
    "attribution": "second_hand",
    "reported_via": "US government circles (US-Regierungskreise)",
}


def test_what_others_say_of_russia_stands_beside_and_holds_no_position(record: str) -> None:
    found = position_of(record, "--topic", "eu-accession", "--actor", "russia")
    assert list(found) == POSITION
    assert (found["stance"], found["held_by"], found["rule"]) == (None, None, 2)
    (number,) = found["reported"]["statements"]
    assert found["reported"] == {
        **ACCEPTS_IT,
        "said_at": "../2025-12-15",
        "statements": [number],
    }
    assert number in found["according_to"]


def test_a_vote_is_told_as_the_position_of_who_voted(record: str) -> None:
    found = position_of(record, "--topic", "cuba-embargo", "--actor", "brazil")
    assert list(found) == POSITION
    assert found == {
        **{name: [] for name in ("terms", "according_to", "order_open", "voices")},
        **dict.fromkeys(("uncoded", "joint", "proposed", "last_known"), False),
        **dict.fromkeys(("reported_via", "condition", "unwatched", "reported", "side")),
        "topic": "cuba-embargo",
        "actor": "brazil",
        "stance": "against",
        "attribution": "voted",
        "held_by": "brazil",
        "first_said": "2019-11-07",
        "last_said": "2019-11-07",
        "statements": 1,
        "rule": 2,
    }


def test_why_names_what_counted_and_what_did_not(record: str) -> None:
    ask = "--topic", "eu-accession", "--actor", "russia", "--why"
    found = position_of(record, *ask)
    assert list(found) == [*POSITION[:-1], "counted", "ignored", "side"]
    assert (found["counted"], {one["reason"] for one in found["ignored"]}) == ([], {"second_hand"})
    found = position_of(record, "--topic", "security-guarantees", "--actor", "ukraine", "--why")
    events = {each["position"]: each["data"] for each in log_of(record, "statement.recorded")}
    (counted,) = found["counted"]
    assert events[counted]["attribution"] == "reported"
    (ignored,) = found["ignored"]
    assert list(ignored) == ["statement", "reason"]
    assert ignored["reason"] == "second_hand"
    assert events[ignored["statement"]]["paraphrase"]


def test_before_its_event_nothing_was_known_of_it(record: str) -> None:
    ask = ("--topic", "eu-accession", "--actor", "russia")
    number, later = sorted(
        reason["statement"] for reason in reasons(position_of(record, *ask, "--why"))
    )
    assert answered("positions", *ask, "--known-at", f"@{number - 1}", "--store", record) == []
    then = reasons(position_of(record, *ask, "--known-at", f"@{number}", "--why"))
    assert [one["statement"] for one in then if one["reason"] == "not_known_yet"] == [later]


def reasons(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all statements that an answer names, with why they do not count if they do not."""
    counted = [{"statement": number, "reason": "counts"} for number in found["counted"]]
    return [*counted, *found["ignored"]]


def test_an_instant_is_the_position_that_was_reached_by_then(record: str) -> None:
    ask = ("--topic", "security-guarantees", "--actor", "ukraine")
    (counted,) = position_of(record, *ask, "--why")["counted"]
    (event,) = done(
        "log", "--from", f"{counted}", "--until", f"{counted}", "--json", "--store", record
    ).objects
    at_once = position_of(record, *ask, "--known-at", event["recorded_at"])
    assert at_once["stance"] == "supports"
    assert answered("positions", "--known-at", "2020-02-29T12:00:00Z", "--store", record) == []


def test_the_present_is_the_same_with_and_without_clocks(record: str) -> None:
    now = answered("positions", "--store", record)
    assert len(now) > 120
    then = ("--known-at", "2100-01-01T00:00:00Z")
    for clock in (("--as-of", "2100"), then, ("--as-of", "2100-01-01")):
        assert answered("positions", *clock, "--store", record) == now


def test_before_a_topic_existed_nobody_stood_anywhere_on_it(record: str) -> None:
    for known in ("@0", "@1", "@20"):
        ask = ("--topic", "cuba-embargo", "--known-at", known, "--store", record)
        assert answered("positions", *ask) == []
        assert answered("positions", *ask, "--why") == []


@pytest.mark.parametrize(
    ("as_of", "stance"),
    [
        ("1992-10-31", None),
        ("1992-11", "against"),
        ("2016-10-25", "against"),
        ("2016-10-26", "abstained"),
        ("2017-10-31", "abstained"),
        ("2017-11-01", "against"),
        ("2017", "against"),
        ("2024-12-31T23:59:59-05:00", "against"),
    ],
)
def test_as_of_means_the_end_of_that_day(record: str, as_of: str, stance: str | None) -> None:
    ask = ("--topic", "cuba-embargo", "--actor", "united-states", "--as-of", as_of)
    found = answered("positions", *ask, "--store", record)
    assert [each["stance"] for each in found] == ([stance] if stance else [])


def test_moments_may_be_named_by_the_same_words_everywhere(record: str) -> None:
    ask = ("--topic", "cuba-embargo", "--actor", "united-states", "--store", record)
    for named in ("positions", "matrix"):
        one, other = (answered(named, *ask, word, "2016-10-26") for word in ("--as-of", "--at"))
        assert one == other != []


def test_the_united_states_abstained_once_on_the_embargo(record: str) -> None:
    found = changes_of(record, "--topic", "cuba-embargo", "--actor", "united-states")
    assert found == [
        ("first", None, "against", "1992-11"),
        ("vote", "against", "abstained", "2016-10-26"),
        ("vote", "abstained", "against", "2017-11-01"),
    ]


def test_brazil_and_ukraine_turned_on_the_embargo_in_2019(record: str) -> None:
    brazil = changes_of(record, "--topic", "cuba-embargo", "--actor", "brazil")
    assert brazil == [
        ("first", None, "for", "1992-11"),
        ("vote", "for", "against", "2019-11-07"),
    ]
    ukraine = changes_of(record, "--topic", "cuba-embargo", "--actor", "ukraine")
    assert ukraine[-1] == ("vote", "for", "abstained", "2019-11-07")


def test_the_united_states_went_back_and_forth_on_the_test_ban(record: str) -> None:
    found = changes_of(record, "--topic", "test-ban-treaty", "--actor", "united-states")
    assert [to for _, _, to, _ in found] == ["against", "for", "against", "for", "abstained"]


def test_ukraine_joins_nato_or_is_given_guarantees(record: str) -> None:
    found = position_of(record, "--topic", "nato-membership", "--actor", "ukraine")
    assert found["stance"] == "undecided"
    assert "guarantee" in found["condition"]


def test_who_declined_to_answer_holds_no_position(record: str) -> None:
    ask = ("--topic", "deal-by-christmas", "--actor", "dmitry-peskov", "--why")
    for clock in ((), ("--as-of", "2030-01-01"), ("--known-at", "2100-01-01T00:00:00Z")):
        told = position_of(record, *ask, *clock)
        assert (told["stance"], told["counted"]) == (None, [])
        assert [each["reason"] for each in told["ignored"]] == ["no_position"]
        assert position_of(record, *ask[:-1], *clock)["stance"] is None


@pytest.mark.parametrize(
    ("clock", "stances"),
    [
        (("--as-of", "2025-12-14"), []),
        (("--as-of", "2025-12-14", "--why"), [None]),
        (("--as-of", "2025-12-15"), [None]),
        ((), [None]),
    ],
)
def test_who_had_not_been_asked_by_then_is_not_listed(
    record: str, clock: tuple[str, ...], stances: list[None]
) -> None:
    ask = ("--topic", "deal-by-christmas", "--actor", "dmitry-peskov", *clock)
    found = answered("positions", *ask, "--store", record)
    assert [each["stance"] for each in found] == stances


def test_changes_are_told_with_the_keys_of_the_contract_and_prove_either_side(record: str) -> None:
    found = answered("changes", "--topic", "cuba-embargo", "--store", record)
    numbers = {each["position"] for each in log_of(record, "statement.recorded")}
    for change in found:
        assert list(change) == CHANGE
        assert {*change["before"], *change["after"]} <= numbers
        assert change["known_at"] == max(*change["before"], *change["after"], 0)
        assert (change["from"] is None) == (change["before"] == []) == (change["kind"] == "first")


@pytest.mark.parametrize("since", ["2019-11-07", "2019-11", "2019", "2019-11-07T00:00:00Z"])
def test_changes_since_a_day_are_those_of_that_day_and_later(record: str, since: str) -> None:
    found = answered("changes", "--topic", "cuba-embargo", "--since", since, "--store", record)
    assert {each["actor"] for each in found} == {"ukraine", "colombia", "brazil"}


def test_changes_come_latest_first(record: str) -> None:
    found = answered("changes", "--topic", "cuba-embargo", "--actor", "brazil", "--store", record)
    assert [change["said_at"] for change in found] == ["2019-11-07", "1992-11"]


@pytest.mark.parametrize("command", ["positions", "changes", "export"])
def test_what_will_be_known_one_day_is_not_answered(record: str, command: str) -> None:
    head = log_of(record, "statement.recorded")[-1]["position"]
    answer = standline(command, "--known-at", "@999999", "--store", record)
    line = one_line(answer, USAGE)
    assert line.startswith("--known-at: there is no position @999999 yet; the log ends at @")
    assert int(line.rpartition("@")[2]) >= head


def test_changes_as_of_a_day_and_as_known_then(record: str) -> None:
    ask = ("changes", "--topic", "cuba-embargo", "--actor", "brazil", "--store", record)
    found = answered(*ask)
    assert answered(*ask, "--as-of", "2030") == found
    assert answered(*ask, "--known-at", "2040-01-01T00:00:00Z") == found
    assert answered(*ask, "--as-of", "2019-11-06") == found[1:]
    assert answered(*ask, "--known-at", f"@{found[0]['known_at'] - 1}") == found[1:]
    assert answered(*ask, "--as-of", "2020", "--since", "2019") == found[:1]


def test_changes_between_answers_to_different_wordings_are_told_and_can_be_left_out(
    tmp_path: Path,
) -> None:
    said = {"topic": "eu", "actor": "Ann", "actor_kind": "person", "scale": "position"}
    rows = [
        said | {"stance": "supports", "said_at": "2021", "topic_question": "Join?"},
        said | {"stance": "opposes", "said_at": "2025", "topic_question": "Join soon?"},
    ]
    file, store = tmp_path / "rows.jsonl", f"sqlite:///{tmp_path}/w.db"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert "1 question worded anew" in done("import", str(file), "--store", store).out
    ask = "changes", "--signed", "any", "--store", store
    (found,) = answered(*ask)
    assert found["other_wording"]
    assert answered(*ask, "--same-wording") == []
    assert standline(*ask).err.splitlines()[0] == (
        "standline: 1 of 1 changes is between answers to different wordings;"
        " --same-wording leaves them out"
    )


def test_changes_are_those_that_are_printed_and_the_rest_is_counted(tmp_path: Path) -> None:
    said = {"topic": "eu", "actor": "Ann", "actor_kind": "person", "scale": "position"}
    rows = [
        said | {"stance": "supports", "said_at": "2021-03-01", "topic_question": "Join?"},
        said | {"stance": "opposes", "said_at": "2025-04-02"},
    ]
    file, store = tmp_path / "rows.jsonl", f"sqlite:///{tmp_path}/w.db"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done("import", str(file), "--store", store)
    answer = standline("changes", "--store", store)
    assert answer.out == "nothing on record\n"
    assert only_line(answer.err) == "1 more waits for an editor to sign; --signed any lists all"
    (found,) = answered("changes", "--signed", "any", "--store", store)
    assert list(found) == CHANGE
    assert (found["kind"], found["status"], found["actors"]) == ("reversal", "waiting", ["ann"])
    assert "quote_does_not_carry" in found["because"]
    numbers = *found["before"], *found["after"]
    for before in (("--as-of", "2025-04-01"), ("--known-at", f"@{max(numbers) - 1}")):
        assert answered("changes", "--signed", "any", *before, "--store", store) == []
    same = ("--as-of", "2026"), ("--known-at", f"@{max(numbers)}"), ("--actor", "ann")
    for clock in same:
        assert answered("changes", "--signed", "any", *clock, "--store", store) == [found]


def test_tables_are_plain_text_with_a_line_of_headers(record: str) -> None:
    ask = ("--topic", "cuba-embargo", "--actor", "brazil", "--store", record)
    assert done("changes", *ask).out.splitlines() == [
        "said_at     topic         actors  kind   from  to",
        "2019-11-07  cuba-embargo  brazil  vote   for   against",
        "1992-11     cuba-embargo  brazil  first  –     for",
    ]
    heading, line = done("positions", *ask).out.splitlines()
    assert heading.split() == [
        *("topic", "actor", "stance", "held_by", "first_said", "last_said", "last_known"),
        *("according_to", "terms"),
    ]
    assert line.startswith("cuba-embargo  brazil  against  brazil   2019-11-07  2019-11-07  ")
    why = done("positions", "--topic", "eu-accession", "--why", "--store", record).out
    assert why.splitlines()[0].endswith("terms  counted  ignored")
    assert why.splitlines()[1].endswith(" second_hand")
    assert done("topics", "--store", record).out.startswith("slug  ")
    assert done("actors", "--store", record).out.startswith("slug  ")


def test_a_position_says_when_nobody_watched_at_the_moment_asked_for(
    talks: str, tmp_path: Path
) -> None:
    def unwatched(*options: str) -> str | None:
        found = position_of(talks, "--topic", "nato-membership", "--actor", "ukraine", *options)
        return cast("str | None", found["unwatched"])

    assert unwatched() is None
    assert "unwatched" not in done_with_notes("positions", "--store", talks).out
    watched = [
        {"actor": "ukraine", "since": since, "until": until, "outlets": ["Invented Post"]}
        for since, until in (("2025-12-01", "2025-12-20"), ("2026-02", "2026-03"))
    ]
    file = tmp_path / "coverage.jsonl"
    line = {"kind": "topic", "topic": "nato-membership", "coverage": watched}
    file.write_text(json.dumps(line), "utf-8")
    done("import", str(file), "--store", talks)
    assert unwatched() == "2026-04-01/.."
    assert unwatched("--as-of", "2025-12-20") is None
    assert unwatched("--as-of", "2026-01-10") == "2025-12-21/2026-01-31"
    table = done_with_notes("positions", "--topic", "nato-membership", "--store", talks).out
    assert table.splitlines()[0].endswith("unwatched")


def test_an_empty_answer_is_an_empty_array_and_says_so_in_words(record: str) -> None:
    ask = ("positions", "--known-at", "@0", "--store", record)
    assert answered(*ask) == []
    assert done(*ask).out == "nothing on record\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            "positions --topic eu-acession",
            "there is no topic 'eu-acession'; did you mean eu-accession?",
        ),
        ("positions --actor rusia", "there is no actor 'rusia'; did you mean russia?"),
        ("changes --actor Selenskyj", "did you mean volodymyr-zelensky?"),
        ("changes --topic Cuba", "did you mean cuba-embargo?"),
        ("positions --actor Russland", "there is no actor 'Russland'; did you mean russia?"),
        ("positions --topic=", "there is no topic ''; `standline topics` lists them"),
        ("changes --actor=", "there is no actor ''; `standline actors` lists them"),
        ("export --topic=", "there is no topic ''; `standline topics` lists them"),
        ("export --topic eu-acession", "did you mean eu-accession?"),
        ("export --actor Peskow", "did you mean dmitry-peskov?"),
        (
            "positions --topic zzz",
            "there is no topic 'zzz'; `standline topics` lists them",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(record: str, words: str, line: str) -> None:
    assert line in refused(*words.split(), "--store", record)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("export --as-of=", "--as-of: the date is empty"),
        ("positions --as-of yesterday", "--as-of: 'yesterday' is not a date that we can read"),
        ("positions --as-of neulich", "write it like 15 Dec 2025"),
        ("positions --as-of 2025-12-15T12:00", "has no offset from UTC; put Z or an offset"),
        ("positions --as-of 2025-12-01/2025-12-15", "is not one date; give one date"),
        ("export --as-of yesterday", "--as-of: 'yesterday' is not a date"),
        ("changes --since soon", "--since: 'soon' is not a date that we can read"),
        ("changes --since ../2019", "--since: '../2019' does not say with which day it begins"),
        ("positions --known-at @x", "--known-at: '@x' is not a log position; write an instant"),
        ("positions --known-at then", "--known-at: 'then' is not a date that we can read"),
        ("export --known-at then", "such as 2025-12-15T18:00:00Z, or a position such as @1042"),
        ("positions --known-at @-1", "--known-at: '@-1' is not a log position; write an"),
        ("log --from x", "Invalid value for '--from': 'x' is not a valid whole number; see"),
    ],
)
def test_a_moment_that_makes_no_sense_is_wrong_usage(record: str, words: str, line: str) -> None:
    assert line in one_line(standline(*words.split(), "--store", record), USAGE)


def test_a_refusal_leaves_the_answer_empty_for_scripts(record: str) -> None:
    answer = standline("positions", "--topic", "none", "--json", "--store", record)
    assert (answer.status, answer.out) == (1, "")
