"""What every page of the paper carries around its story: language, display choices, the reader."""

from __future__ import annotations

import msgspec
from markupsafe import Markup


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
