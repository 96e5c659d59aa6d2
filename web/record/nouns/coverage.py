"""The form in which an editor records which outlets were watched for a topic, or withdraws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.application.topics import Topics
from timeline.domain.coverage import HOWS, Watch
from timeline.domain.text import whole_number
from timeline.domain.topic import Topic
from timeline.projections.queries import directory
from web.i18n import dates
from web.i18n.translate import lazy_gettext
from web.record.acts import Act, Acts
from web.record.fields.choices import all_names
from web.record.fields.inputs import WHY, DateInput, LinesInput, TextInput, form
from web.record.forms.aggregates import load
from web.record.forms.answers import show
from web.record.forms.form_state import FormState
from web.record.forms.signing import form_id
from web.shell.parts import add_part
from web.shell.request import read_connection, services, this_request
from web.wording.kinds import how_watched

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Actor

blueprint = Blueprint("coverage", __name__, url_prefix="/topic/<thing>/coverage")
add_part(blueprint, "record.topic", "record/coverage_of_topic.html")


class WatchLine(msgspec.Struct, frozen=True):
    """A recorded watch, as the list beside the form shows it."""

    number: int
    actor: str
    outlets: str
    since: str
    until: str
    how: str


def _watch(data: dict[str, Any]) -> dict[str, Any]:
    watch = Watch(
        since=data["since"],
        until=data["until"] or None,
        actor=data["actor"] or None,
        how=data["how"],
        outlets=tuple(data["outlets"].splitlines()),
        note=data["note"],
    )
    return {"watch": watch, "number": whole_number(data["number"]) or 0}


ACTS = {
    "watch": Act(
        form(
            number=TextInput(),
            actor=TextInput(),
            outlets=LinesInput(lazy_gettext("Name the outlets, one a line.")),
            since=DateInput(lazy_gettext("Give the first day.")),
            until=DateInput(),
            how=TextInput(),
            note=TextInput(),
        ),
        Topics.watch,
        _watch,
    ),
    "withdraw": Act(
        form(number=TextInput(), reason=TextInput(WHY)),
        Topics.withdraw_watch,
        lambda data: {"number": whole_number(data["number"]) or 0, "reason": data["reason"]},
    ),
}


@blueprint.get("")
def ask(thing: str) -> Response:
    """Show the form; ``number`` in the address names a watch to edit or withdraw."""
    return _form(thing, FormState({"number": [this_request().query.get("number", "")]}))


def _form(slug: str, sheet: FormState) -> Response:
    conn = read_connection()
    row = directory.topic(conn, slug)
    now = load(Topic, row.id)
    actors = directory.actors_by_id(
        conn, {watch.actor for watch in now.watches.values() if watch.actor}
    )
    number = whole_number(sheet.value("number")) or 0
    act = sheet.value("act") or "watch"
    sheets = {name: FormState({}, prefix=f"{name}-") for name in ACTS} | {act: sheet}
    sheet.prefix = f"{act}-"
    sheets["watch"].fill(_filled(now.watches.get(number), actors))
    return show(
        "record/coverage.html",
        sheet,
        topic=row,
        lines=[_line(place, watch, actors) for place, watch in sorted(now.watches.items())],
        number=number if number in now.watches else 0,
        names=all_names(conn),
        ways=[(how, how_watched(how)) for how in HOWS],
        sheets=sheets,
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", form_id()),
    )


def _filled(watch: Watch | None, actors: dict[str, Actor]) -> dict[str, str | None]:
    if watch is None:
        return {}
    actor = actors.get(watch.actor or "")
    return {
        "actor": actor.name if actor else "",
        "outlets": "\n".join(watch.outlets),
        "since": watch.since,
        "until": watch.until or "",
        "how": watch.how,
        "note": watch.note,
    }


def _line(number: int, watch: Watch, actors: dict[str, Actor]) -> WatchLine:
    actor = actors.get(watch.actor or "")
    return WatchLine(
        number,
        actor.name if actor else "",
        ", ".join(watch.outlets),
        dates.said(watch.since),
        dates.said(watch.until) if watch.until else "",
        how_watched(watch.how),
    )


Acts(ACTS, room=lambda _: services().newsroom.topics, form=_form, then="/t/{}/coverage").route(
    blueprint
)
