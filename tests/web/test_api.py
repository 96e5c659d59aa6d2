"""The interface for programs: lists in parts, clocks, problems, and what tokens may record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.support.four_eyes import ask_for_four_eyes
from tests.web.paper import START
from tests.web.site import Site
from timeline.desk.accounts.roles import Role
from timeline.domain.codebook import Codebook
from timeline.domain.variables import CHOICE, TEXT, Variable
from timeline.domain.verdict import Ends
from timeline.domain.verdict import SignedIn as SentenceIn
from timeline.projections.queries.quote_readings import quote_readings
from timeline.releasing import release_due
from web.shell.identity import SignedIn

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper

LISTS = (
    *("stories?", "topics?", "actors?", "entries?", "events?", "positions?"),
    *("changes?", "changes?signed=any&"),
)
SAID = {
    "topic": "union",
    "actor": "bland",
    "stance": "opposes",
    "paraphrase": "Is against it now.",
    "said_at": "2025-12-12",
    "source": {"outlet": "Invented Times", "published_at": "2025-12-13"},
}


class Programs(Site):
    """The site of a newsroom, asked by programs: Mira edits, Jonas codes, Theo reads."""

    def __init__(self, paper: Paper) -> None:
        identify = SignedIn(paper.services)
        super().__init__(paper.services, identify=identify)
        people = {"mira": Role.EDITOR, "jonas": Role.CODER, "theo": Role.READER}
        for handle, role in people.items():
            self.services.desk.people.add(handle, handle.title(), role, START)

    def token(self, handle: str, scope: str = "record") -> str:
        """Return a token of somebody."""
        now = self.services.clock()
        return self.services.desk.tokens.make(handle, "a script", scope, 30, now)

    def send(self, path: str, body: Any, token: str = "", key: str = "") -> TestResponse:  # noqa: ANN401
        """Send JSON."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        return self.reader.post(f"/api/v1{path}", json=body, headers=headers)


@pytest.fixture
def programs(paper: Paper) -> Programs:
    return Programs(paper)


def every(site: Site, path: str) -> list[Any]:
    """Return all items of a list, part by part."""
    found = []
    while path:
        told = site.data(path)
        found += told["items"]
        path = told["next"]
    return found


MOMENTS = ("", "&as_of=2025-11", "&known_at=@20")
OF_NOW = ("stories?", "topics?", "actors?", "events?")
"""Lists that have fewer clocks than both: what they have none of is no parameter of theirs."""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "moment"),
    [(name, moment) for name in LISTS for moment in MOMENTS if not moment or name not in OF_NOW],
)
def test_parts_follow_each_other_without_a_gap_or_a_repeat(
    paper: Paper, name: str, moment: str
) -> None:
    whole = every(paper, f"/api/v1/{name}limit=500{moment}")
    assert every(paper, f"/api/v1/{name}limit=2{moment}") == whole


@pytest.mark.parametrize("asked", ["signed=any", "signed=any&as_of=2025-12-31"])
def test_a_place_beyond_the_changes_of_an_instant_is_the_end_of_that_instant(
    paper: Paper, asked: str
) -> None:
    paper.say("turns", "bland", "opposes", "2025-12-10", paraphrase="Wants it no more.")
    path = f"/api/v1/changes?limit=500&{asked}"
    whole = paper.data(path)["items"]
    first = paper.data(f"/api/v1/changes?limit=1&{asked}")["next"].partition("after=")[2]
    instant = first.partition(",")[0]
    assert paper.data(f"{path}&after={instant},{10**17}")["items"] == whole[1:]


