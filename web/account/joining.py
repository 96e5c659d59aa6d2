"""Joining two accounts of one person: an admin sees what moves and what ends, and does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.errors import StandlineError
from web.account.pages import everybody, refused, role_word
from web.i18n.translate import gettext, ngettext
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from timeline.desk.accounts.people import Person
    from timeline.desk.joining import JoinSummary

blueprint = Blueprint("joining", __name__, url_prefix="/people/join")

UNPROCESSABLE = 422


class JoinPage(msgspec.Struct, frozen=True, kw_only=True):
    """The account that goes and the one that stays, with what moves and what ends in sentences."""

    gone: Person
    into: Person
    role: str
    moves: list[str]
    ends: list[str]


@blueprint.get("")
def look() -> Response:
    """Show what joining ``account`` into ``into`` would move and end."""
    query = this_request().query
    handle, into = query.get("account", ""), query.get("into", "")
    try:
        joined = services().desk.joining.preview(handle, into)
    except StandlineError as error:
        return _refused(error)
    people = services().desk.people
    gone, stays = people.find(handle), people.find(into)
    page = JoinPage(
        gone=gone, into=stays, role=role_word(stays.role), moves=_moves(joined), ends=_ends(joined)
    )
    return render("account/joining.html", page=page)


@blueprint.post("")
def join() -> Response:
    """Join one account into another, and lead back to everybody."""
    form = this_request().form
    handle, into = form.get("account", ""), form.get("into", "")
    try:
        services().desk.joining.join(handle, into, this_request().instant)
    except StandlineError as error:
        return _refused(error)
    note("joined with another account", handle, why=into)
    return see_other("/people")


def _refused(error: StandlineError) -> Response:
    response = render("account/people.html", page=everybody(this_request().now, refused(error)))
    response.status_code = UNPROCESSABLE
    return response


def _moves(joined: JoinSummary) -> list[str]:
    """Say what goes over to the account that stays."""
    waiting, asked, others = joined.waiting, joined.requests, joined.others
    counted = (
        (joined.drafts, ngettext("%(num)d draft", "%(num)d drafts", joined.drafts)),
        (waiting, ngettext("%(num)d waiting entry", "%(num)d waiting entries", waiting)),
        (joined.readings, ngettext("%(num)d sample", "%(num)d samples", joined.readings)),
        (asked, ngettext("%(num)d request for a reply", "%(num)d requests for a reply", asked)),
        (joined.notes, ngettext("%(num)d note", "%(num)d notes", joined.notes)),
        (
            others,
            ngettext("%(num)d other thing on the desk", "%(num)d other things on the desk", others),
        ),
    )
    told = [words for count, words in counted if count]
    return [*told, gettext("the sign-in at the provider")] if joined.takes_provider else told


def _ends(joined: JoinSummary) -> list[str]:
    """Say what ends with the account that goes."""
    counted = (
        (joined.sessions, ngettext("%(num)d session", "%(num)d sessions", joined.sessions)),
        (joined.tokens, ngettext("%(num)d token", "%(num)d tokens", joined.tokens)),
    )
    told = [words for count, words in counted if count]
    return [*told, gettext("the sign-in at the provider")] if joined.drops_provider else told
