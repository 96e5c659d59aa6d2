"""Names and words that are much like others on record: people tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.spelling import letters
from timeline.projections.queries import directory
from timeline.projections.queries.alike import actors_like
from web.i18n.translate import gettext
from web.record.forms.loaded_words import loaded_words
from web.record.forms.sheet import Offer, Problem
from web.shell.request import read_connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.directory import Actor
    from web.record.forms.sheet import Sheet


def ask_back_actor(sheet: Sheet, field: str, names: Iterable[str], own: str = "") -> None:
    """Note that one of the names looks like that of another actor than ``own``, a slug."""
    for name in names:
        known = {one.slug: one.name for one in directory.lookalikes(read_connection(), name)}
        if slug := _undecided(sheet, known, own):
            told = gettext("In other letters this is the name of %(actor)s.", actor=known[slug])
            _offer(
                sheet,
                field,
                told,
                Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True),
            )
            return


def ask_back_namesake(sheet: Sheet, field: str, name: str, own: str = "") -> None:
    """Note that another actor than ``own``, a slug, has this name or much the same."""
    if not name:
        return
    conn = read_connection()
    named = directory.actors_named(conn, name)
    known = {one.slug: one for one in (*named, *actors_like(conn, name))}
    slug = _undecided(sheet, known, own)
    if slug:
        told = _namesake(known[slug], name)
        offer = Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem(field, told, (offer,), href=f"/a/{slug}"))


def _namesake(actor: Actor, name: str) -> str:
    names = (actor.name, *directory.aliases(read_connection(), actor.id))
    if letters(name) in map(letters, names):
        return gettext("There is an actor of this name already: %(actor)s.", actor=actor.name)
    return gettext("Much like %(actor)s: is it the same?", actor=actor.name)


def ask_back_topic(sheet: Sheet, field: str, words: str, own: str = "") -> None:
    """Note that the words look like those of another topic than ``own``, a slug."""
    alike = directory.topic_lookalikes(read_connection(), words)
    known = {one.slug: one.label for one in alike}
    if slug := _undecided(sheet, known, own):
        told = gettext("In other letters this is the topic %(topic)s.", topic=known[slug])
        _offer(
            sheet,
            field,
            told,
            Offer(gettext("It is another topic"), f"distinct={slug}", answers=True),
        )


def ask_back_loaded(sheet: Sheet, question: str) -> None:
    """Note that a question takes a side by its words, unless somebody said that it stays so."""
    found = loaded_words(question)
    answer = "words:" + "+".join(found)
    if not found or answer in sheet.all("distinct"):
        return
    told = gettext(
        "The question takes a side by %(words)s. Could those who answer no ask it so, too?",
        words=", ".join(gettext("“%(quote)s”", quote=word) for word in found),
    )
    offer = Offer(gettext("Keep the question as it is"), f"distinct={answer}", answers=True)
    _offer(sheet, "topic_question", told, offer)


def _undecided(sheet: Sheet, known: Iterable[str], own: str) -> str | None:
    """Return the first slug of which nobody has said yet that it is of another."""
    decided = {own, *sheet.all("distinct")}
    return next((slug for slug in known if slug not in decided), None)


def _offer(sheet: Sheet, field: str, told: str, offer: Offer) -> None:
    sheet.note_problem(Problem(field, told, (offer,)))
