"""The pages of second factors: turn one on or off, replace it, renew recovery codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec
import segno
from flask import Blueprint

from timeline.desk.accounts.second_factors import APP, address_of_key, in_groups
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from web.account.beginning import begin_session, check_again, status_of
from web.account.pages import error_notice
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.addresses import address_here
from web.shell.identity import PASSWORD, SECOND_FACTOR
from web.shell.kept_form import KeptForm, kept_form
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response

    from timeline.desk.accounts.second_factors import SecondFactors
    from web.account.pages import Notice
    from web.shell.identity import Identity

PAGE = "/account/second-factor"
"""The page of one's own second factor."""

MARGIN = 4
"""The empty squares around a QR code, by ISO/IEC 18004."""


class CodePage(msgspec.Struct, frozen=True, kw_only=True):
    """The form for a code; ``kept`` is a packed form that waits to be sent."""

    handle: str
    kept: str
    notice: Notice | None


class KeyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A key for an app: in groups of four, as an address, and as a QR code of the address.

    The QR code is ``squares`` wide and high; ``dark`` is the SVG path of its dark squares.
    """

    handle: str
    notice: Notice | None
    key: str
    address: str
    squares: int
    dark: str

    @classmethod
    def of(cls, key: str, handle: str, notice: Notice | None = None) -> KeyPage:
        """Return the page of a key."""
        address = address_of_key(key, handle, f"Standline {_site()}")
        rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=MARGIN))
        return cls(
            handle=handle,
            notice=notice,
            key=in_groups(key),
            address=address,
            squares=len(rows),
            dark="".join(_dark_runs(y, row) for y, row in enumerate(rows)),
        )


class CodesPage(msgspec.Struct, frozen=True, kw_only=True):
    """New recovery codes; ``file`` is the data address of a text file with them.

    The page leads on to ``following``, or sends the ``form`` that waited.
    """

    codes: tuple[str, ...]
    file: str
    following: str
    form: KeptForm | None


class FactorPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one's own second factor.

    ``since`` is empty if there is none; ``key`` is a key that is offered in this session, if any;
    ``must`` means that their role needs one; ``following`` is the address that somebody wanted who
    signed in with a recovery code.
    """

    handle: str
    notice: Notice | None
    has_password: bool
    since: str
    codes_left: int
    failures: int
    must: bool
    key: KeyPage | None
    following: str


def codes_page(
    codes: Sequence[str], handle: str, following: str, form: MultiDict[str, str]
) -> CodesPage:
    """Return the page of new recovery codes."""
    grouped = tuple(in_groups(code, "-") for code in codes)
    title = gettext("Recovery codes of %(handle)s for %(site)s", handle=handle, site=_site())
    text = "\r\n".join((title, gettext("Each works once."), "", *grouped, ""))
    return CodesPage(
        codes=grouped,
        file=f"data:text/plain;charset=utf-8,{quote(text)}",
        following=following,
        form=kept_form(form),
    )


def factor_page(who: Identity, notice: Notice | None = None) -> FactorPage:
    """Return the page of one's own second factor."""
    desk, now, query = services().desk, this_request().instant, this_request().query
    factor = desk.second_factors.find(who.handle)
    key = desk.second_factors.offered(who.handle, who.session, now)
    return FactorPage(
        handle=who.handle,
        notice=notice,
        has_password=desk.people.find(who.handle).has_password,
        since=dates.moment_us(factor.since) if factor else "",
        codes_left=factor.codes_left if factor else 0,
        failures=factor.failures if factor else 0,
        must=this_request().needs_second_factor(who.role),
        key=KeyPage.of(key, who.handle) if key else None,
        following=address_here(query.get("next", "/")) if "by" in query else "",
    )


def _dark_runs(y: int, row: Iterable[int]) -> str:
    """Return the SVG path of the dark squares of a row, with neighbours joined."""
    runs = re.finditer(b"\x01+", bytes(row))
    return "".join(f"M{run.start()} {y}H{run.end()}V{y + 1}H{run.start()}z" for run in runs)


def _site() -> str:
    return urlsplit(this_request().host).hostname or ""


SECOND_FACTOR_NEEDED = Message(
    "second_factor_needed",
    "your role needs a second factor",
    fix="take another app in its place",
)

blueprint = Blueprint("own_factor", __name__)

SIGN_IN = f"/sign-in?next={PAGE}"


@blueprint.get(PAGE)
def show() -> Response:
    """Show whether a second factor is on, the possible actions, and an offered key."""
    who = this_request().identity
    if not who.session:
        return see_other(SIGN_IN)
    return render("account/second_factor.html", page=factor_page(who))


@blueprint.post(f"{PAGE}/<any(offer, confirm, codes, off):act>")
def change(act: str) -> Response:
    """Offer a key, activate it, make new recovery codes, or turn the second factor off."""
    if not this_request().identity.session:
        return see_other(SIGN_IN)
    acts = {"offer": _offer, "confirm": _confirm, "codes": _renew_codes, "off": _turn_off}
    try:
        return acts[act]()
    except StandlineError as error:
        page = factor_page(this_request().identity, error_notice(error))
        response = render("account/second_factor.html", page=page)
        response.status_code = status_of(error)
        return response


def _offer() -> Response:
    who = this_request().identity
    check_again()
    _factors().offer(who.handle, who.session, this_request().instant)
    note("second factor offered", who.handle)
    return see_other(PAGE)


def _confirm() -> Response:
    """Activate the key that was offered in this session after the password was checked."""
    who, code = this_request().identity, this_request().form.get("code", "")
    codes = _factors().turn_on(who.handle, who.session, code, this_request().instant)
    note("second factor on", who.handle)
    return _with_codes(codes)


def _renew_codes() -> Response:
    who = this_request().identity
    check_again()
    codes = _factors().renew_codes(who.handle)
    note("new recovery codes", who.handle)
    return _with_codes(codes)


def _turn_off() -> Response:
    who = this_request().identity
    if this_request().needs_second_factor(who.role):
        raise Refused(SECOND_FACTOR_NEEDED)
    check_again()
    _factors().take_off(who.handle)
    note("second factor off", who.handle)
    return begin_session(who.handle, PAGE, by=PASSWORD)


def _with_codes(codes: Sequence[str]) -> Response:
    """Show new recovery codes once, and begin a new session in place of this one."""
    who, form = this_request().identity, this_request().form
    page = codes_page(codes, who.handle, PAGE, form)
    answer = render("account/recovery_codes.html", page=page)
    by = f"{PASSWORD}+{APP}"
    return begin_session(who.handle, PAGE, by=by, proves=SECOND_FACTOR, answer=answer)


def _factors() -> SecondFactors:
    return services().desk.second_factors
