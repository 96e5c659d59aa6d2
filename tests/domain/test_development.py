from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.domain.past import ANNA, STREAM, decided, past, told
from timeline.domain.development import (
    STATUSES,
    Development,
    DevelopmentCorrected,
    DevelopmentLinked,
    DevelopmentRecorded,
    DevelopmentRedacted,
    DevelopmentReinstated,
    DevelopmentRetracted,
    DevelopmentSeconded,
    Headline,
    record_development,
)
from timeline.domain.entry import Amendment, SecondSource
from timeline.domain.errors import Refused
from timeline.domain.event import Note, Reason, stamp

RECORDED = told(
    DevelopmentRecorded,
    topics=("talks-progress",),
    happened_at="2025-12-14",
    status="claimed",
    according_to="ukraine",
    document="d1",
    content=Headline(title="Night attack on Odesa"),
)


def record(**changes: object) -> DevelopmentRecorded:
    """Record the development above, with these changes."""
    fields: dict[str, Any] = {
        "topics": ("talks-progress",),
        "happened_at": "2025-12-14",
        "status": "claimed",
        "according_to": "ukraine",
        "document": "d1",
        "content": Headline(title="Night attack on Odesa"),
    }
    fields.update(changes)
    return record_development(DevelopmentRecorded(**stamp(ANNA, STREAM), **fields))


def test_a_development_is_the_first_event_of_its_own_stream() -> None:
    event = record()
    assert (event.originator_id, event.originator_version) == (STREAM, 1)
    assert msgspec.structs.replace(event, originator_id="", originator_version=0) == RECORDED


@pytest.mark.parametrize("status", STATUSES)
def test_a_development_is_claimed_confirmed_disputed_or_announced(status: str) -> None:
    assert record(status=status).status == status


def test_another_status_is_refused() -> None:
    with pytest.raises(Refused, match="no status 'rumoured'; use one of: claimed"):
        record(status="rumoured")


def test_a_development_without_a_title_is_refused() -> None:
    with pytest.raises(Refused, match="no title"):
        record(content=Headline(title=" "))


def test_a_development_bears_on_a_topic() -> None:
    with pytest.raises(Refused, match="bears on no topic"):
        record(topics=())


def test_a_development_is_corrected_field_by_field() -> None:
    entry = past(Development, RECORDED)
    changes = {"status": "confirmed", "topics": ("a", "b"), "title": "Attack on Odesa"}
    entry.correct(ANNA, changes, "confirmed by both")
    why = "confirmed by both"
    assert decided(entry) == [
        told(
            DevelopmentCorrected,
            field="topics",
            old=("talks-progress",),
            new=("a", "b"),
            content=Amendment(reason=why),
        ),
        told(
            DevelopmentCorrected,
            field="status",
            old="claimed",
            new="confirmed",
            content=Amendment(reason=why),
        ),
        told(
            DevelopmentCorrected,
            field="title",
            content=Amendment(reason=why, old="Night attack on Odesa", new="Attack on Odesa"),
        ),
    ]


@pytest.mark.parametrize(
    ("changes", "because"),
    [({"title": ""}, "no title"), ({"topics": ()}, "no topic"), ({"status": "x"}, "no status")],
)
def test_the_rules_of_the_first_record_bind_corrections_too(
    changes: dict[str, Any], because: str
) -> None:
    with pytest.raises(Refused, match=because):
        past(Development, RECORDED).correct(ANNA, changes, "misread")


def test_a_development_is_retracted_and_reinstated() -> None:
    entry = past(Development, RECORDED)
    entry.retract(ANNA, "did not happen")
    entry.reinstate(ANNA, "did happen")
    assert decided(entry) == [
        told(DevelopmentRetracted, content=Reason(reason="did not happen")),
        told(DevelopmentReinstated, content=Reason(reason="did happen")),
    ]


def test_a_development_has_further_sources_and_links() -> None:
    entry = past(Development, RECORDED)
    entry.second(ANNA, "d2", "reported")
    entry.link(ANNA, "answers", "other")
    assert decided(entry) == [
        told(DevelopmentSeconded, document="d2", attribution="reported", content=SecondSource()),
        told(DevelopmentLinked, kind="answers", target="other", content=Note()),
    ]


def test_a_development_takes_back_nothing_that_was_said() -> None:
    with pytest.raises(Refused, match="no link 'withdraws'"):
        past(Development, RECORDED).link(ANNA, "withdraws", "other")


def test_coded_fields_of_an_erased_development_can_still_be_corrected() -> None:
    erased = msgspec.structs.replace(RECORDED, content=None)
    redacted = told(DevelopmentRedacted, positions=(1,), basis="court order")
    entry = past(Development, erased, redacted)
    entry.correct(ANNA, {"status": "disputed"}, "misread")
    with pytest.raises(Refused, match="were erased"):
        entry.correct(ANNA, {"title": "Again"}, "misread")
