"""Statements as pages read them: every version, in the lanes that it moves, at both clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import select

from tests.application.newsdesk import ARTICLE
from timeline.application.commands import Excerpt, Quoted, Source
from timeline.domain.dates import parse_as_of
from timeline.domain.errors import NotFound
from timeline.domain.naming import stable_id
from timeline.domain.quote import Passage, Quote
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import attached, directory, entries, extent, positions
from timeline.projections.queries.documents import documents_by_id
from timeline.projections.queries.historical_changes import changes_at
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from tests.projections.record import Record

EU, NATO = stable_id("topic", "eu-accession"), stable_id("topic", "nato-membership")
RUSSIA, PESKOV = stable_id("actor", "russia"), stable_id("actor", "dmitry-peskov")
LATER = Source(outlet="Kyiv Post", url="https://example.org/later", published_at="2025-12-15")
ERASED = "a word that the law erases"


def stance(desk: Record, actor: str = RUSSIA, topic: str = EU, **clocks: int) -> object:
    found = desk.ask(positions.positions_at, TwoClocks(**clocks), topic=topic, lane=actor)
    return found[0].position.stance if found else None


def test_a_statement_holds_the_position_of_who_said_it(desk: Record) -> None:
    said = desk.say(stance="accepts")
    (standing,) = desk.ask(positions.current_positions, lane=RUSSIA)
    assert (standing.topic, standing.position.stance) == (EU, 1)
    assert standing.position.counted == (said.position,)
    assert (standing.on_record, standing.position.statements) == (1, 1)
    (change,) = desk.ask(positions.current_changes)
    assert (change.change.kind, change.change.known_at) == ("first", said.position)
    assert desk.ask(directory.topic, "eu-accession").statements == 1


def test_a_statement_stands_in_both_lanes_of_who_decides_for_another(desk: Record) -> None:
    desk.newsroom.actors.mandate(desk.anna(), "dmitry-peskov", "russia", "President")
    desk.say(actor="dmitry-peskov", on_behalf_of="russia", stance="opposes")
    assert stance(desk, PESKOV) == stance(desk, RUSSIA) == -2
    with desk.read() as conn:
        lanes = {lane: said for (_, lane), said, _ in positions.lanes_at(conn, topic=EU)}
    assert {reading.speaker for said in lanes.values() for reading in said} == {PESKOV}


def test_a_passage_is_known_from_when_it_was_added_and_corrects_nothing(desk: Record) -> None:
    said = desk.say(stance="accepts", paraphrase="It may join.")
    statements = desk.newsroom.statements
    added = statements.add_passage(desk.anna(), said.position, Excerpt("Hinnehmbar, hieß es."))
    now = desk.ask(entries.statement, said.position)
    before = desk.ask(entries.statement, said.position, added.position - 1)
    assert (now.words.passage.exact, before.words.passage) == ("Hinnehmbar, hieß es.", None)
    assert (now.corrected, now.words.paraphrase) == (0, "It may join.")
    statements.correct(desk.anna(), said.position, {"passage.text": "Anders."}, "Misread.")
    assert desk.ask(entries.statement, said.position).words.passage == Passage("Anders.")


def test_a_corrected_stance_counts_from_its_correction_on(desk: Record) -> None:
    said = desk.say(stance="accepts")
    mended = desk.newsroom.statements.correct(
        desk.anna(), said.position, {"stance": "opposes"}, "Misread."
    )
    assert stance(desk) == -2
    assert stance(desk, known_at=mended.position - 1) == 1
    then = desk.ask(entries.statement, said.position, mended.position - 1)
    now = desk.ask(entries.statement, said.position)
    assert (then.stance, then.known_from, then.known_until) == (1, said.position, mended.position)
    assert (now.stance, now.known_from, now.corrected) == (-2, mended.position, 1)
    (told,) = desk.ask(attached.amendments, [said.position])
    assert (told.field, told.old, told.new, told.reason) == ("stance", 1, -2, "Misread.")


def test_words_corrected_in_spelling_move_no_lane(desk: Record) -> None:
    said = desk.say(paraphrase="Ukrane may join.")
    desk.models.catch_up()
    desk.newsroom.statements.correct(
        desk.anna(), said.position, {"paraphrase": "Ukraine may join."}, "Typo.", material=False
    )
    assert desk.ask(entries.statement, said.position).words.paraphrase == "Ukraine may join."
    (change,) = desk.ask(positions.current_changes)
    assert change.change.known_at == said.position


def test_a_statement_filed_under_another_topic_leaves_the_first(desk: Record) -> None:
    said = desk.say()
    moved = desk.newsroom.statements.correct(
        desk.anna(), said.position, {"topic": "nato-membership"}, "Wrong question."
    )
    assert (stance(desk), stance(desk, topic=NATO)) == (None, 1)
    assert stance(desk, known_at=moved.position - 1) == 1
    topics = [desk.ask(directory.topic, slug) for slug in ("eu-accession", "nato-membership")]
    assert [topic.statements for topic in topics] == [0, 1]


def test_a_retracted_statement_counts_no_more_until_it_is_reinstated(desk: Record) -> None:
    desk.say(stance="opposes", said_at="2025-12-10")
    said = desk.say(stance="supports", said_at="2025-12-12")
    gone = desk.newsroom.statements.retract(desk.anna(), said.position, "Not said.", withhold=True)
    assert stance(desk) == -2
    assert desk.ask(entries.statement, said.position).withheld
    assert desk.ask(extent.facts, EU) == extent.Facts(1, 1, 0, 1, 1)
    back = desk.newsroom.statements.reinstate(desk.anna(), said.position, "It was.")
    assert stance(desk) == 2
    known = [gone.position - 1, gone.position, back.position]
    assert [stance(desk, known_at=position) for position in known] == [2, -2, 2]
    kinds = [one.kind for one in desk.ask(attached.amendments, [said.position])]
    assert kinds == ["reinstated", "retracted"]
    assert not desk.ask(entries.statement, said.position).withheld


def test_a_second_source_may_make_a_statement_first_hand(desk: Record) -> None:
    desk.say(stance="supports", said_at="2025-12-10", attribution="quoted")
    said = desk.say(stance="opposes", said_at="2025-12-12", attribution="ascribed")
    assert stance(desk) == 2
    seconded = desk.newsroom.statements.second(desk.anna(), said.position, LATER, "quoted")
    assert stance(desk) == -2
    assert stance(desk, known_at=seconded.position - 1) == 2
    sources = desk.ask(attached.sources, [said.position])[said.position]
    assert [source.attribution for source in sources] == ["ascribed", "quoted"]
    before = desk.ask(attached.sources, [said.position], seconded.position - 1)[said.position]
    assert [source.attribution for source in before] == ["ascribed"]


def test_a_second_source_that_is_taken_back_made_it_first_hand_for_a_while(desk: Record) -> None:
    desk.say(stance="supports", said_at="2025-12-10", attribution="quoted")
    said = desk.say(stance="opposes", said_at="2025-12-12", attribution="ascribed")
    rooms, number = desk.newsroom.statements, said.position
    rooms.second(desk.anna(), number, LATER, "quoted")
    _, further = desk.ask(attached.sources, [number])[number]
    back = rooms.unsecond(desk.anna(), number, further.document, "Other words.")
    assert stance(desk) == 2
    assert stance(desk, known_at=back.position - 1) == -2
    (source,) = desk.ask(attached.sources, [number])[number]
    assert source.attribution == desk.ask(entries.statement, number).attribution == "ascribed"
    assert len(desk.ask(attached.sources, [number], back.position - 1)[number]) == 2
    (amended,) = desk.ask(attached.amendments, [number])
    assert (amended.field, amended.old, amended.new, amended.reason) == (
        "further_sources",
        [further.document],
        [],
        "Other words.",
    )
    again = rooms.second(desk.anna(), number, LATER, "quoted")
    assert stance(desk) == -2
    assert stance(desk, known_at=again.position - 1) == 2


def test_very_words_come_before_reported_speech_whichever_source_came_first(desk: Record) -> None:
    said = desk.say(attribution="reported")
    desk.newsroom.statements.second(desk.anna(), said.position, LATER, "quoted")
    assert desk.ask(entries.statement, said.position).attribution == "quoted"


def test_a_corrected_quote_has_lost_the_place_of_the_words_before(desk: Record) -> None:
    quote = Quoted(text="Ja", lang="de", prefix="sagte „", suffix="“.", start=8, end=10)
    said = desk.say(quote=quote)
    rooms, number = desk.newsroom.statements, said.position
    rooms.correct(desk.anna(), number, {"quote.translated_by": "the outlet"}, "Overlooked.")
    rooms.correct(desk.anna(), number, {"quote.text": "Ja doch"}, "Misread.")
    now = desk.ask(entries.statement, number).words.quote
    assert now == Quote(exact="Ja doch", lang="de", translated_by="the outlet")


def test_a_corrected_source_was_another_before(desk: Record) -> None:
    said = desk.say()
    mended = desk.newsroom.statements.correct(
        desk.anna(), said.position, {"source": LATER}, "Mixed up."
    )
    (now,) = desk.ask(attached.sources, [said.position])[said.position]
    (before,) = desk.ask(attached.sources, [said.position], mended.position - 1)[said.position]
    documents = desk.ask(documents_by_id, {now.document, before.document})
    assert documents[now.document].outlet == "Kyiv Post"
    assert documents[before.document].outlet == "Der Standard"
    assert desk.ask(entries.statement, said.position).document == now.document


def test_a_corrected_date_of_a_document_moves_what_counts_from_it(desk: Record) -> None:
    article = msgspec.structs.replace(ARTICLE, published_at="2025-12-12")
    said = desk.say(said_at="2025-12", source=article)
    document = desk.ask(entries.statement, said.position).document
    redated = desk.newsroom.documents.correct(
        desk.anna(), document, "published_at", "2025-12-09", "Misread."
    )
    ninth = parse_as_of("2025-12-09")
    assert desk.ask(entries.statement, said.position).counts_from == ninth
    assert stance(desk, as_of=ninth) == 1
    assert stance(desk, as_of=ninth, known_at=redated.position - 1) is None


def test_a_walk_back_takes_a_position_away_until_the_link_is_undone(desk: Record) -> None:
    said = desk.say(stance="opposes", said_at="2025-12-10")
    back = desk.say(stance="no_position", no_position_reason="unstated", said_at="2025-12-12")
    linked = desk.newsroom.statements.link(desk.anna(), back.position, "withdraws", said.position)
    assert stance(desk) is None
    assert stance(desk, known_at=linked.position - 1) == -2
    assert stance(desk, as_of=parse_as_of("2025-12-11")) == -2
    moves = desk.ask(changes_at, lane=RUSSIA)
    assert [(move.change.kind, move.change.to) for move in moves] == [
        ("first", -2),
        ("withdrawn", None),
    ]
    assert moves[-1].change.withdrawn_by == (back.position,)
    assert moves[-1].change.status == "waiting"
    desk.newsroom.statements.unlink(
        desk.anna(), back.position, "withdraws", said.position, "Misread."
    )
    assert stance(desk) == -2
    assert stance(desk, known_at=linked.position) is None
    assert desk.ask(attached.links, [said.position]) == []


def test_a_lane_whose_only_words_are_withdrawn_stands_nowhere_at_any_moment(desk: Record) -> None:
    said = desk.say(stance="opposes", said_at="2025-12-10")
    back = desk.say(stance="no_position", no_position_reason="unstated", said_at="2025-12-12")
    head = desk.newsroom.statements.link(desk.anna(), back.position, "withdraws", said.position)
    for asked in (positions.positions_at, positions.standing_at):
        for clocks in (TwoClocks(), TwoClocks(known_at=head.position)):
            assert desk.ask(asked, clocks, lane=RUSSIA) == []


def test_a_second_coding_and_a_reply_move_no_position(desk: Record) -> None:
    said = desk.say(stance="accepts")
    desk.newsroom.statements.code(desk.anna(), said.position, "opposes", note="Reads as a no.")
    desk.newsroom.statements.receive_reply(desk.anna(), said.position, "2025-12-15", "Never said.")
    assert stance(desk) == 1
    (coding,) = desk.ask(attached.codings, said.position)
    assert (coding.stance, coding.coder, coding.note) == (-2, "anna", "Reads as a no.")
    (reply,) = desk.ask(attached.replies, [said.position])[said.position]
    assert (reply.text, reply.replied_at) == ("Never said.", "2025-12-15")


def test_statements_of_one_utterance_are_found_together(desk: Record) -> None:
    numbers = [
        desk.say(topic=topic, utterance="u-1").position
        for topic in ("eu-accession", "nato-membership")
    ]
    desk.say(utterance="u-1", source=LATER)
    said = desk.ask(entries.statement, numbers[0])
    assert [one.number for one in desk.ask(entries.utterance, said)] == numbers


def test_erased_words_are_nowhere_in_the_read_models(desk: Record) -> None:
    quote = Quoted(text=ERASED, lang="en", wording="original")
    said = desk.say(paraphrase=ERASED, quote=quote, passage=Excerpt(ERASED))
    rooms, number = desk.newsroom.statements, said.position
    rooms.correct(desk.anna(), number, {"hedge": ERASED}, ERASED)
    rooms.code(desk.anna(), number, "opposes", note=ERASED)
    rooms.receive_reply(desk.anna(), number, "2025-12-15", ERASED)
    rooms.link(desk.anna(), number, "contradicts", desk.say(stance="opposes").position, ERASED)
    rooms.retract(desk.anna(), number, ERASED)
    assert len(tables_with(desk, ERASED)) == 5
    grown_before = desk.digests()
    rooms.redact(desk.anna(), number, "Art. 17 GDPR")
    assert tables_with(desk, ERASED) == set()
    assert desk.ask(entries.statement, number).withheld
    grown = desk.digests()
    desk.models.rebuild()
    assert desk.digests() == grown != grown_before


def test_an_entry_that_was_not_known_yet_is_not_found(desk: Record) -> None:
    said = desk.say()
    with pytest.raises(NotFound):
        desk.ask(entries.statement, said.position, said.position - 1)
    with pytest.raises(NotFound):
        desk.ask(entries.entry, 1)


def tables_with(desk: Record, words: str) -> set[str]:
    """Return the names of the tables in which these words stand."""
    with desk.read() as conn:
        return {
            table.name
            for table in schema.metadata.sorted_tables
            for row in conn.execute(select(table))
            if any(words in value for value in row if isinstance(value, str))
        }
