from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.domain.past import ANNA, STREAM, decided, past, told
from timeline.domain.entry import ATTRIBUTIONS, FURTHER_SOURCES, LINKS, Amendment, SecondSource
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, Event, Note, Reason, stamp
from timeline.domain.quote import Quote
from timeline.domain.statement import (
    QuoteJudgment,
    ReplyText,
    Statement,
    StatementCoded,
    StatementCorrected,
    StatementLinked,
    StatementQuoteRead,
    StatementRecorded,
    StatementRedacted,
    StatementReinstated,
    StatementReplyReceived,
    StatementReplyRequested,
    StatementRetracted,
    StatementSeconded,
    StatementUnlinked,
    Words,
    record_statement,
)

WORDS = Words(paraphrase="The EU may come.", condition="as part of a peace")
RECORDED = told(
    StatementRecorded,
    topic="eu-accession",
    speaker="russia",
    stance=1,
    said_at="2025-12",
    document="d1",
    attribution="reported",
    content=WORDS,
)
RETRACTED = told(StatementRetracted, content=Reason(reason="not said"))
REINSTATED = told(StatementReinstated, content=Reason(reason="said after all"))
REDACTED = told(StatementRedacted, positions=(1,), basis="court order")


def record(**changes: object) -> StatementRecorded:
    """Record the statement above, with these changes."""
    fields: dict[str, Any] = {
        "topic": "eu-accession",
        "wording": 1,
        "speaker": "russia",
        "said_at": "2025-12",
        "document": "d1",
        "attribution": "reported",
        "content": WORDS,
        "stance": 1,
    }
    fields.update(changes)
    scale, kind = fields.pop("scale", "position"), fields.pop("speaker_kind", "state")
    return record_statement(StatementRecorded(**stamp(ANNA, STREAM), **fields), scale, kind)


def statement(*events: Event) -> Statement:
    """The statement above, after these further events."""
    return past(Statement, RECORDED, *events)


def amended(field: str, old: object, new: object) -> Event:
    """A correction of a coded field."""
    content = Amendment(reason="misread")
    return told(StatementCorrected, field=field, old=old, new=new, content=content)


def seconded(document: str, attribution: str) -> Event:
    """A further source."""
    via = SecondSource(reported_via="an aide" if attribution == "second_hand" else "")
    return told(StatementSeconded, document=document, attribution=attribution, content=via)


# The first record


def test_a_statement_is_the_first_event_of_its_own_stream() -> None:
    event = record()
    assert (event.originator_id, event.originator_version) == (STREAM, 1)
    own = {"originator_id": "", "originator_version": 0}
    assert event.condition_id == STREAM  # it names a condition, which keeps its identity
    assert msgspec.structs.replace(event, **own, condition_id=None) == RECORDED


def test_a_statement_remembers_the_wording_that_it_answered() -> None:
    assert record(wording=3).wording == 3


def test_no_position_needs_a_reason() -> None:
    with pytest.raises(Refused, match="“no position” needs a reason; use one of: refuses"):
        record(stance=None)
    with pytest.raises(Refused, match="“no position” needs a reason"):
        record(stance=None, no_position_reason="asleep")
    for reason in ("silent", "defers", "forecast", "comments", "unstated"):
        assert record(stance=None, no_position_reason=reason).stance is None


def test_a_declined_answer_documents_the_question() -> None:
    with pytest.raises(Refused, match="asked: the question that was declined is missing"):
        record(stance=None, no_position_reason="declined")
    with pytest.raises(Refused, match="asked: the question that was declined is missing"):
        record(stance=None, no_position_reason="refuses")
    asked = Words(asked="Will there be a deal by Christmas?")
    assert record(stance=None, no_position_reason="declined", content=asked).content == asked
    silent = {"stance": None, "no_position_reason": "declined"}
    with pytest.raises(Refused, match="asked: the question that was declined is missing"):
        statement().correct(ANNA, silent, "misread")
    statement().correct(ANNA, silent | {"asked": "Will there?"}, "misread")


def test_a_stance_has_no_reason_for_having_none() -> None:
    with pytest.raises(Refused, match="a reason for no position cannot stand beside a stance"):
        record(no_position_reason="declined")


def test_a_step_that_the_scale_lacks_is_refused() -> None:
    with pytest.raises(Refused, match="the vote scale has no step"):
        record(scale="vote", stance=1)


@pytest.mark.parametrize("attribution", [one for one in ATTRIBUTIONS if one != "second_hand"])
def test_only_second_hand_words_come_through_somebody(attribution: str) -> None:
    assert record(attribution=attribution).attribution == attribution
    with pytest.raises(Refused, match="are not passed on by anybody else"):
        record(attribution=attribution, content=Words(reported_via="US circles"))


