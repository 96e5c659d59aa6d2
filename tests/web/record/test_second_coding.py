"""Second coding: blind to the first reading, compared, and decided on by an editor."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.access import THEMES, check_access
from tests.web.record.desk import Desk, hidden
from tests.web.site import plain
from timeline.application.commands import Excerpt, Quoted
from timeline.desk.accounts.roles import Role
from timeline.domain.codebook import Codebook, Example, StanceGuide
from timeline.domain.statement import StatementCoded, StatementCorrected
from timeline.domain.variables import CHOICE, NUMBER, Variable
from timeline.second_coding.reliability import Agreement
from web import create_app
from web.record.second_coding.rows import alpha_view
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

    from tests.support.access import Theme
    from tests.support.web_server import Serve

QUEUE = "/record/second-coding"
SUMMARY, WORDS = "Turns it down flatly.", "we shall never join"


class Colleague(Desk):
    """Somebody who signed in."""

    def __init__(self, desk: Desk, handle: str, role: Role) -> None:
        self.services = desk.services
        app = create_app(desk.services, identify=everybody_is(handle, role))
        app.testing = True
        self.client = app.test_client()

    def ask(self, coder: str = "cora", size: str = "40", topic: str = "a-union") -> TestResponse:
        form = {"topic": topic, "coder": coder, "size": size}
        return self.post(QUEUE, self.opened(QUEUE) | form)

    def sample(self) -> str:
        """Return the latest sample."""
        return self.services.desk.second_readings.samples()[-1].id

    def next(self) -> str:
        """Return the page of the next statement of the latest sample."""
        return str(self.get(f"{QUEUE}/{self.sample()}").location)

    def read(self, stance: str, **more: str) -> TestResponse:
        place = self.next()
        return self.post(place, self.opened(place) | {"stance": stance} | more)


@pytest.fixture
def mira(desk: Desk) -> Colleague:
    """An editor of a newsroom in which cora codes again."""
    for handle, role in (("mira", Role.EDITOR), ("cora", Role.CODER), ("rita", Role.READER)):
        desk.services.desk.people.add(handle, handle.title(), role, desk.services.clock())
    return Colleague(desk, "mira", Role.EDITOR)


@pytest.fixture
def cora(mira: Colleague) -> Colleague:
    return Colleague(mira, "cora", Role.CODER)


def say(desk: Desk, **changes: Any) -> int:  # noqa: ANN401 - fields of a statement
    quote = Quoted(text=WORDS, lang="en", wording="original")
    given = {"paraphrase": SUMMARY, "quote": quote, "attribution": "quoted"}
    number = desk.say(**given | changes)
    desk.services.models.catch_up()
    return number


def test_an_editor_asks_a_coder_who_finds_it_waiting(mira: Colleague, cora: Colleague) -> None:
    say(mira)
    assert mira.ask().status_code == 303
    page = cora.get(QUEUE).text
    assert "Should A join the union?" in page
    assert "0 of 1" in plain(page)
    assert "asked by mira" in plain(page)
    assert "Ask for a second coding" not in page  # that is for editors


@pytest.mark.parametrize(("size", "count"), [("3", 3), ("25%", 2), ("100%", 6), ("40", 6)])
def test_a_sample_is_a_number_or_a_share(mira: Colleague, size: str, count: int) -> None:
    for day in range(1, 7):
        say(mira, said_at=f"2025-12-0{day}")
    mira.ask(size=size)
    (sample,) = mira.services.desk.second_readings.samples()
    assert sample.size == count


def test_what_the_coder_knows_or_nobody_can_read_again_is_not_drawn(mira: Colleague) -> None:
    by_cora = mira.services.newsroom.byline("cora")
    reviewed = mira.services.newsroom.byline("ben", "review:cora")
    own = say(mira)
    mira.services.newsroom.statements.correct(by_cora, own, {"hedge": "might"}, "Missed.")
    wordless = say(mira, quote=None, attribution="reported", said_at="2025-12-02")
    retracted = say(mira, said_at="2025-12-03")
    mira.services.newsroom.statements.retract(mira.byline(), retracted, "Wrong.")
    seen = say(mira, said_at="2025-12-04")
    mira.services.newsroom.statements.request_reply(reviewed, seen)
    left = say(mira, said_at="2025-12-05")
    mira.ask()
    (sample,) = mira.services.desk.second_readings.samples()
    drawn = [reading.number for reading in mira.services.desk.second_readings.readings(sample.id)]
    assert drawn == [left]
    assert wordless not in drawn
    assert mira.ask().status_code == 422  # all that may be drawn was given before


@pytest.mark.parametrize("coder", ["rita", "nobody"])
def test_who_may_not_code_is_asked_for_nothing(mira: Colleague, coder: str) -> None:
    say(mira)
    assert mira.ask(coder=coder).status_code == 422
    assert mira.services.desk.second_readings.samples() == []


def test_a_second_coder_sees_the_words_and_nothing_of_the_first_reading(
    mira: Colleague, cora: Colleague
) -> None:
    number = say(
        mira,
        stance="doubts",
        translation="ours",
        condition=None,
        passage=Excerpt(text=f"In the end “{WORDS}”, he said.", prefix="Asked. ", suffix=" Then."),
    )
    guide = StanceGuide(
        stance=-1,
        rule="Finds it unwelcome.",
        borderline=(
            Example(statement=mira.services.newsroom.statements.stream(number), stance=-1),
            Example(words=f"“{WORDS}”", stance=-1, why="the very words"),
            Example(words="We shall see.", stance=None, why="another case"),
        ),
    )
    mira.ask()
    topics = mira.services.newsroom.topics
    topics.write_codebook(mira.byline(), "a-union", Codebook(about="Not when.", stances=(guide,)))
    answer = cora.get(cora.next())
    page = answer.text.partition("<main")[2]
    for shown in (WORDS, "In the end", "Asked.", "Bland", "1 Dec 2025", "Invented Times", "ours"):
        assert shown in page
    assert "Should A join the union?" in page
    assert "Finds it unwelcome." in page  # the codebook
    assert "another case" in page
    for leak in (
        SUMMARY,  # our summary of it
        "ben",  # who coded it
        f"#{number}",
        f"/s/{number}",
        "the very words",  # of an example that is the statement itself
        "checked",  # no stance is chosen
        mira.services.newsroom.statements.stream(number),
    ):
        assert leak not in page
    assert answer.headers.get("ETag") is None
    assert page.count(WORDS) == 1


def test_what_is_still_to_be_read_is_no_case_of_the_codebook_meanwhile(
    mira: Colleague, cora: Colleague
) -> None:
    rooms = mira.services.newsroom
    numbers = [say(mira), say(mira, said_at="2025-12-02")]
    mira.ask()
    cases = tuple(
        Example(statement=rooms.statements.stream(number), stance=-2) for number in numbers
    )
    rules = Codebook(stances=(StanceGuide(stance=-2, rule="Rejects it.", borderline=cases),))
    rooms.topics.write_codebook(mira.byline(), "a-union", rules)
    page = cora.get(cora.next()).text
    assert "Rejects it." in page
    assert all(f"#{number}" not in page for number in numbers)


def test_a_case_of_the_codebook_is_not_drawn(mira: Colleague) -> None:
    rooms = mira.services.newsroom
    known, left = say(mira), say(mira, said_at="2025-12-02")
    case = Example(statement=rooms.statements.stream(known), stance=-2)
    rules = Codebook(stances=(StanceGuide(stance=-2, clear=(case,)),))
    rooms.topics.write_codebook(mira.byline(), "a-union", rules)
    mira.ask()
    readings = mira.services.desk.second_readings.readings(mira.sample())
    assert [reading.number for reading in readings] == [left]


def test_nothing_of_a_second_coding_is_found_elsewhere_before_it_is_decided(
    mira: Colleague, cora: Colleague
) -> None:
    number = say(mira)
    mira.ask()
    cora.read("supports", note="An odd yes to be kept secret.")
    htmx = {"HX-Request": "true", "HX-Target": "hits"}
    for path, headers in (
        (f"/s/{number}", {}),
        (f"/api/v1/entries/{number}", {}),
        (f"/api/v1/entries/{number}/events", {}),
        ("/t/a-union", {}),
        ("/t/a-union.json", {}),
        ("/log", {}),
        ("/search?q=secret", {}),
        ("/search?q=secret", htmx),
        ("/api/v1/search?q=secret", {}),
        ("/record/actors?q=secret", htmx),
        ("/record/topics?q=secret", htmx),
    ):
        page = cora.get(path, **headers).text
        assert "odd yes" not in page
        assert "cora" not in page


def test_a_sample_is_for_its_coder_alone(mira: Colleague, cora: Colleague) -> None:
    say(mira)
    mira.ask()
    place = cora.next()
    for somebody in (mira, Colleague(mira, "dan", Role.CODER)):
        assert somebody.get(f"{QUEUE}/{mira.sample()}").status_code == 404
        assert somebody.get(place).status_code == 404
        assert somebody.post(place, {"stance": "supports"}).status_code == 404
    reader = Colleague(mira, "rita", Role.READER)
    for path in (QUEUE, place, "/record/agreement", "/record/agreement/a-union"):
        assert reader.get(path).status_code == 403
    for path in ("/record/agreement", "/record/agreement/a-union", "/record/agreement/a-union.csv"):
        assert cora.get(path).status_code == 403
    assert cora.ask().status_code == 403
    assert cora.post(f"{QUEUE}/{mira.sample()}/back", {}).status_code == 403


def test_a_reading_counts_as_it_was_given_first(mira: Colleague, cora: Colleague) -> None:
    say(mira)
    say(mira, said_at="2025-12-02")
    mira.ask()
    place = cora.next()
    form = cora.opened(place)
    assert cora.post(place, form | {"stance": "supports"}).status_code == 303
    assert cora.post(place, form | {"stance": "supports"}).status_code == 303
    assert cora.post(place, form | {"stance": "opposes"}).status_code == 422
    kept = cora.services.desk.second_readings.reading(mira.sample(), int(place.rpartition("/")[2]))
    assert kept.stance == 2
    assert cora.next() != place


def test_a_reading_asks_for_a_stance_and_for_the_reason_of_none(
    mira: Colleague, cora: Colleague
) -> None:
    say(mira)
    mira.ask()
    assert cora.read("").status_code == 422
    assert cora.read("loves").status_code == 422
    assert cora.read("no_position").status_code == 422
    assert cora.read("no_position", no_position_reason="unstated").status_code == 303


def test_the_first_reading_is_shown_once_all_are_read(mira: Colleague, cora: Colleague) -> None:
    say(mira)
    say(mira, said_at="2025-12-02", stance="doubts")
    mira.ask()
    cora.read("opposes")
    assert cora.get(f"{QUEUE}/{mira.sample()}").status_code == 303  # on to the next
    cora.read("opposes")
    page = plain(cora.get(f"{QUEUE}/{mira.sample()}").text)
    assert "1 of 2 read alike." in page
    assert "ben" in page


def test_what_was_retracted_meanwhile_is_not_asked_for(mira: Colleague, cora: Colleague) -> None:
    gone = say(mira)
    say(mira, said_at="2025-12-02")
    mira.ask()
    mira.services.newsroom.statements.retract(mira.byline(), gone, "Wrong.", withhold=True)
    cora.read("opposes")
    assert cora.get(f"{QUEUE}/{mira.sample()}").status_code == 200
    (sample,) = mira.services.desk.second_readings.samples()
    assert (sample.size, sample.read) == (1, 1)


def test_an_editor_asks_no_further(mira: Colleague, cora: Colleague) -> None:
    say(mira)
    say(mira, said_at="2025-12-02")
    mira.ask()
    cora.read("opposes")
    assert mira.post(f"{QUEUE}/{mira.sample()}/back", {}).status_code == 303
    (sample,) = mira.services.desk.second_readings.samples()
    assert (sample.size, sample.read) == (1, 1)


def differing(mira: Colleague, cora: Colleague, stance: str = "supports") -> tuple[int, str]:
    """Let cora read a statement otherwise; return its number, and where that is decided."""
    number = say(mira)
    mira.ask()
    cora.read(stance, note="Sounds like a yes.", no_position_reason="unstated")
    return number, f"/record/agreement/decide/{mira.sample()}/1"


def test_what_differs_is_a_list_with_both_readings(mira: Colleague, cora: Colleague) -> None:
    number, decide = differing(mira, cora)
    page = mira.get("/record/agreement/a-union").text
    assert f'href="{decide}"' in page
    told = plain(page)
    for words in ("0 of 1 statement read alike", "Too few to mean anything.", "Sounds like a yes."):
        assert words in told
    assert f"#{number}" in told
    shown = mira.get("/record/agreement").text
    assert "to decide" in plain(shown)
    assert shown.count('<td class="wide">') >= 2


def test_who_has_still_to_code_a_statement_does_not_see_how_others_did(
    mira: Colleague, cora: Colleague
) -> None:
    _, decide = differing(mira, cora)
    mira.ask(coder="mira")
    page = plain(mira.get("/record/agreement/a-union").text)
    assert "Sounds like a yes." not in page
    assert "1 reading is not shown here" in page
    assert "cora" not in mira.get("/record/agreement/a-union.csv").text
    assert mira.get(decide).status_code == 404


def decided(mira: Colleague, decide: str, stance: str, **more: str) -> TestResponse:
    form = hidden(mira.get(decide).text) | {"stance": stance, "reason": "Rule 1 says so."}
    return mira.post(decide, form | more)


def test_an_editor_corrects_the_record_and_both_readings_are_named(
    mira: Colleague, cora: Colleague
) -> None:
    number, decide = differing(mira, cora)
    head = mira.head()
    answer = decided(mira, decide, "supports")
    assert (answer.status_code, answer.location) == (303, "/record/agreement/a-union")
    coded, corrected = mira.events(head)
    assert isinstance(coded, StatementCoded)
    assert isinstance(corrected, StatementCorrected)
    assert (coded.coder, coded.first_coder, coded.decision) == ("cora", "ben", "corrected")
    assert (coded.recorded_by, corrected.recorded_by) == ("mira", "mira")
    assert (corrected.field, corrected.old, corrected.new) == ("stance", -2, 2)
    page = plain(mira.get(f"/s/{number}").text)
    assert "cora supports corrected, by mira Rule 1 says so." in page
    assert "Decided between two readings by mira" in page
    assert "Read by cora as “supports”" in page
    assert "Coded by a second reader" not in page
    assert "Nothing waits to be decided on." in plain(mira.get("/record/agreement/a-union").text)


def test_an_editor_keeps_the_record_and_says_why(mira: Colleague, cora: Colleague) -> None:
    number, decide = differing(mira, cora)
    head = mira.head()
    assert decided(mira, decide, "keep").status_code == 303
    (coded,) = mira.events(head)
    assert isinstance(coded, StatementCoded)
    assert (coded.stance, coded.coder, coded.decision) == (2, "cora", "kept")
    page = plain(mira.get(f"/s/{number}").text)
    assert "cora supports kept as recorded, by mira Rule 1 says so." in page
    assert mira.types(head) == ["statement.coded"]


def test_the_scale_has_every_step_with_that_on_record_among_them(
    mira: Colleague, cora: Colleague
) -> None:
    _, decide = differing(mira, cora)
    page = mira.get(decide).text
    offered = re.findall(r'name="stance" id="[^"]+" value="([^"]+)"', page)
    assert offered == ["keep", "doubts", "undecided", "accepts", "supports", "no_position"]
    assert "opposes as on record doubts" in plain(page)
    assert "stays as it is on record" not in page


def test_a_third_reading_may_be_decided_on(mira: Colleague, cora: Colleague) -> None:
    _, decide = differing(mira, cora)
    head = mira.head()
    silent = {"no_position_reason": "unstated"}
    assert decided(mira, decide, "no_position", **silent).status_code == 303
    assert mira.types(head) == [
        "statement.coded",
        "statement.corrected",
        "statement.corrected",
    ]


def test_a_decision_on_two_readings_shows_every_further_one(
    mira: Colleague, cora: Colleague
) -> None:
    _, decide = differing(mira, cora)
    page = plain(mira.get(decide).text)
    assert "ben opposes cora supports" in page
    mira.services.desk.people.add("dana", "Dana", Role.CODER, mira.services.clock())
    mira.ask(coder="dana")
    Colleague(mira, "dana", Role.CODER).read("doubts")
    assert "ben opposes cora supports dana doubts" in plain(mira.get(decide).text)


def test_a_decision_sent_twice_counts_once_and_one_without_reason_not_at_all(
    mira: Colleague, cora: Colleague
) -> None:
    _, decide = differing(mira, cora)
    form = hidden(mira.get(decide).text) | {"stance": "supports"}
    assert mira.post(decide, form).status_code == 422
    assert mira.post(decide, form | {"reason": "Rule 1."}).status_code == 303
    head = mira.head()
    assert mira.post(decide, form | {"reason": "Rule 1."}).status_code == 303
    assert mira.head() == head


def test_a_decision_is_no_new_agreement(mira: Colleague, cora: Colleague) -> None:
    _, decide = differing(mira, cora)
    decided(mira, decide, "supports")
    assert "0 of 1 statement read alike" in plain(mira.get("/record/agreement/a-union").text)


@pytest.mark.parametrize(
    ("same", "told"), [(40, "one value is rare"), (20, "sharpen the codebook")]
)
def test_a_low_alpha_that_a_rare_value_may_explain_leads_to_the_table(
    mira: Colleague, same: int, told: str
) -> None:
    with mira.client.application.test_request_context("/"):
        assert told in alpha_view(Agreement(41, same, 0.0, "unusable")).meaning


def test_everything_read_twice_is_a_table(mira: Colleague, cora: Colleague) -> None:
    number, _ = differing(mira, cora, "no_position")
    answer = mira.get("/record/agreement/a-union.csv")
    (row,) = csv.DictReader(answer.text.splitlines())
    assert answer.headers["Content-Disposition"] == "attachment; filename=a-union-agreement.csv"
    told = {name: row[name] for name in ("number", "first_coder", "first", "second", "same")}
    assert told == {
        "number": str(number),
        "first_coder": "ben",
        "first": "opposes",
        "second": "no_position",
        "same": "0",
    }


def test_a_sample_is_read_and_decided_on_without_script(
    mira: Colleague, cora: Colleague, serve: Serve, without_script: Page
) -> None:
    say(mira)
    page, editors = without_script, serve(mira.client.application)
    page.goto(f"{editors}{QUEUE}")
    page.locator("#f-topic").select_option("a-union")
    page.get_by_label("Who codes it again").select_option("cora")
    page.get_by_role("button", name="Draw and ask").click()
    coders = serve(cora.client.application)
    page.goto(f"{coders}{QUEUE}")
    page.get_by_role("link", name="Should A join the union?").click()
    page.get_by_label("supports").check()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("0 of 1 read alike.")).to_be_visible()
    page.goto(f"{editors}/record/agreement/a-union")
    page.get_by_role("link", name="Decide").click()
    page.get_by_label("opposes as on record").check()
    page.get_by_label("Reason", exact=True).fill("Rule 1.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Nothing waits to be decided on.")).to_be_visible()
    assert mira.types()[-1] == "statement.coded"


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_code_again_compare_and_decide(
    mira: Colleague, cora: Colleague, serve: Serve, page: Page, theme: Theme
) -> None:
    guide = StanceGuide(stance=2, rule="Wants it.", clear=(Example(words="Yes!", stance=2),))
    rules = Codebook(about="Not when.", stances=(guide,))
    mira.services.newsroom.topics.write_codebook(mira.byline(), "a-union", rules)
    _, decide = differing(mira, cora)
    say(mira, said_at="2025-12-02")
    mira.ask()
    for app, paths in (
        (mira, (QUEUE, "/record/agreement", "/record/agreement/a-union", decide)),
        (mira, ("/t/a-union/codebook", "/record/topic/a-union/codebook")),
        (cora, (QUEUE, cora.next())),
    ):
        address = serve(app.client.application)
        for path in paths:
            page.set_viewport_size({"width": 1024, "height": 800})
            page.goto(address + path)
            check_access(page, theme)
            page.set_viewport_size({"width": 390, "height": 800})
            width = page.evaluate("document.scrollingElement.scrollWidth")
            assert width == 390, path


def test_a_second_coder_is_asked_what_the_codebook_asks_and_its_alpha_is_shown(
    mira: Colleague, cora: Colleague
) -> None:
    book = Codebook(
        variables=(
            Variable(id="room", kind=CHOICE, label="Room", choices=("a line", "a page")),
            Variable(id="cost", kind=NUMBER, required=True),
        )
    )
    mira.services.newsroom.topics.write_codebook(mira.byline(), "a-union", book)
    for place in range(4):
        say(mira, said_at=f"2025-12-0{place + 1}", variables={"room": "a line", "cost": "2"})
    mira.ask()
    page = cora.get(cora.next()).text
    assert 'name="variables.room"' in page
    assert "data-at-once" not in page
    assert "a line" not in plain(page.partition('id="said"')[2].partition("</section>")[0])
    refused = cora.read("opposes", **{"variables.room": "a page"})
    assert refused.status_code == 422
    assert "The codebook asks for “cost”" in plain(refused.text)
    for room in ("a page", "a line", "a line", "a line"):
        answer = cora.read("opposes", **{"variables.room": room, "variables.cost": "2.0"})
        assert answer.status_code == 303, plain(answer.text)
    told = plain(mira.get("/record/agreement/a-union").text)
    assert "Room 3 of 4" in told
    assert "cost 4 of 4" in told
    table = [*csv.DictReader(mira.get("/record/agreement/a-union.csv").text.splitlines())]
    assert {(one["first.room"], one["second.room"]) for one in table} == {
        ("a line", "a line"),
        ("a line", "a page"),
    }
