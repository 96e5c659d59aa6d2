"""What lies on the disk of a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    import pytest

    from timeline.stores.store_url import StoreUrl


def files_with(name: str, url: StoreUrl, request: pytest.FixtureRequest) -> list[Path]:
    """Return the files in which some piece of a long random name lies."""
    if url.is_sqlite:
        folder = url.log_path.parent
    else:
        with psycopg.connect(request.getfixturevalue("postgres_server")) as connection:
            ((data,),) = connection.execute("SHOW data_directory").fetchall()
            connection.execute("CHECKPOINT")
        folder = Path(data)
    pieces = [name[at : at + 20].encode() for at in range(0, len(name), 4_000)]
    return [path for path in folder.rglob("*") if path.is_file() and _holds(path, pieces)]


def _holds(path: Path, pieces: list[bytes]) -> bool:
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # a server removes files at any time
        return False
    return any(piece in content for piece in pieces)
