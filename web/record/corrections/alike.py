"""The form that corrects the topic or the speaker of several statements, after a preview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint

from timeline.domain.errors import NotFound
from timeline.domain.text import whole_number
from timeline.projections.queries import directory, entries
from timeline.projections.queries.selected_entries import standing_numbers
from timeline.projections.tables.lanes import lanes_known
from web.entries.presenter import Presenter
from web.i18n.translate import gettext, ngettext
from web.record.fields.choices import actor_named, chosen_topic, topic_groups
from web.record.fields.inputs import WHY, TextInput, form
from web.record.forms.answers import attempt, go_on, look_again, show
from web.record.forms.form_state import FormState, Problem, as_sentences, sheet_of
from web.record.forms.signing import byline, form_id
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
"""How many statements the form lists: those recorded last."""

CALLED = {"stance": "topic", "speaker": "actor", "on_behalf_of": "actor"}


class AlikeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of the list; ``becomes`` has the old and the new value of each change.

    ``seen`` is its number and the version that is shown, separated by a colon.
    """

    statement: StatementView
    topic: str
    seen: str
    is_ticked: bool
    becomes: list[tuple[str, str]]


@blueprint.get("")
def ask() -> Response:
    """List statements on a ``topic`` and by an ``actor`` (slugs), or of the numbers in ``n``.

    ``n`` separates them by dots. ``to_topic`` and ``to_actor`` fill the form in; ``done`` says how
    many were just corrected, where the form offers to undo that.
    """
    query = this_request().query
    sheet = FormState({"key": [form_id()], "material": ["material"]})
    sheet.put("topic", query.get("to_topic", ""))
    sheet.put("actor", query.get("to_actor", ""))
    numbers = [number for part in query.get("n", "").split(".") if (number := whole_number(part))]
    sheet.values["tick"] = list(map(str, numbers))
    listed = numbers[:MOST] or _numbers_of(query.get("topic", ""), query.get("actor", ""))
    return _form(listed, sheet, NewValues(), done=whole_number(query.get("done", "")) or 0)


@blueprint.post("")
def take() -> Response:
    """Show a preview; once that was seen, correct the statements and offer to undo it."""
    sheet = sheet_of(this_request().form)
    data = ALIKE().read(sheet)
    seen = {number: version for number, version in map(_seen, sheet.all("seen")) if number}
    ticked = [number for number in seen if str(number) in sheet.all("tick")]
    statements = entries.statements(read_connection(), ticked)
    values = NewValues(data["topic"], data["actor"])
    values.names.learn(statements.values())
    changing = [entry for entry in statements.values() if values.changes_of(entry)]
    _check(sheet, data, values, ticked=bool(statements), changing=bool(changing))
    shown = "|".join((*map(str, ticked), data["topic"], data["actor"]))
    sheet.quiet = sheet.quiet or (not sheet.problems and sheet.value("previewed") != shown)
    sheet.put("previewed", "" if sheet.shown_problems else shown)
    pairs = [(entry.number, seen[entry.number]) for entry in changing]
    refuse = partial(_refuse, sheet, {entry.stream: entry.number for entry in changing})
    if attempt(sheet, partial(_correct, sheet, data, values, pairs), refuse):
        return go_on(_way_back(changing, data, values))
    look_again(sheet, values.names)
    companions = values.companions(changing)
    _warn_of_companions(sheet, companions)
    return _form([*dict.fromkeys((*seen, *companions))], sheet, values)


def _seen(pair: str) -> tuple[int | None, int | None]:
    number, _, version = pair.partition(":")
    return whole_number(number), whole_number(version)


def _numbers_of(topic: str, actor: str) -> list[int]:
    """Return the numbers of statements on a topic or by an actor; none if neither is given."""
    conn = read_connection()
    about = directory.topic(conn, topic).id if topic else ""
    whose = _lane_members(actor) if actor else set()
    return standing_numbers(conn, MOST, topic=about, speakers=whose) if about or whose else []


def _lane_members(actor: str) -> set[str]:
    """Return the ids of all actors in the lane of an actor, itself included."""
    conn = read_connection()
    lanes = lanes_known(conn)
    return lanes.members(lanes.of(directory.actor(conn, actor).id))


def _warn_of_companions(sheet: FormState, numbers: Sequence[int]) -> None:
    """Warn of statements from the same utterances that would keep their speaker."""
    if numbers:
        message = ngettext(
            "%(which)s was said in the same breath and keeps its speaker: tick it as well if it is "
            "meant.",
            "%(which)s were said in the same breath and keep their speaker: tick them as well if "
            "they are meant.",
            len(numbers),
            which=", ".join(f"#{number}" for number in numbers),
        )
        sheet.doubts["tick"] = Problem("tick", message)


