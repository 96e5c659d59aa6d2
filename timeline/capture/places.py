"""Countries and well-known cities, which look like surnames."""

from __future__ import annotations

import zoneinfo
from functools import cache

from babel.core import Locale

from timeline.capture.first_names import is_first_name


def is_place(word: str, lang: str) -> bool:
    """Tell whether a word is a country or a city, also in the genitive ("Serbiens")."""
    places = _places(lang)
    return word in places or word.rstrip("s'’") in places


@cache
def _places(lang: str) -> frozenset[str]:
    countries = Locale.parse(lang).territories.values()
    cities = (zone.rpartition("/")[2].replace("_", " ") for zone in zoneinfo.available_timezones())
    words = {word for name in (*countries, *cities) for word in name.split()}
    return frozenset(word for word in words if word.istitle() and not is_first_name(word))
