from __future__ import annotations

import pytest

from tests.web.paper import TIMES, Paper
from tests.web.site import plain
from timeline.application.commands import Condition, Quoted, RecordDevelopment

SECRETS = (
    "private words",
    "translated privately",
    "paraphrased privately",
    "a private condition",
    "hedged privately",
    "asked privately",
    "privately corrected",
    "a private event",
    "a private summary",
)


DATA = (".csv", ".json", ".atom")
PICTURES = (".svg", ".svg?lang=de&size=social")


@pytest.fixture
def discreet(any_paper: Paper) -> tuple[Paper, list[str]]:
    """A paper that withholds an entry, and every address at which it stands or stood."""
    paper, room = any_paper, any_paper.newsroom
    number = paper.say(
        "secret",
        "bland",
        "opposes",
        "2025-12-10",
        quote=Quoted(text="private words", lang="en", wording="original"),
        translation="translated privately",
        paraphrase="paraphrased privately",
        condition=Condition(text="a private condition"),
        hedge="hedged privately",
        asked="asked privately",
    )
    room.statements.correct(paper.dora(), number, {"paraphrase": "privately corrected"}, "Closer.")
    happened = RecordDevelopment(
        topics=("union",),
        title="a private event",
        summary="a private summary",
        status="confirmed",
        happened_at="2025-12-11",
        source=TIMES,
    )
    event = room.developments.record(paper.dora(), happened).position
    before = paper.services.log.head()
    room.statements.retract(paper.dora(), number, "A private person.", withhold=True)
    room.developments.retract(paper.dora(), event, "A private matter.", withhold=True)
    places = [f"/s/{number}", f"/s/{number}@{before}", f"/s/{event}", f"/s/{event}@{before}"]
    places += ["/", "/corrections", "/search?q=private", "/a/bland", f"/a/bland?known_at=@{before}"]
    moments = [
        "",
        f"known_at=@{before}",
        "as_of=2025-12-16",
        f"as_of=2025-12-16&known_at=@{before}",
    ]
    places += [f"/t/union?{moment}".rstrip("?") for moment in moments]
    places += [f"/t/union?{moment}&s={number}".replace("?&", "?") for moment in moments]
    places += [
        f"/t/union/why/bland?known_at=@{before}",
        "/t/union.json",
        "/t/union.csv",
        "/a/bland.json",
    ]
    places += [f"/t/union.json?known_at=@{before}", f"/log/diff?topic=union&a=@{before}", "/log"]
    places += [f"/{one}{ending}" for one in ("t/union", "a/bland") for ending in DATA]
    places += [f"{place}?known_at=@{before}" for place in places if place.endswith(DATA)]
    places += [f"/t/union{ending}" for ending in PICTURES]
    places += [f"/t/union.svg?{moment}" for moment in moments]
    places += [f"/embed/s/{number}", f"/embed/t/union?known_at=@{before}", "/corrections.atom"]
    places += [f"/log?at={position}" for position in range(number, paper.services.log.head() + 1)]
    return paper, places


def test_withheld_words_are_shown_nowhere_and_at_no_moment(
    discreet: tuple[Paper, list[str]],
) -> None:
    paper, places = discreet
    for place in places:
        answer = paper.open(place)
        assert answer.status_code == 200, place
        for secret in SECRETS:
            assert secret not in answer.text, (place, secret)


def test_the_stored_text_of_a_source_is_in_no_payload_of_the_log(paper: Paper) -> None:
    document = paper.services.log.event(paper.numbers["no"] - 1)
    assert document is not None
    documents = paper.newsroom.documents
    documents.take_snapshot(paper.dora(), document.originator_id, "The whole stored article.")
    head = paper.services.log.head()
    for address in (f"/log?at={head}", f"/log?type=document.snapshot_taken&open={head}"):
        page = paper.open(address).text
        assert "sha256" in page
        assert "stored article" not in page


def test_number_reason_and_date_stay(discreet: tuple[Paper, list[str]]) -> None:
    paper, _ = discreet
    text = paper.read(f"/s/{paper.numbers['secret']}")
    assert f"#{paper.numbers['secret']}" in text
    assert "A private person." in text
    assert "10 Dec 2025" in text
    assert "The words are withheld." in text
    payload = paper.page(f"/log?at={paper.services.log.head() - 1}")
    assert '"reason": "A private person."' in plain(payload.words(tabindex="0"))


def test_reinstated_words_are_shown_again(discreet: tuple[Paper, list[str]]) -> None:
    paper, _ = discreet
    paper.newsroom.statements.reinstate(paper.dora(), paper.numbers["secret"], "A public person.")
    assert "private words" in paper.read(f"/s/{paper.numbers['secret']}")
