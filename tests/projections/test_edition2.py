"""Edition 2 of the rule over a record: what is gathered for it, as known at any position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from tests.application.newsdesk import statement
from tests.projections.histories import histories
from tests.projections.record import Record
from tests.support.tiers import scaled
from timeline.application.commands import Condition, Quoted, Source
from timeline.domain.dates import parse_date
from timeline.domain.instants import NEWEST, OLDEST
from timeline.domain.nature import USUAL_LIMIT, Nature, usual_nature
from timeline.domain.position.edition2 import Change, changes, findings
from timeline.domain.position.edition2.track import tracks as tracks_of
from timeline.domain.two_clocks import TwoClocks
from timeline.domain.verdict import Ends
from timeline.projections.queries import directory, tracks
from timeline.projections.queries.edition2 import TopicEvidence, read_evidence
from timeline.projections.queries.historical_changes import changes_at, changes_on
from timeline.projections.queries.positions import LaneChange
from timeline.projections.queries.story_changes import StoryChanges, StoryFilter
from timeline.projections.queries.topic_changes import TopicChanges
from timeline.projections.queries.translations import reading
from timeline.projections.tables.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from timeline.domain.event import Event

NO, YES = "We will never agree to that.", "We would now agree to that."
PESKOV = {"actor": "dmitry-peskov", "attribution": "quoted"}


def gathered(
    record: Record, known_at: int | None = None, *, slug: str = "eu-accession"
) -> TopicEvidence:
    def ask(conn: Any) -> TopicEvidence:  # noqa: ANN401 - a connection
        return read_evidence(conn, directory.topic(conn, slug), known_at)

    found: TopicEvidence = record.ask(ask)
    return found


def moves(record: Record, known_at: int | None = None) -> tuple[Change, ...]:
    return changes(gathered(record, known_at).record)


def in_words(found: TopicEvidence, one: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which conditions appeared and which are gone, as their ends put them."""
    told = found.condition_in_words
    return (
        tuple(told(condition, one.after_by, one.after) for condition in one.appeared),
        tuple(told(condition, one.before_by, one.before) for condition in one.gone),
    )


def turn(record: Record) -> Ends:
    """Record that Peskov said no, and yes three days later."""
    record.talks()
    no, yes = (
        record.say(**PESKOV, stance=stance, said_at=day, quote=Quoted(words, lang="en"))
        for stance, day, words in (("opposes", "2025-12-10", NO), ("supports", "2025-12-13", YES))
    )
    return Ends("eu-accession", "dmitry-peskov", 2, (no.position,), (yes.position,))


def test_two_blind_readings_of_both_quotes_print_a_reversal(record: Record) -> None:
    ends = turn(record)
    read, by = record.newsroom.statements.read_quote, record.newsroom.byline
    (change,) = moves(record)
    assert (change.status, change.because) == ("waiting", ("quote_does_not_carry",))
    for reader in ("cora", "dora"):
        read(by(reader), ends.before[0], "opposes", carries=True)
        last = read(by(reader), ends.after[0], "accepts", carries=True).position
    (change,) = moves(record)
    assert (change.kind, change.status) == ("reversal", "printed")
    (then,) = moves(record, last - 1)
    assert then.status == "waiting"


def test_readings_under_another_question_print_no_reversal(record: Record) -> None:
    ends, statements = turn(record), record.newsroom.statements
    for number, direction in ((ends.before[0], "opposes"), (ends.after[0], "accepts")):
        for reader in ("cora", "dora"):
            by = record.newsroom.byline(reader)
            statements.read_quote(by, number, direction, carries=True)
        moved = {"topic": "nato-membership"}
        last = statements.correct(record.anna(), number, moved, "It is NATO.").position
    (change,) = changes(gathered(record, slug="nato-membership").record)
    assert (change.kind, change.status) == ("reversal", "waiting")
    assert change.because == ("quote_does_not_carry",)
    assert moves(record, last) == ()


