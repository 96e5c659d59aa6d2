"""The forms for a topic that is open: its wording, its story, and whether it takes statements."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.domain.topic import Topic
from timeline.projections.queries import directory
from web.record.fields.schemas import FilingSchema, ReasonSchema, RewordSchema
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.held import held
from web.record.forms.sheet import Sheet, sheet_of
from web.record.forms.signing import byline, minted
from web.record.forms.since import look_again
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from web.record.fields.inputs import FormSchema

    Command = Callable[[Sheet, dict[str, Any]], Recorded]

blueprint = Blueprint("topic_edit", __name__, url_prefix="/topic/<slug>")

CALLED = {"question": "same_meaning"}
ACTS = ("reword", "file", "close", "reopen")


@blueprint.get("")
def edit(slug: str) -> Response:
    """Show what may be done with a topic."""
    return _edit(slug, Sheet({}))


@blueprint.post("/reword")
def reword(slug: str) -> Response:
    """Word the question anew; what it asks stays the same."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.topics.reword(
            byline(sheet.value("key")),
            slug,
            given["topic_question"],
            given["reason"],
            same_meaning=bool(given["same_meaning"]),
            name=given["topic_name"],
            expected_version=sheet.number("version"),
        )

    return _decide(slug, "reword", RewordSchema(), command)


@blueprint.post("/file")
def file(slug: str) -> Response:
    """File the topic under another story, or under none."""

    def command(sheet: Sheet, given: dict[str, Any]) -> Recorded:
        return services().newsroom.topics.file_under(
            byline(sheet.value("key")),
            slug,
            given["story"] or None,
            expected_version=sheet.number("version"),
        )

    return _decide(slug, "file", FilingSchema(), command)


@blueprint.post("/close")
def close(slug: str) -> Response:
    """Close the topic to new statements."""
    return _decide(slug, "close", ReasonSchema(), partial(_turn, slug, closing=True))


@blueprint.post("/reopen")
def reopen(slug: str) -> Response:
    """Open a closed topic again."""
    return _decide(slug, "reopen", ReasonSchema(), partial(_turn, slug, closing=False))


def _turn(slug: str, sheet: Sheet, given: dict[str, Any], *, closing: bool) -> Recorded:
    topics = services().newsroom.topics
    return (topics.close if closing else topics.reopen)(
        byline(sheet.value("key")),
        slug,
        given["reason"],
        expected_version=sheet.number("version"),
    )


def _decide(slug: str, act: str, schema: FormSchema, command: Command) -> Response:
    """Give the command if its form is filled in, and go to the topic; else say what is wrong."""
    sheet = sheet_of(this_request().form)
    sheet.put("act", act)
    given = schema.read(sheet)
    if not sheet.problems:
        told = partial(sheet.refuse, called=CALLED)
        if attempt(sheet, partial(command, sheet, given), told):
            return go_on(f"/t/{slug}")
    look_again(sheet, Names(read_connection()))
    return _edit(slug, sheet)


def _edit(slug: str, sheet: Sheet) -> Response:
    row = directory.topic(read_connection(), slug)
    now = held(Topic, row.id)
    stories = directory.stories(read_connection())
    sheet.prefix = f"{sheet.value('act')}-"
    sheets = {act: Sheet({}, prefix=f"{act}-") for act in ACTS} | {sheet.value("act"): sheet}
    sheets["reword"].fill({"topic_question": now.question, "topic_name": now.name})
    filed = next((one.slug for one in stories if one.id == now.story), "")
    sheets["file"].fill({"story": filed})
    return show(
        "record/topic_edit.html",
        sheet,
        topic=row,
        now=now,
        filed=filed,
        stories=[(one.slug, one.title) for one in stories],
        sheets=sheets,
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", minted()),
    )