def test_changes_that_nobody_signed_are_counted_and_told_to_who_asks_for_any(paper: Paper) -> None:
    printed = paper.data("/api/v1/changes?topic=union")
    assert (printed["rule"], printed["items"]) == (2, [])
    found = paper.data("/api/v1/changes?topic=union&signed=any")
    waits = [one for one in found["items"] if one["status"] == "waiting"]
    assert found["waiting"] == printed["waiting"] == len(waits) > 0
    (change,) = waits
    assert change["actors"] == ["dora", "aland"]
    assert (change["kind"], change["from"], change["to"]) == ("reversal", "opposes", "accepts")
    (of_aland,) = paper.data("/api/v1/changes?topic=union&actor=aland&signed=any")["items"]
    assert of_aland == change | {"actor": "aland"}
    ends = Ends("union", "dora", 2, tuple(change["before"]), tuple(change["after"]))
    also = [SentenceIn("de", "Es sagt jetzt ja.", "In einer Rede.")]
    paper.newsroom.changes.sign(paper.dora(), ends, "It says yes now.", "In one speech.", also)
    signed = paper.data("/api/v1/changes?topic=union")
    assert (signed["waiting"], len(signed["items"])) == (0, 1)
    assert signed["items"][0] == change | {
        "status": "printed",
        "because": ["signed"],
        "sentence": "It says yes now.",
        "caveat": "In one speech.",
        "also": [{"lang": "de", "sentence": "Es sagt jetzt ja.", "caveat": "In einer Rede."}],
        "known_at": signed["items"][0]["known_at"],
    }
    head = paper.services.log.head()
    before = paper.data(f"/api/v1/changes?topic=union&known_at=@{head - 1}")
    assert (before["waiting"], before["items"]) == (1, [])


def test_an_answer_names_the_rule_and_who_holds_a_position(paper: Paper) -> None:
    found = paper.data("/api/v1/positions?topic=union&actor=aland")
    assert (found["rule"], found["items"][0]["rule"]) == (2, 2)
    assert found["items"][0]["held_by"] == "dora"
    assert found["items"][0]["according_to"] == [paper.numbers["circles"]]


def test_what_no_parameter_takes_is_refused(paper: Paper) -> None:
    answer = paper.open("/api/v1/changes?rule=1")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "parameter_unknown")
    answer = paper.open("/api/v1/changes?signed=yes")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "no_such_status")


def test_words_of_a_condition_that_are_withheld_are_in_no_answer(paper: Paper) -> None:
    def asked() -> str:
        path = "/api/v1/positions?topic=union&actor=cland&known_at=@{0}"
        return str(paper.open(path.format(known)).text)

    known = paper.services.log.head()
    assert "reforms first" in asked()
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["if"], "Private.", withhold=True)
    assert "reforms first" not in asked()


def test_words_find_actors_topics_and_entries_part_by_part(paper: Paper) -> None:
    told = paper.data("/api/v1/search?q=Aland+rejects")
    assert [one["slug"] for one in told["actors"]] == ["aland"]
    assert [one["number"] for one in told["entries"]] == [paper.numbers["no"]]
    assert (told["total"], told["next"]) == (1, None)
    whole, path, parts = paper.data("/api/v1/search?q=Aland"), "/api/v1/search?q=Aland&limit=1", []
    while path:
        part = paper.data(path)
        parts += part["entries"]
        path = part["next"]
    assert parts == whole["entries"]
    assert len(parts) == whole["total"] > 1
    assert [one["slug"] for one in whole["topics"]] == ["union"]
    on_deal = paper.data("/api/v1/search?q=Aland&topic=deal&actor=aland")
    assert 1 <= on_deal["total"] == len(on_deal["entries"]) < whole["total"]
    assert {one["topic"] for one in on_deal["entries"]} == {"deal"}
    both = paper.data("/api/v1/search?q=Aland&topic=union&topic=deal&actor=cland&actor=aland")
    assert {one["topic"] for one in both["entries"]} == {"union", "deal"}
    assert paper.data("/api/v1/search?q=Aland&year=2019&year=2024")["total"] == 0
    assert paper.data("/api/v1/search?q=Aland&year=2025")["total"] == whole["total"]
    withheld = paper.numbers["no"]
    paper.newsroom.statements.retract(paper.dora(), withheld, "A private person.", withhold=True)
    assert "Rejects" not in paper.open("/api/v1/search?q=rejects").text
    for query, fix in {
        "": "give words as q",
        "q=%20": "give words as q",
        "q=a&after=x": "",
        "q=a&year=last": "write it like 2025",
    }.items():
        answer = paper.open(f"/api/v1/search?{query}")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
        assert fix in answer.text


