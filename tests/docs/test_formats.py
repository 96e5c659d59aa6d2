"""The page on formats is true: it names every format, and shows the maps that come with them."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT
from timeline.interchange.formats.registry import exporters, importers

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")
FOREIGN = ROOT / "timeline" / "interchange" / "foreign"


@pytest.mark.parametrize("name", sorted(importers() | exporters()))
def test_every_format_is_named(name: str) -> None:
    assert re.search(rf"^\| `{name}`", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(path.stem for path in FOREIGN.glob("*.toml")))
def test_a_map_is_shown_as_it_is_used(name: str) -> None:
    shown = re.search(rf"<!-- the map of {name} -->\n```toml\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    assert shown[1] == (FOREIGN / f"{name}.toml").read_text("utf-8")
