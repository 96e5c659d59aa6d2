from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.application.newsdesk import ARTICLE, Newsdesk, statement
from timeline.application.commands import Condition, Quoted, Source
from timeline.domain.actor import Actor
from timeline.domain.errors import Conflict, NotFound, Refused
from timeline.domain.naming import stable_id
from timeline.domain.statement import Statement, StatementCorrected, StatementRecorded

SECOND = Source(outlet="Kyiv Post", url="https://example.org/second", published_at="2025-12-15")


def first(desk: Newsdesk, **changes: object) -> StatementRecorded:
    """Record a statement and return its first event."""
    recorded = desk.newsroom.statements.record(desk.anna(), statement(**changes))
    event = desk.log.event(recorded.position)
    assert isinstance(event, StatementRecorded)
    return event


def fields(desk: Newsdesk, stream: str) -> dict[str, Any]:
    """Return a statement's fields as now corrected."""
    found = desk.log.load(Statement, stream)
    assert found is not None
    return found.fields


# Recording


def test_a_statement_is_recorded_after_its_document(desk: Newsdesk) -> None:
    head = desk.log.head()
    recorded = desk.say()
    assert desk.types(after=head) == ["document.filed", "statement.recorded"]
    assert (recorded.fresh, recorded.position) == (True, desk.log.head())


def test_a_document_is_filed_once_for_all_its_statements(desk: Newsdesk) -> None:
    desk.say()
    head = desk.log.head()
    desk.say(stance="opposes", source=msgspec.structs.replace(ARTICLE, title="Other title"))
    assert desk.types(after=head) == ["statement.recorded"]


def test_a_statement_holds_ids_and_the_stance_in_figures(desk: Newsdesk) -> None:
    desk.newsroom.actors.add_alias(desk.anna(), "dmitry-peskov", "Putin's spokesman")
    event = first(
        desk,
        actor="Putin's spokesman",
        stance="conditional",
        condition=Condition(text="as part of a peace", topic="nato-membership"),
        quote=Quoted(text="echte Fortschritte", lang="de", wording="original"),
        utterance="u-1",
    )
    assert event.topic == stable_id("topic", "eu-accession")
    assert event.speaker == stable_id("actor", "dmitry-peskov")
    assert event.condition_topic == stable_id("topic", "nato-membership")
    assert (event.stance, event.attribution, event.utterance) == (0, "quoted", "u-1")
    assert event.content is not None
    assert event.content.condition == "as part of a peace"


MARKED = Quoted(
    text=' "echte Fortschritte" ',
    prefix="Sie sieht ",
    suffix=" im Osten",
    start=10,
    end=30,
)


def test_a_quote_in_marks_is_recorded_without_them_in_its_place(desk: Newsdesk) -> None:
    within = Quoted(text=MARKED.text, start=11, end=29)
    for given, prefix, suffix in ((MARKED, 'Sie sieht "', '" im Osten'), (within, "", "")):
        words = first(desk, quote=given).content
        assert words
        assert words.quote
        kept = words.quote
        assert (kept.exact, kept.start, kept.end) == ("echte Fortschritte", 11, 29)
        assert (kept.prefix, kept.suffix) == (prefix, suffix)


def test_a_quote_is_corrected_without_its_marks_and_signs_of_no_width(desk: Newsdesk) -> None:
    said = desk.say(quote=Quoted(text="echte Fort\u200bschritte"))
    assert fields(desk, said.id)["quote"] == "echte Fortschritte"
    changes = {"quote.text": "„echte\ufeff Erfolge“"}
    desk.newsroom.statements.correct(desk.anna(), said.id, changes, "misread")
    assert fields(desk, said.id)["quote"] == "echte Erfolge"


@pytest.mark.parametrize(
    ("changes", "attribution"),
    [
        ({}, "reported"),
        ({"quote": Quoted(text="Ja")}, "quoted"),
        ({"reported_via": "US government circles"}, "second_hand"),
        ({"attribution": "joint"}, "joint"),
    ],
)
def test_an_attribution_that_is_not_given_follows_from_the_rest(
    desk: Newsdesk, changes: dict[str, Any], attribution: str
) -> None:
    assert first(desk, **changes).attribution == attribution