def test_positions_are_those_of_the_page_at_both_clocks(paper: Paper) -> None:
    for moment, same in (("", ""), ("as_of=2025-08-20", "as_of=2025-08-20")):
        told = paper.data(f"/api/v1/positions?topic=union&{moment}")["items"]
        assert told == paper.data(f"/t/union.json?{same}")["positions"]


def test_an_entry_is_the_row_of_its_export(paper: Paper) -> None:
    number = paper.numbers["yes"]
    told = paper.data(f"/api/v1/entries/{number}")
    rows = {one["number"]: one for one in paper.data("/t/union.json")["entries"]}
    assert told | {"x": 0} == rows[number] | {"withheld": False, "x": 0}


def test_an_answer_that_did_not_change_is_not_sent_again(paper: Paper) -> None:
    tag = paper.open("/api/v1/positions").headers["ETag"]
    assert paper.open("/api/v1/positions", If_None_Match=tag).status_code == 304
    paper.say("again", "bland", "opposes", "2025-12-12")
    assert paper.open("/api/v1/positions", If_None_Match=tag).status_code == 200


def test_what_is_wrong_is_a_problem_with_the_code_of_its_error(paper: Paper) -> None:
    for path, status, code in (
        ("/topics/nothing", 404, "no_such_topic"),
        ("/entries/999999", 404, "no_such_entry"),
        ("/topics?limit=501", 422, "limit_unfit"),
        ("/entries?after=here", 422, "cursor_unfit"),
        ("/entries?kind=song", 422, "no_such_kind"),
        ("/positions?as_of=soon", 422, "not_a_date"),
    ):
        answer = paper.open(f"/api/v1{path}")
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        told = answer.get_json(force=True)
        assert told["status"] == status
        assert told["code"] == code or code == "not_a_date"


def test_a_token_records_once_under_its_key(programs: Programs) -> None:
    token = programs.token("jonas")
    first = programs.send("/statements", SAID, token, "one")
    assert first.status_code == 201
    number = first.get_json()["position"]
    assert first.headers["Location"].endswith(f"/api/v1/entries/{number}")
    again = programs.send("/statements", SAID, token, "one")
    assert (again.status_code, again.get_json()) == (200, {"position": number, "fresh": False})
    other = programs.send("/statements", SAID | {"stance": "doubts"}, token, "one")
    assert (other.status_code, other.mimetype) == (409, "application/problem+json")
    (event,) = programs.data(f"/api/v1/entries/{number}/events")["items"]
    assert (event["recorded_by"], event["via"]) == ("jonas", "api")
    (standing,) = programs.data("/api/v1/positions?topic=union&actor=bland")["items"]
    assert standing["stance"] == "opposes"


def test_what_is_under_embargo_waits_on_the_desk_and_is_recorded_at_its_moment(
    programs: Programs, paper: Paper
) -> None:
    token, head = programs.token("jonas"), programs.services.log.head()
    body = SAID | {"embargo_until": "2025-12-20T09:00:00+01:00"}
    first = programs.send("/statements", body, token, "one")
    assert (first.status_code, first.get_json()["until"]) == (202, "2025-12-20T08:00:00.000000Z")
    assert programs.send("/statements", body, token, "one").get_json() == first.get_json()
    assert programs.services.log.head() == head
    assert "against it now" not in programs.read("/t/union")
    (waiting,) = programs.services.desk.embargoes.waiting()
    assert (waiting.id, waiting.author, waiting.via) == (first.get_json()["id"], "jonas", "api")
    assert release_due(programs.services) == []
    paper.wait(10)
    (released,) = release_due(programs.services)
    assert released.number > head
    (event,) = programs.data(f"/api/v1/entries/{released.number}/events")["items"]
    assert (event["recorded_by"], event["via"]) == ("jonas", "api")


def test_an_embargo_that_cannot_be_is_refused_and_nothing_waits(programs: Programs) -> None:
    token = programs.token("jonas")
    for until in ("2025-12-01T09:00:00Z", "soon", "2025-12-20T09:00:00"):
        answer = programs.send("/statements", SAID | {"embargo_until": until}, token)
        assert answer.status_code == 422, until
    unfit = SAID | {"stance": "loves", "embargo_until": "2025-12-20T09:00:00Z"}
    assert programs.send("/statements", unfit, token).status_code == 422
    assert programs.services.desk.embargoes.waiting() == []