def test_second_hand_words_name_who_passed_them_on() -> None:
    with pytest.raises(Refused, match="second-hand words need the name of whoever says so"):
        record(attribution="second_hand")
    words = Words(reported_via="US government circles")
    assert record(attribution="second_hand", content=words).content == words


def test_an_unknown_attribution_is_refused() -> None:
    with pytest.raises(Refused, match="no attribution 'rumoured'; use one of: quoted"):
        record(attribution="rumoured")


def test_a_quote_has_at_most_500_characters() -> None:
    record(attribution="quoted", content=Words(quote=Quote(exact="ä" * 500)))
    with pytest.raises(Refused, match="501 characters, 500 are allowed"):
        record(attribution="quoted", content=Words(quote=Quote(exact="ä" * 501)))


@pytest.mark.parametrize("attribution", ["reported", "voted", "ascribed"])
def test_words_that_no_source_quotes_are_not_quoted(attribution: str) -> None:
    words = Words(quote=Quote(exact="Ja", lang="de"))
    with pytest.raises(Refused, match=f"quote.text: {attribution} words are not quoted"):
        record(attribution=attribution, content=words)
    assert record(attribution="quoted", content=words).content == words


def test_a_quote_is_added_once_a_source_gives_the_very_words() -> None:
    with pytest.raises(Refused, match="reported words are not quoted"):
        statement().correct(ANNA, {"quote": "Ja", "quote_wording": "original"}, "overlooked")
    quoting = told(StatementSeconded, document="d2", attribution="quoted")
    statement(quoting).correct(ANNA, {"quote": "Ja", "quote_wording": "original"}, "overlooked")
    quoted = {"quote": "Ja", "quote_wording": "original", "attribution": "quoted"}
    statement().correct(ANNA, quoted, "overlooked")


@pytest.mark.parametrize(("start", "end"), [(0, -1), (-1, 2), (3, 6), (5, 3), (-3, -1)])
def test_a_quote_stands_where_its_characters_fit_or_nowhere(start: int, end: int) -> None:
    quote = Quote(exact="Ja", start=start, end=end)
    with pytest.raises(Refused, match=f"has 2 characters and cannot stand from {start} to {end}"):
        record(attribution="quoted", content=Words(quote=quote))
    for place in ((-1, -1), (0, 2), (3, 5)):
        quote = Quote(exact="Ja", start=place[0], end=place[1])
        assert record(attribution="quoted", content=Words(quote=quote)).content


def test_a_quote_is_original_translated_or_unknown() -> None:
    with pytest.raises(Refused, match="no wording 'rough'"):
        record(content=Words(quote=Quote(exact="Echte Fortschritte", wording="rough")))


@pytest.mark.parametrize("kind", ["collective", "unnamed"])
def test_a_collective_and_an_unnamed_source_do_not_speak_on_behalf_of_others(kind: str) -> None:
    assert record(speaker_kind=kind).speaker == "russia"
    with pytest.raises(Refused, match="a collective or an unnamed source speaks for nobody else"):
        record(speaker_kind=kind, on_behalf_of="ukraine")


def test_nobody_speaks_on_their_own_behalf() -> None:
    with pytest.raises(Refused, match="on behalf of itself"):
        record(on_behalf_of="russia")


def test_a_stance_does_not_depend_on_its_own_topic() -> None:
    assert record(condition_topic="nato-membership").condition_topic == "nato-membership"
    with pytest.raises(Refused, match="cannot depend on the topic itself"):
        record(condition_topic="eu-accession")


# Corrections


def test_a_correction_keeps_field_old_new_and_reason() -> None:
    entry = statement()
    entry.correct(ANNA, {"stance": -1}, "misread")
    assert decided(entry) == [amended("stance", 1, -1)]
    assert entry.fields["stance"] == -1


def test_corrected_words_stand_in_the_content_that_can_be_erased() -> None:
    entry = statement()
    entry.correct(ANNA, {"hedge": "könnte"}, "misread")
    content = Amendment(reason="misread", old="", new="könnte")
    assert decided(entry) == [told(StatementCorrected, field="hedge", content=content)]


def test_several_fields_are_corrected_in_the_order_of_the_record() -> None:
    entry = statement()
    entry.correct(ANNA, {"hedge": "might", "paraphrase": "Ja", "said_at": "2025-12-14"}, "misread")
    assert [event.field for event in decided(entry)] == ["said_at", "paraphrase", "hedge"]  # type: ignore[attr-defined]


