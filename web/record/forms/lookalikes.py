"""Ask back if a name or a question looks like another on record: a person must decide."""

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
    """Ask if one of the names looks like that of an actor other than ``own``, a slug."""
    for name in names:
        by_slug = {
            actor.slug: actor.name for actor in directory.lookalikes(read_connection(), name)
        }
        if slug := _undecided(sheet, by_slug, own):
            message = gettext(
                "In other letters this is the name of %(actor)s.", actor=by_slug[slug]
            )
            _offer(
                sheet,
                field,
                message,
                Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True),
            )
            return


def ask_back_namesake(sheet: FormState, field: str, name: str, own: str = "") -> None:
    """Ask if an actor other than ``own``, a slug, has this name or a similar one."""
    if not name:
        return
    conn = read_connection()
    namesakes = directory.actors_named(conn, name)
    by_slug = {actor.slug: actor for actor in (*namesakes, *actors_like(conn, name))}
    slug = _undecided(sheet, by_slug, own)
    if slug:
        message = _namesake(by_slug[slug], name)
        offer = Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem(field, message, (offer,), href=f"/a/{slug}"))


def _namesake(actor: Actor, name: str) -> str:
    names = (actor.name, *directory.aliases(read_connection(), actor.id))
    if comparable_name(name) in map(comparable_name, names):
        return gettext("There is an actor of this name already: %(actor)s.", actor=actor.name)
    return gettext("Much like %(actor)s: is it the same?", actor=actor.name)


def ask_back_topic(sheet: FormState, field: str, words: str, own: str = "") -> None:
    """Ask if the words look like those of a topic other than ``own``, a slug."""
    alike = directory.topic_lookalikes(read_connection(), words)
    by_slug = {topic.slug: topic.label for topic in alike}
    if slug := _undecided(sheet, by_slug, own):
        message = gettext("In other letters this is the topic %(topic)s.", topic=by_slug[slug])
        _offer(
            sheet,
            field,
            message,
            Offer(gettext("It is another topic"), f"distinct={slug}", answers=True),
        )


def ask_back_question(sheet: FormState, question: str, scale: str, own: str = "") -> None:
    """Note one objection to a question, unless somebody said that it stays so.

    The question may repeat that of a topic other than ``own``, a slug; be hard to answer on its
    ``scale``; or take a side.
    """
    _ask_back_duplicate(sheet, question, own)
    for doubt in shape_doubts(question, scale):
        _ask_to_keep(sheet, f"shape:{doubt.words}", doubt.message)
    _ask_back_loaded(sheet, question)


def _ask_back_duplicate(sheet: FormState, question: str, own: str) -> None:
    """Ask if the same question, or a similar one, is on record."""
    by_slug = {topic_.slug: topic_ for topic_ in questions_alike(read_connection(), question)}
    with reader_language() as conn:
        by_slug |= {topic_.slug: topic_ for topic_ in questions_alike(conn, question)}
    if slug := _undecided(sheet, by_slug, own):
        topic = by_slug[slug]
        message = (
            gettext("This question stands already.")
            if comparable_name(topic.question) == comparable_name(question)
            else gettext("Much like “%(question)s” Is it the same?", question=topic.question)
        )
        offer = Offer(gettext("It is another question"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem("topic_question", message, (offer,), href=f"/t/{slug}"))


def _ask_back_loaded(sheet: FormState, question: str) -> None:
    """Note if a question takes a side by its words."""
    words = loaded_words(question)
    if not words:
        return
    message = gettext(
        "The question takes a side by %(words)s. Could those who answer no ask it so, too?",
        words=", ".join(gettext("“%(quote)s”", quote=word) for word in words),
    )
    _ask_to_keep(sheet, "words:" + "+".join(words), message)


def _ask_to_keep(sheet: FormState, answer: str, message: str) -> None:
    """Note a hint about a question, unless somebody said that the question stays as it is."""
    if answer not in sheet.all("distinct"):
        offer = Offer(gettext("Keep the question as it is"), f"distinct={answer}", answers=True)
        _offer(sheet, "topic_question", message, offer)


def _undecided(sheet: FormState, slugs: Iterable[str], own: str) -> str | None:
    """Return the first slug that nobody has called distinct yet."""
    decided = {own, *sheet.all("distinct")}
    return next((slug for slug in slugs if slug not in decided), None)


def _offer(sheet: FormState, field: str, message: str, offer: Offer) -> None:
    sheet.note_problem(Problem(field, message, (offer,)))
