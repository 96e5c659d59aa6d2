"""`standline watch` fills the inbox, and says what is new and what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import DONE, refused, standline
from tests.support.press import atom, running_press
from timeline.bootstrap import open_store
from timeline.desk.inbox import NEW
from timeline.domain.instants import iso_us

if TYPE_CHECKING:
    from pathlib import Path


def test_one_look_fills_the_inbox_and_tells_what_fails(sqlite_talks: str, tmp_path: Path) -> None:
    services = open_store(sqlite_talks)
    today = iso_us(services.clock())
    sources = tmp_path / "sources.toml"
    with running_press() as press:
        press.answers["/atom"] = atom("Talks", "Vote", day=today)
        sources.write_text(
            f'[[feed]]\nurl = "{press.at("/atom")}"\n[[feed]]\nurl = "{press.at("/gone")}"\n'
        )
        answer = standline("watch", str(sources), "--once", "--store", sqlite_talks)
    assert answer.status == DONE
    assert f"{press.at('/atom')}: 2 new" in answer.out
    assert answer.out.endswith("2 watched, 2 new\n")
    assert f"{press.at('/gone')}: it answers with status 404" in answer.err
    assert services.desk.inbox.counts()[NEW] == 2
    services.close()


def test_a_file_of_sources_that_is_wrong_is_refused_in_one_line(
    sqlite_talks: str, tmp_path: Path
) -> None:
    (tmp_path / "none.toml").write_text("")
    told = refused("watch", str(tmp_path / "none.toml"), "--once", "--store", sqlite_talks)
    assert "names none" in told