def test_a_clerical_correction_is_marked_as_such() -> None:
    entry = statement()
    entry.correct(ANNA, {"paraphrase": "The EU might come."}, "typing error", material=False)
    assert [event.material for event in decided(entry)] == [False]  # type: ignore[attr-defined]


def test_a_correction_that_changes_nothing_records_nothing() -> None:
    entry = statement()
    entry.correct(ANNA, {"stance": 1, "hedge": ""}, "misread")
    assert decided(entry) == []


def test_all_fields_are_corrected_or_none() -> None:
    entry = statement()
    with pytest.raises(Refused, match="“no position” needs a reason"):
        entry.correct(ANNA, {"said_at": "2025-12-14", "stance": None}, "misread")
    assert decided(entry) == []


def test_an_unknown_field_is_refused_with_the_fields_there_are() -> None:
    with pytest.raises(Refused, match="'mood' is not a field that can be corrected; use one of"):
        statement().correct(ANNA, {"mood": "sad"}, "misread")


def test_a_correction_needs_a_reason() -> None:
    with pytest.raises(Refused, match="a reason is missing"):
        statement().correct(ANNA, {"stance": -1}, " ")


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"attribution": "rumoured"}, "no attribution"),
        ({"attribution": "second_hand"}, "need the name of whoever says so"),
        ({"quote": "x" * 501}, "500 are allowed"),
        ({"quote": "x", "quote_wording": "rough"}, "no wording"),
        ({"on_behalf_of": "russia"}, "on behalf of itself"),
        ({"condition_topic": "eu-accession"}, "depend on the topic itself"),
        (
            {"no_position_reason": "declined"},
            "a reason for no position cannot stand beside a stance",
        ),
    ],
)
def test_the_rules_of_the_first_record_bind_corrections_too(
    changes: dict[str, Any], because: str
) -> None:
    with pytest.raises(Refused, match=because):
        statement().correct(ANNA, changes, "misread")


def test_a_corrected_document_takes_the_place_of_the_first() -> None:
    entry = statement(amended("document", "d1", "d2"), amended("attribution", "reported", "quoted"))
    assert entry.sources == {"d2": "quoted"}


# Retraction and reinstatement


def test_a_statement_is_retracted_with_a_reason() -> None:
    entry = statement()
    entry.retract(ANNA, "not said", withhold=True)
    assert decided(entry) == [
        told(StatementRetracted, withhold=True, content=Reason(reason="not said"))
    ]


def test_a_retracted_statement_cannot_be_retracted_again() -> None:
    with pytest.raises(Refused, match="retracted already"):
        statement(RETRACTED).retract(ANNA, "once more")


def test_a_retracted_statement_can_be_reinstated() -> None:
    entry = statement(RETRACTED)
    entry.reinstate(ANNA, "said after all")
    assert decided(entry) == [REINSTATED]


def test_a_standing_statement_cannot_be_reinstated() -> None:
    for events in ((), (RETRACTED, REINSTATED)):
        with pytest.raises(Refused, match="not retracted; there is nothing to reinstate"):
            statement(*events).reinstate(ANNA, "once more")


def test_a_retraction_needs_a_reason_and_so_does_its_end() -> None:
    with pytest.raises(Refused, match="a reason is missing"):
        statement().retract(ANNA, "")
    with pytest.raises(Refused, match="a reason is missing"):
        statement(RETRACTED).reinstate(ANNA, "")


def test_a_retracted_statement_can_still_be_corrected() -> None:
    entry = statement(RETRACTED)
    entry.correct(ANNA, {"stance": -1}, "misread")
    assert decided(entry) == [amended("stance", 1, -1)]


# Second sources


def test_a_further_source_of_the_same_words_is_added_once() -> None:
    entry = statement()
    for _ in range(2):
        entry.second(ANNA, "d2", "second_hand", "an aide")
    content = SecondSource(reported_via="an aide")
    assert decided(entry) == [
        told(StatementSeconded, document="d2", attribution="second_hand", content=content)
    ]


def test_the_first_source_is_not_a_second_one() -> None:
    entry = statement()
    entry.second(ANNA, "d1", "quoted")
    assert decided(entry) == []


def test_a_second_source_is_attributed_by_the_same_rules() -> None:
    with pytest.raises(Refused, match="need the name of whoever says so"):
        statement().second(ANNA, "d2", "second_hand")