def test_without_a_said_date_it_had_been_said_by_the_day_of_publication(desk: Newsdesk) -> None:
    assert first(desk, said_at=None).said_at == "../2025-12-15"


@pytest.mark.parametrize(
    ("changes", "field", "because"),
    [
        ({"topic": "eu-acession"}, "topic", "did you mean eu-accession"),
        ({"actor": "rusia"}, "actor", "did you mean russia"),
        ({"actor": None}, "actor", "nobody is named"),
        ({"on_behalf_of": "ukrain"}, "on_behalf_of", "did you mean ukraine"),
        ({"condition": Condition(topic="nato")}, "condition.topic", "did you mean nato-membership"),
        ({"stance": "for"}, "stance", "not a word of the position scale; use one of: opposes"),
        ({"stance": "no_position"}, "no_position_reason", "use one of: refuses"),
        ({"scale": "vote"}, "scale", "is on the position scale, not vote"),
        ({"said_at": "soon"}, "said_at", "soon"),
        ({"said_at": "2025-12-17"}, "said_at", "the source is of 2025-12-15"),
        ({"said_at": None, "source": Source(outlet="X")}, "said_at", "give the day it was said"),
        ({"said_at": "2026-12-14", "source": Source(outlet="X")}, "said_at", "still to come"),
        ({"source": Source()}, "source", "no outlet, title or address"),
        (
            {"source": Source(url="ftp://example.org/x")},
            "source.url",
            "neither https:// nor http://",
        ),
        ({"source": Source(outlet="X", published_at="old")}, "source.published_at", "old"),
        ({"paraphrase": "nul \0"}, "paraphrase", r"U\+0000"),
        ({"paraphrase": "x" * 5_000_000}, "paraphrase", "5000000 characters, 2000 are"),
        ({"topic": "x" * 5_000_000}, "topic", "5000000 characters, 200 are"),
        ({"actor": "Ä b" * 1_000_000}, "actor", "3000000 characters, 200 are"),
        ({"on_behalf_of": "x" * 5_000_000}, "on_behalf_of", "5000000 characters, 200 are"),
        ({"condition": Condition(topic="x y" * 999)}, "condition.topic", "2997 characters, 200"),
        ({"quote": Quoted(text="x" * 501)}, "quote.text", "500 are allowed"),
    ],
)
def test_what_a_rule_forbids_is_refused_in_one_line_and_leaves_nothing_behind(
    desk: Newsdesk, changes: dict[str, Any], field: str, because: str
) -> None:
    head = desk.log.head()
    with pytest.raises((Refused, NotFound), match=because) as no:
        desk.say(**changes)
    assert no.value.field == field
    assert "\n" not in str(no.value)
    assert len(str(no.value)) < 300
    assert desk.log.head() == head


def test_a_form_opens_no_topic_and_introduces_no_actor(desk: Newsdesk) -> None:
    with pytest.raises(NotFound):
        desk.say(topic="new-topic", topic_question="Should it?", scale="position")
    with pytest.raises(NotFound):
        desk.say(actor=None, actor_name="Somebody New")


def test_a_closed_topic_takes_no_statement(desk: Newsdesk) -> None:
    desk.newsroom.topics.close(desk.anna(), "eu-accession", "decided")
    with pytest.raises(Refused, match="topic 'eu-accession' is closed"):
        desk.say()
    desk.newsroom.topics.reopen(desk.anna(), "eu-accession", "open again")
    assert desk.say().fresh


def test_a_statement_answers_the_wording_of_its_time(desk: Newsdesk) -> None:
    before = first(desk)
    desk.newsroom.topics.reword(
        desk.anna(), "eu-accession", "Should Ukraine enter the EU?", "plainer", same_meaning=True
    )
    assert (before.wording, first(desk, stance="opposes").wording) == (1, 2)


