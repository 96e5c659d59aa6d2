"""Computed columns of a DNA row for its map: who speaks for whom, a key, the passage."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from timeline.domain.entry import RANKS
from timeline.domain.quote import PASSAGE_LIMIT

_MADE = ("speaker", "speaker_kind", "for_whom", "key", "passage")
_OURS = ("attribution", "reported_via", "said_at")
COMPUTED = (*_MADE, *_OURS)
"""Columns for the map; the last three come from lists that Standline wrote."""
USUAL = frozenset(
    (
        *("statement_id", "statement_type", "time", "person", "organization", "concept"),
        *("agreement", "start_position", "stop_position", "text", "coder", "document_id"),
        *("document_title", "document_author", "document_source", "document_section"),
        *("document_type", *COMPUTED),
    )
)
"""The columns of every list, and the computed ones; all others are variables."""
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*(?=\s)")
_AS_LISTED = str.maketrans({";": ",", '"': "'"})
"""Replacements that DNA makes in an event list."""


class RowCompleter:
    """Completes the rows of one file; it counts how often each place was coded.

    ``cut`` counts the texts that were cut to their first sentences.
    """

    def __init__(self) -> None:
        self.cut = 0
        self._coded: dict[str, int] = {}

    def complete(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with the computed columns.

        A row that has them already, from a rejects file, keeps its key.
        """
        is_complete = row.keys() >= set(_MADE)
        person, organization = row.get("person") or "", row.get("organization") or ""
        text = str(row.get("text") or "").strip()
        passage = leading_sentences(text)
        self.cut += passage != text
        is_ours = str(row.get("attribution") or "") in RANKS
        made = {
            **{name: str(row.get(name) or "") if is_ours else "" for name in _OURS},
            "speaker": person or organization,
            "speaker_kind": "person" if person else "organisation",
            "for_whom": organization if person else "",
            "key": (is_complete and row["key"]) or self._key(row),
            "passage": passage,
        }
        return row | made

    def _key(self, row: dict[str, Any]) -> str:
        """Return the key of a statement, the same in every version and list of a project.

        DNA renumbers statements when it converts a database from version 2 to 3, but the place of
        the words in their document stays. The title is hashed, since keys are stored for ever.
        """
        title = str(row.get("document_title") or "").translate(_AS_LISTED).strip()
        document = hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        place = f"{document}/{row.get('start_position')}-{row.get('stop_position')}"
        count = self._coded[place] = self._coded.get(place, 0) + 1
        return place if count == 1 else f"{place}/{count}"


def leading_sentences(text: str, limit: int = PASSAGE_LIMIT) -> str:
    """Return a text; if it is too long, only its first sentences or words."""
    text = text.strip()
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _SENTENCE.finditer(text[: limit + 1])]
    if ends:
        return text[: ends[-1]]
    return text[: limit + 1].rpartition(" ")[0] or text[:limit]
