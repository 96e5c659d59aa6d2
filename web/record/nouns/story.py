"""The forms for a story: open it, and arrange the sides of its lanes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint
from marshmallow import fields

from timeline.domain.story import Story
from timeline.projections.queries import directory
from timeline.projections.queries.positions import current_positions
from web.i18n.translate import gettext, lazy_gettext
from web.record.fields.choices import actor_named, known_as
from web.record.fields.inputs import WHY, TextInput, form
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, go_on, look_again, show
from web.record.forms.form_state import FormState, Problem, as_sentences, sheet_of
from web.record.forms.signing import byline, byline_of, form_id
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from timeline.domain.errors import StandlineError

blueprint = Blueprint("story", __name__, url_prefix="/story")

LABEL, ACTORS = "side_label", "side_actors"
TITLE = TextInput(lazy_gettext("Name the running story in a few words."))
SEVERAL = fields.List(fields.Str(), load_default=list)
"""A field that every row of the form has, in the order of the rows."""

OPENING = form(title=TITLE, slug=TextInput())
RETITLING = form(title=TITLE, reason=TextInput(WHY))
SIDES = form(side_label=SEVERAL, side_actors=SEVERAL)
NAMED = 60
"""How many actors without a side, and questions without a story, the form lists."""


class SideRow(msgspec.Struct, frozen=True):
    """One side as the form has it: its name, and its actors, one on each line."""

    label: str
    actors: str


@blueprint.get("")
def ask() -> Response:
    """Show the form that opens a story."""
    return show("record/story.html", FormState({}))


@blueprint.post("")
def take() -> Response:
    """Open the story and go on to its sides, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    data = OPENING().read(sheet)
    stories = services().newsroom.stories
    opened = attempt(
        sheet, lambda: stories.open(byline(), data["title"], slug=data["slug"] or None)
    )
    if opened:
        return go_on(f"/record/story/{load(Story, opened.id).slug}")
    return show("record/story.html", sheet)


@blueprint.get("/<slug>")
def edit(slug: str) -> Response:
    """Show the current sides."""
    return _edit(slug, FormState({}))


@blueprint.post("/<slug>")
def arrange(slug: str) -> Response:
    """Set the sides and go to the story, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    _move(sheet)
    SIDES().read(sheet)
    refuse = partial(sheet.refuse, called={"side": "sides"})
    if attempt(sheet, partial(_arrange, slug, sheet), refuse):
        return go_on(f"/#story-{slug}")
    look_again(sheet, Names(read_connection()))
    return _edit(slug, sheet)


@blueprint.post("/<slug>/rename")
def rename(slug: str) -> Response:
    """Rename the story and go to it, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    sheet.put("act", "rename")
    data = RETITLING().read(sheet)
    stories = services().newsroom.stories
    if attempt(sheet, lambda: stories.rename(byline_of(sheet), slug, **data)):
        return go_on(f"/story/{slug}")
    look_again(sheet, Names(read_connection()))
    return _edit(slug, sheet)


@blueprint.post("/<slug>/questions")
def file(slug: str) -> Response:
    """File the chosen questions under the story and go to it, or ask for one."""
    sheet = sheet_of(this_request().form)
    if not sheet.all("topics"):
        sheet.note_problem(Problem("topics", gettext("Choose a question.")))
    if attempt(sheet, partial(_file, slug, sheet), partial(_refuse, sheet)):
        return go_on(f"/story/{slug}")
    return _edit(slug, sheet)


def _file(slug: str, sheet: FormState) -> list[Recorded]:
    signed = byline(sheet.value("key"))
    return services().newsroom.topics.file_together(signed, sheet.all("topics"), slug)


def _refuse(sheet: FormState, error: StandlineError) -> None:
    """Note an error without suggestions: there is no other question to tick."""
    sheet.note_problem(Problem(error.field, as_sentences(error)))


def _arrange(slug: str, sheet: FormState) -> Recorded:
    sides = [(row.label, [_slug(line) for line in _lines(row.actors)]) for row in _filled(sheet)]
    return services().newsroom.stories.arrange_sides(byline_of(sheet), slug, sides)


def _move(sheet: FormState) -> None:
    """Move a side up if a button asks for it."""
    place = (sheet.number("up") or 0) if sheet.focus == "up" else 0
    for name in (LABEL, ACTORS):
        values = sheet.values.get(name, [])
        if 0 < place < len(values):
            values[place - 1], values[place] = values[place], values[place - 1]


def _rows(sheet: FormState) -> list[SideRow]:
    labels, actors = sheet.all(LABEL), sheet.all(ACTORS)
    return [SideRow(*pair) for pair in zip(labels, actors, strict=False)]


def _filled(sheet: FormState) -> list[SideRow]:
    return [row for row in _rows(sheet) if row.label.strip() or _lines(row.actors)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _slug(name_or_slug: str) -> str:
    actor = actor_named(read_connection(), name_or_slug)
    return actor.slug if actor else name_or_slug


def _edit(slug: str, sheet: FormState) -> Response:
    conn = read_connection()
    row = directory.story(conn, slug)
    now = load(Story, row.id)
    names, unfiled = Names(conn), _unfiled()
    sheet.fill({"title": now.title})
    if LABEL not in sheet.values:
        sheet.values[LABEL] = list(now.labels)
        sheet.values[ACTORS] = [
            "\n".join(known_as(conn, names.actor(actor)) for actor in side) for side in now.sides
        ]
    return show(
        "record/story_edit.html",
        sheet,
        story=row,
        rows=[*_filled(sheet), SideRow("", "")],
        apart=_without_side(row, now, names),
        unfiled=unfiled[:NAMED],
        unlisted=len(unfiled[NAMED:]),
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", form_id()),
    )


def _unfiled() -> list[directory.Topic]:
    """Return the open questions without a story, the latest first."""
    topics = [
        topic for topic in directory.topics(read_connection()) if not (topic.story or topic.closed)
    ]
    return topics[::-1]


def _without_side(row: directory.Story, now: Story, names: Names) -> list[str]:
    """Return the names of actors on the story's topics who have no side."""
    conn = read_connection()
    topics = directory.topics(conn, story=row.id)
    lanes = {
        position.lane for topic in topics for position in current_positions(conn, topic=topic.id)
    }
    placed = {actor for side in now.sides for actor in side}
    return sorted(names.actor(lane).name for lane in lanes - placed)[:NAMED]
