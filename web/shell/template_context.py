"""The template variables of every page: the reader's choices, and how current the page is."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from flask import request
from markupsafe import Markup

from timeline.desk.accounts.roles import Role
from timeline.domain.errors import StandlineError
from timeline.parquet import is_installed
from web.i18n.languages import LANGUAGES
from web.i18n.translate import translator
from web.shell.addresses import in_language
from web.shell.policies import may_code, may_record
from web.shell.publisher import publisher
from web.shell.request import CurrentRequest, this_request
from web.wording.kinds import outlet_kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

SECTIONS = {
    "home": "topics",
    "topic": "topics",
    "codebook": "topics",
    "coverage": "topics",
    "story": "topics",
    "statement": "topics",
    "actor": "actors",
    "compare": "compare",
    "log": "log",
    "how_to_read": "how-to-read",
}


def register(app: Flask) -> None:
    """Add the variables to every template."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    current, lang, own = this_request(), translator().code, publisher().language
    choices = current.choices
    site = Site(
        lang=lang,
        own=Markup(' lang="{}"').format(own) if own.partition("-")[0] != lang else Markup(),
        languages=tuple(LANGUAGES.items()),
        elsewhere=_in_each_language(current),
        theme=choices.theme,
        density=choices.density,
        quotes=choices.quotes,
        keys=choices.keys,
        section=SECTIONS.get(request.blueprint or "", ""),
        path=request.full_path.rstrip("?"),
        query=request.args.get("q", "") if request.blueprint == "search" else "",
        may_record=may_record(),
        may_code=may_code(),
        four_eyes=_asks_four_eyes(current),
        signs_in=current.signs_in,
        provider=current.provider.name if current.provider else "",
        person=current.identity.name,
        is_admin=current.identity.may(Role.ADMIN),
        gives_parquet=is_installed(),
        shown=current.record.reached.position if current.record.reached else 0,
        behind=current.record.missing,
        missing=_missing(current),
    )
    return {"site": site, "own": _language_mark(site.own), "outlet_kinds": outlet_kinds}


def _asks_four_eyes(request: CurrentRequest) -> bool:
    """Tell whether buttons mention a second person; true if the store cannot be reached."""
    with suppress(StandlineError):
        return request.four_eyes
    return True


def _in_each_language(current: CurrentRequest) -> tuple[tuple[str, str], ...]:
    """Return the address of a page in each language; none for a page with a query."""
    if request.blueprint not in {*SECTIONS, "corrections"} or current.query:
        return ()
    page = f"{current.host.rstrip('/')}{quote(request.path, safe='/@:.')}"
    addresses = [(code, in_language(page, code)) for code in LANGUAGES]
    return (*addresses, ("x-default", page))


def _language_mark(attribute: Markup) -> Callable[..., Markup]:
    """Return a function for templates that marks the newsroom's words as another language."""

    def own(thing: Any, field: str = "") -> Markup:  # noqa: ANN401 - a noun, or a view of an entry
        """Return the attribute for a noun or a field of an entry; empty if it is translated."""
        translated = field in thing.translated if field else bool(thing.lang)
        return Markup() if translated else attribute

    return own


def _missing(current: CurrentRequest) -> Missing:
    """Return what was set aside; nothing on the list of events, which shows each error itself."""
    reached = current.record.reached
    if reached is None or not reached.aside or request.endpoint == "log.show":
        return Missing()
    return Missing(reached.aside, reached.named, current.record.set_aside_here())


class Missing(msgspec.Struct, frozen=True):
    """Events that were set aside: how many, the first ones, and those that concern the page."""

    count: int = 0
    named: tuple[int, ...] = ()
    here: tuple[int, ...] = ()


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The frame of one answer; `base.html` reads nothing else.

    ``path`` is the address of this page with its query, so that a form can come back to it.
    ``elsewhere`` has the address of the page in each language, by code; it is empty if the address
    has a query. ``own`` is the attribute of the newsroom's own words if the reader's language is
    another. Under ``four_eyes`` a second person must agree before an entry is recorded.
    ``signs_in`` tells whether the site has accounts, ``provider`` names the provider, ``person`` is
    the name of the person who signed in. ``shown`` is the log position up to which the page shows
    the record. ``behind`` counts events of the log that this page does not show yet; ``missing``
    are those that no page can show.
    """

    lang: str = "en"
    own: Markup = Markup()
    languages: tuple[tuple[str, str], ...] = (("en", "English"),)
    elsewhere: tuple[tuple[str, str], ...] = ()
    theme: str = "auto"
    density: str = "roomy"
    quotes: str = "both"
    keys: bool = True
    section: str = ""
    path: str = "/"
    query: str = ""
    may_record: bool = True
    may_code: bool = True
    four_eyes: bool = False
    signs_in: bool = False
    provider: str = ""
    person: str = ""
    is_admin: bool = False
    gives_parquet: bool = False
    shown: int = 0
    behind: int = 0
    missing: Missing = Missing()
