"""Names and words that are much like others on record: people tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.spelling import comparable_name
from timeline.projections.queries import directory
from timeline.projections.queries.alike import actors_like
from timeline.projections.queries.alike_questions import questions_alike
from web.i18n.translate import gettext
from web.record.forms.form_state import Offer, Problem
from web.record.forms.question_shape import loaded_words, shape_doubts
from web.shell.request import read_connection, reader_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.directory import Actor
    from web.record.forms.form_state import FormState


def ask_back_actor(sheet: FormState, field: str, names: Iterable[str], own: str = "") -> None:
    """Note that one of the names looks like that of another actor than ``own``, a slug."""
    for name in names:
        known = {actor.slug: actor.name for actor in directory.lookalikes(read_connection(), name)}
        if slug := _undecided(sheet, known, own):
            told = gettext("In other letters this is the name of %(actor)s.", actor=known[slug])
            _offer(
                sheet,
                field,
                told,
                Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True),
            )
            return


def ask_back_namesake(sheet: FormState, field: str, name: str, own: str = "") -> None:
    """Note that another actor than ``own``, a slug, has this name or much the same."""
    if not name:
        return
    conn = read_connection()
    named = directory.actors_named(conn, name)
    known = {actor.slug: actor for actor in (*named, *actors_like(conn, name))}
    slug = _undecided(sheet, known, own)
    if slug:
        told = _namesake(known[slug], name)
        offer = Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem(field, told, (offer,), href=f"/a/{slug}"))


def _namesake(actor: Actor, name: str) -> str:
    names = (actor.name, *directory.aliases(read_connection(), actor.id))
    if comparable_name(name) in map(comparable_name, names):
        return gettext("There is an actor of this name already: %(actor)s.", actor=actor.name)
    return gettext("Much like %(actor)s: is it the same?", actor=actor.name)


def ask_back_topic(sheet: FormState, field: str, words: str, own: str = "") -> None:
    """Note that the words look like those of another topic than ``own``, a slug."""
    alike = directory.topic_lookalikes(read_connection(), words)
    known = {topic.slug: topic.label for topic in alike}
    if slug := _undecided(sheet, known, own):
        told = gettext("In other letters this is the topic %(topic)s.", topic=known[slug])
        _offer(
            sheet,
            field,
            told,
            Offer(gettext("It is another topic"), f"distinct={slug}", answers=True),
        )


def ask_back_question(sheet: FormState, question: str, scale: str, own: str = "") -> None:
    """Note one thing that speaks against a question, unless somebody said that it stays so.

    It may be on record in other words as another topic than ``own``, a slug, be hard to answer on
    its ``scale``, or take a side.
    """
    _ask_back_asked(sheet, question, own)
    for doubt in shape_doubts(question, scale):
        _ask_to_keep(sheet, f"shape:{doubt.words}", doubt.told)
    _ask_back_loaded(sheet, question)


def _ask_back_asked(sheet: FormState, question: str, own: str) -> None:
    """Note that the question, or much the same, is asked already."""
    known = {one.slug: one for one in questions_alike(read_connection(), question)}
    with reader_language() as conn:
        known |= {one.slug: one for one in questions_alike(conn, question)}
    if slug := _undecided(sheet, known, own):
        topic = known[slug]
        told = (
            gettext("This question stands already.")
            if comparable_name(topic.question) == comparable_name(question)
            else gettext("Much like “%(question)s” Is it the same?", question=topic.question)
        )
        offer = Offer(gettext("It is another question"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem("topic_question", told, (offer,), href=f"/t/{slug}"))


def _ask_back_loaded(sheet: FormState, question: str) -> None:
    """Note that a question takes a side by its words."""
    found = loaded_words(question)
    if not found:
        return
    told = gettext(
        "The question takes a side by %(words)s. Could those who answer no ask it so, too?",
        words=", ".join(gettext("“%(quote)s”", quote=word) for word in found),
    )
    _ask_to_keep(sheet, "words:" + "+".join(found), told)


def _ask_to_keep(sheet: FormState, answer: str, told: str) -> None:
    """Note a hint at a question, unless it was answered that it stays as it is."""
    if answer not in sheet.all("distinct"):
        offer = Offer(gettext("Keep the question as it is"), f"distinct={answer}", answers=True)
        _offer(sheet, "topic_question", told, offer)


def _undecided(sheet: FormState, known: Iterable[str], own: str) -> str | None:
    """Return the first slug of which nobody has said yet that it is of another."""
    decided = {own, *sheet.all("distinct")}
    return next((slug for slug in known if slug not in decided), None)


def _offer(sheet: FormState, field: str, told: str, offer: Offer) -> None:
    sheet.note_problem(Problem(field, told, (offer,)))
