"""What a line says of a topic goes out with it, and comes back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.interchange import test_codebooks, test_coverage, test_ledes, test_natures
from tests.interchange.desk import Desk, row, topic, topic_line

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "kept_as"),
    [
        (test_codebooks.LINE, "codebooks"),
        (test_coverage.LINE, "watches"),
        (test_natures.LINE, "natures"),
        (test_ledes.LINE, "ledes"),
    ],
)
def test_an_import_of_an_export_is_the_identity(
    line: dict[str, Any], kept_as: str, desk: Desk, tmp_path: Path
) -> None:
    desk.take_rows(row(key="1"), line)
    for form in ("jsonl", "csv"):
        out = desk.export(form)
        with Desk.opened(f"sqlite:///{tmp_path / form}.db", tmp_path) as other:
            (tmp_path / f"out.{form}").write_text(out, "utf-8", newline="")
            assert other.take(tmp_path / f"out.{form}").clean
            assert getattr(topic(other), kept_as) == getattr(topic(desk), kept_as)
            assert topic_line(other) == topic_line(desk)
