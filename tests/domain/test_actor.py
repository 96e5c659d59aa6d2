from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.domain.past import ANNA, decided, past, told
from timeline.domain.actor import (
    KINDS,
    Actor,
    ActorAliasAdded,
    ActorIntroduced,
    ActorMandated,
    ActorMandateEnded,
    ActorMerged,
    ActorMergeUndone,
    ActorName,
    ActorRedacted,
    ActorRenamed,
    Alias,
    Mandate,
    MandateRole,
)
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.event import Reason
from timeline.domain.naming import stable_id

if TYPE_CHECKING:
    from timeline.domain.event import Event


def introduced(kind: str = "person") -> Event:
    return told(
        ActorIntroduced, slug="dmitry-peskov", kind=kind, content=ActorName(name="Dmitry Peskov")
    )


MANDATE = Mandate("m1", "russia", "spokesman", since="2012-05-22")
MANDATED = told(
    ActorMandated,
    mandate="m1",
    on_behalf_of="russia",
    since="2012-05-22",
    content=MandateRole(role="spokesman"),
)
MERGED = told(ActorMerged, into="other", content=Reason(reason="same man"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_actor_is_introduced_by_name_and_kind(kind: str) -> None:
    actor = Actor.introduce(ANNA, "dmitry-peskov", kind, " Dmitry Peskov ")
    assert actor.id == stable_id("actor", "dmitry-peskov")
    assert decided(actor) == [introduced(kind)]


def test_an_actor_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Refused, match="no kind of actor 'ghost'; use one of: person, office"):
        Actor.introduce(ANNA, "x", "ghost", "X")


def test_an_actor_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="the actor has no name"):
        Actor.introduce(ANNA, "x", "person", " ")


def test_an_actor_keeps_its_old_name_as_an_alias() -> None:
    actor = past(Actor, introduced())
    actor.rename(ANNA, "Dmitri Peskow", "his own spelling")
    content = ActorName(name="Dmitri Peskow", reason="his own spelling")
    assert decided(actor) == [told(ActorRenamed, content=content)]
    assert actor.names == {"Dmitri Peskow", "Dmitry Peskov"}


def test_the_same_name_again_records_nothing() -> None:
    actor = past(Actor, introduced())
    actor.rename(ANNA, "Dmitry Peskov ", "")
    assert decided(actor) == []


def test_an_alias_is_noted_once() -> None:
    actor = past(Actor, introduced())
    for _ in range(2):
        actor.add_alias(ANNA, "Peskow")
    actor.add_alias(ANNA, "Dmitry Peskov")
    assert decided(actor) == [told(ActorAliasAdded, content=Alias(alias="Peskow"))]


def test_an_empty_alias_is_refused() -> None:
    with pytest.raises(Refused, match="no name"):
        past(Actor, introduced()).add_alias(ANNA, "")


def test_a_mandate_is_noted_once() -> None:
    actor = past(Actor, introduced())
    actor.mandate(ANNA, MANDATE)
    actor.mandate(ANNA, MANDATE)
    assert decided(actor) == [MANDATED]


@pytest.mark.parametrize("kind", ["collective", "unnamed"])
def test_a_collective_and_an_unnamed_source_speak_for_nobody_else(kind: str) -> None:
    with pytest.raises(Refused, match="speaks for nobody else"):
        past(Actor, introduced(kind)).mandate(ANNA, MANDATE)


def test_nobody_needs_a_mandate_to_speak_for_themselves() -> None:
    actor = past(Actor, introduced())
    with pytest.raises(Refused, match="needs no mandate to speak for itself"):
        actor.mandate(ANNA, Mandate("m1", actor.id, "himself"))


def test_a_mandate_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match=r"ends \(2011\) before it begins \(2012\)"):
        past(Actor, introduced()).mandate(ANNA, Mandate("m1", "russia", "", "2012", "2011"))


def test_a_mandate_from_no_date_is_refused() -> None:
    with pytest.raises(Refused, match="since: "):
        past(Actor, introduced()).mandate(ANNA, Mandate("m1", "russia", "", "in May"))


def test_a_mandate_is_ended_once() -> None:
    actor = past(Actor, introduced(), MANDATED)
    for _ in range(2):
        actor.end_mandate(ANNA, "m1", "2025-11-30")
    assert decided(actor) == [told(ActorMandateEnded, mandate="m1", until="2025-11-30")]


def test_a_mandate_cannot_end_before_it_began() -> None:
    with pytest.raises(Refused, match="before it begins"):
        past(Actor, introduced(), MANDATED).end_mandate(ANNA, "m1", "2012-05-21")


def test_a_mandate_that_was_never_given_cannot_end() -> None:
    with pytest.raises(Refused, match="no such mandate"):
        past(Actor, introduced()).end_mandate(ANNA, "m1", "2025")


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ("2012-05-21", False),
        ("2012-05-22", True),
        ("2012-05", True),
        ("2020", True),
        ("2025-11-30", True),
        ("2025-12-01", False),
        ("../2012-05-21", False),
        ("../2020-01-01", True),
    ],
)
def test_a_mandate_covers_what_may_have_been_said_within_its_term(said: str, *, may: bool) -> None:
    ended = told(ActorMandateEnded, mandate="m1", until="2025-11-30")
    actor = past(Actor, introduced(), MANDATED, ended)
    when = parse_date(said)
    assert actor.mandates["m1"].covers(when.earliest, when.latest) is may


def test_an_actor_is_merged_into_another() -> None:
    actor = past(Actor, introduced())
    actor.merge_into(ANNA, "other", "same man")
    assert decided(actor) == [MERGED]


def test_an_actor_cannot_be_merged_into_itself() -> None:
    actor = past(Actor, introduced())
    with pytest.raises(Refused, match="merged into itself"):
        actor.merge_into(ANNA, actor.id, "same man")


def test_a_merged_actor_cannot_be_merged_again() -> None:
    with pytest.raises(Refused, match="merged already; undo that merge first"):
        past(Actor, introduced(), MERGED).merge_into(ANNA, "third", "same man")


def test_a_merge_can_be_undone_and_made_again() -> None:
    actor = past(Actor, introduced(), MERGED)
    actor.undo_merge(ANNA, "two men")
    actor.merge_into(ANNA, "other", "same man")
    undone = told(ActorMergeUndone, into="other", content=Reason(reason="two men"))
    assert decided(actor) == [undone, MERGED]


def test_a_merge_that_never_was_cannot_be_undone() -> None:
    with pytest.raises(Refused, match="is not merged"):
        past(Actor, introduced()).undo_merge(ANNA, "two men")


def test_a_redaction_of_an_actor_names_what_is_erased() -> None:
    actor = past(Actor, introduced())
    actor.redact(ANNA, (3,), "Art. 17 GDPR")
    assert decided(actor) == [told(ActorRedacted, positions=(3,), basis="Art. 17 GDPR")]


def test_an_actor_whose_names_were_erased_still_holds_its_mandates() -> None:
    erased = [msgspec.structs.replace(event, content=None) for event in (introduced(), MANDATED)]
    alias = told(ActorAliasAdded, content=None)
    renamed = told(ActorRenamed, content=None)
    actor = past(Actor, *erased, alias, renamed)
    assert actor.mandates["m1"].covers(None, None)
    assert actor.name == ""