def test_a_further_source_that_was_added_by_mistake_is_taken_back() -> None:
    entry = statement(seconded("d2", "second_hand"), seconded("d3", "quoted"))
    entry.unsecond(ANNA, "d2", "other words")
    assert decided(entry) == [
        told(
            StatementCorrected,
            field=FURTHER_SOURCES,
            old=("d2", "d3"),
            new=("d3",),
            content=Amendment(reason="other words"),
        )
    ]
    assert entry.sources == {"d1": "reported", "d3": "quoted"}
    entry.unsecond(ANNA, "d3", "other words", material=False)
    assert (entry.sources, entry.further_sources) == ({"d1": "reported"}, ())


def test_and_can_be_added_again() -> None:
    entry = statement(seconded("d2", "second_hand"))
    entry.unsecond(ANNA, "d2", "put wrongly")
    entry.second(ANNA, "d2", "quoted")
    assert entry.sources == {"d1": "reported", "d2": "quoted"}


@pytest.mark.parametrize("document", ["d1", "d3", ""])
def test_only_a_further_source_is_taken_back(document: str) -> None:
    with pytest.raises(Refused, match="source: that is no further source of this entry"):
        statement(seconded("d2", "reported")).unsecond(ANNA, document, "wrong")


def test_a_further_source_is_taken_back_with_a_reason() -> None:
    with pytest.raises(Refused, match="a reason is missing"):
        statement(seconded("d2", "reported")).unsecond(ANNA, "d2", " ")


def test_the_only_source_that_gives_the_quoted_words_stays() -> None:
    entry = statement(seconded("d2", "quoted"), seconded("d3", "reported"))
    entry.correct(ANNA, {"quote": "Ja", "quote_wording": "original"}, "overlooked")
    decided(entry)
    entry.unsecond(ANNA, "d3", "other words")
    with pytest.raises(Refused, match="reported words are not quoted"):
        entry.unsecond(ANNA, "d2", "other words")
    assert len(decided(entry)) == 1


def test_a_further_source_does_not_become_the_first_while_it_is_one() -> None:
    entry = statement(seconded("d2", "quoted"))
    with pytest.raises(Refused, match="it is a further source of this entry already"):
        entry.correct(ANNA, {"document": "d2"}, "mixed up")
    entry.unsecond(ANNA, "d2", "mixed up")
    entry.correct(ANNA, {"document": "d2"}, "mixed up")
    assert entry.sources == {"d2": "reported"}


# Links


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_is_made_once_and_can_be_taken_back(kind: str) -> None:
    entry = statement()
    for _ in range(2):
        entry.link(ANNA, kind, "other", "same day")
    entry.unlink(ANNA, kind, "other", "another day")
    assert decided(entry) == [
        told(StatementLinked, kind=kind, target="other", content=Note(note="same day")),
        told(StatementUnlinked, kind=kind, target="other", content=Reason(reason="another day")),
    ]


def test_an_unknown_link_is_refused() -> None:
    with pytest.raises(Refused, match="no link 'echoes'; use one of: contradicts, withdraws"):
        statement().link(ANNA, "echoes", "other")


def test_a_statement_is_not_linked_to_itself() -> None:
    with pytest.raises(Refused, match="linked to itself"):
        statement().link(ANNA, "repeats", STREAM)


def test_a_link_that_never_was_cannot_be_taken_back() -> None:
    linked = told(StatementLinked, kind="answers", target="other")
    with pytest.raises(Refused, match="no such link"):
        statement(linked).unlink(ANNA, "repeats", "other", "wrong")


# Codings and replies


def test_a_second_reading_is_kept_beside_the_first() -> None:
    entry = statement()
    entry.code(ANNA, -1, None, "hears a doubt")
    assert decided(entry) == [told(StatementCoded, stance=-1, content=Note(note="hears a doubt"))]
    assert entry.fields["stance"] == 1
    assert entry.codings == [("anna", -1)]


def test_a_second_reading_has_a_stance_or_a_reason_for_none() -> None:
    with pytest.raises(Refused, match="“no position” needs a reason"):
        statement().code(ANNA, None, None)


def test_a_reply_is_requested_and_received_unedited() -> None:
    entry = statement()
    entry.request_reply(ANNA, "by e-mail")
    entry.receive_reply(ANNA, "2025-12-16", " We never said so. ", "en")
    content = ReplyText(text=" We never said so. ", lang="en")
    assert decided(entry) == [
        told(StatementReplyRequested, content=Note(note="by e-mail")),
        told(StatementReplyReceived, replied_at="2025-12-16", content=content),
    ]
    assert entry.replies == [("2025-12-16", "We never said so.")]


def test_an_empty_reply_is_refused() -> None:
    with pytest.raises(Refused, match="the reply has no text"):
        statement().receive_reply(ANNA, "2025-12-16", " ")


