"""The two clocks of a query: what had been said, and what was known."""

from __future__ import annotations

import msgspec


class TwoClocks(msgspec.Struct, frozen=True):
    """Both clocks, independent of each other; ``None`` is now.

    ``as_of`` is an instant in seconds up to which words count, ``known_at`` a log position.
    """

    as_of: int | None = None
    known_at: int | None = None

    @property
    def is_now(self) -> bool:
        """Tell whether both clocks stand at now."""
        return self.as_of is None and self.known_at is None

    @property
    def both(self) -> dict[str, int | None]:
        """Both by name, as parameters of a prepared query."""
        return {"as_of": self.as_of, "known_at": self.known_at}


NOW = TwoClocks()