def test_editors_sign_decline_and_correct_an_end_and_see_the_change_go(record: Record) -> None:
    ends, rooms = turn(record), record.newsroom
    anna, ben, cora = (rooms.byline(one) for one in ("anna", "ben", "cora"))
    declined = rooms.changes.decline(ben, ends, "thin", "A joke.").position
    assert [(one.status, one.because) for one in moves(record)] == [("declined", ("thin",))]
    signed = rooms.changes.sign(cora, ends, "Peskov now wants it.").position
    assert [(one.status, one.because) for one in moves(record)] == [("printed", ("signed",))]
    assert [one.status for one in moves(record, declined)] == ["declined"]
    number = ends.after[0]
    rooms.statements.correct(anna, number, {"paraphrase": "Wants it."}, "Clearer.")
    assert [one.status for one in moves(record)] == ["waiting"]
    rooms.statements.correct(anna, number, {"stance": "opposes"}, "Misread.")
    assert moves(record) == ()
    assert [one.status for one in moves(record, signed)] == ["printed"]


def test_a_conditional_of_the_first_scale_is_uncoded_and_undecided_is_not(record: Record) -> None:
    record.talks()
    record.say(**PESKOV, stance="opposes", said_at="2025-12-10")
    record.say(
        **PESKOV, stance="conditional", said_at="2025-12-11", condition=Condition("if it pays")
    )
    record.say(**PESKOV, stance="undecided", said_at="2025-12-12", paraphrase="Leaves it open.")
    opened = moves(record)[0]
    assert (opened.kind, opened.uncoded) == ("opens", True)
    assert [one.uncoded for one in gathered(record).record.words] == [False, True, False]


def test_a_condition_is_known_by_the_statement_that_named_it_and_by_its_words(
    record: Record,
) -> None:
    record.talks()
    words: dict[str, Any] = {"stance": "accepts", "condition": Condition("if the war ends")}
    first = record.say(**PESKOV, **words, said_at="2025-12-10").position
    record.say(**PESKOV, **words, said_at="2025-12-11", paraphrase="Says so again.")
    assert moves(record) == ()
    dropped = f"#{first}"
    record.say(
        **PESKOV, stance="accepts", said_at="2025-12-12", drops=(dropped,), paraphrase="Without."
    )
    (change,) = moves(record)
    assert change.kind == "terms"
    assert in_words(gathered(record), change) == ((), ("if the war ends",))


def test_whoever_names_a_condition_by_a_later_statement_means_the_first(record: Record) -> None:
    record.talks()

    def says(day: str, words: str, same_as: str | None = None) -> str:
        condition = Condition(words, same_as=same_as)
        how: dict[str, Any] = {"stance": "accepts", "said_at": day, "condition": condition}
        return f"#{record.say(**PESKOV, **how, paraphrase=words).position}"

    first = says("2025-12-10", "if the war ends")
    second = says("2025-12-11", "once the guns are silent", first)
    third = says("2025-12-12", "when it is over", second)
    assert moves(record) == ()
    record.say(**PESKOV, stance="accepts", said_at="2025-12-13", drops=(third,))
    (change,) = moves(record)
    assert in_words(gathered(record), change) == ((), ("when it is over",))


def test_the_same_words_name_the_same_condition_for_good_also_once_they_are_erased(
    record: Record,
) -> None:
    record.talks()
    words: dict[str, Any] = {"stance": "accepts", "condition": Condition("if the war ends")}
    first = record.say(**PESKOV, **words, said_at="2025-12-10").position
    second = record.say(**PESKOV, **words, said_at="2025-12-11", paraphrase="Again.").position
    record.say(**PESKOV, **words, said_at="2025-12-12", paraphrase="And again.")
    for erased in (first, second):
        record.newsroom.statements.redact(record.anna(), erased, "Art. 17 GDPR")
        assert moves(record) == ()


