"""The form that words a topic's question anew; what it asks stays the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from timeline.domain.topic import Topic
from timeline.projections.queries import directory
from web.names import Names
from web.record.answers import attempt, go_on, show
from web.record.held import held
from web.record.schemas import RewordSchema
from web.record.sheet import Sheet, sheet_of
from web.record.signing import byline, minted
from web.record.since import look_again
from web.record_access import record, services

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded

blueprint = Blueprint("reword", __name__, url_prefix="/topic")

CALLED = {"question": "same_meaning"}


@blueprint.get("/<slug>/reword")
def ask(slug: str) -> Response:
    """Show the question as it is worded now."""
    topic = held(Topic, directory.topic(record(), slug).id)
    sheet = Sheet({})
    sheet.fill({"topic_question": topic.question, "topic_name": topic.name})
    sheet.fill({"version": str(topic.version), "key": minted()})
    return _form(slug, sheet)


@blueprint.post("/<slug>/reword")
def take(slug: str) -> Response:
    """Record the new wording and go to the topic, or say what is in the way."""
    sheet = sheet_of(request.form)
    given = RewordSchema().read(sheet)
    if not sheet.problems:
        told = partial(sheet.refuse, called=CALLED)
        if attempt(sheet, partial(_reword, slug, sheet, given), told):
            return go_on(f"/t/{slug}")
    look_again(sheet, Names(record()))
    return _form(slug, sheet)


def _reword(slug: str, sheet: Sheet, given: dict[str, Any]) -> Recorded:
    return services().newsroom.topics.reword(
        byline(sheet.value("key")),
        slug,
        given["topic_question"],
        given["reason"],
        same_meaning=bool(given["same_meaning"]),
        name=given["topic_name"],
        expected_version=sheet.number("version"),
    )


def _form(slug: str, sheet: Sheet) -> Response:
    row = directory.topic(record(), slug)
    return show("record/reword.html", sheet, topic=row, now=held(Topic, row.id))
