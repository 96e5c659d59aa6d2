"""Every file that is written is sent, once a page, and says to a browser what it says to people."""

from __future__ import annotations

import re

import pytest

from web.shell.bundles import SCRIPTS, SOURCES, STYLES, bundle, sources

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def names(text: str) -> list[str]:
    """Return the names and numbers of a text in their order."""
    return re.findall(r"[\w#]+", COMMENT.sub(" ", text))


def test_every_file_is_in_one_bundle() -> None:
    written = sorted([*SOURCES.glob("styles/**/*.css"), *SOURCES.glob("scripts/**/*.js")])
    assert sorted(file for name in (*STYLES, *SCRIPTS) for file in sources(name)) == written
    named = [file for files in (*STYLES.values(), *SCRIPTS.values()) for file in files]
    assert len(named) == len(written)


@pytest.mark.parametrize("name", [*STYLES, *SCRIPTS])
def test_what_is_sent_is_what_is_written_without_what_is_for_people(name: str) -> None:
    made = bundle(name)
    assert made is not None
    written = "".join(file.read_text(encoding="utf-8") for file in sources(name))
    sent = made.content.decode()
    assert names(sent) == names(written)
    assert len(sent) < 0.9 * len(written)


@pytest.mark.parametrize("name", [*STYLES, *SCRIPTS])
def test_a_file_says_first_what_it_is_about(name: str) -> None:
    for file in sources(name):
        assert file.read_text(encoding="utf-8").startswith("/* "), file


def test_what_lies_in_the_folder_is_no_bundle() -> None:
    assert bundle("icon.svg") is None
