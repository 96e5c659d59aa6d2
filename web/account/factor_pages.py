"""What the pages of second factors show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec
import segno

from timeline.desk.accounts.second_factors import address_of_key, in_groups
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.addresses import address_here
from web.shell.kept_form import KeptForm, kept_form
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.datastructures import MultiDict

    from web.account.pages import Notice
    from web.shell.identity import Identity

PAGE = "/account/second-factor"
"""Of one's own second factor."""

MARGIN = 4
"""Empty squares around a QR code, as ISO/IEC 18004 has it."""


class CodePage(msgspec.Struct, frozen=True, kw_only=True):
    """The form for a code; ``kept`` is a form that waits to be sent, packed."""

    handle: str
    kept: str
    notice: Notice | None


class KeyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A key to take into an app: in groups of four, as an address, and as a QR code of that.

    The code is ``squares`` wide and high; ``dark`` is the SVG path of those that are dark.
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
    """New recovery codes, ``file`` the same as the address of a text file.

    It leads on to ``following``, or sends the ``form`` that waited.
    """

    codes: tuple[str, ...]
    file: str
    following: str
    form: KeptForm | None


class FactorPage(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sees of their own second factor.

    ``since`` is empty where they have none; ``key`` is one to take, if one is offered in this
    session; ``must`` tells that their role needs one, ``following`` where somebody wanted to go who
    came in by a recovery code.
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


def codes_shown(
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


def factor_shown(who: Identity, notice: Notice | None = None) -> FactorPage:
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
    """Return the SVG path of the dark squares of a row, of those side by side as one."""
    runs = re.finditer(b"\x01+", bytes(row))
    return "".join(f"M{run.start()} {y}H{run.end()}V{y + 1}H{run.start()}z" for run in runs)


def _site() -> str:
    return urlsplit(this_request().host).hostname or ""
