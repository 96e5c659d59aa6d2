"""The form that corrects several statements alike, seen first: their topic, or who said them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.domain.text import whole_number
from timeline.projections.queries import directory, entries
from timeline.projections.queries.standing import standing_numbers
from timeline.projections.tables.lanes import lanes_known
from web.entries.presenter import Presenter
from web.i18n.translate import gettext, ngettext
from web.record.fields.choices import actor_named, chosen_topic, topic_groups
from web.record.fields.inputs import WHY, TextInput, form
from web.record.forms.answers import attempt, go_on, show
from web.record.forms.form_state import FormState, Problem, as_sentences, sheet_of
from web.record.forms.signing import byline, form_id
from web.record.forms.since import look_again
from web.shell.request import concerns, read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from timeline.domain.errors import StandlineError
    from timeline.projections.queries.entries import StatementEntry
    from web.entries.views import StatementView


ALIKE = form(reason=TextInput(WHY), topic=TextInput(), actor=TextInput())

blueprint = Blueprint("alike", __name__, url_prefix="/alike")

MOST = 200
"""Statements that the form lists: those recorded last."""

CALLED = {"stance": "topic", "speaker": "actor", "on_behalf_of": "actor"}


class AlikeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of the list: whether it is ticked, and what it would be instead of what.

    ``seen`` is its number with the version that is shown, a colon between.
    """

    statement: StatementView
    topic: str
    seen: str
    is_ticked: bool
    becomes: list[tuple[str, str]]


@blueprint.get("")
def ask() -> Response:
    """List statements on a ``topic`` and by an ``actor`` (slugs), or of numbers ``n`` in dots.

    ``to_topic`` and ``to_actor`` fill the form in; ``done`` says that it is the way back.
    """
    query = this_request().query
    sheet = FormState({"key": [form_id()], "material": ["material"]})
    sheet.put("topic", query.get("to_topic", ""))
    sheet.put("actor", query.get("to_actor", ""))
    numbers = [number for one in query.get("n", "").split(".") if (number := whole_number(one))]
    sheet.values["tick"] = list(map(str, numbers))
    found = numbers[:MOST] or _listed(query.get("topic", ""), query.get("actor", ""))
    return _form(found, sheet, Instead(), done=whole_number(query.get("done", "")) or 0)


@blueprint.post("")
def take() -> Response:
    """Show what would change; once that was seen, correct it and lead to the way back."""
    sheet = sheet_of(this_request().form)
    given = ALIKE().read(sheet)
    seen = {number: version for number, version in map(_seen, sheet.all("seen")) if number}
    ticked = [number for number in seen if str(number) in sheet.all("tick")]
    found = entries.statements(read_connection(), ticked)
    instead = Instead(given["topic"], given["actor"])
    instead.names.learn(found.values())
    changing = [entry for entry in found.values() if instead.of(entry)]
    _check(sheet, given, instead, ticked=bool(found), changing=bool(changing))
    shown = "|".join((*map(str, ticked), given["topic"], given["actor"]))
    sheet.quiet = sheet.quiet or sheet.value("previewed") != shown
    sheet.put("previewed", "" if sheet.shown_problems else shown)
    pairs = [(entry.number, seen[entry.number]) for entry in changing]
    refuse = partial(_refuse, sheet, {entry.stream: entry.number for entry in changing})
    if attempt(sheet, partial(_correct, sheet, given, instead, pairs), refuse):
        return go_on(_way_back(changing, given, instead))
    look_again(sheet, instead.names)
    beside = instead.beside(changing)
    _tell_beside(sheet, beside)
    return _form([*dict.fromkeys((*seen, *beside))], sheet, instead)


def _seen(written: str) -> tuple[int | None, int | None]:
    number, _, version = written.partition(":")
    return whole_number(number), whole_number(version)


def _listed(topic: str, actor: str) -> list[int]:
    """Return the numbers of statements on a topic or by an actor; none where neither is named."""
    conn = read_connection()
    about = directory.topic(conn, topic).id if topic else ""
    whose = _lane(actor) if actor else set()
    return standing_numbers(conn, MOST, topic=about, speakers=whose) if about or whose else []


def _lane(actor: str) -> set[str]:
    """Return the ids of all who are known to be the same as an actor, itself included."""
    conn = read_connection()
    lanes = lanes_known(conn)
    return lanes.members(lanes.of(directory.actor(conn, actor).id))


def _tell_beside(sheet: FormState, numbers: Sequence[int]) -> None:
    """Say what was said in the same breath by a speaker who would stay as they are."""
    if numbers:
        told = ngettext(
            "%(which)s was said in the same breath and keeps its speaker: tick it as well if it is "
            "meant.",
            "%(which)s were said in the same breath and keep their speaker: tick them as well if "
            "they are meant.",
            len(numbers),
            which=", ".join(f"#{number}" for number in numbers),
        )
        sheet.doubts["tick"] = Problem("tick", told)


