"""All that the command line loads when something is asked for, loaded."""

from __future__ import annotations

from importlib import import_module

from timeline.cli import PLACES
from timeline.live import handing_over  # noqa: F401 - what serving loads as it begins
from timeline.rooms import COMMANDS, PAGES, registered
from web import NOUNS

for module in {place.module for place in PLACES.values()}:
    import_module(f"timeline.cli.{module}")
for noun in NOUNS:
    import_module(f"web.{noun}")
for group in (COMMANDS, PAGES):
    for entry in registered(group).values():
        entry.load()
