"""Forms that change something on record: a table of acts for each kind, and one view for all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from web.record.forms.answers import attempt, go_on, look_again
from web.record.forms.form_state import sheet_of
from web.record.forms.signing import byline, byline_of
from web.shell.request import read_connection, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Blueprint
    from werkzeug.wrappers import Response

    from web.record.fields.inputs import FormSchema
    from web.record.forms.form_state import FormState

FormData = dict[str, Any]


class Act(msgspec.Struct, frozen=True):
    """One thing that a form does: its fields, and the command of the newsroom.

    The command gets a byline with the version that the person saw, the name of the thing, and
    ``arguments`` made of the fields. ``at_any_version`` skips the check of the version.
    ``check`` notes on the sheet what only the person can decide.
    """

    schema: type[FormSchema]
    command: Callable[..., object]
    arguments: Callable[[FormData], FormData] = dict
    at_any_version: bool = False
    check: Callable[[Any, FormState, FormData], None] | None = None

    def run(self, room: object, thing: str | int, sheet: FormState, data: FormData) -> object:
        """Run the command; raises what it raises."""
        signed = byline(sheet.value("key")) if self.at_any_version else byline_of(sheet)
        return self.command(room, signed, thing, **self.arguments(data))


class Acts(msgspec.Struct, frozen=True):
    """The acts on one kind of thing, which is named by its slug or number.

    ``room`` returns the part of the newsroom that takes the commands, or raises `NotFound`;
    ``form`` shows the form of the act that the sheet names; ``then`` is the address to go on to,
    with a place for the thing; ``called`` maps the fields that errors name differently.
    """

    acts: Mapping[str, Act]
    room: Callable[[Any], object]
    form: Callable[[Any, FormState], Response]
    then: str
    called: Mapping[str, str] = {}

    def route(self, blueprint: Blueprint) -> None:
        """Add a route for each act, below the address of the thing."""
        for name in self.acts:
            view = partial(self._submit, name)
            blueprint.add_url_rule(f"/{name}", name, view, methods=["POST"])

    def _submit(self, name: str, thing: str | int) -> Response:
        """Run the command and go on; else show the form again with what is wrong."""
        act, room = self.acts[name], self.room(thing)
        sheet = sheet_of(this_request().form)
        sheet.put("act", name)
        if sheet.value("open"):
            return self.form(thing, sheet)
        data = act.schema().read(sheet)
        if act.check:
            act.check(thing, sheet, data)
        command = partial(act.run, room, thing, sheet, data)
        if attempt(sheet, command, partial(sheet.refuse, called=self.called)):
            return go_on(self.then.format(thing))
        look_again(sheet, Names(read_connection()))
        return self.form(thing, sheet)
