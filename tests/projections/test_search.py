from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.application.newsdesk import Newsdesk
from tests.support.tiers import scaled
from timeline.application.commands import Excerpt, Quoted
from timeline.bootstrap import microseconds
from timeline.projections.generations.read_models import ReadModels
from timeline.projections.queries import directory
from timeline.projections.queries.asking import asked_about, telling_words
from timeline.projections.queries.search import SearchScope, matching, search, spread_of
from timeline.projections.tables import schema
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.projections.queries.search import SearchResults

ODD = ['"', "* OR (", "NEAR(a b)", "a:b", "' & !", "\\", "-", "q0topic", "%_", ":*", "💥", "\u00ad"]


class Room(Newsdesk):
    """A newsroom with a search over what it has on record."""

    def __init__(self, log: EventLog, models: ReadModels) -> None:
        super().__init__(log)
        self.models = models

    def find(self, typed: str, limit: int = 20) -> SearchResults:
        """Return what a search finds now."""
        self.models.catch_up()
        with self.models.engine().connect() as conn:
            return search(conn, typed, limit=limit)

    def numbers(self, typed: str) -> list[int]:
        """Return the numbers of the entries that a search finds."""
        return [entry.number for entry in self.find(typed).entries]

    def narrowed(
        self, typed: str, topic: str = "", actor: str = "", year: int | None = None
    ) -> set[int]:
        """Return the numbers of the entries that it finds on a topic, of an actor, of a year."""
        self.models.catch_up()
        with self.models.engine().connect() as conn:
            topics = {directory.topic(conn, topic).id} if topic else set()
            actors = {directory.actor(conn, actor).id} if actor else set()
            years = set() if year is None else {year}
            only = SearchScope(frozenset(topics), frozenset(actors), frozenset(years))
            found = search(conn, typed, limit=20, scope=only)
            assert found.total == len(found.entries)
            return {entry.number for entry in found.entries}

    def actors(self, typed: str) -> list[str]:
        """Return the slugs of the actors that a search finds."""
        return [actor.slug for actor in self.find(typed).actors]

    def topics(self, typed: str) -> list[str]:
        """Return the slugs of the topics that a search finds."""
        return [topic.slug for topic in self.find(typed).topics]

    def asked(self, typed: str) -> tuple[str, ...]:
        """Return the slugs of the actor and the topic that a question names, if it names both."""
        self.models.catch_up()
        with self.models.engine().connect() as conn:
            return tuple(one.slug for one in asked_about(conn, telling_words(conn, typed)) or ())


@pytest.fixture
def room(store_url: str) -> Iterator[Room]:
    url = StoreUrl.parse(store_url)
    log = EventLog.open(url)
    models = ReadModels(log, url, microseconds)
    models.prepare()
    room = Room(log, models)
    room.talks()
    room.newsroom.actors.introduce(room.anna(), "Volodymyr Zelensky", "person")
    yield room
    models.close()
    log.close()


def test_a_name_is_found_in_every_spelling(room: Room) -> None:
    said = room.say(actor="volodymyr-zelensky").position
    for typed in ("Selenskyj", "zelensky", "Зеленский", "Зеленський", "Wolodymyr Selenskyj"):
        assert room.actors(typed) == ["volodymyr-zelensky"]
        assert room.numbers(typed) == [said]


def test_letters_that_sound_like_one_find_names_that_are_written_so(room: Room) -> None:
    room.newsroom.actors.introduce(room.anna(), "Shania Bland", "person")
    assert room.actors("zzz") == []
    assert room.actors("sh") == ["shania-bland"]


def test_a_name_is_found_in_what_others_say(room: Room) -> None:
    quote = Quoted(text="Wir glauben Selenskyj", lang="de")
    said = room.say(quote=quote).position
    assert room.numbers("Zelensky") == [said]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Russlands", "russia"),
        ("Russia's", "russia"),
        ("Russia’s", "russia"),
        ("der Vereinigten", "united-stands"),
    ],
)
def test_a_name_is_found_in_its_cases_of_german_and_english(
    room: Room, typed: str, found: str
) -> None:
    room.newsroom.actors.add_alias(room.anna(), "russia", "Russland")
    room.newsroom.actors.introduce(room.anna(), "Sarah Sample", "person")
    room.newsroom.actors.introduce(room.anna(), "United Stands", "state")
    room.newsroom.actors.add_alias(room.anna(), "united-stands", "Vereinigte Stände")
    assert room.actors(typed) == [found]


def test_a_question_may_ask_in_words_that_are_said_on_a_topic_and_not_in_its_question(
    room: Room,
) -> None:
    for day in ("2025-12-01", "2025-12-02", "2025-12-03"):
        assert room.asked("Did Russia change on enlargement in 2025?") == ()
        room.say(paraphrase=f"Accepts the enlargement, as said on {day}.", said_at=day)
    assert room.asked("Did Russia change on enlargement in 2025?") == ("russia", "eu-accession")
    assert room.asked("Did Russia change on the weather in 2025?") == ()