def _check(
    sheet: FormState, given: dict[str, Any], instead: Instead, *, ticked: bool, changing: bool
) -> None:
    """Note what is missing; nothing is recorded that was not seen before."""
    topic, actor = given.get("topic", ""), given.get("actor", "")
    if not ticked:
        sheet.note_problem(Problem("tick", gettext("Tick the statements that are meant.")))
    elif not (topic or actor):
        told = gettext("Say what they should hold: another topic, another speaker, or both.")
        sheet.note_problem(Problem("topic", told))
    elif actor and instead.actor is None:
        told = gettext("Nobody on record, or several, go by that name.")
        sheet.note_problem(Problem("actor", told))
    elif not changing:
        sheet.note_problem(Problem("tick", gettext("That is what they hold already.")))


def _correct(
    sheet: FormState,
    given: dict[str, Any],
    instead: Instead,
    pairs: Sequence[tuple[int, int | None]],
) -> list[Recorded]:
    actor = instead.actor
    changes = {"topic": given["topic"], "actor": actor.slug if actor else ""}
    return services().newsroom.statements.correct_alike(
        byline(sheet.value("key")),
        pairs,
        {name: value for name, value in changes.items() if value},
        given["reason"],
        material=sheet.value("material") != "clerical",
    )


def _refuse(sheet: FormState, numbers: dict[str, int], error: StandlineError) -> None:
    """Note what a rule said no to, and at which statement."""
    field = CALLED.get(error.field, error.field)
    which = f"#{numbers[error.entry]}: " if error.entry in numbers else ""
    sheet.note_problem(Problem(field, which + as_sentences(error)))


def _way_back(changed: Sequence[StatementEntry], given: dict[str, Any], instead: Instead) -> str:
    """Return where the form stands with what the statements held before, as far as all did."""
    names = instead.names
    topics = {names.topic(entry.topic).slug for entry in changed} if given["topic"] else set()
    actors = {names.actor(entry.speaker).slug for entry in changed} if given["actor"] else set()
    before = {
        "n": ".".join(str(entry.number) for entry in changed),
        "to_topic": topics.pop() if len(topics) == 1 else "",
        "to_actor": actors.pop() if len(actors) == 1 else "",
        "done": str(len(changed)),
    }
    return f"/record/alike?{urlencode({name: one for name, one in before.items() if one})}"


def _form(numbers: Sequence[int], sheet: FormState, instead: Instead, done: int = 0) -> Response:
    found = list(entries.statements(read_connection(), numbers).values())
    return show(
        "record/alike.html",
        sheet,
        rows=_rows(found, sheet, instead),
        groups=instead.groups,
        done=done,
        most=MOST,
    )


def _rows(found: Sequence[StatementEntry], sheet: FormState, instead: Instead) -> list[AlikeRow]:
    ticked, versions = sheet.all("tick"), _versions(found)
    presenter = Presenter(read_connection(), instead.names, found)
    return [
        AlikeRow(
            statement=presenter.statement(entry),
            topic=instead.names.topic(entry.topic).label,
            seen=f"{entry.number}:{versions[entry.stream]}",
            is_ticked=str(entry.number) in ticked,
            becomes=instead.of(entry) if str(entry.number) in ticked else [],
        )
        for entry in sorted(found, key=lambda one: one.number, reverse=True)
    ]


def _versions(found: Sequence[StatementEntry]) -> dict[str, int]:
    """Return the version of each statement (stream), all read from the log at once."""
    streams = [entry.stream for entry in found]
    concerns(*streams)
    log = services().log.streams_of(streams) if streams else {}
    return {stream: events[-1].originator_version for stream, events in log.items()}


class Instead:
    """A topic (slug) and an actor (in any spelling) as typed, looked up once for a request.

    ``groups`` are the topics to choose from; ``actor`` is ``None`` where it is nobody's name.
    """

    def __init__(self, topic: str = "", actor: str = "") -> None:
        conn = read_connection()
        self.names, self.groups = Names(conn), topic_groups()
        self.actor = actor_named(conn, actor)
        self._topic = chosen_topic(self.groups, topic)

    def of(self, entry: StatementEntry) -> list[tuple[str, str]]:
        """Return what a statement holds and would hold, where that is something else."""
        changed = []
        if self._topic and self._topic.id != entry.topic:
            changed.append((self.names.topic(entry.topic).label, self._topic.label))
        if self.actor and self.actor.id != entry.speaker:
            changed.append((self.names.actor(entry.speaker).name, self.actor.name))
        return changed

    def beside(self, ticked: Sequence[StatementEntry]) -> list[int]:
        """Return numbers of what was said in one breath with these, and would keep its speaker."""
        if self.actor is None:
            return []
        own = {entry.number for entry in ticked}
        return sorted(
            entry.number
            for entry in _said_with(ticked)
            if entry.number not in own and not entry.retracted and entry.speaker != self.actor.id
        )


def _said_with(ticked: Iterable[StatementEntry]) -> Iterable[StatementEntry]:
    breaths = {
        (entry.document, entry.utterance): entry for entry in ticked if entry.utterance is not None
    }
    for breath in breaths.values():
        yield from entries.utterance(read_connection(), breath)
