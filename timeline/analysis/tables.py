"""The tables of an archive: their columns, with types that every engine knows.

Instants are seconds and days are days since 1970 in UTC; ``recorded_at`` is in microseconds. The
id of a topic or an actor is the log position that added it; the id of a statement is its public
number.

The results of edition 2 of the rule have tables of their own, as known at one log position
(``known_at``). A row holds at the end of each day from ``from_day`` up to, not including,
``until_day``. All other tables hold what was said, in all its versions.

The values of a codebook's variables are erased with their words: their tables are rewritten each
time, and hold no free text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONG, SHORT, TEXT = "BIGINT", "INTEGER", "VARCHAR"

_FOUND = dict.fromkeys(("known_at", "id", "topic", "actor", "from_day", "until_day"), LONG)
_KNOWN = {"known_from": LONG, "known_until": LONG}

TABLES: dict[str, dict[str, str]] = {
    "events": {
        "position": LONG,
        "type": TEXT,
        "stream": TEXT,
        "version": LONG,
        "recorded_at": LONG,
        "recorded_by": TEXT,
        "via": TEXT,
        "coded": TEXT,
    },
    "topics": {"topic": LONG, "slug": TEXT, "scale": TEXT},
    "actors": {"actor": LONG, "slug": TEXT},
    "words": {
        "number": LONG,
        "topic": LONG,
        "actor": LONG,
        "speaker": LONG,
        **_KNOWN,
        "rank": SHORT,
        "joint": SHORT,
        "timed": SHORT,
        "day": LONG,
        "counts_from": LONG,
        "stance": SHORT,
        "wording": SHORT,
        "retracted": SHORT,
    },
    "words_ended": {"number": LONG, "actor": LONG, **_KNOWN},
    "lanes": {"member": LONG, "lane": LONG, **_KNOWN},
    "lanes_ended": {"member": LONG, "lane": LONG, **_KNOWN},
    "walkbacks": {"number": LONG, "target": LONG, **_KNOWN},
    "walkbacks_ended": {"number": LONG, "target": LONG, **_KNOWN},
    "tracked": {"known_at": LONG, "topic": LONG},
    "stands": {
        **_FOUND,
        "stance": SHORT,
        "lowest": SHORT,
        "highest": SHORT,
        "day": LONG,
        "statements": LONG,
        "held_by": LONG,
        "counts_from": LONG,
        "known_from": LONG,
    },
    "moves": {
        **_FOUND,
        "day": LONG,
        "place": SHORT,
        "mover": SHORT,
        "kind": TEXT,
        "status": TEXT,
        "told": SHORT,
        "from_stance": SHORT,
        "to_stance": SHORT,
        "lowest": SHORT,
        "highest": SHORT,
        "counts_from": LONG,
        "known_from": LONG,
        "before_by": LONG,
        "after_by": LONG,
        "back_on": LONG,
        **dict.fromkeys(("certain", "old", "joint", "uncoded"), SHORT),
        **dict.fromkeys(("new_office", "other_speaker", "other_wording"), SHORT),
        **dict.fromkeys(("appeared", "gone"), SHORT),
        "because": TEXT,
    },
    "own_values": {"number": LONG, **_KNOWN, "variable": TEXT, "value": TEXT},
    "attributes": {"actor": LONG, **_KNOWN, "attribute": TEXT, "value": TEXT},
    "found_words": {"known_at": LONG, "id": LONG, "what": TEXT, "place": LONG, "number": LONG},
}
FOUND = ("tracked", "stands", "moves", "found_words")
"""The tables with results of the rule, written as a whole for each log position."""


def view_of(table: str, columns: Mapping[str, str], paths: Sequence[str]) -> str:
    """Return the statement that makes a DuckDB view of Parquet files, perhaps of none."""
    if not paths:
        empty = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in columns.items())
        return f"create view {table} as select {empty} where 1 = 0"
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    names = ", ".join(columns)
    return f"create view {table} as select {names} from read_parquet([{files}])"  # noqa: S608 - names of ours
