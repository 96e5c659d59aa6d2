"""Erasing by form: for admins who signed in, and what readers see afterwards."""

from __future__ import annotations

import gc
import itertools
import re
import secrets
from functools import _lru_cache_wrapper
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.stores.disk import files_with
from tests.web.paper import TIMES
from tests.web.site import plain
from tests.web.test_account import Newsroom
from timeline.desk.drafts import Draft, Gist
from timeline.domain.verdict import Ends, SignedIn

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site

WORDS = "Zq7vKp2mXw9rTb4nLd6h says she wants to join by spring, come what may"
MARK = "zq7vkp2m"
BASIS = "Art. 17 GDPR"

REMEMBERED = (str, list, tuple, dict, frozenset, msgspec.Struct)
"""What caches hold that may lead to words; modules and functions lead everywhere."""


@pytest.fixture
def number(any_paper: Paper) -> int:
    """An entry with words that a private person wants erased."""
    return any_paper.say("private", "aland", "supports", "2025-12-11", paraphrase=WORDS)


@pytest.fixture
def desk(any_paper: Paper, number: int) -> Newsroom:  # noqa: ARG001 - recorded before
    return Newsroom(any_paper)


def form_of(browser: Site, thing: int | str, act: str = "erase") -> dict[str, str]:
    page = browser.open(f"/record/{thing}/{act}").text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_erased_words_are_on_no_page_and_in_no_file_and_everybody_sees_that_and_when(
    desk: Newsroom, number: int, request: pytest.FixtureRequest
) -> None:
    ada, reader = desk.browser("ada"), desk.browser()
    assert WORDS in reader.read(f"/s/{number}")
    assert f'href="/record/{number}/erase"' in ada.open(f"/s/{number}").text
    answer = ada.post(f"/record/{number}/erase", form_of(ada, number) | {"basis": BASIS})
    assert (answer.status_code, answer.location) == (303, f"/s/{number}")
    told = reader.read(f"/s/{number}")
    assert WORDS not in told
    assert f"The words of number {number} were erased. 16 Dec 2025" in told
    assert BASIS in told
    assert "by ada" in told
    assert "Was entry" in reader.read(f"/s/{number}/proof")
    assert "? No. It is, byte for byte" in reader.read(f"/s/{number}/proof")
    for path in ("/t/union", "/a/aland", "/search?q=wants+spring", "/t/union.csv", "/feed.atom"):
        assert "Zq7vKp2m" not in ada.open(path).text, path
    assert files_with(WORDS, desk.services.url, request) == []


def test_the_signed_sentence_of_a_change_goes_with_its_end_from_all_that_gives_it_out(
    any_paper: Paper, desk: Newsroom, number: int, request: pytest.FixtureRequest
) -> None:
    sentence = f"Aland {secrets.token_urlsafe(60)}"
    later = any_paper.say("later", "aland", "opposes", "2025-12-12", paraphrase="No longer.")
    change = Ends("union", "aland", 2, (number,), (later,))
    at = any_paper.newsroom.changes.sign(any_paper.dora(), change, sentence).position
    ada, where = desk.browser("ada"), (f"/log?at={at}", "/log.jsonl")
    assert all(sentence in ada.open(path).text for path in where)
    ada.post(f"/record/{number}/erase", form_of(ada, number) | {"basis": BASIS})
    assert "No longer." in ada.read(f"/s/{later}")
    for path in (*where, "/api/v1/changes?topic=union", "/t/union", "/feed.atom", "/t/union.csv"):
        assert sentence not in ada.open(path).text, path
    assert files_with(sentence, desk.services.url, request) == []


def test_what_an_editor_said_of_a_change_is_erased_by_a_form_of_its_own(
    any_paper: Paper, desk: Newsroom, number: int, request: pytest.FixtureRequest
) -> None:
    sentence, german = (f"Aland {secrets.token_urlsafe(60)}" for _ in range(2))
    later = any_paper.say("later", "aland", "opposes", "2025-12-12", paraphrase="No longer.")
    change = Ends("union", "aland", 2, (number,), (later,))
    sign, also = any_paper.newsroom.changes.sign, [SignedIn("de", german, "Nebenbei.")]
    at = sign(any_paper.dora(), change, sentence, "Beside it.", also).position
    ada = desk.browser("ada")
    form = f"/record/change/{at}/erase"
    assert f'href="{form}"' in ada.open(f"/record/{number}/erase").text
    shown = ada.open(form).text
    assert sentence in shown
    assert german in shown
    hidden = dict(re.findall(r'name="(key|version)" value="([^"]*)"', shown))
    assert desk.browser("mira").open(form).status_code == 403
    assert ada.post(form, hidden).status_code == 422
    assert ada.post(form, hidden | {"basis": BASIS}).location == form
    assert "Nothing is left that could be erased." in ada.read(form)
    for path in (f"/log?at={at}", "/log.jsonl", "/api/v1/changes?topic=union", "/t/union"):
        for words in (sentence, german):
            assert words not in ada.open(path).text, path
    assert "No longer." in ada.read(f"/s/{later}")
    assert ada.open(f"/record/change/{number}/erase").status_code == 404
    for words in (sentence, german):
        assert files_with(words, desk.services.url, request) == []