def test_a_name_that_several_bear_is_refused(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    for slug in ("peskov-minister", "peskov-spokesman"):
        actors.introduce(desk.anna(), "Peskov", "person", slug=slug)
    with pytest.raises(Refused, match="any of peskov-minister, peskov-spokesman") as no:
        desk.say(actor=None, actor_name="Peskov")
    assert no.value.field == "actor"


def test_an_actor_is_found_by_any_of_its_names(desk: Newsdesk) -> None:
    desk.newsroom.actors.add_alias(desk.anna(), "dmitry-peskov", "Dmitrij Peskow")
    speakers = {
        first(desk, actor=name, stance=stance).speaker
        for name, stance in (("Dmitrij Peskow", "opposes"), ("DMITRY PESKOV", "accepts"))
    }
    assert speakers == {stable_id("actor", "dmitry-peskov")}


def test_a_name_that_only_sounds_alike_is_suggested_and_never_taken(desk: Newsdesk) -> None:
    with pytest.raises(NotFound, match="did you mean dmitry-peskov"):
        desk.say(actor=None, actor_name="Dmitrij Peskow")


# Speaking for others


def test_to_speak_for_another_takes_a_mandate_at_that_time(desk: Newsdesk) -> None:
    actors = desk.newsroom.actors
    actors.mandate(desk.anna(), "dmitry-peskov", "russia", "spokesman", since="2012-05-22")
    speaking = {"actor": "dmitry-peskov", "on_behalf_of": "russia"}
    assert first(desk, **speaking).on_behalf_of == stable_id("actor", "russia")
    with pytest.raises(Refused, match=r"had no mandate to speak for Russia then \(2011-01-01\)"):
        desk.say(**speaking, said_at="2011-01-01")
    with pytest.raises(Refused, match="had no mandate to speak for Ukraine"):
        desk.say(actor="dmitry-peskov", on_behalf_of="ukraine")


def test_or_a_reason_why_the_words_stand_for_both(desk: Newsdesk) -> None:
    event = first(
        desk, actor="dmitry-peskov", on_behalf_of="russia", mandate_reason="as the source has it"
    )
    assert event.content is not None
    assert event.content.mandate_reason == "as the source has it"


@pytest.mark.parametrize("mute", ["european-leaders", "us-government-circles"])
def test_a_collective_and_an_unnamed_source_move_nobody_else(desk: Newsdesk, mute: str) -> None:
    assert desk.say(actor=mute).fresh
    with pytest.raises(Refused, match="speaks for nobody else"):
        desk.say(actor=mute, on_behalf_of="russia", mandate_reason="they say so")


# Posted twice


def test_a_form_posted_twice_is_answered_with_the_original(desk: Newsdesk) -> None:
    entry = "01940000-0000-7000-8000-000000000001"
    once, twice = desk.say(entry), desk.say(entry)
    assert (once.fresh, twice.fresh) == (True, False)
    assert (once.id, once.position) == (twice.id, twice.position) == (entry, desk.log.head())


def test_and_still_after_its_topic_was_reworded_and_the_record_corrected(desk: Newsdesk) -> None:
    once = desk.say("01940000-0000-7000-8000-000000000001")
    desk.newsroom.statements.correct(desk.anna(), once.id, {"stance": "opposes"}, "misread")
    desk.newsroom.topics.reword(
        desk.anna(), "eu-accession", "Should Ukraine enter the EU?", "plainer", same_meaning=True
    )
    assert desk.say(once.id).position == once.position


def test_and_still_after_its_topic_was_closed(desk: Newsdesk) -> None:
    once = desk.say("01940000-0000-7000-8000-000000000001")
    desk.newsroom.topics.close(desk.anna(), "eu-accession", "decided")
    twice = desk.say(once.id)
    assert (twice.fresh, twice.position) == (False, once.position)
    with pytest.raises(Conflict, match="on record, but differs in: stance"):
        desk.say(once.id, stance="opposes")
    with pytest.raises(Refused, match="topic 'eu-accession' is closed"):
        desk.say("01940000-0000-7000-8000-000000000002")


def test_and_still_after_its_source_was_redated(desk: Newsdesk) -> None:
    once = desk.say("01940000-0000-7000-8000-000000000001", said_at="2025-12-14")
    document = fields(desk, once.id)["document"]
    desk.newsroom.documents.correct(desk.anna(), document, "published_at", "2025-12-13", "misread")
    assert desk.say(once.id, said_at="2025-12-14").position == once.position


def test_and_still_after_the_mandate_was_ended(desk: Newsdesk) -> None:
    actors, speaking = desk.newsroom.actors, {"actor": "dmitry-peskov", "on_behalf_of": "russia"}
    actors.mandate(desk.anna(), "dmitry-peskov", "russia", "spokesman")
    once = desk.say("01940000-0000-7000-8000-000000000001", **speaking)
    peskov = desk.log.load(Actor, stable_id("actor", "dmitry-peskov"))
    assert peskov is not None
    (mandate,) = peskov.mandates
    actors.end_mandate(desk.anna(), "dmitry-peskov", mandate, until="2020")
    assert desk.say(once.id, **speaking).position == once.position


def test_an_id_that_stands_for_other_words_is_a_conflict_that_names_them(desk: Newsdesk) -> None:
    once = desk.say("01940000-0000-7000-8000-000000000001")
    with pytest.raises(Conflict, match="on record, but differs in: actor, stance, paraphrase"):
        desk.say(once.id, actor="ukraine", stance="supports", paraphrase="Yes.")


def test_an_entry_without_an_id_gets_one_in_order_of_time(desk: Newsdesk) -> None:
    ids = [desk.say(stance=word).id for word in ("opposes", "doubts", "accepts")]
    assert ids == sorted(set(ids))


# Correcting


def test_the_word_of_a_stance_says_of_which_version_of_the_scale_it_is(desk: Newsdesk) -> None:
    events = {word: first(desk, stance=word) for word in ("conditional", "undecided", "supports")}
    coded = {word: (event.stance, event.scale_version) for word, event in events.items()}
    assert coded == {"conditional": (0, 1), "undecided": (0, 2), "supports": (2, 1)}
    stream = events["conditional"].originator_id
    desk.newsroom.statements.correct(desk.anna(), stream, {"stance": "undecided"}, "Open.")
    mended = fields(desk, stream)
    assert (mended["stance"], mended["scale_version"]) == (0, 2)


def test_conditions_have_an_identity_that_others_refer_to_by_number(desk: Newsdesk) -> None:
    named = first(desk, condition=Condition(text="a truce first", actor="russia"))
    own = named.originator_id
    assert (named.condition_id, named.condition_actor) == (own, stable_id("actor", "russia"))
    mark = f"#{desk.log.head()}"
    same = first(desk, condition=Condition(text="a truce", same_as=mark), paraphrase="Again.")
    gone = first(desk, drops=(mark,), paraphrase="Without any.")
    assert [(event.condition_id, event.drops) for event in (same, gone)] == [
        (own, ()),
        (None, (own,)),
    ]
    with pytest.raises(NotFound, match="there is no statement '#99'"):
        first(desk, drops=("#99",))
    correct, (there, here) = desk.newsroom.statements.correct, (gone.originator_id, "a truce")
    correct(desk.anna(), there, {"condition.text": here}, "Overlooked.")
    correct(desk.anna(), same.originator_id, {"condition.text": ""}, "It names none.")
    found = [fields(desk, event.originator_id)["condition_id"] for event in (gone, same)]
    assert found == [there, None]


def test_a_correction_is_given_in_the_words_of_the_interchange(desk: Newsdesk) -> None:
    entry = desk.say()
    changes = {
        "topic": "nato-membership",
        "actor": "Dmitry Peskov",
        "stance": "opposes",
        "condition.text": "for now",
        "condition.topic": "eu-accession",
        "attribution": "quoted",
        "quote.text": "Nein",
        "quote.lang": "de",
        "quote.wording": "original",
        "said_at": "2025-12-13",
        "source": SECOND,
    }
    done = desk.newsroom.statements.correct(desk.anna(), entry.position, changes, "misread")
    now = fields(desk, entry.id)
    assert done.version == 1 + len(changes) + 1  # the condition has an identity
    assert now["topic"] == stable_id("topic", "nato-membership")
    assert now["speaker"] == stable_id("actor", "dmitry-peskov")
    assert (now["stance"], now["condition"], now["quote"], now["quote_lang"]) == (
        -2,
        "for now",
        "Nein",
        "de",
    )
    assert desk.types(after=entry.position)[0] == "document.filed"


def test_another_topic_brings_its_present_wording_along(desk: Newsdesk) -> None:
    entry = desk.say()
    desk.newsroom.topics.reword(
        desk.anna(), "nato-membership", "Should Ukraine enter NATO?", "plainer", same_meaning=True
    )
    statements = desk.newsroom.statements
    statements.correct(desk.anna(), entry.id, {"topic": "nato-membership"}, "misread")
    assert fields(desk, entry.id)["wording"] == 2


def test_no_position_takes_the_place_of_a_stance_and_back(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    silent = {"stance": "no_position", "no_position_reason": "unstated"}
    statements.correct(desk.anna(), entry.id, silent, "misread")
    assert fields(desk, entry.id)["stance"] is None
    statements.correct(desk.anna(), entry.id, {"stance": "doubts"}, "misread")
    now = fields(desk, entry.id)
    assert (now["stance"], now["no_position_reason"]) == (-1, None)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"mood": "sad"}, "'mood' is not a field that can be corrected; use one of: actor"),
        ({"wording": "2"}, "'wording' is not a field"),
        ({"stance": "for"}, "not a word of the position scale"),
        ({"topic": "deal-by-christmas"}, "choose the stance anew"),
        ({"topic": "deal"}, "there is no topic 'deal'"),
        ({"actor": "rusia"}, "did you mean russia"),
        ({"actor": ""}, "actor cannot be left empty"),
        ({"topic": ""}, "topic cannot be left empty"),
        ({"said_at": ""}, "said_at cannot be left empty"),
        ({"said_at": "2025-12-16"}, "the source is of 2025-12-15"),
        ({"source": Source(outlet="X", published_at="2025-12-01")}, "the source is of 2025-12-01"),
        ({"on_behalf_of": "ukraine"}, "no mandate"),
        ({"on_behalf_of": "russia"}, "on behalf of itself"),
        ({"paraphrase": "nul \0"}, r"U\+0000"),
    ],
)
def test_a_correction_obeys_the_rules_of_the_first_record(
    desk: Newsdesk, changes: dict[str, Any], because: str
) -> None:
    entry = desk.say()
    with pytest.raises((Refused, NotFound), match=because):
        desk.newsroom.statements.correct(desk.anna(), entry.id, changes, "misread")
    assert desk.log.head() == entry.position


