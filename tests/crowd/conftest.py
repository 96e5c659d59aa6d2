"""Fixtures of the crowd: they are here and nowhere else, since all take a machine's processors."""

from __future__ import annotations

import os

collect_ignore_glob = [] if "STANDLINE_CROWD" in os.environ else ["test_*.py"]