def test_only_admins_who_signed_in_erase(desk: Newsroom, number: int) -> None:
    head = desk.services.log.head()
    for handle in ("mira", "jonas", "theo"):
        browser = desk.browser(handle)
        assert f"/record/{number}/erase" not in browser.open(f"/s/{number}").text
        assert browser.open(f"/record/{number}/erase").status_code == 403
        assert browser.post(f"/record/{number}/erase", {"basis": BASIS}).status_code == 403
    assert desk.services.log.head() == head


def test_without_a_law_nothing_is_erased(desk: Newsroom, number: int) -> None:
    ada, head = desk.browser("ada"), desk.services.log.head()
    answer = ada.post(f"/record/{number}/erase", form_of(ada, number))
    assert answer.status_code == 422
    assert desk.services.log.head() == head
    assert WORDS in desk.browser().read(f"/s/{number}")


def test_what_was_recorded_meanwhile_is_told_first(
    any_paper: Paper, desk: Newsroom, number: int
) -> None:
    ada = desk.browser("ada")
    form = form_of(ada, number)
    any_paper.newsroom.statements.correct(any_paper.dora(), number, {"hedge": "might"}, "Overseen")
    answer = ada.post(f"/record/{number}/erase", form | {"basis": BASIS})
    assert answer.status_code == 409
    assert "hedge is now: might" in plain(answer.text)
    assert WORDS in desk.browser().read(f"/s/{number}")


def test_what_is_erased_already_offers_nothing_more(desk: Newsroom, number: int) -> None:
    ada = desk.browser("ada")
    ada.post(f"/record/{number}/erase", form_of(ada, number) | {"basis": BASIS})
    assert "Nothing is left that could be erased." in ada.read(f"/record/{number}/erase")
    assert f"/record/{number}/erase" not in ada.open(f"/s/{number}").text


def test_the_names_of_an_actor_the_words_of_a_question_and_a_source_are_erased_by_form(
    any_paper: Paper, desk: Newsroom, request: pytest.FixtureRequest
) -> None:
    name, question, title = (f"{one} {secrets.token_urlsafe(30)}" for one in ("Jane", "Is", "On"))
    any_paper.newsroom.actors.introduce(any_paper.dora(), name, "person", slug="jane")
    any_paper.newsroom.topics.open(any_paper.dora(), question, "position", slug="private")
    source = msgspec.structs.replace(TIMES, title=title, url="https://example.org/private")
    number = any_paper.say("it", "jane", "supports", "2025-12-11", topic="private", source=source)
    document = any_paper.newsroom.documents.stream(source.url or "")
    ada = desk.browser("ada")
    for thing, words, leads in (
        ("actor/jane", name, "/a/jane"),
        ("topic/private", question, "/t/private"),
        (f"source/{document}", title, f"/record/source/{document}/erase"),
    ):
        form = form_of(ada, thing)
        assert words in plain(ada.open(f"/record/{thing}/erase").text)
        answer = ada.post(f"/record/{thing}/erase", form | {"basis": BASIS})
        assert (answer.status_code, answer.location) == (303, leads)
        assert "Nothing is left that could be erased." in ada.read(f"/record/{thing}/erase")
        assert files_with(words, desk.services.url, request) == []
    reader = desk.browser()
    told = reader.read("/a/jane")
    assert "The names of this actor were erased. 16 Dec 2025" in told
    assert f"by ada. {BASIS}" in told
    assert "The words of this question were erased." in reader.read("/t/private")
    said = reader.read(f"/s/{number}")
    assert "jane: supports" in said
    assert "On the question private" in said
    assert "erased source" in said


def test_the_names_of_a_merged_actor_are_erased_apart_from_those_of_whom_it_is_merged_into(
    any_paper: Paper, desk: Newsroom
) -> None:
    actors = any_paper.newsroom.actors
    for name in ("Jane One", "Jane Two"):
        actors.introduce(any_paper.dora(), name, "person")
    actors.merge(any_paper.dora(), "jane-one", "jane-two", "One and the same")
    ada = desk.browser("ada")
    assert 'href="/record/actor/jane-one/erase"' in ada.open("/record/actor/jane-two/erase").text
    asked = ada.read("/record/actor/jane-one/erase")
    assert "Erase the words of Jane One" in asked
    assert "/a/jane-one" in asked
    form = form_of(ada, "actor/jane-one")
    assert ada.post("/record/actor/jane-one/erase", form | {"basis": BASIS}).status_code == 303
    assert "Jane One" not in ada.read("/a/jane-two")
    left = ada.open("/record/actor/jane-two/erase").text
    assert "Erase the words of Jane Two" in plain(left)
    assert "jane-one" not in left