def test_a_condition_that_only_words_told_outlives_their_erasure_and_a_rebuild(
    record: Record,
) -> None:
    record.talks()
    said: dict[str, Any] = {"stance": "accepts", "condition": Condition("if the war ends")}
    before = statement(**PESKOV, **said, said_at="2025-12-10")
    *new, older = record.newsroom.statements.rehearse(record.anna(), before)
    older = msgspec.structs.replace(older, condition_id=None)  # as it was recorded at first
    first = record.log.append([*new, older])[-1]
    same = Condition("once it is over", same_as=f"#{first}")
    record.say(**PESKOV, stance="accepts", said_at="2025-12-11", condition=same)
    at = record.log.head()
    assert moves(record) == ()
    record.newsroom.statements.redact(record.anna(), first, "Art. 17 GDPR")
    assert moves(record) == moves(record, at) == ()
    digests = record.digests()
    record.models.rebuild()
    assert moves(record) == moves(record, at) == ()
    assert record.digests() == digests


def test_who_named_a_condition_means_it_as_it_was_before_its_words_were_corrected(
    record: Record,
) -> None:
    record.talks()
    ours, theirs = "if the war ends", "if it pays"
    words: dict[str, Any] = {"stance": "accepts", "condition": Condition(ours)}
    first = record.say(**PESKOV, **words, said_at="2025-12-10").position
    again = record.say(**PESKOV, **words, said_at="2025-12-11", paraphrase="Again.").position
    before, correct = record.log.head(), record.newsroom.statements.correct
    correct(record.anna(), first, {"condition.text": "If the war ends"}, "Case.", material=False)
    assert moves(record) == ()
    correct(record.anna(), first, {"condition.text": theirs}, "Misread.")
    (change,) = moves(record)
    assert (change.kind, in_words(gathered(record), change)) == ("terms", ((ours,), ()))
    assert moves(record, before) == ()
    correct(record.anna(), first, {"condition.same_as": f"#{again}"}, "The same, though.")
    assert moves(record) == ()
    correct(record.anna(), again, {"condition.text": ours}, "Clearer.", material=False)
    correct(record.anna(), again, {"condition.text": "if asked"}, "Misread, too.")
    (change,) = moves(record)
    assert in_words(gathered(record), change) == (("if asked",), ())


def test_statements_that_name_each_others_condition_name_one_condition(record: Record) -> None:
    record.talks()
    how: dict[str, Any] = {"stance": "accepts", "condition": Condition("if the war ends")}
    one = record.say(**PESKOV, **how, said_at="2025-12-10").position
    how["condition"] = Condition("once it is over", same_as=f"#{one}")
    other = record.say(**PESKOV, **how, said_at="2025-12-11").position
    correct = record.newsroom.statements.correct
    correct(record.anna(), one, {"condition.same_as": f"#{other}"}, "The other named it first.")
    (earlier, later) = (words.sets for words in gathered(record).record.words)
    assert earlier == later
    assert len(earlier) == 1


def test_a_condition_is_told_in_the_words_of_whoever_named_it_there(record: Record) -> None:
    record.talks()
    ours, mine = "if the war ends", "once the guns are silent"
    record.say(stance="accepts", said_at="2025-12-09", condition=Condition(ours))
    (first,) = (one.statement for one in gathered(record).record.words if one.sets)
    record.say(**PESKOV, stance="accepts", said_at="2025-12-10")
    same = Condition(mine, same_as=f"#{first}")
    record.say(**PESKOV, stance="accepts", said_at="2025-12-11", condition=same)
    record.say(**PESKOV, stance="accepts", said_at="2025-12-12", paraphrase="Keeps to it.")
    record.say(**PESKOV, stance="accepts", said_at="2025-12-13", drops=(f"#{first}",))
    appeared, gone = sorted(moves(record), key=lambda one: one.counts_from)
    found = gathered(record)
    assert in_words(found, appeared) == ((mine,), ())
    assert in_words(found, gone) == ((), (mine,))
    (speaker,) = {one.speaker for one in found.record.words if one.statement == first}
    assert found.condition_in_words(appeared.appeared[0], speaker, (first,)) == ours