def test_a_topic_on_another_scale_is_corrected_together_with_the_stance(desk: Newsdesk) -> None:
    entry = desk.say()
    changes = {"topic": "deal-by-christmas", "stance": "thinks likely"}
    desk.newsroom.statements.correct(desk.anna(), entry.id, changes, "misread")
    assert fields(desk, entry.id)["stance"] == 1


def test_a_mandate_that_ended_later_does_not_stand_in_the_way_of_a_correction(
    desk: Newsdesk,
) -> None:
    speaking = {"actor": "dmitry-peskov", "on_behalf_of": "russia", "mandate_reason": "said so"}
    entry = desk.say(**speaking)
    done = desk.newsroom.statements.correct(desk.anna(), entry.id, {"hedge": "could"}, "misread")
    assert done.fresh


def test_a_correction_that_changes_nothing_appends_nothing(desk: Newsdesk) -> None:
    entry = desk.say()
    done = desk.newsroom.statements.correct(desk.anna(), entry.id, {"stance": "accepts"}, "x")
    assert (done.fresh, desk.log.head()) == (False, entry.position)


def test_all_statements_of_an_utterance_are_corrected_in_one_step(desk: Newsdesk) -> None:
    pair = [desk.say(utterance="u-1"), desk.say(topic="nato-membership", utterance="u-1")]
    done = desk.newsroom.statements.correct_utterance(
        desk.anna(),
        [(recorded.position, 1) for recorded in pair],
        {"said_at": "2025-12-13"},
        "misread",
    )
    assert [recorded.fresh for recorded in done] == [True, True]
    assert {fields(desk, recorded.id)["said_at"] for recorded in pair} == {"2025-12-13"}