def test_what_stands_or_waits_already_is_a_problem_until_a_program_says_that_it_is_another(
    programs: Programs,
) -> None:
    token, head = programs.token("jonas"), programs.services.log.head()
    held = SAID | {"embargo_until": "2025-12-20T09:00:00Z"}
    waits = programs.send("/statements", held, token).get_json()["id"]
    response = programs.send("/statements", SAID, programs.token("mira"))
    assert (response.status_code, response.get_json(force=True)["code"]) == (409, "waits_already")
    assert waits in response.get_json(force=True)["detail"]
    assert programs.services.log.head() == head
    first = programs.send("/statements", SAID | {"distinct": [waits]}, token)
    number = first.get_json()["position"]
    known = SAID | {"distinct": [waits, str(number)]}
    response = programs.send("/statements", SAID | {"distinct": [waits]}, token)
    assert (response.status_code, response.get_json(force=True)["code"]) == (409, "stands_already")
    assert programs.send("/statements", known, token).status_code == 201
    in_other_words = SAID | {"paraphrase": "Will not have it.", "distinct": [waits]}
    assert programs.send("/statements", in_other_words, token).status_code == 201


def test_a_development_that_stands_already_is_a_problem_too(programs: Programs) -> None:
    token = programs.token("jonas")
    told: dict[str, Any] = {
        "title": "A bridge fell in.",
        "topics": ["union"],
        "status": "confirmed",
    }
    told |= {"happened_at": "2025-12-12", "source": SAID["source"]}
    first = programs.send("/developments", told, token, "one")
    assert first.status_code == 201
    assert programs.send("/developments", told, token, "one").status_code == 200
    again = told | {"title": "The bridge fell in"}
    answer = programs.send("/developments", again, token)
    assert (answer.status_code, "stands_already" in answer.text) == (409, True)
    number = str(first.get_json()["position"])
    assert programs.send("/developments", again | {"distinct": [number]}, token).status_code == 201


def test_the_same_key_of_somebody_else_is_another(programs: Programs) -> None:
    first = programs.send("/statements", SAID, programs.token("jonas"), "one").get_json()
    known = SAID | {"distinct": [str(first["position"])]}
    other = programs.send("/statements", known, programs.token("mira"), "one").get_json()
    assert first["position"] != other["position"]


def test_where_a_second_person_agrees_no_program_records_an_entry_alone(paper: Paper) -> None:
    programs = Programs(paper)
    ask_for_four_eyes(paper.services)
    token, head = programs.token("mira"), paper.services.log.head()
    for path in ("/statements", "/developments"):
        answer = programs.send(path, SAID, token)
        assert (answer.status_code, '"code":"needs_a_second"' in answer.text.replace(" ", "")) == (
            422,
            True,
        )
    assert paper.services.log.head() == head


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("corrections", {"changes": {"paraphrase": "Other words."}, "reason": "Misheard."}),
        ("retractions", {"reason": "Misheard.", "withhold": True}),
        ("reinstatements", {"reason": "As it was."}),
        ("links", {"kind": "repeats", "target": 0}),
        ("sources", {"source": {"outlet": "Other Times", "published_at": "2025-12-14"}}),
    ],
)
def test_where_a_second_person_agrees_no_program_changes_what_was_agreed(
    programs: Programs, act: str, body: dict[str, Any]
) -> None:
    token = programs.token("mira")
    number = programs.send("/statements", SAID, token).get_json()["position"]
    if act == "reinstatements":
        programs.send(f"/entries/{number}/retractions", {"reason": "Misheard."}, token)
    if act == "links":
        other = {"paraphrase": "Is for it today.", "stance": "supports", "said_at": "2025-12-11"}
        again = SAID | other | {"distinct": [str(number)]}
        body["target"] = programs.send("/statements", again, token).get_json()["position"]
    ask_for_four_eyes(programs.services)
    head = programs.services.log.head()
    answer = programs.send(f"/entries/{number}/{act}", body, token)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "needs_a_second")
    assert programs.services.log.head() == head


