"""The forms for actors: introducing them, their names, mandates and merges."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint
from marshmallow import INCLUDE

from timeline.application.actors import Actors
from timeline.domain.actor import KINDS, MUTE, UNKNOWN, Actor, check_term
from timeline.domain.errors import Refused
from timeline.domain.naming import stable_id
from timeline.domain.standing import StatedStanding, proposed_standing
from timeline.domain.variables import ATTRIBUTES
from timeline.projections.queries import directory
from web.entries.variables import attributes_now
from web.i18n.translate import gettext, lazy_gettext
from web.record.acts import Act, Acts
from web.record.fields import choices
from web.record.fields.inputs import (
    REASON,
    WHY,
    AliasesInput,
    DateInput,
    FormSchema,
    TextInput,
    form,
)
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, lead_to_new_noun, show, use_own_ids
from web.record.forms.form_state import FormState, Problem, sheet_of
from web.record.forms.lookalikes import ask_back_actor, ask_back_namesake
from web.record.forms.signing import byline, form_id
from web.shell.request import read_connection, services, this_request
from web.wording.kinds import kind_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded

blueprint = Blueprint("actor", __name__, url_prefix="/actor")
editing = Blueprint("edit", __name__, url_prefix="/<thing>")

CALLED = {"mandates": "on_behalf_of"}


def _check_name(own: str, sheet: FormState, given: dict[str, Any]) -> None:
    """Ask back before an actor is given a name that another has."""
    ask_back_actor(sheet, "actor_name", [given.get("actor_name", "")], own)
    ask_back_namesake(sheet, "actor_name", given.get("actor_name", ""), own)


def _checks(field: str) -> Callable[[str, FormState, dict[str, Any]], None]:
    """Return what asks back before an actor goes by another name."""
    return lambda own, sheet, given: ask_back_actor(sheet, field, [given.get(field, "")], own)


def _mandate(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "on_behalf_of": _slug_of(given["on_behalf_of"]),
        "role": given["role"],
        "since": given["since"] or None,
        "until": given["until"] or None,
        "standing": given["standing"],
    }


def _ask_standing(_own: str, sheet: FormState, given: dict[str, Any]) -> None:
    """Ask once whether the mandate decides, with what the words of its role suggest filled in."""
    if given.get("role") and not given.get("standing"):
        proposed = proposed_standing(given["role"])
        sheet.put("standing", proposed)
        asked = {
            "decides": gettext(
                "Does the actor decide for it? The words suggest so: confirm or change it."
            ),
            "speaks": gettext(
                "Does the actor only speak for it? The words suggest so: confirm or change it."
            ),
        }
        sheet.note_problem(Problem("standing", asked[proposed], missing=True))


def _standing(given: dict[str, Any]) -> dict[str, Any]:
    stated = StatedStanding(
        given["standing"],
        given["topic"] or None,
        given["since"] or None,
        given["until"] or None,
        given["reason"],
    )
    return {"mandate": given["mandate"], "stated": stated}


def _description(given: dict[str, Any]) -> dict[str, Any]:
    said = {
        name.removeprefix(ATTRIBUTES): value
        for name, value in given.items()
        if name.startswith(ATTRIBUTES)
    }
    return {"attributes": said, "reason": given["reason"]}


def _slug_of(written: str) -> str:
    actor = choices.actor_named(read_connection(), written)
    return actor.slug if actor else written


NAME = TextInput(lazy_gettext("Give the name of the actor."))
KIND = TextInput(lazy_gettext("Choose what kind of actor it is."))
MANDATE = TextInput(lazy_gettext("Choose the mandate."))

INTRODUCTION = form(
    actor_name=NAME,
    slug=TextInput(),
    actor_kind=KIND,
    aliases=AliasesInput(),
    on_behalf_of=TextInput(),
    role=TextInput(),
    since=DateInput(),
    until=DateInput(),
    standing=TextInput(),
)


class DescriptionSchema(FormSchema):
    """What codebooks ask of an actor: fields of their own beside the reason."""

    class Meta:
        """Which attributes there are, the codebooks say."""

        unknown = INCLUDE

    reason = TextInput()


ACTS = {
    "rename": Act(
        form(actor_name=NAME, reason=TextInput(WHY)),
        Actors.rename,
        lambda given: {"name": given["actor_name"], "reason": given["reason"]},
        check=_check_name,
    ),
    "kind": Act(
        form(actor_kind=KIND, reason=TextInput()),
        Actors.classify,
        lambda given: {"kind": given["actor_kind"], "reason": given["reason"]},
    ),
    "alias": Act(
        form(alias=TextInput(lazy_gettext("Write the other spelling."))),
        Actors.add_alias,
        at_any_version=True,
        check=_checks("alias"),
    ),
    "mandate": Act(
        form(
            on_behalf_of=TextInput(lazy_gettext("Name whom the actor speaks for.")),
            role=TextInput(lazy_gettext("Say as what: president, minister, spokesperson.")),
            since=DateInput(),
            until=DateInput(),
            standing=TextInput(),
        ),
        Actors.mandate,
        _mandate,
        at_any_version=True,
        check=_ask_standing,
    ),
    "standing": Act(
        form(
            mandate=MANDATE,
            standing=TextInput(lazy_gettext("Say whether the actor decides or speaks.")),
            topic=TextInput(),
            since=DateInput(),
            until=DateInput(),
            reason=TextInput(),
        ),
        Actors.state_standing,
        _standing,
    ),
    "end-mandate": Act(
        form(mandate=MANDATE, until=DateInput(lazy_gettext("Give the last day."))),
        Actors.end_mandate,
    ),
    "describe": Act(DescriptionSchema, Actors.describe, _description),
    "merge": Act(
        form(
            into=TextInput(lazy_gettext("Name the actor that it is the same as.")),
            reason=TextInput(WHY),
        ),
        Actors.merge,
        lambda given: {"into": _slug_of(given["into"]), "reason": given["reason"]},
    ),
    "undo-merge": Act(REASON, Actors.undo_merge),
}


@blueprint.get("")
def ask() -> Response:
    """Show the form; ``name`` may be known already."""
    sheet = FormState({})
    sheet.fill({"actor_name": this_request().query.get("name"), "actor_kind": "person"})
    return _introduction(sheet)


@blueprint.post("")
def introduce() -> Response:
    """Introduce the actor and go to its page, or say what is in the way."""
    sheet = sheet_of(this_request().form)
    given = INTRODUCTION().read(sheet)
    _check_mandate(sheet, given)
    ask_back_actor(sheet, "actor_name", [given.get("actor_name", "")])
    ask_back_namesake(sheet, "actor_name", given.get("actor_name", ""))
    ask_back_actor(sheet, "aliases", given.get("aliases", "").splitlines())
    told = partial(sheet.refuse, called=CALLED)
    if introduced := attempt(sheet, partial(_introduce, given), told):
        made = directory.actor(read_connection(), load(Actor, introduced.id).slug)
        called = choices.known_as(read_connection(), made)
        return lead_to_new_noun(f"/a/{made.slug}", called, made.name)
    return _introduction(sheet)


@editing.get("")
def edit(thing: str) -> Response:
    """Show what may be done with an actor."""
    return _edit(thing, FormState({}))


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of actors, each with its words."""
    return [(kind, kind_word(kind)) for kind in KINDS]


