"""Forms for what follows an entry: its retraction, links and further sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from timeline.application.entries import Entries
from timeline.domain.naming import document_id
from timeline.projections.queries import attached, entries
from web.entries.presenter import Presenter
from web.i18n.translate import gettext, lazy_gettext
from web.lanes.proof import link_words
from web.record.acts import Act, Acts
from web.record.fields.choices import attributions
from web.record.fields.inputs import REASON, WHY, TextInput, form
from web.record.fields.matches import ask_which, entry_labels, entry_number
from web.record.fields.schemas import SourceSchema, source_of
from web.record.forms.aggregates import load_entry
from web.record.forms.answers import show
from web.record.forms.form_state import FormState, Problem
from web.record.forms.signing import form_id
from web.shell.request import read_connection, services
from web.wording.names import Names

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from web.record.acts import FormData

blueprint = Blueprint("entry", __name__, url_prefix="/<int:thing>")


def _link(data: FormData) -> FormData:
    """Return the arguments that link or unlink: kind and target, with a note or a reason."""
    return {
        "kind": data["link"],
        "target": entry_number(data["target"], "target"),
        **{name: data[name] for name in ("note", "reason") if name in data},
    }


def _second(data: FormData) -> FormData:
    attribution = data["attribution"] or "reported"
    return {
        "source": source_of(data),
        "attribution": attribution,
        "reported_via": data["reported_via"] if attribution == "second_hand" else "",
    }


def _check_target(_: int, sheet: FormState, data: FormData) -> None:
    if data.get("target"):
        ask_which(read_connection(), sheet, "target")


def _check_source(number: int, sheet: FormState, data: FormData) -> None:
    """Note if the entry has this source already."""
    source = source_of(data)
    parts = (source.url, source.outlet, source.title, source.published_at)
    entry = entries.entry(read_connection(), number)
    now = load_entry(entry)
    is_known = document_id(*(part or "" for part in parts)) in now.sources
    if is_known and sheet.value("key") not in now.keys:
        message = gettext("This source is on record for this entry already.")
        sheet.note_problem(Problem("source.url" if source.url else "source.outlet", message))


class SecondSchema(SourceSchema):
    """A further source of the same words."""

    attribution = TextInput()
    reported_via = TextInput()


ACTS = {
    "retract": Act(
        form(reason=TextInput(WHY), withhold=TextInput()),
        Entries.retract,
        lambda given: given | {"withhold": bool(given["withhold"])},
    ),
    "reinstate": Act(REASON, Entries.reinstate),
    "link": Act(
        form(
            link=TextInput(lazy_gettext("Choose how the two are connected.")),
            target=TextInput(lazy_gettext("Give the number of the other entry.")),
            note=TextInput(),
        ),
        Entries.link,
        _link,
        check=_check_target,
    ),
    "unlink": Act(
        form(link=TextInput(), target=TextInput(), reason=TextInput(WHY)), Entries.unlink, _link
    ),
    "second": Act(SecondSchema, Entries.second, _second, check=_check_source),
    "unsecond": Act(
        form(document=TextInput(), reason=TextInput(WHY)),
        Entries.unsecond,
        lambda given: {"source": given["document"], "reason": given["reason"]},
    ),
}
FORMS = {"unlink": "link", "unsecond": "second"}
"""Acts that share the form of the act that they undo."""


@blueprint.get("/<any(retract, reinstate, link, second):act>")
def ask(thing: int, act: str) -> Response:
    """Show the form of an act."""
    return _form(thing, FormState({"act": [act]}))


def _room(number: int) -> Entries[Any]:
    entries.entry(read_connection(), number)
    return services().newsroom.entries(number)


def _form(number: int, sheet: FormState) -> Response:
    conn, act = read_connection(), sheet.value("act")
    entry = entries.entry(conn, number)
    links = [link for link in attached.links(conn, [number]) if link.number == number]
    labels = entry_labels(conn, {link.target for link in links})
    now, names = load_entry(entry), Names(conn)
    sheet.fill({"key": form_id(), "version": str(now.version), "attribution": "reported"})
    return show(
        f"record/{FORMS.get(act, act)}.html",
        sheet,
        number=number,
        entry=Presenter(conn, names, [entry]).show(entry),
        links=[
            (link, link_words(link.kind, outgoing=True), labels.get(link.target)) for link in links
        ],
        kinds=[(kind, link_words(kind, outgoing=True)) for kind in now.LINKS],
        further=[(source, _source_name(names, source)) for source in now.further_sources],
        attributions=attributions(),
        blank=FormState({}),
    )


def _source_name(names: Names, document: str) -> str:
    source = names.document(document)
    return ", ".join(filter(None, (source.outlet, source.title))) or source.url


Acts(ACTS, room=_room, form=_form, then="/s/{}", called={"source": "source.outlet"}).route(
    blueprint
)
