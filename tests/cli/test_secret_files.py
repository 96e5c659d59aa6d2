"""A file with a secret that everybody may read is told to whoever starts the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.cli.site_server import tell_if_open

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, False), (0o644, True)])
def test_a_secret_that_everybody_may_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, *, is_told: bool
) -> None:
    file = tmp_path / "provider.toml"
    file.write_text('client_secret = "made up"')
    file.chmod(mode)
    tell_if_open(file)
    assert (f"chmod o= {file}" in capsys.readouterr().err) == is_told