def test_a_merged_person_is_one_person_from_the_merge_on(record: Record) -> None:
    record.talks()
    record.newsroom.actors.introduce(record.anna(), "D. Peskov", "person")
    record.say(**PESKOV, stance="opposes", said_at="2025-12-10")
    record.say(actor="d-peskov", stance="supports", said_at="2025-12-12")
    assert moves(record) == ()
    before = record.log.head()
    record.newsroom.actors.merge(record.anna(), "d-peskov", "dmitry-peskov", "The same man.")
    assert [one.kind for one in moves(record)] == ["reversal"]
    assert moves(record, before) == ()


def test_whoever_says_that_nothing_recurs_wins_over_what_votes_propose(record: Record) -> None:
    record.talks()
    topics = record.newsroom.topics
    topics.open(record.anna(), "Raise or lower the rate?", "direction", slug="rate")
    record.say(topic="rate", stance="higher", attribution="voted", paraphrase="Votes for it.")
    guessed = gathered(record, slug="rate")
    assert (guessed.recurring, guessed.record.topic.recurring) == (True, True)
    before = record.log.head()
    for _ in range(2):
        topics.classify(record.anna(), "rate", usual_nature("direction"))
    assert record.log.head() == before + 1
    said = gathered(record, slug="rate")
    assert (said.recurring, said.record.topic.recurring) == (False, False)
    assert said.record.topic.limit == USUAL_LIMIT
    assert gathered(record, before, slug="rate").record.topic.recurring


def test_a_topic_says_what_it_asks_and_a_vote_against_is_found(record: Record) -> None:
    record.talks()
    vote = {"actor": "dmitry-peskov", "attribution": "voted"}
    record.say(attribution="voted", stance="supports", utterance="u1")
    record.say(**vote, stance="supports", utterance="u1", dissent="yes", paraphrase="Votes no.")
    topics = record.newsroom.topics
    topics.classify(record.anna(), "eu-accession", Nature("decision", recurring=True))
    found = gathered(record)
    assert (found.record.topic.recurring, found.record.topic.limit) == (True, None)
    assert not found.recurring
    assert [one.direction for one in findings(found.record).dissents] == [2]


def test_what_asked_for_votes_until_lately_changed_as_votes_do_until_then(record: Record) -> None:
    turn(record)
    classify = record.newsroom.topics.classify
    classify(record.anna(), "eu-accession", Nature("vote"))
    then = record.log.head()

    def told(known_at: int | None) -> list[list[LaneChange]]:
        clocks = TwoClocks(known_at=known_at)

        def ask(conn: Any) -> list[list[LaneChange]]:  # noqa: ANN401 - a connection
            topic = directory.topic(conn, "eu-accession").id
            ways = changes_at(conn, clocks), TopicChanges(conn, topic, clocks).visible()
            return [[one for one in way if one.change.is_visible] for way in ways]

        found: list[list[LaneChange]] = record.ask(ask)
        return found

    votes = told(None)
    assert [[one.change.kind for one in way] for way in votes] == [["vote"], ["vote"]]
    classify(record.anna(), "eu-accession", Nature("position"), "No vote was held.")
    assert told(then) == votes
    assert told(None) != votes


def test_who_wrote_a_source_and_what_an_actor_is_are_as_known_then(record: Record) -> None:
    record.talks()
    record.newsroom.actors.introduce(record.anna(), "The Council", "unknown", slug="council")
    source = Source(outlet="Gazette", url="https://example.org/decree", author="Somebody")
    record.say(actor="council", source=source, paraphrase="Decides.")
    rooms, steps = record.newsroom, [record.log.head()]

    def seen(at: int | None) -> tuple[str, bool]:
        one = next(one for one in gathered(record, at).record.words)
        return one.speaker_kind, one.own_text

    document = rooms.documents.stream("https://example.org/decree")
    rooms.documents.correct(record.anna(), document, "author", "Council of Elders", "Misread.")
    steps.append(record.log.head())
    rooms.actors.add_alias(record.anna(), "council", "Council of Elders")
    steps.append(record.log.head())
    rooms.actors.classify(record.anna(), "council", "state", "A government.")
    rooms.actors.classify(record.anna(), "council", "organisation", "A body, after all.")
    rooms.documents.correct(record.anna(), document, "author", "Somebody", "It was so.")
    assert [seen(at) for at in (*steps, steps[-1] + 1, None)] == [
        ("unknown", False),
        ("unknown", False),
        ("unknown", True),
        ("state", True),
        ("organisation", False),
    ]