def test_who_may_not_record_is_told_so_and_nothing_is_recorded(programs: Programs) -> None:
    head = programs.services.log.head()
    asked = (("", 401), ("made up", 401), (programs.token("theo"), 403))
    reading = (programs.token("mira", "read"), 403)
    for token, status in (*asked, reading):
        answer = programs.send("/statements", SAID, token)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert "at /account" in answer.text
    answer = programs.send(
        "/topics", {"question": "Is it?", "scale": "claim"}, programs.token("jonas")
    )
    assert answer.status_code == 403
    assert programs.services.log.head() == head


def test_an_editor_says_who_decides_what_a_topic_asks_for_and_signs(programs: Programs) -> None:
    token = programs.token("mira")

    def send(path: str, **body: object) -> dict[str, Any]:
        answer = programs.send(path, body, token)
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.get_json())

    topic, actor = SAID["topic"], SAID["actor"]
    send("/actors", name="Cloudland", kind="state", slug="cloudland")
    whom = {"on_behalf_of": "cloudland", "role": "Chancellor", "standing": "decides"}
    send(f"/actors/{actor}/mandates", **whom)
    (held,) = [
        one
        for one in programs.data(f"/api/v1/actors/{actor}/mandates")["items"]
        if one["on_behalf_of"] == "cloudland"
    ]
    assert (held["standing"], held["proposed"], held["stated"]) == ("decides", "decides", [])
    said = {"standing": "speaks", "topic": topic, "reason": "The council decides."}
    send(f"/actors/{actor}/standings", mandate=held["mandate"], **said)
    (held, *_) = programs.data(f"/api/v1/actors/{actor}/mandates")["items"][-1:]
    assert [one["topic"] for one in held["stated"]] == [topic]
    send(f"/topics/{topic}/natures", asks="decision", recurring=True, prints="derived")
    found = programs.data(f"/api/v1/topics/{topic}")
    assert (found["recurring"], found["prints"]) == (True, "derived")
    first = send("/statements", **SAID)["position"]
    other = {"paraphrase": "Says the opposite.", "distinct": [str(first)]}
    later = send("/statements", **SAID | other)["position"]
    ends = {"topic": topic, "actor": actor, "before": [first], "after": [later]}
    send("/changes/signatures", **ends, sentence="It now says the opposite.")
    send("/changes/refusals", **ends, cause="same")
    send("/changes/reopenings", **ends, reason="Looked at again.")
    answer = programs.send("/changes/refusals", ends | {"cause": "mood"}, token)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown_cause")


TIMES = {"outlet": "Invented Times", "published_at": "2025-12-13"}
TELLS = "Bland said it was against it. “We have never wanted to join it,” said its minister."


@pytest.mark.parametrize(
    ("quote", "changes", "is_taken"),
    [
        ("We have never wanted to join it", {}, True),
        ("said it was against it", {}, False),
        ("said it was against it", {"attribution": ""}, False),
        ("said its minister", {"source": {**TIMES, "author": "Bland"}}, True),
    ],
)
def test_a_quote_is_what_the_passage_of_somebody_else_s_source_has_in_quotation_marks(
    programs: Programs, quote: str, changes: dict[str, Any], *, is_taken: bool
) -> None:
    body = SAID | {"quote": {"text": quote}, "passage": {"text": TELLS}, "attribution": "quoted"}
    answer = programs.send("/statements", body | changes, programs.token("mira"))
    assert answer.status_code == (201 if is_taken else 422)
    if not is_taken:
        told = answer.get_json()
        assert told["code"] == "quote_narrated"
        assert TELLS in str(told)


def test_words_that_are_told_are_recorded_as_reported(programs: Programs) -> None:
    body = SAID | {"passage": {"text": TELLS}, "attribution": "reported"}
    assert programs.send("/statements", body, programs.token("mira")).status_code == 201


