"""The address of a comparison: who is compared on what, at which moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice
from web.entries.choosing import ChoosingAddress, several
from web.lanes.query import ADDRESS_MEANS_NOTHING

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

WORDS_OR_MARKS = Advice("use words or marks")

LISTS = ("actor", "topic", "story", "variable")
CELLS = ("", "words", "marks")
"""What a cell shows; empty chooses by the room there is."""

PLACE = re.compile(r"[0-9]{1,7}")


class GridAddress(ChoosingAddress, frozen=True, kw_only=True):
    """What addresses of comparisons and matrices share."""

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Return the parameters of this address with some fields changed."""
        address = msgspec.structs.replace(self, **changes)
        pairs = [(name, value) for name in LISTS for value in getattr(address, name)]
        return pairs + [(name, str(value)) for name, value in address.further() if value]

    def further(self) -> list[tuple[str, object]]:
        """Return the further parameters; those with empty values are left out."""
        raise NotImplementedError


class CompareAddress(GridAddress, frozen=True, kw_only=True):
    """The address of a comparison.

    With ``differs``, cells that read differently now say how. An ``attribute`` of actors is written
    like a variable.
    """

    path: ClassVar[str] = "/compare"
    attribute: tuple[str, ...] = ()
    as_of: str = ""
    cells: str = ""
    differs: int = 0

    def further(self) -> list[tuple[str, object]]:
        """Return attributes, clocks, cells and place."""
        return [
            *(("attribute", value) for value in self.attribute),
            ("as_of", self.as_of),
            ("known_at", self.known_at),
            ("cells", self.cells),
            ("differs", self.differs),
            ("from", self.begin),
        ]


def read_address(args: MultiDict[str, str]) -> CompareAddress:
    """Read the query; raises `Refused` for an unknown kind of cells."""
    cells = args.get("cells", "")
    if cells not in CELLS:
        raise Refused(
            ADDRESS_MEANS_NOTHING, field="cells", fix=WORDS_OR_MARKS, name="cells", value=cells[:80]
        )
    return CompareAddress(
        **read_choice(args),
        attribute=several(args, "attribute"),
        as_of=args.get("as_of", "").strip(),
        cells=cells,
        differs=int(args.get("differs", "") == "1"),
    )


def read_choice(args: MultiDict[str, str]) -> dict[str, Any]:
    """Read the fields of `GridAddress`."""
    begin = args.get("from", "")
    return {name: several(args, name) for name in LISTS} | {
        "known_at": args.get("known_at", "").strip(),
        "begin": int(begin) if PLACE.fullmatch(begin) else 0,
    }
