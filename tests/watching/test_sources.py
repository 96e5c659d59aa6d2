"""The file of sources says in one line what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.errors import Refused
from timeline.watching.sources import FeedSource, FolderSource, read_sources

if TYPE_CHECKING:
    from pathlib import Path


def test_feeds_and_folders_are_named_with_what_is_known_of_them(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(
        '[[feed]]\nurl = "https://example.org/feed"\noutlet = "Post"\nlang = "de"\n'
        '[[folder]]\npath = "incoming"\n[[folder]]\npath = "/other"\n'
    )
    assert read_sources(file) == [
        FeedSource(url="https://example.org/feed", outlet="Post", lang="de"),
        FolderSource(path=str(tmp_path / "incoming")),
        FolderSource(path="/other"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names none"),
        ("feed = [", "not as it should be"),
        ("[[feed]]\nadress = 'https://example.org'", "unknown field `adress`"),
        ("[[feed]]\noutlet = 'Post'", "required field `url`"),
        ("[[feed]]\nurl = 'example.org/feed'", "'example.org/feed' is no address of a feed"),
        ("[[feed]]\nurl = 'http://[/'", "is no address of a feed"),
        ("[[feed]]\nurl = 'https://a.org/'\n" * 2, "'https://a.org/' is named twice"),
        (b"\xff".decode("latin-1"), "not as it should be"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(text, "latin-1")
    with pytest.raises(Refused) as refused:
        read_sources(file)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        read_sources(tmp_path / "none.toml")
