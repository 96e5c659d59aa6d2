"""Like corrections that follow each other, folded into one: an import may mend hundreds at once."""

from __future__ import annotations

from itertools import groupby, takewhile
from typing import TYPE_CHECKING

import msgspec

from web.entries.notices import Notice
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

FEW = 3
"""Like corrections that are still listed one by one."""

Kind = tuple[str, ...]


class Run(msgspec.Struct, frozen=True):
    """Notices that follow each other and differ only in what they are about, latest first."""

    notices: list[Notice]

    @property
    def head(self) -> Notice:
        """The latest of them."""
        return self.notices[0]

    @property
    def is_folded(self) -> bool:
        """Whether they are too many to be told one by one."""
        return len(self.notices) > FEW

    @property
    def in_words(self) -> str:
        """How many they are, and of what: "149 like corrections: Address"."""
        return gettext(
            "%(number)s like corrections: %(field)s",
            number=len(self.notices),
            field=self.head.field,
        )


def runs(notices: Iterable[Notice]) -> list[Run]:
    """Return the notices, like ones together where they are clerical corrections of one day."""
    found = []
    for kind, alike in groupby(notices, kind_of):
        if kind:
            found.append(Run(list(alike)))
        else:
            found += [Run([one]) for one in alike]
    return found


def like(kind: Kind, notices: Iterable[Notice]) -> list[Notice]:
    """Return those of a kind with which the notices begin."""
    return [*takewhile(lambda one: kind_of(one) == kind, notices)]


def kind_of(one: Notice) -> Kind:
    """Return what like notices have in common; empty for those that are told one by one."""
    if one.kind != "corrected" or one.material:
        return ()
    day, _, _ = one.machine.partition("T")
    return one.title, one.field, one.reason, one.by, day
