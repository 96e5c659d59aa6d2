"""A noun: pledges, who promised what by when, kept or broken."""

from tests.docs.additions.addition import Addition

EVENTS = '''
    """Pledges: who promised what by when, and whether it was kept."""

    from __future__ import annotations

    from timeline.domain.aggregate import Aggregate, command
    from timeline.domain.dates import parse_date
    from timeline.domain.errors import Refused
    from timeline.domain.event import Byline, Content, Event
    from timeline.domain.field import in_catalogues
    from timeline.domain.messages import Message

    NOTHING_PROMISED = Message(
        "nothing_promised", "it is not said what was promised", fix="say it in a sentence"
    )
    SETTLED_ALREADY = Message(
        "settled_already", "this pledge was settled already", fix="nothing has to be done"
    )


    class PledgeWords(Content, frozen=True):
        text: str


    class PledgeMade(Event, frozen=True):
        TOPIC = "pledge.made"
        actor: str
        due: str
        content: PledgeWords | None = None


    class PledgeSettled(Event, frozen=True):
        TOPIC = "pledge.settled"
        kept: bool


    class Pledge(Aggregate):
        """Decides what may be recorded of one pledge."""

        def __init__(self) -> None:
            super().__init__()
            self.kept: bool | None = None

        @classmethod
        def make(cls, byline: Byline, pledge: str, actor: str, text: str, due: str) -> Pledge:
            """Record that somebody promised something by a day (EDTF)."""
            parse_date(due, "due")
            if not text.strip():
                raise Refused(NOTHING_PROMISED, field="text")
            new = cls()
            new.id = pledge
            words = PledgeWords(text=text.strip())
            new._record(PledgeMade, byline, actor=actor, due=due, content=words)
            return new

        @command
        def settle(self, byline: Byline, *, kept: bool) -> None:
            """Say whether it was kept; raises `Refused` the second time."""
            if self.kept is not None:
                raise Refused(SETTLED_ALREADY)
            self._record(PledgeSettled, byline, kept=kept)

        def _apply(self, event: Event) -> None:
            if isinstance(event, PledgeSettled):
                self.kept = event.kept


    AGGREGATE, FIRST = Pledge, PledgeMade
    READABLE = {"pledge.made": "actor due text", "pledge.settled": "kept"}
    TITLES = {
        "pledge.made": (in_catalogues("Pledge made"), in_catalogues("Made")),
        "pledge.settled": (in_catalogues("Pledge settled"), in_catalogues("Settled")),
    }
'''

COMMANDS = '''
    """What may be done with pledges."""

    from __future__ import annotations

    from typing import TYPE_CHECKING

    from timeline.application.noun import Noun
    from timeline.application.texts import text
    from timeline.pledge.events import Pledge

    if TYPE_CHECKING:
        from timeline.application.recording import Recorded
        from timeline.domain.event import Byline


    class Pledges(Noun):
        """Made once, settled once."""

        def make(self, byline: Byline, pledge: str, actor: str, words: str, due: str) -> Recorded:
            """Record what an actor, given by slug or name, promised by a day."""
            who = self._directory().actor(actor).id
            return self._open(Pledge.make(byline, pledge, who, text(words, "text"), due))

        def settle(self, byline: Byline, pledge: str, *, kept: bool) -> Recorded:
            """Record whether a pledge was kept."""
            return self._recording.revise(
                Pledge, pledge, byline, lambda one: one.settle(byline, kept=kept)
            )


    COMMANDS = Pledges
'''