def _introduce(given: dict[str, Any]) -> Recorded:
    actors = services().newsroom.actors
    introduced = actors.introduce(
        byline(), given["actor_name"], given["actor_kind"], slug=given["slug"] or None
    )
    for spelling in given["aliases"].splitlines():
        actors.add_alias(byline(), introduced.id, spelling)
    if given["on_behalf_of"]:
        actors.mandate(byline(), introduced.id, **_mandate(given))
    return introduced


def _check_mandate(sheet: FormState, given: dict[str, Any]) -> None:
    """Refuse a mandate that would not hold before the actor is introduced."""
    whom = given.get("on_behalf_of")
    if not whom:
        return
    if not choices.actor_named(read_connection(), whom):
        message = gettext("No actor, or more than one, has this name: give the exact name.")
        sheet.note_problem(Problem("on_behalf_of", message))
    if given.get("actor_kind") in MUTE:
        message = gettext(
            "A collective or an unnamed source speaks for nobody else: leave this empty."
        )
        sheet.note_problem(Problem("on_behalf_of", message))
    if not given.get("role"):
        message = gettext("Say as what: president, minister, spokesperson.")
        sheet.note_problem(Problem("role", message, missing=True))
    _ask_standing("", sheet, given)
    try:
        check_term(given.get("since") or None, given.get("until") or None)
    except Refused as error:
        sheet.refuse(error, {"mandates": "until"})


def _introduction(sheet: FormState) -> Response:
    use_own_ids(sheet)
    return show(
        "record/actor.html",
        sheet,
        kinds=kinds(),
        names=choices.all_names(read_connection()),
    )


def _edit(slug: str, sheet: FormState) -> Response:
    actor = load(Actor, stable_id("actor", slug))
    sheet.prefix = f"{sheet.value('act')}-"
    sheets = {act: FormState({}, prefix=f"{act}-") for act in ACTS} | {sheet.value("act"): sheet}
    asked = attributes_now(read_connection())
    sheets["describe"].fill(
        {variable.field: actor.attributes.get(variable.id, "") for variable in asked}
    )
    others = {mandate.on_behalf_of for mandate in actor.mandates.values()} | {
        actor.merged_into or ""
    }
    return show(
        "record/actor_edit.html",
        sheet,
        sheets=sheets,
        version=sheet.value("version", str(actor.version)),
        key=sheet.value("key", form_id()),
        actor=actor,
        asked=asked,
        missing=[
            variable
            for variable in asked
            if variable.required and not actor.attributes.get(variable.id)
        ],
        kinds=[kind for kind in kinds() if kind[0] not in (UNKNOWN, actor.kind)],
        kind=kind_word(actor.kind),
        named=directory.actors_by_id(read_connection(), others),
        absorbed=directory.merged_into(read_connection(), str(actor.id)),
        names=choices.all_names(read_connection()),
        groups=choices.topic_groups(closed=True),
    )


Acts(
    ACTS,
    room=lambda _: services().newsroom.actors,
    form=_edit,
    then="/record/actor/{}",
    called=CALLED,
).route(editing)
blueprint.register_blueprint(editing)