def test_a_reply_has_a_date() -> None:
    with pytest.raises(Refused, match="replied_at: "):
        statement().receive_reply(ANNA, "later", "No.")


def test_a_reply_is_not_of_a_day_to_come() -> None:
    with pytest.raises(Refused, match="replied_at: 2052-12-16 is still to come"):
        statement().receive_reply(ANNA, "2052-12-16", "No.")


# Redaction


def test_a_redaction_names_what_is_erased_and_the_law() -> None:
    entry = statement()
    entry.redact(ANNA, (1, 5), "court order")
    assert decided(entry) == [
        told(StatementRedacted, positions=(1, 5), basis="court order", condition_id=STREAM)
    ]


def test_a_redaction_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="nothing is left"):
        statement().redact(ANNA, (), "court order")


def test_a_redaction_needs_its_basis() -> None:
    with pytest.raises(Refused, match="a reason is missing"):
        statement().redact(ANNA, (1,), " ")


def test_coded_fields_of_an_erased_statement_can_be_corrected_and_its_words_cannot() -> None:
    via = Words(reported_via="US circles")
    first = msgspec.structs.replace(RECORDED, attribution="second_hand", content=None)
    assert record(attribution="second_hand", content=via).content is not None
    entry = past(Statement, first, REDACTED)
    entry.correct(ANNA, {"stance": -1}, "misread")
    with pytest.raises(Refused, match="the words of this entry were erased"):
        entry.correct(ANNA, {"paraphrase": "Again."}, "misread")


# Idempotency


def test_a_command_said_twice_under_one_key_counts_once() -> None:
    keyed = Byline(at=ANNA.at, by="anna", via="form", key="click-1")
    entry = statement()
    for _ in range(2):
        entry.correct(keyed, {"stance": -1, "hedge": "might"}, "misread")
        entry.retract(keyed, "not said")
    events = decided(entry)
    assert [event.TOPIC for event in events] == ["statement.corrected"] * 2
    assert {event.key for event in events} == {"click-1"}


def test_a_key_is_remembered_from_the_record() -> None:
    done = msgspec.structs.replace(RETRACTED, key="click-1")
    entry = statement(done)
    entry.retract(Byline(at=ANNA.at, by="anna", via="form", key="click-1"), "not said")
    assert decided(entry) == []


def test_a_condition_keeps_its_identity_whatever_becomes_of_its_words() -> None:
    assert record(content=Words(condition="a ceasefire first")).condition_id == STREAM
    assert record(content=Words(), condition_actor="russia").condition_id == STREAM
    assert record(content=Words(paraphrase="So be it.")).condition_id is None
    other = "01940000-0000-7000-8000-00000000000f"
    assert record(content=Words(condition="a truce"), condition_id=other).condition_id == other


def test_a_statement_drops_the_condition_of_another_and_not_its_own() -> None:
    other = "01940000-0000-7000-8000-00000000000f"
    assert record(drops=(other,)).drops == (other,)
    with pytest.raises(Refused, match="cannot drop the condition that it names"):
        record(drops=(STREAM,))
    with pytest.raises(Refused, match="cannot drop the condition that it names"):
        record(condition_id=other, drops=(other,))
    with pytest.raises(Refused, match="cannot drop the condition that it names"):
        statement().correct(ANNA, {"drops": (STREAM,)}, "misread")


def test_a_dissent_is_a_vote() -> None:
    assert record(attribution="voted", dissent=True, content=Words()).dissent
    with pytest.raises(Refused, match="a dissent is a recorded vote"):
        record(dissent=True)
    with pytest.raises(Refused, match="a dissent is a recorded vote"):
        statement().correct(ANNA, {"dissent": 1}, "misread")


@pytest.mark.parametrize("field", ["quote", "topic"])
def test_a_quote_is_read_anew_when_it_or_its_question_was_corrected(field: str) -> None:
    words_quoted = Words(quote=Quote(exact="Russia has no objection to it."))
    quoted = msgspec.structs.replace(RECORDED, content=words_quoted)
    read = told(StatementQuoteRead, reader="cora", content=QuoteJudgment(carries=True, direction=1))
    with pytest.raises(Refused, match="they have read this quote"):
        past(Statement, quoted, read).read_quote(ANNA, "cora", 1, carries=True)
    new, words = (
        ("nato-membership", None) if field == "topic" else (None, "Russia has none at all to that.")
    )
    content = Amendment(reason="misread", new=words)
    corrected = told(StatementCorrected, field=field, old=None, new=new, content=content)
    again = past(Statement, quoted, read, corrected)
    again.read_quote(ANNA, "cora", 1, carries=True)
    assert decided(again) == [read]
