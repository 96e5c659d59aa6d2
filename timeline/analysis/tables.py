"""The tables of an archive: their columns and types, in words that every engine knows.

Instants are seconds and days are days since 1970 in UTC; ``recorded_at`` is in microseconds. A
topic and an actor are known by the log position at which they came on record, a statement by its
public number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONG, SHORT, TEXT = "BIGINT", "INTEGER", "VARCHAR"

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
}


def view_of(table: str, columns: Mapping[str, str], paths: Sequence[str]) -> str:
    """Return the statement that makes a table of DuckDB of Parquet files; it may have none."""
    if not paths:
        empty = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in columns.items())
        return f"create view {table} as select {empty} where 1 = 0"
    files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    names = ", ".join(columns)
    return f"create view {table} as select {names} from read_parquet([{files}])"  # noqa: S608 - names of ours