def _check(
    sheet: FormState,
    data: dict[str, Any],
    values: NewValues,
    *,
    ticked: bool,
    changing: bool,
) -> None:
    """Note on the sheet what is missing."""
    topic, actor = data["topic"], data["actor"]
    try:
        if topic:
            directory.topic(read_connection(), topic)
    except NotFound as error:
        sheet.refuse(error)
    if not ticked:
        sheet.note_problem(Problem("tick", gettext("Tick the statements that are meant.")))
    elif not (topic or actor):
        message = gettext("Say what they should hold: another topic, another speaker, or both.")
        sheet.note_problem(Problem("topic", message))
    elif actor and values.actor is None:
        message = gettext("Nobody on record, or several, go by that name.")
        sheet.note_problem(Problem("actor", message))
    elif not changing:
        sheet.note_problem(Problem("tick", gettext("That is what they hold already.")))


def _correct(
    sheet: FormState,
    data: dict[str, Any],
    values: NewValues,
    pairs: Sequence[tuple[int, int | None]],
) -> list[Recorded]:
    actor = values.actor
    changes = {"topic": data["topic"], "actor": actor.slug if actor else ""}
    return services().newsroom.statements.correct_alike(
        byline(sheet.value("key")),
        pairs,
        {name: value for name, value in changes.items() if value},
        data["reason"],
        material=sheet.value("material") != "clerical",
    )


def _refuse(sheet: FormState, numbers: dict[str, int], error: StandlineError) -> None:
    """Note the error of a rule, and the statement that it is about."""
    field = CALLED.get(error.field, error.field)
    which = f"#{numbers[error.entry]}: " if error.entry in numbers else ""
    sheet.note_problem(Problem(field, which + as_sentences(error)))


def _way_back(changed: Sequence[StatementEntry], data: dict[str, Any], values: NewValues) -> str:
    """Return the address of the form that undoes this, for values that all of them shared."""
    names = values.names
    topics = {names.topic(entry.topic).slug for entry in changed} if data["topic"] else set()
    actors = {names.actor(entry.speaker).slug for entry in changed} if data["actor"] else set()
    before = {
        "n": ".".join(str(entry.number) for entry in changed),
        "to_topic": topics.pop() if len(topics) == 1 else "",
        "to_actor": actors.pop() if len(actors) == 1 else "",
        "done": str(len(changed)),
    }
    return f"/record/alike?{urlencode({name: value for name, value in before.items() if value})}"


def _form(numbers: Sequence[int], sheet: FormState, values: NewValues, done: int = 0) -> Response:
    statements = list(entries.statements(read_connection(), numbers).values())
    return show(
        "record/alike.html",
        sheet,
        rows=_rows(statements, sheet, values),
        groups=values.groups,
        done=done,
        most=MOST,
    )


def _rows(
    statements: Sequence[StatementEntry], sheet: FormState, values: NewValues
) -> list[AlikeRow]:
    ticked, versions = sheet.all("tick"), _versions(statements)
    presenter = Presenter(read_connection(), values.names, statements)
    return [
        AlikeRow(
            statement=presenter.statement(entry),
            topic=values.names.topic(entry.topic).label,
            seen=f"{entry.number}:{versions[entry.stream]}",
            is_ticked=str(entry.number) in ticked,
            becomes=values.changes_of(entry) if str(entry.number) in ticked else [],
        )
        for entry in sorted(statements, key=lambda entry: entry.number, reverse=True)
    ]


def _versions(statements: Sequence[StatementEntry]) -> dict[str, int]:
    """Return the version of each statement by its stream, with one read of the log."""
    streams = [entry.stream for entry in statements]
    concerns(*streams)
    log = services().log.streams_of(streams) if streams else {}
    return {stream: events[-1].originator_version for stream, events in log.items()}


class NewValues:
    """The new topic (by slug) and speaker (by name in any spelling), looked up once a request.

    ``groups`` are the topics to choose from; ``actor`` is ``None`` if nobody has that name.
    """

    def __init__(self, topic: str = "", actor: str = "") -> None:
        conn = read_connection()
        self.names, self.groups = Names(conn), topic_groups()
        self.actor = actor_named(conn, actor)
        self._topic = chosen_topic(self.groups, topic)

    def changes_of(self, entry: StatementEntry) -> list[tuple[str, str]]:
        """Return the old and the new value of each field that would change."""
        changed = []
        if self._topic and self._topic.id != entry.topic:
            changed.append((self.names.topic(entry.topic).label, self._topic.label))
        if self.actor and self.actor.id != entry.speaker:
            changed.append((self.names.actor(entry.speaker).name, self.actor.name))
        return changed

    def companions(self, ticked: Sequence[StatementEntry]) -> list[int]:
        """Return the statements of the same utterances that are not ticked, by their numbers."""
        if self.actor is None:
            return []
        own = {entry.number for entry in ticked}
        return sorted(
            entry.number
            for entry in _same_utterance(ticked)
            if entry.number not in own and not entry.retracted and entry.speaker != self.actor.id
        )


def _same_utterance(statements: Iterable[StatementEntry]) -> Iterable[StatementEntry]:
    firsts = {
        (entry.document, entry.utterance): entry
        for entry in statements
        if entry.utterance is not None
    }
    for statement in firsts.values():
        yield from entries.utterance(read_connection(), statement)
