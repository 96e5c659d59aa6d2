"""What forms do to things on record: acts in a table for each kind, taken in by one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from web.record.fields.inputs import FormSchema
from web.record.forms.answers import attempt, go_on
from web.record.forms.form_state import sheet_of
from web.record.forms.signing import byline, byline_of
from web.record.forms.since import look_again
from web.shell.request import read_connection, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug.wrappers import Response

    from web.record.forms.form_state import FormState

Given = dict[str, Any]


class Act(msgspec.Struct, frozen=True):
    """One thing that a form does: its fields, and the newsroom's command.

    The command gets a byline with the version that the person saw, the thing's name, and
    ``arguments`` made of the fields; ``at_any_version`` where nothing recorded meanwhile can stand
    in its way.
    ``check`` notes on the sheet of a thing what nobody but the person can decide.
    """

    schema: type[FormSchema]
    command: Callable[..., object]
    arguments: Callable[[Given], Given] = dict
    at_any_version: bool = False
    check: Callable[[Any, FormState, Given], None] | None = None

    def give(self, room: object, thing: str | int, sheet: FormState, given: Given) -> object:
        """Give the command; raises what it raises."""
        signed = byline(sheet.value("key")) if self.at_any_version else byline_of(sheet)
        return self.command(room, signed, thing, **self.arguments(given))


class Acts(msgspec.Struct, frozen=True):
    """What may be done with one kind of thing, given by its slug or number.

    ``room`` returns the part of the newsroom that takes the commands, or raises `NotFound`;
    ``form`` shows the form of the act that the sheet names; ``then`` is the address to go on to,
    with a place for the thing; ``called`` has the fields that errors call otherwise.
    """

    acts: Mapping[str, Act]
    room: Callable[[Any], object]
    form: Callable[[Any, FormState], Response]
    then: str
    called: Mapping[str, str] = {}

    def route(self, blueprint: Blueprint) -> None:
        """Take each act in at its own address, below that of the thing."""
        for name in self.acts:
            view = partial(self._take, name)
            blueprint.add_url_rule(f"/{name}", name, view, methods=["POST"])

    def _take(self, name: str, thing: str | int) -> Response:
        """Give the command if its form is filled in, and go on; else say what is in the way."""
        act, room = self.acts[name], self.room(thing)
        sheet = sheet_of(this_request().form)
        sheet.put("act", name)
        if sheet.value("open"):
            return self.form(thing, sheet)
        given = act.schema().read(sheet)
        if act.check:
            act.check(thing, sheet, given)
        command = partial(act.give, room, thing, sheet, given)
        if attempt(sheet, command, partial(sheet.refuse, called=self.called)):
            return go_on(self.then.format(thing))
        look_again(sheet, Names(read_connection()))
        return self.form(thing, sheet)
