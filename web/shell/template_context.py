"""The frame around every page: the reader's choices, and how far the page has come."""

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
    """Give every template the frame."""
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
    """Tell whether buttons speak of a second person; where the store is away there are none."""
    with suppress(StandlineError):
        return request.four_eyes
    return True


def _in_each_language(current: CurrentRequest) -> tuple[tuple[str, str], ...]:
    """Return where a page of the record can be read in each language; none for views of one."""
    if request.blueprint not in {*SECTIONS, "corrections"} or current.query:
        return ()
    page = f"{current.host.rstrip('/')}{quote(request.path, safe='/@:.')}"
    addresses = [(code, in_language(page, code)) for code in LANGUAGES]
    return (*addresses, ("x-default", page))


def _language_mark(attribute: Markup) -> Callable[..., Markup]:
    """Return what marks words of ours in another language than the reader's."""

    def own(thing: Any, field: str = "") -> Markup:  # noqa: ANN401 - a noun, or a view of an entry
        """Return the attribute for a noun, or a field of an entry; none where translated."""
        translated = field in thing.translated if field else bool(thing.lang)
        return Markup() if translated else attribute

    return own


def _missing(current: CurrentRequest) -> Missing:
    """Return what was set aside; the list of events says it itself, each with its error."""
    reached = current.record.reached
    if reached is None or not reached.aside or request.endpoint == "log.show":
        return Missing()
    return Missing(reached.aside, reached.named, current.record.set_aside_here())


class Missing(msgspec.Struct, frozen=True):
    """Events that were set aside: how many, which first, and which of what the page is about."""

    count: int = 0
    named: tuple[int, ...] = ()
    here: tuple[int, ...] = ()


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The frame of one answer; `base.html` reads nothing else.

    ``path`` is the address of this page with its query, so that a form can come back to it.
    ``elsewhere`` has the address of the page in each language, by its code; none where a reader
    chose more than a page, or cannot be led to it.
    ``own`` is the attribute of the newsroom's own words where the reader's language is another.
    Under ``four_eyes`` a second person agrees to what one has coded before it is recorded.
    ``signs_in`` tells whether people sign in here, ``provider`` names where else, ``person`` is the
    name of who did. ``shown`` is the log position up to which the page shows the record.
    ``behind`` counts events that the log has and this page does not show yet; ``missing`` are those
    that no page can show.
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
