"""Both databases find the same, in whichever script and with whichever signs somebody writes."""

from __future__ import annotations

import random
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.record import Record
from tests.support.postgres import fresh_database
from tests.support.tiers import scaled
from timeline.projections.queries.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

WORDS = (
    *("Müller", "Mueller", "Muller", "Straße", "Strasse", "STRASSE", "Füße", "Größenordnung"),
    *("Київ", "Киев", "Зеленський", "переговоры", "ПЕРЕГОВОРЫ", "ёлка", "Ελλάδα", "Έλληνες"),
    *("ığdır", "Iğdır", "İstanbul", "Istanbul", "DIŞİŞLERİ", "dışişleri", "ılık"),
    *("ﬁnanzen", "finanzen", "ﬂuss", "Straﬀe", "ǅungla", "Ⅻ", "x²", "№5"),
    *("café", "cafe\u0301", "naïve", "Ångström", "Å", "co\u00adoperate", "zero\u200dwidth"),
    *("🙂", "peace🕊talks", "2025", "٢٠٢٥", "東京", "東京都", "สวัสดี", "مرحبا", "שלום"),
    *("state's", "EU-Beitritt", "q0topic", "NEAR", "AND", "the", "über", "ein"),
)
NAMES = [word for word in WORDS[:24] if word.isprintable()]
"""Words that a name may hold: all of it can be seen."""

SEED, SAID = 20_251_215, 120


@pytest.fixture(scope="module")
def records(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Record]]:
    """The same corpus in a store of each kind, statement by statement."""
    with ExitStack() as stack:
        database = stack.enter_context(fresh_database(postgres_server))
        file = f"sqlite:///{tmp_path_factory.mktemp('alike') / 'newsroom.db'}"
        both = [stack.enter_context(Record.opened(address)) for address in (file, database)]
        for record in both:
            furnish(record)
            assert record.models.catch_up() == 0
        yield both


def furnish(record: Record) -> None:
    """Let actors with odd names say odd things on topics with odd questions."""
    chance = random.Random(SEED)  # noqa: S311 - the same corpus in every run
    record.talks()
    for n, name in enumerate(NAMES):
        called = f"{name} {chance.choice(NAMES)}"
        record.newsroom.actors.introduce(record.anna(), called, "person", slug=f"actor-{n}")
    for n in range(6):
        question = " ".join(chance.choices(WORDS, k=6)) + "?"
        record.newsroom.topics.open(record.anna(), question, "position", slug=f"topic-{n}")
    for _ in range(SAID):
        words = " ".join(chance.choices(WORDS, k=7))
        topic, actor = f"topic-{chance.randrange(6)}", f"actor-{chance.randrange(len(NAMES))}"
        record.say(topic=topic, actor=actor, paraphrase=words)


def found(conn: Connection, typed: str) -> tuple[object, ...]:
    """Return all that a search tells."""
    page = search(conn, typed, limit=1_000)
    return (
        [actor.slug for actor in page.actors],
        [topic.slug for topic in page.topics],
        [entry.number for entry in page.entries],
        page.total,
        page.called,
        page.sought,
    )


def written(word: str) -> st.SearchStrategy[str]:
    """Return ways to type a word: whole, begun, in other letters."""
    begun = [word[:end] for end in range(1, len(word) + 1)]
    return st.sampled_from([word, word.upper(), word.lower(), word.casefold(), *begun])


TYPED = st.lists(st.sampled_from(WORDS).flatmap(written), min_size=1, max_size=3).map(" ".join)


@pytest.mark.few(6)
@pytest.mark.parametrize("word", WORDS)
def test_every_word_finds_the_same_in_both(records: list[Record], word: str) -> None:
    for typed in (word, word.upper(), word[:3]):
        one, other = (record.ask(found, typed) for record in records)
        assert one == other


@settings(max_examples=scaled(75))
@given(typed=TYPED | st.text(max_size=12))
def test_whatever_is_typed_finds_the_same_in_both(records: list[Record], typed: str) -> None:
    one, other = (record.ask(found, typed) for record in records)
    assert one == other


def test_the_corpus_is_found_at_all(records: list[Record]) -> None:
    for typed in ("mueller", "київ", "istanbul", "finanzen", "cafe", "東京", "strasse"):
        *_, total, _, _ = records[0].ask(found, typed)
        assert total, typed
