"""Checks the schema of a database: its tables and indexes exist, and no triggers or the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

IN_FILE = "SELECT type, name, tbl_name FROM sqlite_schema"
IN_SCHEMA = """
SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence'
    WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'other table' END,
    relname::text, relname::text
FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})
UNION ALL SELECT 'trigger', tgname::text, relname::text
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal
    AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})
UNION ALL SELECT 'rule', rulename::text, relname::text
FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
WHERE rulename <> '_RETURN'
    AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})
UNION ALL SELECT 'policy', polname::text, relname::text
FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})
"""
"""All items of a schema: kind, name and table."""

PASSIVE = ("table", "index", "sequence")
"""Kinds that do not change what is written or read."""

SchemaItem = tuple[str, str, str]


def differences(
    there: Iterable[SchemaItem], tables: Collection[str], indexes: Collection[str]
) -> list[str]:
    """Return, in words, items that should not exist, and missing tables and indexes."""
    every = sorted({(kind, name, table) for kind, name, table in there})
    known = {(kind, name) for kind, name, _ in every}
    acting = [
        f"a {kind} {name}" + (f" on {table}" if table != name else "")
        for kind, name, table in every
        if kind not in PASSIVE
    ]
    gone = [f"no table {name}" for name in sorted(tables) if ("table", name) not in known]
    return [
        *acting,
        *gone,
        *(f"no index {name}" for name in sorted(indexes) if ("index", name) not in known),
    ]
