"""Erasing by command: the words go from every file of a store, and the record still verifies."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.cli.terminal import REFUSED, answered, done, done_with_notes, one_line, standline
from tests.stores.disk import files_with
from timeline.application.changes import Changes
from timeline.application.commands import Excerpt, Quoted, RecordStatement, Source
from timeline.bootstrap import Services, open_store
from timeline.desk.drafts import Draft, Gist
from timeline.desk.notes import Note
from timeline.desk.texts import Decision, DeskText
from timeline.domain.statement import Statement
from timeline.domain.verdict import Ends
from timeline.erasing import erase
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.domain.event import Byline

BASIS = "Art. 17 GDPR"
WORDS = secrets.token_urlsafe(300)
"""Random words, so that no file of any store holds them by chance."""

OUTLET, ADDRESS = "Invented Times", "https://example.org/talks"
ARTICLE = secrets.token_urlsafe(300)
PAPER = Source(
    outlet=OUTLET,
    title="Talks",
    url=ADDRESS,
    published_at="2025-12-16",
    lang="en",
)


@pytest.fixture
def services(store_url: str) -> Iterator[Services]:
    """A store that holds the words in the log, in read models of two generations and in drafts."""
    services = open_store(store_url)
    room = services.newsroom
    room.topics.open(by(services), "Should Aland join?", "position", slug="union")
    room.actors.introduce(by(services), "Dora Example", "person", slug="dora")
    for words in (WORDS, "Other words."):
        command = RecordStatement(
            topic="union",
            actor="dora",
            stance="supports",
            attribution="quoted",
            said_at="2025-12-10",
            quote=Quoted(text=words, lang="en", wording="original"),
            passage=Excerpt(f"She said: {words}"),
            paraphrase=f"Wants it: {words}",
            source=PAPER,
        )
        room.statements.record(by(services), command)
    services.models.catch_up()
    services.models.rebuild()
    for draft, words in (("with", f"He said {WORDS}."), ("without", "Other words.")):
        services.desk.drafts.save("anna", draft_of(draft, words))
    for name, text in (("one", f"An article. {WORDS} It ends."), ("other", "Another article.")):
        services.desk.texts.keep(waiting(name, text))
        services.desk.texts.decide(name, Decision(0, len(text), text, 0, "anna"), 1)
    yield services
    services.close()


def waiting(name: str, text: str) -> DeskText:
    imprint = {"source.outlet": OUTLET, "source.lang": "en"}
    return DeskText(document=name, added_by="anna", added_at=1, imprint=imprint, text=text)


def by(services: Services) -> Byline:
    return services.newsroom.byline("anna")


def draft_of(name: str, words: str) -> Draft:
    shared = {"quote.lang": ["en"], "quote.wording": ["original"], "source.outlet": [OUTLET]}
    fields = {"paraphrase": [words], "topic": ["union"]} | shared
    return Draft(id=name, kind="statement", saved_at=1, gist=Gist(words=words[:80]), fields=fields)


def spoken(services: Services) -> int:
    """Return the number of the statement with the words."""
    return next(
        position for position, event in services.log.stream() if event.TOPIC == "statement.recorded"
    )


def test_erased_words_are_in_no_file_of_the_store_and_the_rest_stays(
    services: Services, store_url: str, request: pytest.FixtureRequest
) -> None:
    url, number = StoreUrl.parse(store_url), spoken(services)
    assert len(files_with(WORDS, url, request)) > 1
    services.models.close()
    answer = done_with_notes("redact", str(number), "--basis", BASIS, "--yes", "--store", store_url)
    assert answer.out.splitlines()[0].startswith("erased at ")
    assert "discarded from the desk, with these words: 2" in answer.out
    assert files_with(WORDS, url, request) == []
    assert [draft.id for draft in services.desk.drafts.of("anna")] == ["without"]
    assert [text.document for text in services.desk.texts.waiting()] == ["other"]
    assert [len(services.desk.texts.decided(one)) for one in ("one", "other")] == [0, 1]
    statement = services.log.load(Statement, services.log.event(number).originator_id)  # type: ignore[union-attr]
    assert statement is not None
    assert (statement.redacted, statement.fields["stance"]) == (True, 2)
    assert done("verify", "--store", store_url).out


def test_a_proof_from_before_still_shows_that_the_record_grew(
    services: Services, store_url: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(done_with_notes("checkpoint", "--store", store_url).out, encoding="utf-8")
    number = str(spoken(services))
    done_with_notes("redact", number, "--basis", BASIS, "--yes", "--store", store_url)
    assert done("verify", "--checkpoint", str(kept), "--store", store_url).out


def test_it_says_which_sources_keep_their_words_and_erases_those_by_address(
    services: Services, store_url: str, request: pytest.FixtureRequest
) -> None:
    url = StoreUrl.parse(store_url)
    document = services.newsroom.documents.stream(ADDRESS)
    services.newsroom.documents.take_snapshot(by(services), document, ARTICLE)
    given = ("--basis", BASIS, "--yes", "--store", store_url)
    answer = standline("redact", str(spoken(services)), *given)
    assert f"its source keeps its own words; see --source {document}" in answer.err
    assert files_with(ARTICLE, url, request)
    services.models.close()
    done_with_notes("redact", "--source", ADDRESS, *given)
    assert files_with(ARTICLE, url, request) == []


def test_an_erasure_that_was_interrupted_is_ended_by_saying_it_again(
    services: Services,
    store_url: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number, url = spoken(services), StoreUrl.parse(store_url)
    with monkeypatch.context() as broken:
        broken.setattr(type(services.models), "forget", crash)
        with pytest.raises(KeyboardInterrupt):
            erase(services, services.newsroom.statements, number, by(services), BASIS)
    assert files_with(WORDS, url, request)
    services.models.close()
    answer = done_with_notes("redact", str(number), "--basis", BASIS, "--yes", "--store", store_url)
    assert answer.out.startswith("nothing was left to erase in the log;")
    assert files_with(WORDS, url, request) == []


def test_an_erasure_that_could_not_clear_the_logs_own_files_is_ended_by_saying_it_again(
    services: Services,
    store_url: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number, url = spoken(services), StoreUrl.parse(store_url)
    with monkeypatch.context() as broken:
        broken.setattr(type(services.log._recorder), "clear_traces", crash)  # noqa: SLF001
        with pytest.raises(KeyboardInterrupt):
            erase(services, services.newsroom.statements, number, by(services), BASIS)
    services.models.close()
    done_with_notes("redact", str(number), "--basis", BASIS, "--yes", "--store", store_url)
    assert files_with(WORDS, url, request) == []


def test_of_an_erased_source_nothing_stays_on_the_desk(
    services: Services, store_url: str, request: pytest.FixtureRequest
) -> None:
    document, title = services.newsroom.documents.stream(ADDRESS), secrets.token_urlsafe(100)
    services.newsroom.documents.correct(by(services), document, "title", title, "Misread.")
    text = DeskText(
        document=document,
        added_by="anna",
        added_at=1,
        imprint={"source.title": title},
        text="Other.",
    )
    services.desk.texts.keep(text)
    services.desk.texts.decide(document, Decision(0, 6, "Other.", 0, "anna"), 1)
    services.desk.notes.write(Note("1", document, "anna", 1, "Mind the second sentence."))
    gist = Gist(words=title[:80] + "…", document=document)
    draft = Draft(id="of it", kind="statement", saved_at=1, gist=gist, fields={"topic": ["union"]})
    services.desk.drafts.save("anna", draft)
    services.models.close()
    given = ("--basis", BASIS, "--yes", "--store", store_url)
    answer = done_with_notes("redact", "--source", ADDRESS, *given)
    assert "discarded from the desk, with these words: 3" in answer.out
    assert services.desk.texts.find(document) is None
    assert services.desk.texts.decided(document) == []
    assert services.desk.notes.on(document) == []
    assert files_with(title, StoreUrl.parse(store_url), request) == []


def test_whoever_does_not_say_yes_erases_nothing(services: Services, store_url: str) -> None:
    before, number = services.log.head(), str(spoken(services))
    answer = standline("redact", number, "--basis", BASIS, "--store", store_url)
    assert answer.status != 0
    assert services.log.head() == before
    assert len(services.desk.drafts.of("anna")) == 2


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("given", "line"),
    [
        ((), "say which one thing is to be erased"),
        (("3", "--topic", "union"), "say which one thing is to be erased"),
        (("--topic", "nothing"), "there is no topic 'nothing'"),
        (("--source", "https://example.org/none"), "there is no document"),
        (("999",), "no entry has the number 999"),
    ],
)
def test_what_is_not_one_thing_on_record_is_refused_in_one_line(
    services: Services, store_url: str, given: tuple[str, ...], line: str
) -> None:
    before = services.log.head()
    answer = standline("redact", *given, "--basis", BASIS, "--yes", "--store", store_url)
    assert line in one_line(answer, REFUSED)
    assert services.log.head() == before


def test_an_empty_basis_is_refused_and_costs_no_draft(services: Services, store_url: str) -> None:
    number = str(spoken(services))
    answer = standline("redact", number, "--basis", " ", "--yes", "--store", store_url)
    assert "a reason" in answer.err
    assert len(services.desk.drafts.of("anna")) == 2
    assert msgspec.to_builtins(services.log.event(int(number)))["content"]["quote"]


def signed(services: Services) -> tuple[int, str, int]:
    """Sign a change from the statement with the words to a later one.

    Return the position of the verdict, its sentence, and the number of the later statement.
    """
    services.desk.drafts.save("anna", draft_of("of it", sentence := secrets.token_urlsafe(100)))
    later = RecordStatement(
        topic="union",
        actor="dora",
        stance="opposes",
        attribution="reported",
        said_at="2025-12-12",
        paraphrase="No longer.",
        source=PAPER,
    )
    number = services.newsroom.statements.record(by(services), later).position
    change = Ends("union", "dora", 2, (spoken(services),), (number,))
    changes = services.newsroom.changes
    changes.decline(by(services), change, "thin", f"Few words: {sentence}")
    position = changes.sign(by(services), change, sentence, f"A caveat: {sentence}").position
    services.models.catch_up()
    return position, sentence, number


@pytest.mark.thorough
@pytest.mark.parametrize("end", [0, 1])
def test_what_was_said_of_a_change_goes_with_either_of_its_ends(
    services: Services, store_url: str, request: pytest.FixtureRequest, end: int
) -> None:
    position, sentence, later = signed(services)
    number = (spoken(services), later)[end]
    services.models.close()
    given = ("--basis", BASIS, "--yes", "--store", store_url)
    answer = done_with_notes("redact", str(number), *given)
    assert "among them what editors said of 1 changes" in answer.err
    assert files_with(sentence, StoreUrl.parse(store_url), request) == []
    (verdict,) = answered("verdict", "list", "--store", store_url)
    assert (verdict["position"], verdict["verdict"]) == (position, "signed")
    assert (verdict["words"], verdict["caveat"]) == ("", "")
    assert done("verify", "--store", store_url).out
    assert done_with_notes("redact", str(number), *given).out.startswith("nothing was left")


def test_what_was_said_of_a_change_is_erased_by_its_own_number_and_its_ends_stay(
    services: Services, store_url: str, request: pytest.FixtureRequest
) -> None:
    position, sentence, _ = signed(services)
    services.models.close()
    done_with_notes("redact", str(position), "--basis", BASIS, "--yes", "--store", store_url)
    url = StoreUrl.parse(store_url)
    assert files_with(sentence, url, request) == []
    assert files_with(WORDS, url, request)
    assert [draft.id for draft in services.desk.drafts.of("anna")].count("of it") == 0
    assert done("verify", "--store", store_url).out


def test_an_erasure_that_was_interrupted_before_what_was_said_of_its_change_is_ended(
    services: Services,
    store_url: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, sentence, _ = signed(services)
    number, url = spoken(services), StoreUrl.parse(store_url)
    with monkeypatch.context() as broken:
        broken.setattr(Changes, "redact", lambda *_, **__: crash(services))
        with pytest.raises(KeyboardInterrupt):
            erase(services, services.newsroom.statements, number, by(services), BASIS)
    services.models.close()
    assert files_with(sentence, url, request)
    done_with_notes("redact", str(number), "--basis", BASIS, "--yes", "--store", store_url)
    assert files_with(sentence, url, request) == []


def crash(_models: object) -> None:
    raise KeyboardInterrupt