def test_the_rule_reads_roles_as_they_were_recorded_in_whatever_language_a_page_is(
    record: Record,
) -> None:
    record.talks()
    actors, role = record.newsroom.actors, "Prime Minister"
    actors.mandate(record.anna(), "dmitry-peskov", "russia", role)
    actors.translate(record.anna(), "dmitry-peskov", "de", {f"role:{role}": "Vize"})
    record.say(**PESKOV, paraphrase="Says so.")

    def ask(conn: Any) -> TopicEvidence:  # noqa: ANN401 - a connection
        with reading(conn, "de"):
            return read_evidence(conn, directory.topic(conn, "eu-accession"))

    found = record.ask(ask)
    assert {one.role for one in found.record.mandates} >= {role}
    assert found.record == gathered(record).record


def test_how_often_a_topic_is_spoken_on_is_as_known_then(record: Record) -> None:
    record.talks()
    for day in ("2025-12-01", "2025-12-03"):
        record.say(**PESKOV, said_at=day, paraphrase=f"On {day}.")
    before = record.log.head()
    record.say(**PESKOV, said_at="2025-12-15", paraphrase="Much later.")
    assert gathered(record).record.topic.rhythm == 7
    assert gathered(record, before).record.topic.rhythm == 2


def as_then(found: TopicEvidence) -> tuple[object, ...]:
    words = [msgspec.structs.replace(one, known_from=0) for one in found.record.words]
    offices = found.record.mandates, found.record.standings, found.record.verdicts
    return (
        sorted(words, key=lambda one: one.statement),
        sorted((one.by, one.target) for one in found.record.withdrawals),
        [sorted(some, key=repr) for some in offices],
        found.record.topic,
    )


@pytest.mark.scaled
def test_what_is_gathered_as_known_then_is_what_a_log_gives_that_ends_there(
    fresh_store: Callable[[], AbstractContextManager[str]],
) -> None:
    @settings(max_examples=scaled(6), suppress_health_check=[*HealthCheck])
    @given(events=histories(may_hide=False), place=st.integers(0, 99))
    def it_does(events: list[Event], place: int) -> None:
        known_at = 1 + place % len(events)
        with fresh_store() as whole, Record.opened(whole) as record:
            record.append(events)
            with fresh_store() as part, Record.opened(part) as then:
                then.append(events[:known_at])
                for slug in then.ask(lambda conn: [one.slug for one in directory.topics(conn)]):
                    expected = as_then(gathered(then, slug=slug))
                    assert as_then(gathered(record, known_at, slug=slug)) == expected

    it_does()


def test_what_is_kept_of_a_topic_is_kept_while_entries_come_in_elsewhere(record: Record) -> None:
    def kept(slug: str = "eu-accession") -> TopicEvidence:
        found: TopicEvidence = record.ask(
            lambda conn: tracks.topic_evidence(conn, directory.topic(conn, slug).id)
        )
        return found

    record.talks()
    record.say(**PESKOV, said_at="2025-12-10")
    before = kept()
    record.say(**PESKOV, said_at="2025-12-11", topic="nato-membership", paraphrase="Of NATO.")
    assert kept() is before
    record.say(**PESKOV, said_at="2025-12-12", paraphrase="Once more.")
    assert len(kept().record.words) == 2
    before = kept()
    record.newsroom.actors.rename(record.anna(), "dmitry-peskov", "Dmitri Peskov", "As he writes.")
    assert kept() is not before