def test_a_coder_reads_a_quote_blindly_takes_it_back_and_codes_the_statement(
    programs: Programs,
) -> None:
    quote = {"text": "we have never wanted to join it", "lang": "en", "wording": "original"}
    said = SAID | {"quote": quote, "attribution": "quoted"}
    number = programs.send("/statements", said, programs.token("mira")).get_json()["position"]
    jonas, theo = programs.token("jonas"), programs.token("theo")
    readings = f"/entries/{number}/quote-readings"

    def read_by(who: str) -> int:
        with programs.services.models.engine().connect() as conn:
            return len(quote_readings(conn, [number], but_for=who).get(number, ()))

    answer = programs.send(f"{readings}/withdrawals", {}, jonas)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "quote_not_read")
    assert (
        programs.send(readings, {"direction": "opposes", "carries": True}, jonas).status_code == 201
    )
    assert read_by("jonas") == 1
    assert programs.send(f"{readings}/withdrawals", {}, theo).status_code == 403
    answer = programs.send(f"{readings}/withdrawals", {"number": number}, jonas)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "body_unfit")
    taken = programs.send(f"{readings}/withdrawals", {}, jonas, key="once")
    again = programs.send(f"{readings}/withdrawals", {}, jonas, key="once")
    assert (taken.status_code, again.status_code) == (201, 200)
    assert taken.get_json()["position"] == again.get_json()["position"]
    assert read_by("jonas") == 0
    coded = {"stance": "doubts", "has_condition": True, "note": "No plain no."}
    assert programs.send(f"/entries/{number}/codings", coded, theo).status_code == 403
    assert programs.send(f"/entries/{number}/codings", coded, jonas).status_code == 201
    (event,) = [
        one
        for one in programs.data(f"/api/v1/entries/{number}/events")["items"]
        if one["type"] == "statement.coded"
    ]
    assert (event["stance"], event["has_condition"]) == (-1, True)
    answer = programs.send(readings, {"direction": "opposes", "carries": True}, jonas)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "read_by_recorder")
    answer = programs.send(f"/entries/{number}/codings", {"stance": "expects"}, jonas)
    assert answer.status_code == 422


def test_where_a_second_person_agrees_the_recorder_of_an_end_signs_no_change(
    programs: Programs,
) -> None:
    token = programs.token("mira")
    numbers = [
        programs.send("/statements", SAID | words, token).get_json()["position"]
        for words in ({}, {"paraphrase": "Says the opposite.", "said_at": "2025-11-01"})
    ]
    ends = {"topic": SAID["topic"], "actor": SAID["actor"]}
    ends |= {"before": numbers[1:], "after": numbers[:1], "sentence": "It changed."}
    ask_for_four_eyes(programs.services)
    answer = programs.send("/changes/signatures", ends, token)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "own_work")
    services = programs.services
    other = services.newsroom.byline("nora", "api")
    change = Ends(str(ends["topic"]), str(ends["actor"]), 2, tuple(numbers[1:]), tuple(numbers[:1]))
    assert services.newsroom.changes.sign(other, change, "It changed.").fresh


def test_an_editor_opens_topics_corrects_links_retracts_and_reinstates(programs: Programs) -> None:
    token = programs.token("mira")

    def send(path: str, **body: object) -> int:
        answer = programs.send(path, body, token)
        assert answer.status_code == 201, answer.text
        return int(answer.get_json()["position"])

    send("/topics", question="Will it rain?", scale="expectation", slug="rain")
    send("/actors", name="Cloudy", kind="person")
    said = SAID | {"topic": "rain", "actor": "cloudy", "stance": "expects"}
    number = send("/statements", **said)
    send(f"/entries/{number}/corrections", changes={"stance": "rules out"}, reason="Misread.")
    assert programs.data(f"/api/v1/entries/{number}")["stance"] == "rules out"
    send(
        f"/entries/{number}/sources", source={"outlet": "Other Times", "published_at": "2025-12-14"}
    )
    other = send("/statements", **said | {"paraphrase": "Says it once more."})
    send(f"/entries/{other}/links", kind="repeats", target=number)
    send(f"/entries/{number}/retractions", reason="Wrong person.", withhold=True)
    gone = programs.open(f"/api/v1/entries/{number}")
    assert (gone.status_code, gone.get_json(force=True)["code"]) == (410, "entry_withheld")
    send(f"/entries/{number}/reinstatements", reason="It was them.")


