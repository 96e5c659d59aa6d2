"""Programs that stand beside Standline: `make test-faults` gets them and tries it with them.

`make test` does not look in here.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import MANY
from tests.web.conftest import paper, sqlite_printed

__all__ = ["paper", "sqlite_printed"]

PROGRAMS = Path(__file__).parents[3] / "build" / "beside" / "bin"

collect_ignore_glob = [] if MANY else ["test_*.py"]
