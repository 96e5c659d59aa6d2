from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import plain
from timeline.application.commands import Quoted, RecordDevelopment, Source
from timeline.projections.queries import entries
from timeline.projections.queries.positions import current_positions
from web.lanes import statement_lane

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from tests.web.paper import Paper
    from tests.web.site import Site


def code(page: str, ident: str) -> str:
    """Return a text that the page offers to be copied."""
    match = re.search(rf'<pre class="code" id="{ident}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert match is not None
    return unescape(match[1])


def test_the_page_says_who_said_what_on_which_question_and_where_it_stands(paper: Paper) -> None:
    page = paper.open(f"/s/{paper.numbers['yes']}").text
    text = plain(page)
    for told in (
        "Dora Example President for Aland accepts",
        "translation",
        "we do not oppose",
        "On the question Should Aland join the union?",
        "Invented Times, 16 Dec 2025",
    ):
        assert told in text
    heading = Page(page).one("h1")
    assert (heading["lang"], heading["dir"]) == ("fr", "ltr")
    assert "nous ne nous opposons pas" in Page(page).words(class_=heading["class"])


def test_before_it_was_recorded_an_entry_is_said_to_be_known_later(paper: Paper) -> None:
    number = paper.numbers["yes"]
    answer = paper.open(f"/s/{number}@{number - 1}")
    assert answer.status_code == 404
    told = f"Number {number} was recorded later than at @{number - 1}. Look at it as it is known"
    assert told in plain(answer.text)


def test_words_written_from_right_to_left_are_shown_so(paper: Paper) -> None:
    quote = Quoted(text="نحن لا نعارض", lang="ar", wording="original")
    number = paper.say("arabic", "cland", "accepts", "2025-12-01", quote=quote)
    heading = paper.page(f"/s/{number}").one("h1")
    assert (heading["lang"], heading["dir"]) == ("ar", "rtl")


def test_reported_speech_has_no_quotation_marks_and_no_yellow(paper: Paper) -> None:
    page = paper.open(f"/s/{paper.numbers['wants']}").text
    assert "quoted-words" not in page.partition("<main")[2]
    assert "Wants it." in Page(page).words(class_="statement-quote paraphrase")


def test_how_it_came_about_is_told_event_by_event(paper: Paper) -> None:
    room, number = paper.newsroom.statements, paper.numbers["no"]
    room.correct(paper.dora(), number, {"stance": "doubts"}, "Misread.")
    room.second(paper.dora(), number, Source(outlet="Invented Post"), "reported")
    room.link(paper.dora(), paper.numbers["yes"], "contradicts", number)
    room.request_reply(paper.dora(), number)
    room.receive_reply(paper.dora(), number, "2025-12-16", "We never said so.", "en")
    room.retract(paper.dora(), number, "Another Dora.")
    room.reinstate(paper.dora(), number, "It was this one.")
    page = paper.open(f"/s/{number}").text
    chain = page.partition('<ol class="chain"')[2].partition("</ol>")[0]
    titles = re.findall(r'<p class="chain-title"><b>(.*?)</b>', chain)
    assert titles == [
        "Recorded",
        "Corrected",
        "Second source added",
        "Reply requested",
        "Reply received",
        "Retracted",
        "Reinstated",
    ]
    told = plain(chain)
    assert "tance: opposes, corrected to: doubts. Misread." in told
    assert "Another Dora." in told
    positions = [int(one) for one in re.findall(r'href="/log\?at=(\d+)', chain)]
    assert positions == sorted(positions)
    for position in positions:
        assert paper.open(f"/log?at={position}").status_code == 200


def test_a_correction_of_whole_sentences_is_one_sentence_itself(paper: Paper) -> None:
    change = {"paraphrase": "Rejects it now."}
    paper.newsroom.statements.correct(paper.dora(), paper.numbers["no"], change, "Closer.")
    told = plain(paper.open(f"/s/{paper.numbers['no']}").text)
    assert "Paraphrase: Rejects it, corrected to: Rejects it now. Closer." in told


def test_a_reply_is_as_prominent_as_the_statement_unedited_and_dated(paper: Paper) -> None:
    number = paper.numbers["no"]
    room = paper.newsroom.statements
    room.receive_reply(paper.dora(), number, "2025-12-16", "Das haben wir nie gesagt.", "de")
    page = paper.page(f"/s/{number}")
    reply = page.one("blockquote", lang="de")
    assert [text.text for text in page.texts if reply in text.around] == [
        "Das haben wir nie gesagt."
    ]
    told = plain(paper.open(f"/s/{number}").text).partition("Reply")[2]
    assert told.partition("Das haben")[0].strip() == "Dora Example President for Aland"
    assert told.partition("gesagt.")[2].strip().startswith("replied 16 Dec 2025")


def test_connected_entries_are_named_from_both_ends(paper: Paper) -> None:
    n = paper.numbers
    paper.newsroom.statements.link(paper.dora(), n["yes"], "contradicts", n["no"])
    here, there = (plain(paper.open(f"/s/{n[name]}").text) for name in ("yes", "no"))
    assert "Contradicts opposes Dora Example, 2 Jul 2025" in here
    assert "Contradicted by accepts Dora Example, 2 Sep 2025" in there


def test_what_was_said_in_the_same_breath_stands_beside_it(paper: Paper) -> None:
    one = paper.say("a", "cland", "accepts", "2025-12-02", paraphrase="Yes.", utterance="speech")
    other = paper.say(
        "b",
        "cland",
        "thinks likely",
        "2025-12-02",
        topic="deal",
        paraphrase="Soon.",
        utterance="speech",
    )
    assert f"/s/{other}" in paper.page(f"/s/{one}").links()
    assert "Said in the same breath" in paper.read(f"/s/{one}")


def test_a_second_coders_reading_is_shown_and_moves_nothing(paper: Paper) -> None:
    number = paper.numbers["wants"]
    paper.newsroom.statements.code(paper.newsroom.byline("carl"), number, "doubts", None, "Cool.")
    text = paper.read(f"/s/{number}")
    assert "Other readings carl doubts Cool." in text
    assert "Bland supports" in text


def test_a_reworded_topic_keeps_the_wording_that_was_answered(paper: Paper) -> None:
    paper.newsroom.topics.reword(
        paper.dora(), "union", "Should Aland enter the union?", "Plainer.", same_meaning=True
    )
    text = paper.read(f"/s/{paper.numbers['yes']}")
    assert "On the question Should Aland enter the union?" in text
    assert "answered the wording: Should Aland join the union?" in text


def test_a_retracted_statement_answers_with_its_reason(any_paper: Paper) -> None:
    paper, number = any_paper, any_paper.numbers["wants"]
    paper.newsroom.statements.retract(paper.dora(), number, "Another Bland.")
    answer = paper.open(f"/s/{number}")
    assert answer.status_code == 200
    text = plain(answer.text)
    assert f"Number {number} was retracted." in text
    assert "Another Bland." in text
    assert "Wants it." in text
    assert f"/record/{number}/reinstate" in Page(answer.text).links()


def test_a_version_stays_as_it_was_and_leads_to_the_latest(any_paper: Paper) -> None:
    paper, number = any_paper, any_paper.numbers["no"]
    room = paper.newsroom.statements
    room.correct(paper.dora(), number, {"paraphrase": "Rejects it now."}, "Closer.")
    corrected = paper.services.log.head()
    room.code(paper.dora(), number, "doubts", None, "Cool.")
    room.receive_reply(paper.dora(), number, "2025-12-16", "We never said so.", "en")
    room.link(paper.dora(), paper.numbers["yes"], "contradicts", number)
    room.retract(paper.dora(), number, "Another Dora.")
    first = paper.open(f"/s/{number}@{number}")
    told = plain(first.text)
    assert "You are looking at an earlier version. Show the latest" in told
    for later in ("Rejects it now.", "Cool.", "We never said so.", "retracted", "Contradicted"):
        assert later not in told
    assert "Rejects it." in told
    assert f"/s/{number}" in Page(first.text).links()
    second = plain(paper.open(f"/s/{number}@{corrected}").text)
    assert "Rejects it now." in second
    assert "Another Dora." not in second


@pytest.mark.parametrize("reference", ["999999", "0", "x", "-1", "9.5", "@9", "9" * 30])
def test_an_unknown_number_is_not_found(paper: Paper, reference: str) -> None:
    assert paper.open(f"/s/{reference}").status_code == 404


def test_a_version_from_before_the_record_or_after_the_log_is_not_found(paper: Paper) -> None:
    number = paper.numbers["yes"]
    assert paper.open(f"/s/{number}@{number - 1}").status_code == 404
    head = paper.services.log.head()
    assert paper.open(f"/s/{number}@{head}").status_code == 200
    answer = paper.open(f"/s/{number}@{head + 1}")
    assert answer.status_code == 404
    assert f"The log has no position {head + 1} yet" in plain(answer.text)
    assert paper.open(f"/s/{number}@x").status_code == 422


def test_a_number_that_is_no_entry_is_not_found(paper: Paper) -> None:
    assert paper.open("/s/1").status_code == 404


def test_the_citation_names_a_link_that_never_changes(paper: Paper) -> None:
    number = paper.numbers["yes"]
    page = paper.open(f"/s/{number}").text
    link = Page(page).one("input", id="perma")["value"]
    assert link == f"http://localhost/s/{number}@{number}"
    paper.newsroom.statements.correct(
        paper.dora(), number, {"translation": "we are not against it"}, "Closer."
    )
    assert "we do not oppose" in paper.read(link.removeprefix("http://localhost"))
    again = paper.page(f"/s/{number}").one("input", id="perma")["value"]
    assert again == f"http://localhost/s/{number}@{paper.services.log.head()}"


def test_bibtex_keeps_its_braces_whatever_the_names_hold(paper: Paper) -> None:
    paper.newsroom.actors.introduce(
        paper.dora(), "Dr. {Ñandú} & Söhne \\input{x} 100% #1 $x_y^z~", "organisation", slug="odd"
    )
    number = paper.say("odd", "odd", "supports", "2025-12-01", paraphrase="Yes.")
    bibtex = code(paper.open(f"/s/{number}").text, "bibtex")
    assert bibtex.startswith(f"@misc{{standline-{number}-source,")
    assert f"\n\n@misc{{standline-{number}," in bibtex
    assert bibtex.count("{") == bibtex.count("}")
    assert "\\input" not in bibtex
    assert "title  = {Dr. Ñandú \\& Söhne input" in bibtex
    told = bibtex.partition(f"@misc{{standline-{number},")[2].partition("url")[0]
    assert len(re.findall(r"\\[&%#$_]", told)) == len(re.findall(r"[&%#$_]", told)) == 5
    assert "~" not in told
    assert "^" not in told
    assert f"url    = {{http://localhost/s/{number}@{number}}}" in bibtex


def test_every_citation_cites_the_source_before_our_record_of_it(paper: Paper) -> None:
    number = paper.numbers["yes"]
    page = paper.open(f"/s/{number}").text
    source, record = (one.splitlines() for one in code(page, "bibtex").split("\n\n"))
    assert source == [
        f"@misc{{standline-{number}-source,",
        "  title  = {Talks in the capital},",
        "  howpublished = {Invented Times},",
        "  year   = {2025},",
        "  month  = dec,",
        "  note   = {16 Dec 2025},",
        "  url    = {https://example.org/talks}",
        "}",
    ]
    assert record[-2] == f"  url    = {{http://localhost/s/{number}@{number}}}"
    first, second = json.loads(code(page, "csl"))
    assert first == {
        "id": f"standline-{number}-source",
        "type": "webpage",
        "title": "Talks in the capital",
        "container-title": "Invented Times",
        "issued": {"date-parts": [[2025, 12, 16]]},
        "language": "en",
        "URL": "https://example.org/talks",
    }
    assert second["id"] == f"standline-{number}"
    sentence = re.findall(r'id="snt-it-en"[^>]*>(.*?)</p>', page)[0]
    assert sentence.index("https://example.org/talks") < sentence.index(f"/s/{number}@")


def test_a_source_without_address_or_day_is_cited_as_far_as_it_is_known(paper: Paper) -> None:
    how = {"paraphrase": "Yes.", "source": Source(outlet="Gazette")}
    number = paper.say("bare", "cland", "supports", "2025-12-01", **how)
    page = paper.open(f"/s/{number}").text
    assert code(page, "bibtex").partition("\n\n")[0].splitlines() == [
        f"@misc{{standline-{number}-source,",
        "  title  = {Gazette}",
        "}",
    ]
    first, _ = json.loads(code(page, "csl"))
    assert (first["type"], first["title"]) == ("article", "Gazette")
    assert first.keys().isdisjoint(("issued", "URL", "version"))


def test_it_is_the_strongest_source_that_is_cited(paper: Paper) -> None:
    better = Source(outlet="Invented Post", url="https://example.org/post")
    paper.newsroom.statements.second(paper.dora(), paper.numbers["wants"], better, "quoted")
    first, _ = json.loads(code(paper.open(f"/s/{paper.numbers['wants']}").text, "csl"))
    assert first["title"] == "Invented Post"


def test_csl_json_is_json_that_names_who_said_it_date_and_version(paper: Paper) -> None:
    number = paper.numbers["yes"]
    _, item = json.loads(code(paper.open(f"/s/{number}").text, "csl"))
    assert "author" not in item
    assert item["title"].startswith("Dora Example on ")
    assert item["type"] == "webpage"
    assert item["issued"] == {"date-parts": [[2025, 12, 16]]}, "the day of our record"
    assert item["event-date"] == {"date-parts": [[2025, 9, 2]]}, "the day on which it was said"
    assert item["version"] == str(number)
    assert item["URL"].endswith(f"/s/{number}@{number}")


@pytest.mark.parametrize(
    ("said_at", "issued"),
    [
        ("2025-11", {"date-parts": [[2025, 11]]}),
        ("2025", {"date-parts": [[2025]]}),
        ("2025-11~", {"date-parts": [[2025, 11]], "circa": True}),
        ("2025-12-01T10:00Z", {"date-parts": [[2025, 12, 1]]}),
        ("../2025-12-15", {"literal": "on or before 15 Dec 2025"}),
        ("2025-12-01/2025-12-03", {"literal": "1–3 Dec 2025"}),
    ],
)
def test_csl_json_gives_a_date_as_exactly_as_it_is_known(
    paper: Paper, said_at: str, issued: dict[str, object]
) -> None:
    number = paper.say("when", "cland", "supports", said_at, paraphrase="Yes.")
    _, item = json.loads(code(paper.open(f"/s/{number}").text, "csl"))
    assert item["event-date"] == issued


def test_bibtex_has_the_month_and_says_the_date_in_words(paper: Paper) -> None:
    number = paper.say("when", "cland", "supports", "../2025-12-15", paraphrase="Yes.")
    bibtex = code(paper.open(f"/s/{number}").text, "bibtex")
    assert bibtex.count("  year   = {2025},\n  month  = dec,\n") == 2
    assert f"note   = {{on or before 15 Dec 2025, version {number}}}," in bibtex


@pytest.mark.parametrize(
    ("said_at", "year"), [("-0431", -431), ("0476-09-04", 476), ("Y-13800000000", -13800000000)]
)
def test_the_year_of_a_citation_is_whole_however_long_ago(
    paper: Paper, said_at: str, year: int
) -> None:
    old = Source(outlet="Old Gazette", published_at=said_at)
    number = paper.say("old", "cland", "supports", said_at, paraphrase="Yes.", source=old)
    bibtex = code(paper.open(f"/s/{number}").text, "bibtex")
    told, _ = re.findall(r"year   = \{(-?\d+)\}", bibtex)
    assert int(told) == year


def test_names_in_any_script_are_cited_as_they_are(paper: Paper) -> None:
    name = "Дмитро Кулеба, „Ünal“ & Söhne"
    paper.newsroom.actors.introduce(paper.dora(), name, "organisation", slug="odd")
    number = paper.say("odd", "odd", "supports", "2025-12-01", paraphrase="Yes.")
    page = paper.open(f"/s/{number}").text
    assert "title  = {Дмитро Кулеба, „Ünal“ \\& Söhne on " in code(page, "bibtex")
    _, item = json.loads(code(page, "csl"))
    assert item["title"].startswith(f"{name} on ")
    assert f"TI  - {name} on " in code(page, "ris")


def test_the_author_of_a_source_is_cited_and_our_title_says_whose_words_they_are(
    paper: Paper,
) -> None:
    how = {"paraphrase": "Cannot accept it.", "said_at": "2025-12-01"}
    hearsay = paper.numbers["circles"]
    ascribed = paper.say("asc", "cland", "opposes", attribution="ascribed", **how)
    signed = Source(outlet="Invented Times", title="A view", author="Ann Invented")
    by_name = paper.say("by", "cland", "opposes", attribution="ascribed", source=signed, **how)
    titles, authors = {}, {}
    for number in (hearsay, ascribed, by_name, paper.numbers["no"]):
        source, record = json.loads(code(paper.open(f"/s/{number}").text, "csl"))
        authors[number], titles[number] = source.get("author"), record["title"]
        assert "author" not in record
    heard = "supports (second-hand, via government circles), about Dec 2025"
    assert titles[hearsay].endswith(heard)
    assert titles[ascribed].endswith("opposes (ascribed), 1 Dec 2025")
    assert titles[paper.numbers["no"]].startswith("Dora Example on ")
    assert titles[paper.numbers["no"]].endswith("opposes, said 2 Jul 2025")
    assert authors[by_name] == [{"literal": "Ann Invented"}]
    assert authors[ascribed] is None


def test_a_citation_is_a_file_too(paper: Paper) -> None:
    number = paper.numbers["yes"]
    page = paper.open(f"/s/{number}").text
    for form, name in (("bib", "bibtex"), ("ris", "ris"), ("csl", "csl")):
        answer = paper.open(f"/s/{number}.{form}")
        assert answer.text == code(page, name)
        assert f"standline-{number}." in answer.headers["Content-Disposition"]
    assert paper.reader.get("/s/99999.ris").status_code == 404


def test_ris_has_a_tag_a_line_and_an_end_after_each_reference(paper: Paper) -> None:
    number = paper.numbers["yes"]
    source, record = code(paper.open(f"/s/{number}").text, "ris").split("ER  -")[:2]
    assert source.strip().splitlines() == [
        "TY  - ELEC",
        f"ID  - standline-{number}-source",
        "TI  - Talks in the capital",
        "T2  - Invented Times",
        "PY  - 2025",
        "DA  - 2025/12/16",
        "LA  - en",
        "UR  - https://example.org/talks",
    ]
    assert f"UR  - http://localhost/s/{number}@{number}" in record
    assert f"ET  - version {number}" in record
    vague = paper.say("when", "cland", "supports", "../2025-12-15", paraphrase="Yes.")
    assert "N1  - on or before 15 Dec 2025" in code(paper.open(f"/s/{vague}").text, "ris")


def test_a_development_says_who_says_so_and_on_what_it_bears(paper: Paper) -> None:
    happened = RecordDevelopment(
        topics=("union", "deal"),
        title="A bridge is blown up",
        summary="At night.",
        status="claimed",
        according_to="bland",
        happened_at="2025-12-15",
        source=Source(outlet="Invented Post"),
    )
    number = paper.newsroom.developments.record(paper.dora(), happened).position
    page = paper.open(f"/s/{number}").text
    text = plain(page)
    assert "claimed according to Bland" in text
    assert "Bears on Should Aland join the union?" in text
    assert {"/t/union", "/t/deal", "/a/bland"} <= {*Page(page).links()}
    assert code(page, "sentence").startswith(
        "Invented Post: A bridge is blown up (according to Bland). http"
    )


def test_the_lane_around_the_statement_shows_it_selected(paper: Paper) -> None:
    number = paper.numbers["yes"]
    page = paper.page(f"/s/{number}")
    marks = [
        element for element in page.elements if element.attributes.get("id", "").startswith("pt-")
    ]
    assert len(marks) == 3
    assert [element["id"] for element in marks if "aria-current" in element.attributes] == [
        f"pt-aland-{number}"
    ]


def test_record_facts_are_those_of_the_log(paper: Paper) -> None:
    number = paper.numbers["circles"]
    text = paper.read(f"/s/{number}")
    assert "Recorded by dora" in text
    assert "Known on 2025-12-16 15:46:" in text
    assert "second-hand, via government circles" in text
    assert "Hedged in the source: könnte" in text


@pytest.mark.thorough
def test_in_a_lane_of_very_many_words_the_same_stand_around_a_statement(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {number: around(paper, number) for number in paper.numbers.values()}
    monkeypatch.setattr(statement_lane, "MARKS", 0)
    assert {number: around(paper, number) for number in whole} == whole
    assert any("before and after" in text for text in whole.values())


def around(paper: Paper, number: int) -> str:
    """Return what the page, made anew, says of the statements next to one, and of first times."""
    paper.app.extensions["pages"].forget()
    page = paper.page(f"/s/{number}")
    return page.words(id="around") + page.words(class_="flag")


def test_of_a_lane_of_very_many_words_few_are_read(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    read = entries.statements

    def count(conn: Connection, numbers: Collection[int], *rest: int | None) -> object:
        asked.append(len(numbers))
        return read(conn, numbers, *rest)

    monkeypatch.setattr(statement_lane, "MARKS", 10)
    monkeypatch.setattr(entries, "statements", count)
    with demo.services.models.engine().connect() as conn:
        longest = max(current_positions(conn), key=lambda position: position.on_record)
    for number in longest.position.counted:
        assert demo.open(f"/s/{number}").status_code == 200
    assert longest.on_record > 20
    assert asked
    assert max(asked) <= 2 * 10


def test_before_a_change_stands_what_proves_the_position_that_it_left(paper: Paper) -> None:
    hearsay = {"attribution": "second_hand", "reported_via": "circles", "paraphrase": "May yield."}
    between = paper.say("hearsay", "bland", "doubts", "2025-12-05", **hearsay)
    number = paper.say("turned", "bland", "opposes", "2025-12-10", paraphrase="Rejects it now.")
    page = paper.open(f"/s/{number}").text
    before = page.partition('class="around-label"')[2].partition("</li>")[0]
    told = plain(before)
    assert "Wants it still." in told
    assert (
        "In between, and no change of position: doubts second-hand, via circles Bland, 5 Dec 2025"
        in told
    )
    assert f'href="/s/{between}"' in before
    assert f'href="/s/{paper.numbers["still"]}..{number}"' in page
    drawer = paper.open(f"/t/union?s={number}").text
    assert f'href="/s/{paper.numbers["still"]}..{number}"' in drawer


def test_what_no_editor_has_judged_stands_as_earlier_and_later_and_is_called_no_change(
    paper: Paper,
) -> None:
    before, after = paper.numbers["no"], paper.numbers["yes"]
    waits = "These two differ. Whether anything changed, no editor has judged yet."
    for number in (before, after):
        page = paper.open(f"/s/{number}").text
        waiting = page.partition('id="waiting"')[2].partition("</section>")[0]
        assert waits in plain(waiting)
        assert f"/s/{before}" in waiting
        assert f"/s/{after}" in waiting
        assert "turned" not in plain(page)
    assert "0 changes 1 development 1 more is waiting for an editor" in paper.read("/story/talks")
    paper.sign()
    page = paper.read(f"/s/{after}")
    assert waits not in page
    assert "Signed by an editor on 16 Dec 2025." in page
    assert "1 change 1 development recorded" in paper.read("/story/talks")


def test_a_german_reader_meets_for_whom_somebody_spoke_as_part_of_the_sentence(
    paper: Paper,
) -> None:
    page = plain(paper.open(f"/s/{paper.numbers['no']}?lang=de").text)
    assert "für Aland" in page
    assert "für: " not in page