def test_a_program_learns_what_a_name_looks_like(programs: Programs) -> None:
    def looks_like(path: str, **body: str) -> list[str]:
        told = programs.send(path, body, programs.token("mira")).get_json()
        return list(told.get("looks_like", ()))

    assert looks_like("/actors", name="Вland", kind="person", slug="other") == ["bland"]
    assert looks_like("/topics", question="Is it A?", scale="claim", slug="latin") == []
    assert looks_like("/topics", question="Is it А?", scale="claim", slug="cyrillic") == ["latin"]
    assert looks_like("/topics", question="Will the bridge fall?", scale="claim", slug="fall") == []
    asked = "Will the old bridge fall in?"
    assert looks_like("/topics", question=asked, scale="claim", slug="old") == ["fall"]


def test_a_body_that_is_not_as_asked_is_told_where(programs: Programs) -> None:
    token = programs.token("mira")
    for body, words in (
        ({"topic": "union"}, "missing required field"),
        (SAID | {"colour": "red"}, "colour"),
        (SAID | {"stance": "for"}, "opposes, doubts, undecided, accepts, supports"),
        ([], "Expected `object`"),
    ):
        answer = programs.send("/statements", body, token)
        assert answer.status_code == 422
        told = answer.get_json(force=True)
        assert words in told["detail"] + told["fix"]


def test_the_page_lists_every_operation_without_a_script(paper: Paper) -> None:
    page = paper.read("/api")
    assert "GET /api/v1/positions" in page
    assert "POST /api/v1/statements" in page
    assert "topic story actor variable at every known_at" in page


def test_a_mandate_that_moves_a_side_is_a_problem_until_a_program_says_that_it_was_meant(
    programs: Programs,
) -> None:
    token = programs.token("jonas")
    own = SAID | {"actor": "aland", "paraphrase": "Is against all of it.", "said_at": "2025-12-11"}
    assert programs.send("/statements", own, token).status_code == 201
    spoken = SAID | {"actor": "dora", "on_behalf_of": "aland", "stance": "supports"}
    head, response = programs.services.log.head(), programs.send("/statements", spoken, token)
    assert (response.status_code, response.get_json(force=True)["code"]) == (409, "turns_a_side")
    assert "aland" in response.get_json(force=True)["detail"]
    assert programs.services.log.head() == head
    other = programs.send("/statements", spoken | {"spoke_for": "bland"}, token)
    assert other.status_code == 409
    assert programs.send("/statements", spoken | {"spoke_for": "aland"}, token).status_code == 201


def test_programs_say_what_a_codebook_asks_and_read_it_back(programs: Programs) -> None:
    asked = (
        Variable(id="room", kind=CHOICE, choices=("a line", "a page"), required=True),
        Variable(id="party", kind=TEXT, is_attribute=True),
    )
    services = programs.services
    book = Codebook(variables=asked)
    topic = str(SAID["topic"])
    services.newsroom.topics.write_codebook(services.newsroom.byline("mira"), topic, book)
    token = programs.token("mira")
    refused = programs.send("/statements", SAID, token)
    assert refused.status_code == 422
    assert refused.get_json()["detail"] == "the codebook asks for “room”"
    answer = programs.send("/statements", SAID | {"variables": {"room": "A Page"}}, token)
    assert answer.status_code == 201, answer.text
    number = answer.get_json()["position"]
    assert programs.data(f"/api/v1/entries/{number}")["variables"] == {"room": "a page"}
    changes = {"changes": {"variables.room": "a line"}, "reason": "Misread."}
    corrected = programs.send(f"/entries/{number}/corrections", changes, token)
    assert corrected.status_code == 201, corrected.text
    assert programs.data(f"/api/v1/entries/{number}")["variables"] == {"room": "a line"}
    path = f"/actors/{SAID['actor']}/attributes"
    assert programs.send(path, {"attributes": {"party": "Greens"}}, token).status_code == 201
    assert programs.send(path, {"attributes": {"tone": "harsh"}}, token).status_code == 422