def test_an_alias_finds_an_actor_and_a_merged_one_its_lane(room: Room) -> None:
    room.newsroom.actors.add_alias(room.anna(), "russia", "Russische Föderation")
    room.newsroom.actors.introduce(room.anna(), "Moscow", "state")
    room.newsroom.actors.merge(room.anna(), "moscow", "russia", "the same state")
    assert room.actors("russische Foederation") == ["russia"]
    assert room.actors("Moskow") == ["russia"]


def test_word_forms_in_german_and_english_find_each_other(room: Room) -> None:
    quote = Quoted(text="keine verbindlichen Sicherheitsgarantien für Länder", lang="de")
    german = room.say(quote=quote, translation="no binding guarantees").position
    assert room.numbers("Sicherheitsgarantie") == [german]
    assert room.numbers("verbindliche Laender") == [german]
    assert room.numbers("guarantee") == [german]


def test_a_beginning_is_enough_for_the_last_word(room: Room) -> None:
    said = room.say(paraphrase="Wants negotiations in Geneva.").position
    assert room.numbers("negotiations gen") == [said]
    assert room.numbers("nego geneva") == []


def test_whole_words_stand_before_longer_ones(room: Room) -> None:
    whole = room.say(paraphrase="Speaks of the eu.", said_at="2025-12-01").position
    longer = room.say(paraphrase="Speaks of Europeans.", said_at="2025-12-10").position
    assert room.numbers("speaks eu")[:2] == [whole, longer]


def test_the_latest_said_stands_first(room: Room) -> None:
    late = room.say(paraphrase="A buffer zone.", said_at="2025-12-10").position
    early = room.say(paraphrase="The buffer zone.", said_at="2025-11-10").position
    assert room.numbers("buffer") == [late, early]


def test_speaker_and_question_count_as_words_of_a_statement(room: Room) -> None:
    said = room.say(topic="nato-membership", actor="russia", paraphrase="Is against it.").position
    room.say(topic="nato-membership", actor="ukraine", paraphrase="Would drop it.")
    room.say(topic="eu-accession", actor="russia")
    assert room.numbers("russia nato") == [said]
    assert room.topics("russia nato") == ["nato-membership"]


def test_topics_are_found_as_now_worded_and_by_their_story(room: Room) -> None:
    room.newsroom.topics.reword(
        room.anna(),
        "eu-accession",
        "Should Ukraine become a member of the EU?",
        "plainer",
        same_meaning=True,
    )
    assert room.topics("member") == ["eu-accession", "nato-membership"]
    assert room.topics("become members") == ["eu-accession"]
    assert set(room.topics("Berlin")) == {"eu-accession", "nato-membership", "deal-by-christmas"}


def test_who_is_named_in_the_title_of_a_story_does_not_find_all_its_topics(room: Room) -> None:
    room.newsroom.stories.rename(
        room.anna(), "berlin-talks", "Russia's war in Europe", "names the war"
    )
    said = room.say(topic="eu-accession", actor="russia")
    room.say(topic="nato-membership", actor="ukraine")
    assert room.numbers("russia") == [said.position]
    assert room.topics("russia") == []
    assert set(room.topics("europe")) == {"eu-accession", "nato-membership", "deal-by-christmas"}


def test_a_statement_is_found_by_its_passage(room: Room) -> None:
    said = Excerpt("Ein Beitritt sei hinnehmbar, hieß es.")
    number = room.say(paraphrase="It may join.", passage=said).position
    assert room.numbers("hinnehmbar") == [number]


def test_a_development_is_found_by_its_title(room: Room) -> None:
    happened = room.happen().position
    assert room.numbers("attacks Odesa") == [happened]


def test_corrected_words_are_found_and_the_old_ones_no_longer(room: Room) -> None:
    said = room.say(paraphrase="Speaks of Geneva.").position
    room.find("geneva")
    room.newsroom.statements.correct(
        room.anna(), said, {"paraphrase": "Speaks of Vienna."}, "misread"
    )
    assert room.numbers("geneva") == []
    assert room.numbers("vienna") == [said]


def test_retracted_words_are_found_and_withheld_ones_are_not(room: Room) -> None:
    shown = room.say(paraphrase="Speaks of Geneva.").position
    hidden = room.say(paraphrase="Speaks of Geneva too.", said_at="2025-12-13").position
    room.newsroom.statements.retract(room.anna(), shown, "wrong person")
    room.newsroom.statements.retract(room.anna(), hidden, "private", withhold=True)
    assert room.numbers("geneva") == [shown]


@pytest.mark.parametrize("typed", ["", " ", "the", "die der", "x", *ODD])
def test_what_tells_nothing_finds_nothing(room: Room, typed: str) -> None:
    room.say()
    assert room.numbers(typed) == []


TYPED = st.text() | st.sampled_from(ODD)
SOUGHT = TYPED | st.sampled_from(("Geneva", "gen", "speaks of", '"of Geneva"', "-peace", "Peskov?"))