def test_what_is_kept_of_an_earlier_position_is_kept_until_more_than_entries_comes_in(
    record: Record,
) -> None:
    def kept(known_at: int) -> TopicEvidence:
        found: TopicEvidence = record.ask(
            lambda conn: tracks.topic_evidence(
                conn, directory.topic(conn, "eu-accession").id, known_at
            )
        )
        return found

    record.talks()
    first = record.say(**PESKOV, said_at="2025-12-10").position
    record.say(**PESKOV, said_at="2025-12-11", topic="nato-membership", paraphrase="Of NATO.")
    then = kept(first)
    assert kept(record.log.head()) is then
    second = record.say(**PESKOV, said_at="2025-12-12", paraphrase="Once more.").position
    assert kept(second - 1) is then
    assert [len(kept(at).record.words) for at in (first - 1, second, second + 999)] == [0, 2, 2]
    record.say(**PESKOV, said_at="2025-12-13", paraphrase="And again.")
    assert len(kept(second + 999).record.words) == 3
    record.newsroom.statements.correct(record.anna(), second, {"stance": "opposes"}, "A slip.")
    corrected = record.log.head()
    assert kept(corrected - 1).record != kept(corrected).record
    then = kept(first)
    record.newsroom.statements.redact(record.anna(), second, "Art. 17 GDPR")
    assert kept(first) is not then


@pytest.mark.scaled
def test_what_is_kept_of_a_topic_is_what_would_be_gathered_now(
    fresh_store: Callable[[], AbstractContextManager[str]], examples: Callable[[settings], settings]
) -> None:
    @examples(settings(max_examples=scaled(9), suppress_health_check=[*HealthCheck]))
    @given(events=histories(), place=st.integers(0, 99))
    def it_is(events: list[Event], place: int) -> None:
        then = place % (len(events) + 1)
        with fresh_store() as address, Record.opened(address) as record:
            for one in events:
                record.append([one])
                with record.read() as conn:
                    for topic in directory.topics(conn):
                        for known_at in (None, then, then + 1, then + 2):
                            found = tracks.topic_evidence(conn, topic.id, known_at).record
                            assert found == read_evidence(conn, topic, known_at).record

    it_is()


def test_a_change_within_a_day_is_none_before_its_second(record: Record) -> None:
    record.talks()
    for stance, day in (("opposes", "2025-12-10"), ("supports", "2025-12-11T15:00:00Z")):
        record.say(**PESKOV, stance=stance, said_at=day, paraphrase=stance)
    noon = parse_date("2025-12-11T12:00:00Z").latest
    for as_of, kinds in ((noon, ["first"]), (noon + 12 * 3_600, ["first", "reversal"])):

        def ask(conn: Any, as_of: int = as_of) -> list[LaneChange]:  # noqa: ANN401 - a connection
            topic = directory.topic(conn, "eu-accession").id
            peskov = directory.actor(conn, PESKOV["actor"]).id
            return changes_on(conn, [topic], TwoClocks(as_of), lane=peskov)

        found = record.ask(ask)
        assert [one.change.kind for one in found] == kinds