def test_before_anything_goes_the_form_shows_what_it_is_and_what_stays(
    desk: Newsroom, number: int
) -> None:
    ada = desk.browser("ada")
    form = ada.open(f"/record/{number}/erase").text
    assert WORDS in form
    assert "The source keeps its own title and stored text: Invented Times" in plain(form)
    (source,) = re.findall(r'href="/record/source/([\w-]+)/erase"', form)
    told = ada.open(f"/record/source/{source}/erase").text
    assert "Taken from it:" in plain(told)
    assert f'href="/s/{number}">#{number}</a>' in told


def remembered() -> set[str]:
    """Return the texts that caches of functions hold, as arguments and in what they return."""
    gc.unfreeze()  # what is frozen is not among the objects that are listed
    caches = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]
    gc.freeze()
    seen: dict[int, object] = {}
    coming: list[object] = [*itertools.chain.from_iterable(map(gc.get_referents, caches))]
    while coming:
        one = coming.pop()
        if id(one) in seen or not isinstance(one, REMEMBERED):
            continue
        seen[id(one)] = one
        coming += gc.get_referents(one)
    return {one for one in seen.values() if isinstance(one, str)}


def test_a_picture_with_erased_words_goes_from_memory_with_the_next_page(
    any_paper: Paper, desk: Newsroom
) -> None:
    actors, name = any_paper.newsroom.actors, "Jane Zq7vKp2mXw9r"
    actors.introduce(any_paper.dora(), name, "person", slug="jane")
    any_paper.say("jane", "jane", "supports", "2025-10-01", paraphrase="Says so.")
    reader = desk.browser()
    assert reader.open("/a/jane.png").mimetype == "image/png"
    assert any(name in one for one in remembered())
    actors.redact(any_paper.dora(), "jane", "Art. 17 GDPR")
    reader.open("/t/deal")
    assert not any(name in one for one in remembered())


def test_nothing_that_the_server_remembers_leads_to_erased_words(
    desk: Newsroom, number: int
) -> None:
    ada, reader = desk.browser("ada"), desk.browser()
    for path in (f"/s/{number}", "/t/union", "/search?q=wants+spring"):
        reader.open(path)
    assert any(MARK in word.lower() for word in remembered())
    ada.post(f"/record/{number}/erase", form_of(ada, number) | {"basis": BASIS})
    reader.open(f"/s/{number}")
    assert [word for word in remembered() if MARK in word.lower()] == []


def test_of_several_erasures_the_last_is_told(any_paper: Paper, desk: Newsroom) -> None:
    actors = any_paper.newsroom.actors
    actors.introduce(any_paper.dora(), "Jane Example", "person", slug="jane")
    actors.redact(any_paper.dora(), "jane", "Art. 17 GDPR")
    actors.add_alias(any_paper.dora(), "jane", "Jane again")
    actors.redact(any_paper.dora(), "jane", "Section 35 of another law")
    told = desk.browser().read("/a/jane")
    assert "Section 35 of another law" in told
    assert "Art. 17 GDPR" not in told


def test_a_draft_with_the_words_goes_with_them_and_stays_where_nothing_is_erased(
    any_paper: Paper, desk: Newsroom, number: int
) -> None:
    drafts = desk.services.desk.drafts
    draft = Draft(
        id="00000000-0000-7000-8000-000000000001",
        kind="statement",
        saved_at=desk.services.clock(),
        gist=Gist(words="She says"),
        fields={"paraphrase": [WORDS]},
    )
    drafts.save("mira", draft)
    ada = desk.browser("ada")
    form = form_of(ada, number) | {"basis": BASIS}
    any_paper.newsroom.statements.correct(any_paper.dora(), number, {"hedge": "might"}, "Overseen")
    assert ada.post(f"/record/{number}/erase", form).status_code == 409
    assert [one.id for one in drafts.of("mira")] == [draft.id]
    form = form_of(ada, number) | {"basis": BASIS}
    assert ada.post(f"/record/{number}/erase", form).status_code == 303
    assert drafts.of("mira") == []


def test_erasing_is_offered_to_admins_on_the_page_of_each_thing(desk: Newsroom) -> None:
    ada, mira = desk.browser("ada"), desk.browser("mira")
    for page, leads in (
        ("/record/actor/aland", "/record/actor/aland/erase"),
        ("/record/topic/union", "/record/topic/union/erase"),
        ("/s/11", "/record/source/"),
    ):
        assert f'href="{leads}' in ada.open(page).text
        assert f'href="{leads}' not in mira.open(page).text
    assert mira.open("/record/topic/union/erase").status_code == 403
    assert ada.open("/record/actor/nobody/erase").status_code == 404
    assert ada.open("/record/source/nothing/erase").status_code == 404