ROWS = '''
    """The read model of pledges: what events write into it, and what pages ask of it."""

    from __future__ import annotations

    from typing import TYPE_CHECKING, NamedTuple

    from sqlalchemy import Column, Integer, Table, Text, select, update

    from timeline.pledge.events import PledgeMade, PledgeSettled
    from timeline.projections.tables import schema

    if TYPE_CHECKING:
        from sqlalchemy import Connection

        from timeline.projections.writing.batch import Batch

    pledges = Table(
        "pledges",
        schema.metadata,
        Column("id", Text, primary_key=True),
        Column("actor", Text),
        Column("text", Text),
        Column("due", Text),
        Column("kept", Integer),
    )


    class PledgeRow(NamedTuple):
        """``kept`` is None for as long as nobody settled it."""

        id: str
        actor: str
        text: str
        due: str
        kept: int | None


    def _made(batch: Batch, _position: int, event: PledgeMade) -> None:
        words = event.content.text if event.content else ""
        batch.add(pledges, (event.originator_id, event.actor, words, event.due, None))


    def _settled(batch: Batch, _position: int, event: PledgeSettled) -> None:
        batch.flush()
        one = pledges.c.id == event.originator_id
        batch.conn.execute(update(pledges).where(one).values(kept=int(event.kept)))


    HANDLERS = {PledgeMade: _made, PledgeSettled: _settled}


    def every_pledge(conn: Connection) -> list[PledgeRow]:
        """Return the pledges, those due first at first."""
        return [PledgeRow(*row) for row in conn.execute(select(pledges).order_by("due", "id"))]
'''

EXPORT = '''
    """Pledges as JSON Lines, read from the log."""

    from __future__ import annotations

    from typing import TYPE_CHECKING

    import msgspec

    from timeline.pledge.events import PledgeMade

    if TYPE_CHECKING:
        from typing import BinaryIO

        from timeline.interchange.formats.contracts import ExportOptions, Store


    class PledgeExporter:
        """One line for each pledge."""

        name = "pledges"

        def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
            """Write what was pledged up to a position."""
            for _, event in store.log.stream(0, options.known_at or store.log.head()):
                if isinstance(event, PledgeMade):
                    text = event.content.text if event.content else None
                    line = {"id": event.originator_id, "text": text, "due": event.due}
                    out.write(msgspec.json.encode(line) + b"\\n")
'''

PAGE = '''
    """Pledges: the page that lists them, the form that adds to it, and both for programs."""

    from __future__ import annotations

    from functools import partial
    from typing import TYPE_CHECKING, Any

    import msgspec
    from flask import Blueprint

    from timeline.pledge.rows import PledgeRow, every_pledge
    from timeline.projections.queries import directory
    from web.i18n.translate import lazy_gettext
    from web.record.fields.inputs import FormSchema, TextInput
    from web.record.forms.answers import attempt, go_on, show
    from web.record.forms.form_state import FormState, sheet_of
    from web.record.forms.signing import byline, form_id
    from web.shell.data_answer import data_answer
    from web.shell.request import read_connection, services, this_request

    if TYPE_CHECKING:
        from werkzeug.wrappers import Response

        from timeline.application.recording import Recorded

    blueprint = Blueprint("pledge", __name__)


    class PledgeSchema(FormSchema):
        """Who promised what by when."""

        actor = TextInput(lazy_gettext("Name who promised it."))
        text = TextInput(lazy_gettext("Say what was promised."))
        due = TextInput(lazy_gettext("Say by when."))


    @blueprint.get("/pledges")
    def listed() -> Response:
        """List what was pledged."""
        return _page(FormState({}))


    @blueprint.post("/pledges")
    def make() -> Response:
        """Record a pledge, or say what is in the way."""
        sheet = sheet_of(this_request().form)
        given = PledgeSchema().read(sheet)
        done = attempt(sheet, partial(_make, sheet, given))
        return go_on("/pledges") if done else _page(sheet)


    @blueprint.post("/pledges/<pledge>")
    def settle(pledge: str) -> Response:
        """Record whether a pledge was kept."""
        sheet = sheet_of(this_request().form)
        kept = sheet.value("kept") == "yes"
        pledges = services().newsroom.of_rooms["pledge"]
        done = attempt(sheet, partial(pledges.settle, byline(), pledge, kept=kept))
        return go_on("/pledges") if done else _page(sheet)


    @blueprint.get("/api/v1/pledges")
    def answers() -> Response:
        """Tell the pledges to programs."""
        rows = [one._asdict() for one in every_pledge(read_connection())]
        return data_answer(msgspec.json.encode({"items": rows}), "application/json")


    def _make(sheet: FormState, given: dict[str, Any]) -> Recorded:
        pledges, own = services().newsroom.of_rooms["pledge"], form_id(sheet.value("entry"))
        return pledges.make(byline(), own, given["actor"], given["text"], given["due"])


    def _page(sheet: FormState) -> Response:
        conn = read_connection()
        rows: list[PledgeRow] = every_pledge(conn)
        names = directory.actors_by_id(conn, {one.actor for one in rows})
        return show("pledge/page.html", sheet, pledges=rows, names=names, id=form_id())
'''

