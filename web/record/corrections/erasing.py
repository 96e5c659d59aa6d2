"""Erasing the words of a thing for good, where a law demands it: for admins alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.erasing import erase, preview_erasure
from timeline.projections.queries import directory, entries, sourced
from timeline.projections.tables.lanes import lane_of
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


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the form tells of a thing; ``stays`` says what of it nobody erases.

    ``entry`` is shown whole where it is one; ``sources`` are those that it rests on, with their
    ids; ``taken`` has the numbers of what was taken from it where it is a source; ``merged`` are
    the actors that were merged into it where it is one. ``verdicts`` are the numbers of what
    editors said of changes that it proves, ``words`` what was said where it is such a verdict.
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


class Erasing(msgspec.Struct, frozen=True):
    """One kind of thing that can be erased.

    ``path`` is where the form lies, with a place for its name; ``room`` takes the command, or
    raises `NotFound`; ``show`` returns what the form shows; ``then`` is where to go on to.
    """

    path: str
    room: Callable[[Any], Erasable]
    show: Callable[[Connection, Any, ErasurePreview], Shown]
    then: str

    def route(self, blueprint: Blueprint) -> None:
        """Show the form at its address, and take it in."""
        blueprint.add_url_rule("/erase", "ask", self._ask)
        acts = {"erase": Act(form(basis=TextInput(WHY)), _erase)}
        Acts(acts, room=self.room, form=self._form, then=self.then).route(blueprint)

    def _ask(self, thing: str | int) -> Response:
        return self._form(thing, FormState({}))

    def _form(self, thing: str | int, sheet: FormState) -> Response:
        """Show what would go and what would stay."""
        conn = read_connection()  # what was said of changes lies in read models, caught up by this
        going = preview_erasure(services(), self.room(thing), thing)
        sheet.fill({"key": form_id(), "version": str(going.version)})
        shown = self.show(conn, thing, going)
        path = self.path.format(thing)
        return show("record/erase.html", sheet, path=path, events=len(going.positions), it=shown)


def _erase(room: Erasable, byline: Byline, thing: str | int, *, basis: str) -> Erased:
    # What this request reads would keep the old bytes on the disk.
    this_request().record.close()
    try:
        return erase(services(), room, thing, byline, basis)
    finally:
        forget_pages()


def _entry(conn: Connection, number: int, going: ErasurePreview) -> Shown:
    entry, names = entries.entry(conn, number), Names(conn)
    return Shown(
        name=f"#{number}",
        href=f"/s/{number}",
        entry=Presenter(conn, names, [entry]).show(entry),
        sources=tuple((source, names.document(source)) for source in going.sources),
        verdicts=tuple(_number_of(verdict) for verdict in going.verdicts),
        stays=gettext(
            "Number, day, speaker, topic and stance stay, with your name, the law and the proof. "
            "To mend or withdraw an entry, correct or retract it instead."
        ),
    )


def _number_of(stream: str) -> int:
    number, _ = services().log.first_events([stream])[stream]
    return number


def _change(_conn: Connection, number: int, going: ErasurePreview) -> Shown:
    return Shown(
        name=gettext("what editors said of a change (#%(number)s)", number=number),
        href=f"/log?at={number}#e{number}",
        words=tuple(sorted(going.texts)),
        stays=gettext(
            "That the change was signed or declined, by whom and when, stays, with the numbers of "
            "its ends, your name, the law and the proof. To take it back, open the change again."
        ),
    )


def _topic(conn: Connection, slug: str, _going: ErasurePreview) -> Shown:
    topic = directory.topic(conn, slug)
    return Shown(
        name=topic.question,
        href=f"/t/{topic.slug}",
        stays=gettext(
            "What was said on it stays, each entry with its own words, and so does the address of "
            "its page, /t/%(slug)s. To word the question better, reword it instead.",
            slug=topic.slug,
        ),
    )


def _actor(conn: Connection, _slug: str, going: ErasurePreview) -> Shown:
    """Show the very actor whose names go, and not the one that it may be merged into."""
    members = {one for one, into in lane_of(conn).items() if into == going.stream}
    actors = directory.actors_by_id(conn, members | {going.stream})
    actor = actors.pop(going.stream)
    named = {one.slug: one for one in actors.values() if one.name != one.slug}
    return Shown(
        name=actor.name,
        href=f"/a/{actor.slug}",
        is_actor=True,
        merged=tuple(one for _, one in sorted(named.items())),
        stays=gettext(
            "What they said stays, each entry with its own words, and so does the address of their "
            "page, /a/%(slug)s. To mend a name, rename the actor instead.",
            slug=actor.slug,
        ),
    )


def _source(conn: Connection, document: str, _going: ErasurePreview) -> Shown:
    found = Names(conn).document(document)
    taken = sourced.entries_from(conn, document)
    return Shown(
        name=", ".join(filter(None, (found.outlet, found.title))) or found.url,
        href="/log",
        taken=tuple(entry.number for entry in taken),
        stays=gettext(
            "The entries taken from it stay, each with its own words; erase those one by one. To "
            "mend its title or address, correct an entry of it instead."
        ),
    )


def _entries(number: int) -> Erasable:
    return services().newsroom.entries(number)


KINDS = {
    "entry": (
        "/<int:thing>",
        Erasing("/record/{}", _entries, _entry, "/s/{}"),
    ),
    "change": (
        "/change/<int:thing>",
        Erasing(
            "/record/change/{}",
            lambda _: services().newsroom.changes,
            _change,
            "/record/change/{}/erase",
        ),
    ),
    "topic": (
        "/topic/<thing>",
        Erasing("/record/topic/{}", lambda _: services().newsroom.topics, _topic, "/t/{}"),
    ),
    "actor": (
        "/actor/<thing>",
        Erasing("/record/actor/{}", lambda _: services().newsroom.actors, _actor, "/a/{}"),
    ),
    "source": (
        "/source/<thing>",
        Erasing(
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