def test_or_none_of_them(desk: Newsdesk) -> None:
    pair = [desk.say(utterance="u-1"), desk.say(topic="nato-membership", utterance="u-1")]
    head = desk.log.head()
    seen = [(pair[0].id, 1), (pair[1].id, 2)]
    statements = desk.newsroom.statements
    with pytest.raises(Conflict):
        statements.correct_utterance(desk.anna(), seen, {"said_at": "2025-12-13"}, "misread")
    assert desk.log.head() == head


def test_the_same_name_in_another_source_is_another_utterance(desk: Newsdesk) -> None:
    pair = [desk.say(utterance="u-1"), desk.say(utterance="u-1", source=SECOND)]
    with pytest.raises(Refused, match="not of one utterance"):
        desk.newsroom.statements.correct_utterance(
            desk.anna(),
            [(recorded.id, None) for recorded in pair],
            {"said_at": "2025-12-13"},
            "misread",
        )


@pytest.mark.parametrize("utterances", [("u-1", "u-2"), (None, None)])
def test_statements_of_several_utterances_are_not_corrected_together(
    desk: Newsdesk, utterances: tuple[str | None, str | None]
) -> None:
    pair = [
        (desk.say(topic=topic, utterance=utterance).id, None)
        for topic, utterance in zip(("eu-accession", "nato-membership"), utterances, strict=True)
    ]
    with pytest.raises(Refused, match="not of one utterance"):
        desk.newsroom.statements.correct_utterance(desk.anna(), pair, {"hedge": "x"}, "misread")