TEMPLATE = """
    {% extends "record/frame.html" %}
    {% import "record/fields.html" as f with context %}
    {% block title %}{{ _('Pledges') }}{% endblock %}
    {% block main %}<h1>{{ _('Pledges') }}</h1>
    {% block form %}{% import "record/fields.html" as f with context %}
    <ul>{% for one in pledges %}<li>{{ names[one.actor].name }}: {{ one.text }} ({{ one.due }}),
    {% if one.kept is none %}{{ _('open') }}{% elif one.kept %}{{ _('kept') }}
    {% else %}{{ _('broken') }}{% endif %}</li>{% endfor %}</ul>
    {% if site.may_record %}<form method="post" action="/pledges" novalidate>
    {{ f.trouble(sheet) }}<input type="hidden" name="entry" value="{{ id }}">
    {{ f.text(sheet, 'actor', _('Who')) }}{{ f.text(sheet, 'text', _('What')) }}
    {{ f.text(sheet, 'due', _('By when')) }}
    <button type="submit">{{ _('Record the pledge') }}</button></form>{% endif %}
    {% endblock %}{% endblock %}
"""

GERMAN = {
    "Pledge made": "Zusage gemacht",
    "Pledge settled": "Zusage abgeschlossen",
    "Pledges": "Zusagen",
    "kept": "gehalten",
    "broken": "gebrochen",
    "Record the pledge": "Zusage festhalten",
}

CATALOGUE = "web/translations/de/LC_MESSAGES/messages.po"

NOUN = Addition(
    rows=("noun",),
    lines={
        "pyproject.toml": [
            (
                "[dependency-groups]",
                """
                [project.entry-points."standline.nouns"]
                pledge = "timeline.pledge"

                """,
            ),
            (
                'timelinejs = "timeline.interchange.foreign.timelinejs_out',
                'pledges = "timeline.pledge.export:PledgeExporter"\n',
            ),
            ('picture = "web.picture:blueprint"', 'pledge = "web.pledge:blueprint"\n'),
            ('"analysis",', '"pledge",\n'),
        ],
        "web/shell/policies.py": [
            (
                '"preferences.choose": CHOOSING,',
                """
                "pledge": READING,
                "pledge.make": RECORDING,
                "pledge.settle": RECORDING,
                """,
            )
        ],
        CATALOGUE: [
            (
                'msgid "Story opened"',
                "".join(f'msgid "{en}"\nmsgstr "{de}"\n\n' for en, de in GERMAN.items()),
            )
        ],
        "tests/stores/golden.py": [
            (
                "from timeline.stores.mapper import write_event",
                "from timeline.pledge.events import PledgeMade, PledgeSettled, PledgeWords\n",
            ),
            (
                "StoryTranslated(",
                """
                PledgeMade(
                    **LATER,
                    originator_id=STORY,
                    actor=STORY,
                    due="2026",
                    content=PledgeWords(text="a bridge"),
                ),
                PledgeSettled(**LATER, originator_id=STORY, kept=True),
                """,
            ),
        ],
    },
    words={
        "pyproject.toml": ('| picture",', '| picture | pledge",'),
    },
    files={
        "timeline/pledge/__init__.py": '"""Pledges: who promised what, and was it kept."""\n',
        "timeline/pledge/events.py": EVENTS,
        "timeline/pledge/commands.py": COMMANDS,
        "timeline/pledge/rows.py": ROWS,
        "timeline/pledge/export.py": EXPORT,
        "web/pledge/__init__.py": PAGE,
        "web/templates/pledge/page.html": TEMPLATE,
    },
)
