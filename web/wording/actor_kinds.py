"""The kinds of actors in words."""

from __future__ import annotations

from web.i18n.translate import gettext


def kind_word(kind: str) -> str:
    """Return a kind of actor in the reader's language."""
    words = {
        "person": gettext("person"),
        "office": gettext("office"),
        "organisation": gettext("organisation"),
        "state": gettext("state"),
        "collective": gettext("collective"),
        "unnamed": gettext("unnamed source"),
        "unknown": gettext("kind not known"),
    }
    return words.get(kind, kind)