# What a person has not seen


def test_what_changed_meanwhile_is_told_and_nothing_is_recorded(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    statements.correct(desk.anna(seen=1), entry.id, {"stance": "doubts"}, "misread")
    head = desk.log.head()
    with pytest.raises(Conflict, match=r"meanwhile: statement\.corrected by anna") as no:
        statements.retract(desk.anna(seen=1), entry.id, "not said")
    assert [event.TOPIC for event in no.value.since] == ["statement.corrected"]
    assert desk.log.head() == head


def test_a_version_that_nobody_can_have_seen_is_a_conflict(desk: Newsdesk) -> None:
    entry = desk.say()
    with pytest.raises(Conflict, match="version 7 of it does not exist yet"):
        desk.newsroom.statements.retract(desk.anna(seen=7), entry.id, "x")


def test_a_key_counts_once_whatever_version_was_seen(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    once, twice = (
        statements.retract(desk.anna("click-1", seen=1), entry.id, "not said") for _ in range(2)
    )
    assert (once.fresh, twice.fresh, once.version) == (True, False, twice.version)
    assert twice.position >= once.position


# Retracting, seconding, coding, replying


def test_a_statement_is_retracted_and_reinstated_by_its_number(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    statements.retract(desk.anna(), entry.position, "not said", withhold=True)
    statements.reinstate(desk.anna(), entry.position, "said after all")
    after = desk.types(after=entry.position)
    assert after == ["statement.retracted", "statement.reinstated"]


@pytest.mark.parametrize("number", [1, 10_000])
def test_a_number_that_is_no_entry_s_is_not_found(desk: Newsdesk, number: int) -> None:
    with pytest.raises(NotFound, match=f"no entry has the number {number}"):
        desk.newsroom.statements.retract(desk.anna(), number, "x")


def test_a_correction_has_no_number_of_its_own(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    done = statements.correct(desk.anna(), entry.id, {"stance": "doubts"}, "misread")
    with pytest.raises(NotFound, match="no entry has the number"):
        statements.retract(desk.anna(), done.position, "x")


def test_a_development_is_no_statement(desk: Newsdesk) -> None:
    happened = desk.happen()
    with pytest.raises(NotFound, match="there is no statement"):
        desk.newsroom.statements.retract(desk.anna(), happened.position, "x")


def test_a_second_source_is_filed_with_it(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    for _ in range(2):
        statements.second(desk.anna(), entry.id, SECOND, "second_hand", "an aide")
    assert desk.types(after=entry.position) == ["document.filed", "statement.seconded"]


def test_a_second_source_from_before_it_was_said_is_refused(desk: Newsdesk) -> None:
    entry = desk.say()
    early = Source(outlet="X", published_at="2025-12-13")
    with pytest.raises(Refused, match="the source is of 2025-12-13"):
        desk.newsroom.statements.second(desk.anna(), entry.id, early)


def test_a_second_source_is_taken_back_once_and_added_again(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    statements.second(desk.anna(), entry.id, SECOND)
    found = desk.log.load(Statement, entry.id)
    assert found is not None
    (document,) = found.further_sources
    for _ in range(2):
        statements.unsecond(desk.anna("click-1"), entry.position, document, "other words")
    with pytest.raises(Refused, match="no further source of this entry"):
        statements.unsecond(desk.anna(), entry.id, document, "other words")
    assert statements.second(desk.anna(), entry.id, SECOND).fresh
    assert desk.types(after=entry.position) == [
        "document.filed",
        "statement.seconded",
        "statement.corrected",
        "statement.seconded",
    ]


@pytest.mark.parametrize(
    ("own", "further", "published", "is_material"),
    [
        ("reported", "reported", "2025-12-14", False),
        ("reported", "second_hand", "2025-12-14", False),
        ("second_hand", "second_hand", "2025-12-14", False),
        ("second_hand", "reported", "2025-12-14", True),
        ("reported", "reported", "2025-12-12", True),
    ],
)
def test_taking_a_second_source_back_is_material_where_rank_or_moment_of_the_words_change(
    desk: Newsdesk, own: str, further: str, published: str, *, is_material: bool
) -> None:
    via = {"attribution": own, "reported_via": "an aide" if own == "second_hand" else None}
    statements = desk.newsroom.statements
    first = Source(outlet="Invented Times", published_at="2025-12-13")
    entry = desk.say(said_at="../2025-12-31", source=first, **via)
    second = Source(outlet="Invented Post", published_at=published)
    statements.second(
        desk.anna(), entry.id, second, further, "an aide" if further == "second_hand" else ""
    )
    done = statements.unsecond(desk.anna(), entry.id, second, "mixed up")
    event = desk.log.event(done.position)
    assert isinstance(event, StatementCorrected)
    assert event.material == is_material


def test_a_second_reading_uses_the_words_of_the_topic_s_scale(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    statements.code(desk.anna(), entry.id, "doubts", note="hears a doubt")
    statements.code(desk.anna(), entry.id, "no_position", "unstated")
    with pytest.raises(Refused, match="not a word of the position scale"):
        statements.code(desk.anna(), entry.id, "against")
    found = desk.log.load(Statement, entry.id)
    assert found is not None
    assert found.codings == [("anna", -1), ("anna", None)]


def test_a_reply_is_kept_as_it_came(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    statements.request_reply(desk.anna(), entry.id, "by e-mail")
    done = statements.receive_reply(desk.anna(), entry.id, "2025-12-16", "We did not.\nEver.", "en")
    event: Any = desk.log.event(done.position)
    assert (event.content.text, event.replied_at) == ("We did not.\nEver.", "2025-12-16")


# Links


def test_an_entry_is_linked_to_another_and_unlinked_by_number(desk: Newsdesk) -> None:
    recorded, other = desk.say(), desk.happen()
    statements = desk.newsroom.statements
    statements.link(desk.anna(), recorded.position, "answers", other.position, "the same night")
    statements.unlink(desk.anna(), recorded.position, "answers", other.position, "another night")
    assert desk.types(after=other.position) == ["statement.linked", "statement.unlinked"]


def test_a_link_leads_to_an_entry(desk: Newsdesk) -> None:
    recorded = desk.say()
    with pytest.raises(NotFound, match="there is no entry"):
        desk.newsroom.statements.link(
            desk.anna(), recorded.id, "answers", stable_id("topic", "eu-accession")
        )


def test_a_walk_back_withdraws_what_the_same_actor_said_on_the_topic(desk: Newsdesk) -> None:
    desk.newsroom.actors.mandate(desk.anna(), "dmitry-peskov", "russia", "spokesman")
    said = desk.say()
    back = desk.say(actor="dmitry-peskov", on_behalf_of="russia", stance="opposes")
    assert desk.newsroom.statements.link(desk.anna(), back.id, "withdraws", said.id).fresh


def test_nobody_withdraws_what_others_said_or_said_on_another_topic(desk: Newsdesk) -> None:
    said, statements = desk.say(), desk.newsroom.statements
    for changes in ({"actor": "ukraine"}, {"topic": "nato-membership"}):
        other = desk.say(**changes)
        with pytest.raises(Refused, match="what the same actor said on the same topic"):
            statements.link(desk.anna(), other.id, "withdraws", said.id)


def test_weaker_words_withdraw_nothing_until_a_stronger_source_gives_them(desk: Newsdesk) -> None:
    statements = desk.newsroom.statements
    said, held = desk.say(), desk.say(attribution="ascribed", stance="supports")
    heard = desk.say(reported_via="US government circles", stance="opposes")
    with pytest.raises(Refused, match="take back nothing that was said at first hand"):
        statements.link(desk.anna(), heard.id, "withdraws", said.id)
    with pytest.raises(Refused, match="take back nothing that somebody said"):
        statements.link(desk.anna(), held.id, "withdraws", heard.id)
    assert statements.link(desk.anna(), heard.id, "withdraws", held.id).fresh
    statements.second(desk.anna(), heard.id, SECOND, "reported")
    assert statements.link(desk.anna(), heard.id, "withdraws", said.id).fresh


def test_a_merged_actor_withdraws_what_the_other_said(desk: Newsdesk) -> None:
    desk.newsroom.actors.introduce(desk.anna(), "Kremlin", "organisation")
    said, back = desk.say(), desk.say(actor="kremlin", stance="opposes")
    statements = desk.newsroom.statements
    with pytest.raises(Refused, match="the same actor"):
        statements.link(desk.anna(), back.id, "withdraws", said.id)
    desk.newsroom.actors.merge(desk.anna(), "kremlin", "russia", "one voice")
    assert statements.link(desk.anna(), back.id, "withdraws", said.id).fresh


def test_a_development_cannot_be_withdrawn(desk: Newsdesk) -> None:
    said, happened = desk.say(), desk.happen()
    with pytest.raises(Refused, match="only a statement can be withdrawn"):
        desk.newsroom.statements.link(desk.anna(), said.id, "withdraws", happened.id)


def test_a_circle_of_walk_backs_is_refused_however_long(desk: Newsdesk) -> None:
    chain = [desk.say(paraphrase=f"Word {n}.") for n in range(4)]
    statements = desk.newsroom.statements
    for back, said in zip(chain[1:], chain, strict=False):
        statements.link(desk.anna(), back.id, "withdraws", said.id)
    with pytest.raises(Refused, match="in a circle; remove the other link first"):
        statements.link(desk.anna(), chain[0].id, "withdraws", chain[3].id)
    statements.unlink(desk.anna(), chain[2].id, "withdraws", chain[1].id, "wrong")
    assert statements.link(desk.anna(), chain[0].id, "withdraws", chain[3].id).fresh


# Redaction


def test_a_redaction_erases_the_words_of_a_statement_and_keeps_the_rest(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    done = statements.correct(desk.anna(), entry.id, {"hedge": "secret"}, "misread")
    statements.redact(desk.anna(), entry.position, "court order 12/25")
    event: Any = desk.log.event(entry.position)
    assert event.content is None
    assert event.stance == 1
    redaction: Any = desk.log.event(desk.log.head())
    assert redaction.positions == (entry.position, done.position)
    assert all(row.content is None for row in desk.log.stored(entry.position - 1))


def test_a_redaction_said_again_under_its_key_finishes_the_erasure(desk: Newsdesk) -> None:
    entry, statements = desk.say(), desk.newsroom.statements
    once, twice = (
        statements.redact(desk.anna("case-1"), entry.id, "court order") for _ in range(2)
    )
    assert (once.fresh, twice.fresh) == (True, False)


def test_a_redacted_statement_posted_again_stays_erased(desk: Newsdesk) -> None:
    entry = desk.say("01940000-0000-7000-8000-000000000001")
    desk.newsroom.statements.redact(desk.anna(), entry.id, "court order")
    again = desk.say(entry.id)
    assert (again.fresh, again.position) == (False, entry.position)
    event: Any = desk.log.event(entry.position)
    assert event.content is None


def test_a_row_of_the_interchange_is_a_command() -> None:
    line = b'{"kind":"statement","topic":"t","actor":"a","stance":"for","source":{"outlet":"X"}}'
    command = msgspec.json.decode(line, type=type(statement()))
    assert command == statement(
        topic="t",
        actor="a",
        stance="for",
        paraphrase=None,
        said_at=None,
        source=Source(outlet="X"),
    )
