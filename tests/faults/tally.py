"""What a test of faults counts."""

from __future__ import annotations

from collections import Counter


class Tally:
    """``acknowledged`` and ``lost`` are appends; ``seen`` counts whatever else is worth telling."""

    def __init__(self) -> None:
        self.counts_appends = True
        self.acknowledged = 0
        self.lost = 0
        self.seen: Counter[str] = Counter()

    def told(self) -> str:
        """Return the counts in one line."""
        others = [f"{count:,} {what}" for what, count in self.seen.items()]
        appends = [f"{self.acknowledged:,} acknowledged", f"{self.lost:,} lost"]
        return ", ".join(others + (appends if self.counts_appends else []))