def test_before_words_were_taken_back_those_of_their_day_had_changed_nothing(
    record: Record,
) -> None:
    record.talks()
    nature = Nature("position", limit_months=USUAL_LIMIT, prints="derived")
    record.newsroom.topics.classify(record.anna(), "eu-accession", nature)
    for stance, day in (("undecided", 10), ("opposes", 12), ("supports", 12), ("accepts", 14)):
        said = record.say(**PESKOV, stance=stance, said_at=f"2025-12-{day}", paraphrase=stance)
    record.newsroom.statements.link(record.anna(), said.position, "withdraws", said.position - 2)
    for day, kinds in ((13, ["first", "step"]), (14, ["first", "settles", "step", "softer"])):

        def ask(conn: Any, day: int = day) -> list[list[LaneChange]]:  # noqa: ANN401 - a connection
            topic = directory.topic(conn, "eu-accession")
            peskov = directory.actor(conn, PESKOV["actor"]).id
            as_of = parse_date(f"2025-12-{day}").latest
            told = StoryFilter(
                topics=(topic,), lanes=frozenset([peskov]), kinds=frozenset(KINDS), as_of=as_of
            )
            return [
                changes_on(conn, [topic.id], TwoClocks(as_of), lane=peskov),
                StoryChanges(conn, told).changes(OLDEST, NEWEST),
            ]

        found, told = ([one.change.kind for one in way] for way in record.ask(ask))
        assert found == kinds
        assert told == [kind for kind in kinds if kind in KINDS]


@pytest.mark.scaled
def test_changes_as_of_any_instant_are_those_that_the_rule_finds_by_then(
    fresh_store: Callable[[], AbstractContextManager[str]], examples: Callable[[settings], settings]
) -> None:
    @examples(settings(max_examples=scaled(9), suppress_health_check=[*HealthCheck]))
    @given(events=histories(), seconds=st.integers(-1, 1))
    def they_are(events: list[Event], seconds: int) -> None:
        with fresh_store() as address, Record.opened(address) as record:
            record.append(events)
            with record.read() as conn:
                topics = [one.id for one in directory.topics(conn)]
                for topic in tracks.split_votes(conn, topics)[1]:
                    said = tracks.topic_evidence(conn, topic).record
                    for instant in {one.counts_from for one in said.words}:
                        as_of = instant + seconds
                        expected = tracks_of(said, as_of=as_of)
                        found = changes_on(conn, [topic], TwoClocks(as_of))
                        assert [(one.lane, one.change) for one in found] == [
                            (lane, change)
                            for lane in sorted(expected)
                            for change in expected[lane].changes
                        ]

    they_are()


def test_a_topic_that_names_a_condition_of_another_is_derived_anew_once_that_is_corrected(
    record: Record,
) -> None:
    def say(day: str, same_as: int | None = None, **where: str) -> int:
        named = Condition("if the war ends", same_as=f"#{same_as}" if same_as else None)
        how: dict[str, Any] = {"stance": "accepts", "said_at": day, "condition": named}
        return record.say(**PESKOV, **how, paraphrase=day, **where).position

    record.talks()
    record.newsroom.topics.open(record.anna(), "Is there peace?", "position", slug="peace")
    elsewhere = say("2025-12-01", topic="peace")
    through = say("2025-12-02", elsewhere, topic="peace")
    say("2025-12-03", through)
    other = record.say(
        **PESKOV, stance="accepts", said_at="2025-12-04", condition=Condition("if it pays")
    ).position
    record.models.catch_up()
    same = {"condition.same_as": f"#{other}"}
    record.newsroom.statements.correct(record.anna(), elsewhere, same, "The same, though.")
    record.models.catch_up()
    assert moves(record) == ()
    grown = record.digests()
    record.models.rebuild()
    assert record.digests() == grown


def test_a_rebuild_looks_for_no_statement_that_names_a_corrected_condition(record: Record) -> None:
    asked: list[str] = []

    def note(*told: Any) -> None:  # noqa: ANN401 - connection, cursor, statement, values and more
        asked.append(told[2])

    record.talks()
    how: dict[str, Any] = {"stance": "accepts", "condition": Condition("if the war ends")}
    said = record.say(**PESKOV, **how).position
    change = {"condition.text": "once the war is over"}
    event.listen(Engine, "before_cursor_execute", note)
    try:
        record.newsroom.statements.correct(record.anna(), said, change, "Misheard.")
        record.models.catch_up()
        assert _by_terms(asked)
        asked.clear()
        record.models.rebuild()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert asked
    assert not _by_terms(asked)


def _by_terms(asked: list[str]) -> list[str]:
    return [one for one in asked if "terms LIKE" in one]
