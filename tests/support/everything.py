"""All that the command line loads when something is asked for, loaded."""

from __future__ import annotations

from importlib import import_module

from timeline.cli import commands
from timeline.rooms import PAGES, entry_points_of
from timeline.serving import handing_over  # noqa: F401 - what serving loads as it begins
from web import NOUNS

for noun in NOUNS:
    import_module(f"web.{noun}")
for entry in (*commands().values(), *entry_points_of(PAGES).values()):
    entry.load()
