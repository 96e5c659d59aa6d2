"""Erase the words of a thing for good, because a law demands it; only admins may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.erasing import erase, preview_erasure
from timeline.projections.queries import directory, entries
from timeline.projections.queries.selected_entries import entries_from
from timeline.projections.tables.lanes import lanes_known
from web.entries.presenter import Presenter
from web.i18n.translate import gettext
from web.record.acts import Act, Acts
from web.record.fields.inputs import WHY, TextInput, form
from web.record.forms.answers import show
from web.record.forms.form_state import FormState
from web.record.forms.signing import form_id
from web.shell.page_cache import forget_pages
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.domain.event import Byline
    from timeline.erasing import Erasable, Erased, ErasurePreview
    from timeline.projections.queries.directory import Actor
    from timeline.projections.queries.documents import Document
    from web.entries.views import EntryView


class ErasurePage(msgspec.Struct, frozen=True, kw_only=True):
    """What the form shows of a thing; ``stays`` says what is not erased.

    Of an entry: ``entry`` itself, its ``sources`` with their ids, and ``verdicts``, the numbers of
    the editors' decisions on changes that it proves. Of a source: ``taken``, the numbers of its
    entries. Of an actor: ``merged``, the actors that were merged into it. Of a decision: its
    ``words``.
    """

    name: str
    href: str
    stays: str
    is_actor: bool = False
    entry: EntryView | None = None
    sources: tuple[tuple[str, Document], ...] = ()
    taken: tuple[int, ...] = ()
    verdicts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    merged: tuple[Actor, ...] = ()


class ErasureForm(msgspec.Struct, frozen=True):
    """One kind of thing that can be erased.

    ``path`` is the address of the form, with a place for the thing's name; ``room`` takes the
    command, or raises `NotFound`; ``show`` returns the page; ``then`` is the address to go on to.
    """

    path: str
    room: Callable[[Any], Erasable]
    show: Callable[[Connection, Any, ErasurePreview], ErasurePage]
    then: str

    def route(self, blueprint: Blueprint) -> None:
        """Add the routes that show the form and take it in."""
        blueprint.add_url_rule("/erase", "ask", self._ask)
        acts = {"erase": Act(form(basis=TextInput(WHY)), _erase)}
        Acts(acts, room=self.room, form=self._form, then=self.then).route(blueprint)

    def _ask(self, thing: str | int) -> Response:
        return self._form(thing, FormState({}))

    def _form(self, thing: str | int, sheet: FormState) -> Response:
        """Show what would be erased and what would stay."""
        conn = read_connection()  # this catches up the read models, which the preview needs
        preview = preview_erasure(services(), self.room(thing), thing)
        sheet.fill({"key": form_id(), "version": str(preview.version)})
        shown = self.show(conn, thing, preview)
        path = self.path.format(thing)
        return show("record/erase.html", sheet, path=path, events=len(preview.positions), it=shown)


def _erase(room: Erasable, byline: Byline, thing: str | int, *, basis: str) -> Erased:
    # An open read connection would keep the old bytes on the disk.
    this_request().record.close()
    try:
        return erase(services(), room, thing, byline, basis)
    finally:
        forget_pages()


def _entry(conn: Connection, number: int, preview: ErasurePreview) -> ErasurePage:
    entry, names = entries.entry(conn, number), Names(conn)
    return ErasurePage(
        name=f"#{number}",
        href=f"/s/{number}",
        entry=Presenter(conn, names, [entry]).show(entry),
        sources=tuple((source, names.document(source)) for source in preview.sources),
        verdicts=tuple(_number_of(verdict) for verdict in preview.verdicts),
        stays=gettext(
            "Number, day, speaker, topic and stance stay, with your name, the law and the proof. "
            "To mend or withdraw an entry, correct or retract it instead."
        ),
    )


def _number_of(stream: str) -> int:
    number, _ = services().log.first_events([stream])[stream]
    return number


def _change(_conn: Connection, number: int, preview: ErasurePreview) -> ErasurePage:
    return ErasurePage(
        name=gettext("what editors said of a change (#%(number)s)", number=number),
        href=f"/log?at={number}#e{number}",
        words=tuple(sorted(preview.texts)),
        stays=gettext(
            "That the change was signed or declined, by whom and when, stays, with the numbers of "
            "its ends, your name, the law and the proof. To take it back, open the change again."
        ),
    )


def _topic(conn: Connection, slug: str, _preview: ErasurePreview) -> ErasurePage:
    topic = directory.topic(conn, slug)
    return ErasurePage(
        name=topic.question,
        href=f"/t/{topic.slug}",
        stays=gettext(
            "What was said on it stays, each entry with its own words, and so does the address of "
            "its page, /t/%(slug)s. To word the question better, reword it instead.",
            slug=topic.slug,
        ),
    )


def _actor(conn: Connection, _slug: str, preview: ErasurePreview) -> ErasurePage:
    """Show the actor whose names are erased, not the one that it may be merged into."""
    members = {
        actor_id for actor_id, into in lanes_known(conn).lane.items() if into == preview.stream
    }
    actors = directory.actors_by_id(conn, members | {preview.stream})
    actor = actors.pop(preview.stream)
    named = {other.slug: other for other in actors.values() if other.name != other.slug}
    return ErasurePage(
        name=actor.name,
        href=f"/a/{actor.slug}",
        is_actor=True,
        merged=tuple(other for _, other in sorted(named.items())),
        stays=gettext(
            "What they said stays, each entry with its own words, and so does the address of their "
            "page, /a/%(slug)s. To mend a name, rename the actor instead.",
            slug=actor.slug,
        ),
    )


def _source(conn: Connection, document: str, _preview: ErasurePreview) -> ErasurePage:
    source = Names(conn).document(document)
    rows = entries_from(conn, document)
    return ErasurePage(
        name=", ".join(filter(None, (source.outlet, source.title))) or source.url,
        href="/log",
        taken=tuple(entry.number for entry in rows),
        stays=gettext(
            "The entries taken from it stay, each with its own words; erase those one by one. To "
            "mend its title or address, correct an entry of it instead."
        ),
    )


def _entries(number: int) -> Erasable:
    return services().newsroom.entries(number)


KINDS = {
    "entry": ("/<int:thing>", ErasureForm("/record/{}", _entries, _entry, "/s/{}")),
    "change": (
        "/change/<int:thing>",
        ErasureForm(
            "/record/change/{}",
            lambda _: services().newsroom.changes,
            _change,
            "/record/change/{}/erase",
        ),
    ),
    "topic": (
        "/topic/<thing>",
        ErasureForm("/record/topic/{}", lambda _: services().newsroom.topics, _topic, "/t/{}"),
    ),
    "actor": (
        "/actor/<thing>",
        ErasureForm("/record/actor/{}", lambda _: services().newsroom.actors, _actor, "/a/{}"),
    ),
    "source": (
        "/source/<thing>",
        ErasureForm(
            "/record/source/{}",
            lambda _: services().newsroom.documents,
            _source,
            "/record/source/{}/erase",
        ),
    ),
}

blueprint = Blueprint("erasing", __name__)
for kind, (prefix, erasing) in KINDS.items():
    below = Blueprint(kind, __name__, url_prefix=prefix)
    erasing.route(below)
    blueprint.register_blueprint(below)
