"""Erasing the words of an entry for good, where a law demands it: for admins alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.erasing import doomed, erase
from timeline.projections.queries import entries
from web.entries.presenter import Presenter
from web.record.acts import Act, Acts
from web.record.fields.schemas import ErasureSchema
from web.record.forms.answers import show
from web.record.forms.sheet import Sheet
from web.record.forms.signing import form_id
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.application.entries import Entries
    from timeline.domain.event import Byline
    from timeline.erasing import Erased

blueprint = Blueprint("erasing", __name__, url_prefix="/<int:thing>")


@blueprint.get("/erase")
def ask(thing: int) -> Response:
    """Show what would go and what would stay."""
    return _form(thing, Sheet({}))


def _erase(
    room: Entries[Any], byline: Byline, number: int, *, basis: str, expected_version: int
) -> Erased:
    # What this request reads would keep the old bytes on the disk.
    this_request().record.close()
    return erase(services(), room, number, byline, basis, expected_version)


def _form(number: int, sheet: Sheet) -> Response:
    conn = read_connection()
    entry = entries.entry(conn, number)
    going = doomed(services(), _room(number), number)
    names = Names(conn)
    sheet.fill({"key": form_id(), "version": str(going.version)})
    return show(
        "record/erase.html",
        sheet,
        number=number,
        entry=Presenter(conn, names, [entry]).show(entry),
        events=len(going.positions),
        sources=[names.document(one) for one in going.sources],
    )


def _room(number: int) -> Entries[Any]:
    return services().newsroom.entries(number)


Acts({"erase": Act(ErasureSchema, _erase)}, room=_room, form=_form, then="/s/{}").route(blueprint)
