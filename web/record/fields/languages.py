"""A language as people write it, its tag or its name, turned into the tag that the record keeps."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice, InQuotes
from timeline.domain.translation import NOT_A_LANGUAGE
from web.i18n.languages import LANGUAGES

TAG_OR_NAME = Advice("write its tag or its name, such as de or German")

_TAG = re.compile(r"([a-z]{2,3})((?:-[a-z0-9]{2,8})*)", re.IGNORECASE)
"""The beginning of a BCP 47 tag, and what may follow it: a script, a region, a variety."""


def read_language(written: str, field: str) -> str:
    """Return the tag of a language; raises `Refused` for what is neither a tag nor a name."""
    given = " ".join(written.split())
    tag = _TAG.fullmatch(given.replace("_", "-"))
    if tag and tag[1].lower() in Locale("en").languages:
        return tag[1].lower() + tag[2]
    if found := _tags_by_name().get(given.casefold()):
        return found
    raise Refused(NOT_A_LANGUAGE, field=field, fix=TAG_OR_NAME, language=InQuotes(given))


@lru_cache(maxsize=1)
def _tags_by_name() -> dict[str, str]:
    """Return the tags of languages by their names in those that the site speaks."""
    return {
        name.casefold(): tag.replace("_", "-")
        for language in LANGUAGES
        for tag, name in Locale.parse(language).languages.items()
    }
