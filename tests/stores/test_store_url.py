"""The address of a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from timeline.domain.errors import Refused
from timeline.stores.store_url import StoreUrl


def test_three_slashes_name_a_file_in_the_current_folder() -> None:
    assert StoreUrl.parse("sqlite:///news.db").log_path == Path.cwd() / "news.db"


def test_four_slashes_name_a_file_from_the_root() -> None:
    assert StoreUrl.parse("sqlite:////srv/news.db").log_path == Path("/srv/news.db")


def test_a_bare_path_is_that_of_a_sqlite_store() -> None:
    assert StoreUrl.parse("news.db").log_path == Path.cwd() / "news.db"
    assert StoreUrl.parse("/srv/news.db").log_path == Path("/srv/news.db")


def test_read_models_and_desk_lie_beside_the_log() -> None:
    url = StoreUrl.parse("sqlite:////srv/news.v1.db")
    assert url.beside("read-3.db") == Path("/srv/news.v1.read-3.db")
    assert url.beside("desk.db") == Path("/srv/news.v1.desk.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_postgresql_address_is_kept_as_it_was_given(scheme: str) -> None:
    text = f"{scheme}://ann@a,b/news?target_session_attrs=read-write"
    url = StoreUrl.parse(text)
    assert not url.is_sqlite
    assert url.text == text
    with pytest.raises(ValueError, match="no file"):
        _ = url.log_path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sqlite://news.db",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite:///:memory:",
        "mysql://host/db",
        "http://example.org",
    ],
)
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Refused, match="is not the address of a store; use a path") as refused:
        StoreUrl.parse(text)
    assert "\n" not in str(refused.value)
