"""One example of every event type, kept as stored bytes in ``fixtures/events``.

``python -m tests.stores.golden`` writes the files that are missing and touches no other: what
was once stored has to load for ever. A type that changes gets a new version, an upcaster and a
new file; a new type gets an example here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.actor import (
    ActorAliasAdded,
    ActorClassified,
    ActorDescribed,
    ActorIntroduced,
    ActorMandated,
    ActorMandateEnded,
    ActorMerged,
    ActorMergeUndone,
    ActorName,
    ActorRedacted,
    ActorRenamed,
    ActorStandingStated,
    ActorTranslated,
    Alias,
    Attributes,
    MandateRole,
)
from timeline.domain.clock import ClockConfirmed
from timeline.domain.codebook import Codebook, CodingRule, Example, StanceGuide
from timeline.domain.coverage import Watched
from timeline.domain.development import (
    DevelopmentCorrected,
    DevelopmentLinked,
    DevelopmentRecorded,
    DevelopmentRedacted,
    DevelopmentReinstated,
    DevelopmentRetracted,
    DevelopmentSeconded,
    DevelopmentTranslated,
    DevelopmentUnlinked,
    Headline,
)
from timeline.domain.document import (
    DocumentCorrected,
    DocumentFiled,
    DocumentRedacted,
    DocumentSnapshotTaken,
    FieldCorrection,
    Imprint,
    SnapshotText,
)
from timeline.domain.entry import Amendment, SecondSource
from timeline.domain.event import Note, OptionalReason, Reason
from timeline.domain.lede import LedeWords
from timeline.domain.naming import change_id
from timeline.domain.quote import Passage, Quote
from timeline.domain.signing import KeyRotated
from timeline.domain.statement import (
    PassageGiven,
    QuoteJudgment,
    ReplyText,
    StatementCoded,
    StatementCorrected,
    StatementLinked,
    StatementPassageAdded,
    StatementQuoteRead,
    StatementQuoteUnread,
    StatementRecorded,
    StatementRedacted,
    StatementReinstated,
    StatementReplyReceived,
    StatementReplyRequested,
    StatementReplyRetracted,
    StatementRetracted,
    StatementSeconded,
    StatementTranslated,
    StatementUnlinked,
    Words,
)
from timeline.domain.story import (
    NewTitle,
    SideLabels,
    StoryOpened,
    StoryRenamed,
    StorySidesArranged,
    StoryTitle,
    StoryTranslated,
)
from timeline.domain.topic import (
    TopicClassified,
    TopicClosed,
    TopicCodebookWritten,
    TopicFiledUnder,
    TopicLedeSet,
    TopicOpened,
    TopicRedacted,
    TopicReopened,
    TopicReworded,
    TopicTranslated,
    TopicWatched,
    TopicWatchWithdrawn,
    Wording,
)
from timeline.domain.translation import Translation
from timeline.domain.verdict import (
    ChangeDeclined,
    ChangeRedacted,
    ChangeReopened,
    ChangeSigned,
    SignedWords,
)
from timeline.stores.mapper import write_event

if TYPE_CHECKING:
    from timeline.domain.event import Event

FOLDER = Path(__file__).parents[2] / "fixtures" / "events"

STORY = "5d9c7a52-6f0e-5b0e-9a35-0d7f3f0c1a11"
TOPIC = "0a4f6c1e-32c5-5c0b-8c55-9b8f0a6f2b22"
ACTOR = "b1d9e2a0-4b7d-5f43-9d0c-7e2a55c03c33"
STATE = "c2e0f3b1-5c8e-5054-8e1d-8f3b66d14d44"
DOCUMENT = "d3f1a4c2-6d9f-5165-9f2e-904c77e25e55"
STATEMENT = "019b2f00-0000-8276-a03f-a15d88f36f66"
OTHER = "019b2f00-0000-8387-b140-b26e99047077"
DEVELOPMENT = "019b2f00-0000-8498-8251-c37faa158188"

BYLINE: dict[str, Any] = {"recorded_at": 1_765_800_000_123_456, "recorded_by": "ann", "via": "form"}
OPENING: dict[str, Any] = {**BYLINE, "originator_version": 1}
LATER: dict[str, Any] = {
    **BYLINE,
    "originator_version": 2,
    "key": "019b2f11-2222-7333-8444-555566667777",
}


def _clock() -> list[Event]:
    return [ClockConfirmed(**OPENING, originator_id="clock", reached=1_923_480_000_123_456)]


def _ledger() -> list[Event]:
    note = "standline-key/v1\nexample.org+00000000+AQ==\nexample.org+00000001+AQ==\n7\n\n— a AAAA\n"
    return [KeyRotated(**OPENING, originator_id="ledger", note=note)]


def _story() -> list[Event]:
    return [
        StoryOpened(
            **OPENING,
            originator_id=STORY,
            slug="berlin-talks",
            content=StoryTitle(title="Berlin talks"),
        ),
        StoryRenamed(
            **LATER,
            originator_id=STORY,
            content=NewTitle(title="Talks on Ukraine", reason="They went on elsewhere."),
        ),
        StorySidesArranged(
            **LATER,
            originator_id=STORY,
            sides=((STATE, ACTOR), ()),
            content=SideLabels(labels=("Russia", "Europe")),
        ),
        StoryTranslated(
            **LATER,
            originator_id=STORY,
            lang="de",
            content=Translation(words={"Berlin talks": "Berliner Gespräche"}),
        ),
    ]


def _topic() -> list[Event]:
    later: dict[str, Any] = {**LATER, "originator_id": TOPIC}
    return [
        TopicOpened(
            **OPENING,
            originator_id=TOPIC,
            slug="eu-accession",
            scale="position",
            story=STORY,
            content=Wording(question="Should Ukraine join the EU?", name="EU accession"),
        ),
        TopicReworded(
            **later,
            wording=2,
            content=Wording(
                question="Should Ukraine become a member of the EU?",
                name="EU accession",
                reason="membership is what the sources speak of",
            ),
        ),
        TopicTranslated(
            **later,
            lang="de",
            content=Translation(
                words={"Should Ukraine join the EU?": "Soll die Ukraine der EU beitreten?"},
                by="the newsroom",
            ),
        ),
        TopicCodebookWritten(
            **later,
            codebook=2,
            content=Codebook(
                about="Whether it should join, not when.",
                stances=(
                    StanceGuide(
                        stance=2,
                        rule="Wants it to join.",
                        clear=(Example(words="Welcome!", source="a made-up case", stance=2),),
                        borderline=(Example(statement=STATEMENT, stance=None, why="says when"),),
                    ),
                    StanceGuide(stance=None, rule="Takes no side."),
                ),
                rules=(CodingRule(title="Whether, not when", text="A date is no stance."),),
                reason="two coders differed",
            ),
        ),
        TopicWatched(
            **later,
            watch=2,
            since="2025-01-01",
            until="2025-06-30",
            actor=ACTOR,
            how="followed",
            content=Watched(outlets=("A made-up paper", "Its feed"), note="on workdays"),
        ),
        TopicWatchWithdrawn(**later, watch=1, content=Reason(reason="nobody had the time")),
        TopicClassified(
            **later,
            asks="decision",
            recurring=True,
            limit_months=12,
            prints="derived",
            content=OptionalReason(reason="the board decides every six weeks"),
        ),
        TopicLedeSet(
            **later,
            pinned=(STATEMENT,),
            content=LedeWords(sentence="A made-up sentence that the newsroom puts first."),
        ),
        TopicFiledUnder(**later, story=STORY),
        TopicClosed(**later, content=Reason(reason="the question is settled")),
        TopicReopened(**later, content=Reason(reason="it is not")),
        TopicRedacted(**later, positions=(3,), basis="Art. 17 GDPR"),
    ]


def _actor() -> list[Event]:
    later: dict[str, Any] = {**LATER, "originator_id": ACTOR}
    return [
        ActorIntroduced(
            **OPENING,
            originator_id=ACTOR,
            slug="dmitry-peskov",
            kind="person",
            content=ActorName(name="Dmitry Peskov"),
        ),
        ActorRenamed(**later, content=ActorName(name="Dmitri Peskow", reason="German spelling")),
        ActorTranslated(
            **later,
            lang="de",
            content=Translation(words={"Dmitry Peskov": "Dmitri Peskow"}, by="the newsroom"),
        ),
        ActorClassified(
            **later, kind="office", content=OptionalReason(reason="A post, not a person.")
        ),
        ActorAliasAdded(**later, content=Alias(alias="Дмитрий Песков")),
        ActorMandated(
            **later,
            mandate="spokesman",
            on_behalf_of=STATE,
            since="2012-05-22",
            until=None,
            standing="speaks",
            content=MandateRole(role="spokesman of the Kremlin"),
        ),
        ActorStandingStated(
            **later,
            mandate="spokesman",
            standing="decides",
            topic=TOPIC,
            since="2024-05",
            until="2025-12-31",
            content=OptionalReason(reason="empowered by decree"),
        ),
        ActorMandateEnded(**later, mandate="spokesman", until="2025-12-31"),
        ActorDescribed(
            **later,
            content=Attributes(attributes={"party": "none"}, reason="he left it"),
        ),
        ActorMerged(**later, into=STATE, content=Reason(reason="entered twice")),
        ActorMergeUndone(**later, into=STATE, content=Reason(reason="two people")),
        ActorRedacted(**later, positions=(5, 6), basis="court order"),
    ]


def _document() -> list[Event]:
    later: dict[str, Any] = {**LATER, "originator_id": DOCUMENT}
    return [
        DocumentFiled(
            **OPENING,
            originator_id=DOCUMENT,
            published_at="2025-12-15T18:30:00+01:00",
            lang="de",
            outlet_kind="newspaper",
            content=Imprint(
                outlet="Beispielblatt",
                title="Gespräche in Berlin",
                author="A. Muster",
                url="https://example.org/berlin",
            ),
        ),
        DocumentSnapshotTaken(
            **later,
            sha256="8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
            content=SnapshotText(text="hi"),
        ),
        DocumentCorrected(
            **later,
            field="title",
            material=False,
            content=FieldCorrection(reason="a slip", old="Gespräch", new="Gespräche in Berlin"),
        ),
        DocumentRedacted(**later, positions=(8,), basis="licence withdrawn"),
    ]


def _statement() -> list[Event]:
    later: dict[str, Any] = {**LATER, "originator_id": STATEMENT}
    return [
        StatementRecorded(
            **OPENING,
            originator_id=STATEMENT,
            topic=TOPIC,
            wording=2,
            speaker=ACTOR,
            on_behalf_of=STATE,
            stance=-2,
            said_at="2025-12-15",
            document=DOCUMENT,
            attribution="quoted",
            utterance="019b2f22-3333-7444-8555-666677778888",
            scale_version=2,
            condition_actor=STATE,
            condition_id=STATEMENT,
            drops=(OTHER,),
            dissent=True,
            content=Words(
                quote=Quote(exact="Das wird es nicht geben", lang="de", wording="translated"),
                paraphrase="rules it out",
                hedge="könnte",
            ),
        ),
        StatementCorrected(
            **later,
            field="stance",
            old=-2,
            new=-1,
            content=Amendment(reason="doubts, does not oppose"),
        ),
        StatementRetracted(**later, withhold=True, content=Reason(reason="another speaker")),
        StatementReinstated(**later, content=Reason(reason="it was this one after all")),
        StatementSeconded(
            **later,
            document=DOCUMENT,
            attribution="second_hand",
            content=SecondSource(reported_via="a diplomat"),
        ),
        StatementLinked(**later, kind="withdraws", target=OTHER, content=Note(note="next day")),
        StatementUnlinked(
            **later, kind="withdraws", target=OTHER, content=Reason(reason="it repeats it")
        ),
        StatementRedacted(**later, positions=(9,), basis="Art. 17 GDPR", condition_id=STATEMENT),
        StatementTranslated(
            **later,
            lang="de",
            content=Translation(words={"Could live with it.": "Könnte damit leben."}),
        ),
        StatementPassageAdded(
            **later,
            content=PassageGiven(
                passage=Passage(
                    exact="Ein Beitritt sei hinnehmbar, heißt es.",
                    prefix="Nichts ist entschieden. ",
                    suffix=" Mehr nicht.",
                    start=24,
                    end=62,
                )
            ),
        ),
        StatementCoded(
            **later,
            stance=0,
            coder="cora",
            first_coder="ben",
            decision="kept",
            scale_version=2,
            topic=TOPIC,
            has_condition=True,
            content=Note(note="second reading"),
        ),
        StatementQuoteRead(
            **later, reader="cora", content=QuoteJudgment(carries=True, direction=-2)
        ),
        StatementQuoteUnread(**later, reader="cora"),
        StatementReplyRequested(**later, content=Note(note="by mail")),
        StatementReplyReceived(
            **later, replied_at="2025-12-17", content=ReplyText(text="I never said that.")
        ),
        StatementReplyRetracted(**later, reply=1, content=Reason(reason="by somebody else")),
    ]


def _development() -> list[Event]:
    later: dict[str, Any] = {**LATER, "originator_id": DEVELOPMENT}
    return [
        DevelopmentRecorded(
            **OPENING,
            originator_id=DEVELOPMENT,
            topics=(TOPIC,),
            happened_at="2025-12-14/2025-12-15",
            status="confirmed",
            according_to=STATE,
            document=DOCUMENT,
            content=Headline(title="Delegations meet in Berlin", summary="Two days of talks."),
        ),
        DevelopmentCorrected(
            **later,
            field="topics",
            old=(TOPIC,),
            new=(TOPIC, OTHER),
            content=Amendment(reason="it bears on both"),
        ),
        DevelopmentTranslated(
            **later,
            lang="de",
            content=Translation(words={"Talks end": "Gespräche enden"}, by="the newsroom"),
        ),
        DevelopmentRetracted(**later, content=Reason(reason="recorded twice")),
        DevelopmentReinstated(**later, content=Reason(reason="it was another day")),
        DevelopmentSeconded(
            **later, document=DOCUMENT, attribution="reported", content=SecondSource()
        ),
        DevelopmentLinked(**later, kind="disputes", target=STATEMENT, content=Note()),
        DevelopmentUnlinked(
            **later, kind="disputes", target=STATEMENT, content=Reason(reason="it does not")
        ),
        DevelopmentRedacted(**later, positions=(12,), basis="court order"),
    ]


def _change() -> list[Event]:
    ends: dict[str, Any] = {
        "topic": TOPIC,
        "lane": ACTOR,
        "edition": 2,
        "before": (12,),
        "after": (40, 41),
    }
    stream = change_id(**ends)
    later: dict[str, Any] = {**LATER, "originator_id": stream}
    return [
        ChangeSigned(
            **OPENING,
            originator_id=stream,
            **ends,
            content=SignedWords(sentence="Peskov now accepts it.", caveat="in talks only"),
        ),
        ChangeDeclined(**later, **ends, cause="thin", content=Note(note="three words")),
        ChangeReopened(**later, content=Reason(reason="a fuller quote was found")),
        ChangeRedacted(**later, positions=(50,), basis="Art. 17 GDPR"),
    ]


EXAMPLES: dict[str, Event] = {
    event.TOPIC: event
    for noun in (
        *(_clock, _ledger, _story, _topic, _actor, _document, _statement, _development),
        _change,
    )
    for event in noun()
}


class Golden(msgspec.Struct, frozen=True):
    """A stored event as a file: the columns, the state in hex, and what it must load as."""

    type: str
    version: int
    stream: str
    stream_version: int
    state: str
    loads_as: dict[str, object]


def golden_file(topic: str, version: int) -> Path:
    """Return where the example of this version of a type is kept."""
    return FOLDER / f"{topic}.v{version}.json"


def write_missing() -> list[Path]:
    """Write the files of present versions that are not there yet, and return their paths."""
    written = []
    for topic, event in EXAMPLES.items():
        path = golden_file(topic, event.VERSION)
        if not path.exists():
            path.write_bytes(msgspec.json.format(msgspec.json.encode(_golden(event)), indent=2))
            written.append(path)
    return written


def _golden(event: Event) -> Golden:
    return Golden(
        type=event.TOPIC,
        version=event.VERSION,
        stream=event.originator_id,
        stream_version=event.originator_version,
        state=write_event(event).hex(),
        loads_as=msgspec.to_builtins(event),
    )


if __name__ == "__main__":
    for path in write_missing():
        print(path)  # noqa: T201 - a command that says what it wrote
