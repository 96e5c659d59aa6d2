"""Join two accounts of one person: an admin previews what moves and ends, and confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint

from timeline.domain.errors import StandlineError
from web.account.pages import error_notice, people_page, role_word
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
    """The account that ends and the one that stays, with sentences on what moves and what ends."""

    gone: Person
    into: Person
    role: str
    moves: list[str]
    ends: list[str]


@blueprint.get("")
def look() -> Response:
    """Preview joining ``account`` into ``into``."""
    query = this_request().query
    handle, into = query.get("account", ""), query.get("into", "")
    try:
        joined = services().desk.joining.preview(handle, into)
    except StandlineError as error:
        return _refused(error)
    people = services().desk.people
    closed, kept = people.find(handle), people.find(into)
    page = JoinPage(
        gone=closed, into=kept, role=role_word(kept.role), moves=_moves(joined), ends=_ends(joined)
    )
    return render("account/joining.html", page=page)


@blueprint.post("")
def join() -> Response:
    """Join one account into another, and go back to the people."""
    form = this_request().form
    handle, into = form.get("account", ""), form.get("into", "")
    try:
        services().desk.joining.join(handle, into, this_request().instant)
    except StandlineError as error:
        return _refused(error)
    note("joined with another account", handle, why=into)
    return see_other("/people")


def _refused(error: StandlineError) -> Response:
    response = render(
        "account/people.html", page=people_page(this_request().now, error_notice(error))
    )
    response.status_code = UNPROCESSABLE
    return response


def _moves(joined: JoinSummary) -> list[str]:
    """Say what moves to the account that stays."""
    waiting, requests, others = joined.waiting, joined.requests, joined.others
    counts = (
        (joined.drafts, ngettext("%(num)d draft", "%(num)d drafts", joined.drafts)),
        (waiting, ngettext("%(num)d waiting entry", "%(num)d waiting entries", waiting)),
        (joined.readings, ngettext("%(num)d sample", "%(num)d samples", joined.readings)),
        (
            requests,
            ngettext("%(num)d request for a reply", "%(num)d requests for a reply", requests),
        ),
        (joined.notes, ngettext("%(num)d note", "%(num)d notes", joined.notes)),
        (
            others,
            ngettext("%(num)d other thing on the desk", "%(num)d other things on the desk", others),
        ),
    )
    lines = [words for count, words in counts if count]
    return [*lines, gettext("the sign-in at the provider")] if joined.takes_provider else lines


def _ends(joined: JoinSummary) -> list[str]:
    """Say what ends with the other account."""
    counts = (
        (joined.sessions, ngettext("%(num)d session", "%(num)d sessions", joined.sessions)),
        (joined.tokens, ngettext("%(num)d token", "%(num)d tokens", joined.tokens)),
    )
    lines = [words for count, words in counts if count]
    return [*lines, gettext("the sign-in at the provider")] if joined.drops_provider else lines
