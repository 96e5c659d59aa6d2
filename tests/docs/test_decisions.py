"""What is named in pyproject.toml has its reason in a decision."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT

PAGES = sorted((ROOT / "docs" / "adr").glob("*.md"))
DECISIONS = " ".join(page.read_text("utf-8").lower() for page in PAGES)
WORDS = {canonicalize_name(word) for word in re.findall(r"[\w.-]*\w", DECISIONS)}


def named() -> list[str]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [told["project"]["dependencies"], *told["dependency-groups"].values()]
    return sorted({canonicalize_name(Requirement(one).name) for group in groups for one in group})


def test_every_package_has_its_reason_in_a_decision() -> None:
    assert named()
    assert {*named()} - WORDS == set()


def test_decisions_are_numbered_one_by_one() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(1, len(PAGES) + 1))
