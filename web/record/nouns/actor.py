"""The forms for actors: introduce one, edit its names and mandates, merge two."""

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


def _check_name(own: str, sheet: FormState, data: dict[str, Any]) -> None:
    """Ask back if another actor has the new name."""
    ask_back_actor(sheet, "actor_name", [data.get("actor_name", "")], own)
    ask_back_namesake(sheet, "actor_name", data.get("actor_name", ""), own)


def _checks(field: str) -> Callable[[str, FormState, dict[str, Any]], None]:
    """Return a check that asks back if another actor has the name in a field."""
    return lambda own, sheet, data: ask_back_actor(sheet, field, [data.get(field, "")], own)


def _mandate(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "on_behalf_of": _slug_of(data["on_behalf_of"]),
        "role": data["role"],
        "since": data["since"] or None,
        "until": data["until"] or None,
        "standing": data["standing"],
    }


def _ask_standing(_own: str, sheet: FormState, data: dict[str, Any]) -> None:
    """Ask once whether the mandate decides; the words of its role suggest the answer."""
    if data.get("role") and not data.get("standing"):
        proposed = proposed_standing(data["role"])
        sheet.put("standing", proposed)
        questions = {
            "decides": gettext(
                "Does the actor decide for it? The words suggest so: confirm or change it."
            ),
            "speaks": gettext(
                "Does the actor only speak for it? The words suggest so: confirm or change it."
            ),
        }
        sheet.note_problem(Problem("standing", questions[proposed], missing=True))


def _standing(data: dict[str, Any]) -> dict[str, Any]:
    stated = StatedStanding(
        data["standing"],
        data["topic"] or None,
        data["since"] or None,
        data["until"] or None,
        data["reason"],
    )
    return {"mandate": data["mandate"], "stated": stated}


def _description(data: dict[str, Any]) -> dict[str, Any]:
    attributes = {
        name.removeprefix(ATTRIBUTES): value
        for name, value in data.items()
        if name.startswith(ATTRIBUTES)
    }
    return {"attributes": attributes, "reason": data["reason"]}


def _slug_of(name_or_slug: str) -> str:
    actor = choices.actor_named(read_connection(), name_or_slug)
    return actor.slug if actor else name_or_slug


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
    """The attributes of an actor, which codebooks declare, and the reason."""

    class Meta:
        """Let all fields in: the codebooks say which attributes there are."""

        unknown = INCLUDE

    reason = TextInput()


ACTS = {
    "rename": Act(
        form(actor_name=NAME, reason=TextInput(WHY)),
        Actors.rename,
        lambda data: {"name": data["actor_name"], "reason": data["reason"]},
        check=_check_name,
    ),
    "kind": Act(
        form(actor_kind=KIND, reason=TextInput()),
        Actors.classify,
        lambda data: {"kind": data["actor_kind"], "reason": data["reason"]},
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
        lambda data: {"into": _slug_of(data["into"]), "reason": data["reason"]},
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
    """Introduce the actor and go to its page, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    data = INTRODUCTION().read(sheet)
    _check_mandate(sheet, data)
    ask_back_actor(sheet, "actor_name", [data.get("actor_name", "")])
    ask_back_namesake(sheet, "actor_name", data.get("actor_name", ""))
    ask_back_actor(sheet, "aliases", data.get("aliases", "").splitlines())
    refuse = partial(sheet.refuse, called=CALLED)
    if introduced := attempt(sheet, partial(_introduce, data), refuse):
        actor = directory.actor(read_connection(), load(Actor, introduced.id).slug)
        name = choices.known_as(read_connection(), actor)
        return lead_to_new_noun(f"/a/{actor.slug}", name, actor.name)
    return _introduction(sheet)


@editing.get("")
def edit(thing: str) -> Response:
    """Show the forms that edit an actor."""
    return _edit(thing, FormState({}))


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of actors, each with its words."""
    return [(kind, kind_word(kind)) for kind in KINDS]


def _introduce(data: dict[str, Any]) -> Recorded:
    actors = services().newsroom.actors
    introduced = actors.introduce(
        byline(), data["actor_name"], data["actor_kind"], slug=data["slug"] or None
    )
    for spelling in data["aliases"].splitlines():
        actors.add_alias(byline(), introduced.id, spelling)
    if data["on_behalf_of"]:
        actors.mandate(byline(), introduced.id, **_mandate(data))
    return introduced


def _check_mandate(sheet: FormState, data: dict[str, Any]) -> None:
    """Note the errors of a mandate before the actor is introduced."""
    whom = data.get("on_behalf_of")
    if not whom:
        return
    if not choices.actor_named(read_connection(), whom):
        message = gettext("No actor, or more than one, has this name: give the exact name.")
        sheet.note_problem(Problem("on_behalf_of", message))
    if data.get("actor_kind") in MUTE:
        message = gettext(
            "A collective or an unnamed source speaks for nobody else: leave this empty."
        )
        sheet.note_problem(Problem("on_behalf_of", message))
    if not data.get("role"):
        message = gettext("Say as what: president, minister, spokesperson.")
        sheet.note_problem(Problem("role", message, missing=True))
    _ask_standing("", sheet, data)
    try:
        check_term(data.get("since") or None, data.get("until") or None)
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
    variables = attributes_now(read_connection())
    sheets["describe"].fill(
        {variable.field: actor.attributes.get(variable.id, "") for variable in variables}
    )
    related = {mandate.on_behalf_of for mandate in actor.mandates.values()} | {
        actor.merged_into or ""
    }
    return show(
        "record/actor_edit.html",
        sheet,
        sheets=sheets,
        version=sheet.value("version", str(actor.version)),
        key=sheet.value("key", form_id()),
        actor=actor,
        asked=variables,
        missing=[
            variable
            for variable in variables
            if variable.required and not actor.attributes.get(variable.id)
        ],
        kinds=[kind for kind in kinds() if kind[0] not in (UNKNOWN, actor.kind)],
        kind=kind_word(actor.kind),
        named=directory.actors_by_id(read_connection(), related),
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
