"""The command that puts the same question to an archive of one's own."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from timeline.analysis.inquiry import OVER_TIME
from timeline.domain.instants import iso_day

if TYPE_CHECKING:
    from timeline.analysis.inquiry import Found, Inquiry

FOLDER = "FOLDER"
"""What stands for the archive in a command."""


def command_of(inquiry: Inquiry, found: Found, asof: str) -> str:
    """Return the command; ``asof`` is the moment as it was typed."""
    words = ["standline", "analyse", inquiry.question, "--over", FOLDER]
    words += [word for slug in inquiry.topics for word in ("--topic", slug)]
    words += [word for slug in inquiry.actors for word in ("--actor", slug)]
    if inquiry.question in OVER_TIME and found.every:
        words += ["--every", found.every]
    if inquiry.question == "agreement":
        words += ["--window", str(inquiry.window)]
    for option, day in (("--from", inquiry.since), ("--to", inquiry.until)):
        words += [] if day is None else [option, iso_day(day)]
    if inquiry.as_of is not None:
        words += ["--as-of", asof]
    return shlex.join([*words, "--known-at", f"@{found.known_at}"])