@given(
    typed=st.lists(SOUGHT | st.sampled_from(ODD) | st.text(), min_size=1, max_size=3).map(" ".join)
)
@settings(
    max_examples=scaled(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_query_breaks(room: Room, typed: str) -> None:
    if not room.numbers("geneva"):
        room.say(paraphrase="Speaks of Geneva.")
    room.find(typed, limit=5)
    room.asked(typed)


def test_total_counts_what_is_not_shown(room: Room) -> None:
    for day in range(1, 8):
        room.say(paraphrase="A buffer zone.", said_at=f"2025-12-0{day}")
    found = room.find("buffer", limit=3)
    assert (len(found.entries), found.total) == (3, 7)


def test_entries_beyond_a_great_many_are_not_counted(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 5):
        room.say(paraphrase="A buffer zone.", said_at=f"2025-12-0{day}")
    monkeypatch.setattr("timeline.projections.queries.search.MOST_COUNTED", 4)
    assert (room.find("buffer").total, room.find("buffer").uncounted) == (4, False)
    monkeypatch.setattr("timeline.projections.queries.search.MOST_COUNTED", 3)
    assert (room.find("buffer").total, room.find("buffer").uncounted) == (3, True)


@pytest.mark.thorough
def test_a_rebuild_finds_the_same(room: Room) -> None:
    said = room.say(paraphrase="Speaks of Geneva.").position
    room.newsroom.statements.correct(
        room.anna(), said, {"paraphrase": "Speaks of Vienna."}, "misread"
    )
    room.happen()
    before = [room.find(typed) for typed in ("vienna", "ukraine", "odesa")]
    assert room.models.check() == ()
    room.models.rebuild()
    assert [room.find(typed) for typed in ("vienna", "ukraine", "odesa")] == before
    with room.models.engine().connect() as conn:
        rows = conn.execute(select(func.count()).select_from(schema.search)).scalar()
    assert rows == 3 + 2


def test_words_that_the_law_erases_live_on_in_no_index(sqlite_url: str) -> None:
    url = StoreUrl.parse(sqlite_url)
    log = EventLog.open(url)
    models = ReadModels(log, url, microseconds)
    models.prepare()
    room = Room(log, models)
    room.talks()
    for day in range(1, 9):
        room.say(paraphrase="Speaks of rivers.", said_at=f"2025-12-0{day}")
    said = room.say(paraphrase="Speaks of quagmires.").position
    assert room.numbers("quagmire") == [said]
    room.newsroom.statements.redact(room.anna(), said, "Art. 17 GDPR")
    assert room.numbers("quagmire") == []
    models.forget()
    models.close()
    stored = b"".join(path.read_bytes() for path in url.log_path.parent.glob("*.read-*"))
    log.close()
    assert b"river" in stored
    # The index leaves out of a word what the one before it begins with.
    assert b"agmir" not in stored


def test_what_is_found_can_be_narrowed_to_a_topic_an_actor_and_a_year(room: Room) -> None:
    anna, actors = room.anna(), room.newsroom.actors
    actors.introduce(anna, "Vladimir Sample", "person")
    actors.introduce(anna, "Old Russia", "state")
    actors.mandate(anna, "vladimir-sample", "russia", "Envoy")
    room.newsroom.topics.open(anna, "Will talks begin?", "expectation", slug="talks-begin")
    said = {"paraphrase": "Speaks of tariffs."}
    own = room.say(**said).position
    behalf = room.say(actor="vladimir-sample", on_behalf_of="russia", **said).position
    old = room.say(said_at="1969-12-31", **said).position
    merged = room.say(actor="old-russia", **said).position
    other = room.say(
        topic="talks-begin", stance="expects", actor="vladimir-sample", **said
    ).position
    told = room.happen(title="Tariffs are raised", topics=("talks-begin",)).position
    actors.merge(anna, "old-russia", "russia", "The same.")
    everything = {own, behalf, old, merged, other, told}
    assert room.narrowed("tariffs") == everything
    assert room.narrowed("tariffs", topic="eu-accession") == {own, behalf, old, merged}
    assert room.narrowed("tariffs", topic="talks-begin") == {other, told}
    assert room.narrowed("tariffs", actor="russia") == {own, behalf, old, merged}
    assert room.narrowed("tariffs", actor="vladimir-sample") == {behalf, other}
    assert room.narrowed("tariffs", year=1969) == {old}
    assert room.narrowed("tariffs", year=2024) == set()
    assert room.narrowed("tariffs", topic="talks-begin", actor="vladimir-sample") == {other}
    assert room.narrowed("quotas", topic="talks-begin") == set()
    with room.models.engine().connect() as conn:
        spread = spread_of(conn, matching(conn, "tariffs"))
        russia = directory.actor(conn, "russia").id
    assert spread.actors[russia] == len({own, behalf, old, merged})
    assert spread.years[1969] == 1
    assert sum(spread.topics.values()) == sum(spread.years.values()) == len(everything)


def test_a_statement_that_is_corrected_is_narrowed_by_what_it_says_now(room: Room) -> None:
    said = room.say(paraphrase="Speaks of tariffs.").position
    room.newsroom.statements.correct(room.anna(), said, {"said_at": "2024-03-01"}, "Misread.")
    assert room.narrowed("tariffs", year=2024) == {said}
    assert room.narrowed("tariffs", year=2025) == set()
