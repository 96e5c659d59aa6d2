"""The forms for actors: introducing them, their names, mandates and merges."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.domain.actor import KINDS, MUTE, Actor, check_term
from timeline.domain.errors import Refused
from timeline.domain.naming import stable_id
from timeline.projections.queries import directory
from web.i18n.translate import gettext
from web.record.fields import choices
from web.record.fields.schemas import (
    ActorSchema,
    AliasSchema,
    EndMandateSchema,
    MandateSchema,
    MergeSchema,
    ReasonSchema,
    RenameSchema,
)
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.held import held
from web.record.forms.sheet import Problem, Sheet, sheet_of
from web.record.forms.signing import byline, minted
from web.record.forms.since import look_again
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from web.record.fields.inputs import FormSchema

blueprint = Blueprint("actor", __name__, url_prefix="/actor")

CALLED = {"mandates": "on_behalf_of"}
ACTS = ("undo-merge", "alias", "mandate", "end-mandate", "rename", "merge")


@blueprint.get("")
def ask() -> Response:
    """Show the form; ``name`` may be known already."""
    sheet = Sheet({})
    sheet.fill({"actor_name": this_request().query.get("name"), "actor_kind": "person"})
    return _introduction(sheet)


@blueprint.post("")
def introduce() -> Response:
    """Introduce the actor and go to its page, or say what is in the way."""
    sheet = sheet_of(this_request().form)
    sheet.quiet = bool(sheet.focus)
    given = ActorSchema().read(sheet)
    _check_mandate(sheet, given)
    if not sheet.problems and not sheet.quiet:
        told = partial(sheet.refuse, called=CALLED)
        introduced = attempt(sheet, partial(_introduce, given), told)
        if introduced:
            return go_on(f"/a/{held(Actor, introduced.id).slug}")
    return _introduction(sheet)


@blueprint.get("/<slug>")
def edit(slug: str) -> Response:
    """Show what may be done with an actor."""
    return _edit(slug, Sheet({}))


@blueprint.post("/<slug>/rename")
def rename(slug: str) -> Response:
    """Give the actor another name."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.actors.rename(
            byline(sheet.value("key")),
            slug,
            given["actor_name"],
            given["reason"],
            expected_version=sheet.number("version"),
        )

    return _decide(slug, "rename", RenameSchema(), command)


@blueprint.post("/<slug>/alias")
def alias(slug: str) -> Response:
    """Note another spelling."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.actors.add_alias(
            byline(sheet.value("key")), slug, given["alias"]
        )

    return _decide(slug, "alias", AliasSchema(), command)


@blueprint.post("/<slug>/mandate")
def mandate(slug: str) -> Response:
    """Note for whom the actor may speak."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return _mandate(slug, given, sheet.value("key"))

    return _decide(slug, "mandate", MandateSchema(), command)


@blueprint.post("/<slug>/end-mandate")
def end_mandate(slug: str) -> Response:
    """Note the last day of a mandate."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.actors.end_mandate(
            byline(sheet.value("key")),
            slug,
            given["mandate"],
            given["until"],
            expected_version=sheet.number("version"),
        )

    return _decide(slug, "end-mandate", EndMandateSchema(), command)


@blueprint.post("/<slug>/merge")
def merge(slug: str) -> Response:
    """Note that the actor is the same as another."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.actors.merge(
            byline(sheet.value("key")),
            slug,
            _slug_of(given["into"]),
            given["reason"],
            expected_version=sheet.number("version"),
        )

    return _decide(slug, "merge", MergeSchema(), command)


@blueprint.post("/<slug>/undo-merge")
def undo_merge(slug: str) -> Response:
    """Take the merge of the actor back."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.actors.undo_merge(
            byline(sheet.value("key")),
            slug,
            given["reason"],
            expected_version=sheet.number("version"),
        )

    return _decide(slug, "undo-merge", ReasonSchema(), command)


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of actors, each with its words."""
    words = {
        "person": gettext("person"),
        "office": gettext("office"),
        "organisation": gettext("organisation"),
        "state": gettext("state"),
        "collective": gettext("collective"),
        "unnamed": gettext("unnamed source"),
    }
    return [(kind, words[kind]) for kind in KINDS]


def _introduce(given: dict[str, Any]) -> Recorded:
    rooms = services().newsroom.actors
    introduced = rooms.introduce(
        byline(), given["actor_name"], given["actor_kind"], slug=given["slug"] or None
    )
    for spelling in given["aliases"].splitlines():
        rooms.add_alias(byline(), introduced.id, spelling)
    if given["on_behalf_of"]:
        _mandate(introduced.id, given, "")
    return introduced


def _mandate(actor: str, given: dict[str, Any], key: str) -> Recorded:
    return services().newsroom.actors.mandate(
        byline(key),
        actor,
        _slug_of(given["on_behalf_of"]),
        given["role"],
        since=given["since"] or None,
        until=given["until"] or None,
    )


def _check_mandate(sheet: Sheet, given: dict[str, Any]) -> None:
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
    try:
        check_term(given.get("since") or None, given.get("until") or None)
    except Refused as error:
        sheet.refuse(error, {"mandates": "until"})


def _slug_of(written: str) -> str:
    found = choices.actor_named(read_connection(), written)
    return found.slug if found else written


def _decide(
    slug: str,
    act: str,
    schema: FormSchema,
    command: Callable[[Sheet, dict[str, Any]], Recorded],
) -> Response:
    """Give the command if its form is filled in, and show the actor as it is then."""
    sheet = sheet_of(this_request().form)
    sheet.put("act", act)
    sheet.quiet = bool(sheet.focus)
    given = schema.read(sheet)
    if not sheet.problems and not sheet.quiet:
        told = partial(sheet.refuse, called=CALLED)
        if attempt(sheet, partial(command, sheet, given), told):
            return go_on(f"/record/actor/{slug}")
    look_again(sheet, Names(read_connection()))
    return _edit(slug, sheet)


def _introduction(sheet: Sheet) -> Response:
    return show(
        "record/actor.html",
        sheet,
        status=200 if sheet.quiet else 0,
        kinds=kinds(),
        names=choices.all_names(read_connection()),
    )


def _edit(slug: str, sheet: Sheet) -> Response:
    actor = held(Actor, stable_id("actor", slug))
    sheet.prefix = f"{sheet.value('act')}-"
    others = {one.on_behalf_of for one in actor.mandates.values()} | {actor.merged_into or ""}
    return show(
        "record/actor_edit.html",
        sheet,
        status=200 if sheet.quiet else 0,
        sheets={act: Sheet({}, prefix=f"{act}-") for act in ACTS} | {sheet.value("act"): sheet},
        version=sheet.value("version", str(actor.version)),
        key=sheet.value("key", minted()),
        actor=actor,
        named=directory.actors_by_id(read_connection(), others),
        names=choices.all_names(read_connection()),
    )
