"""`standline chart`: the picture that a topic's page gives, without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import done, refused

if TYPE_CHECKING:
    from pathlib import Path

CHART = ("chart", "cuba-embargo")


def test_a_chart_is_drawn_as_its_page_shows_it(record: str, tmp_path: Path) -> None:
    file = tmp_path / "cuba.svg"
    view = ("--actor", "brazil", "--from", "2010", "--as-of", "2015", "--lang", "de")
    site = ("--site", "https://news.example.org")
    assert done(*CHART, "-o", str(file), *view, *site, "--store", record).out == ""
    drawn = file.read_text("utf-8")
    for one in ("Stand vom 31. Dez. 2015", ">Brazil<", "news.example.org/t/cuba-embargo;"):
        assert one in drawn
    assert ">Cuba<" not in drawn
    card = tmp_path / "cuba.PNG"
    done(*CHART, "-o", str(card), "--size", "social", "--theme", "dark", "--store", record)
    assert card.read_bytes()[16:24] == bytes([0, 0, 4, 176, 0, 0, 2, 163])  # 1200 by 675


def test_what_cannot_be_drawn_is_refused_in_a_line(record: str, tmp_path: Path) -> None:
    file = str(tmp_path / "a.svg")
    assert "no topic 'nowhere'" in refused("chart", "nowhere", "-o", file, "--store", record)
    assert "name a file that ends so" in refused(*CHART, "-o", "a.jpg", "--store", record)
    told = refused(*CHART, "-o", file, "--lang", "xx", "--store", record)
    assert "use en or de" in told or "use de or en" in told
    assert "use print or social" in refused(
        *CHART, "-o", file, "--size", "poster", "--store", record
    )
    told = refused(*CHART, "-o", file, "--from", "2130", "--store", record)
    assert told.endswith("'2130' is still to come; nothing is known of days to come")
    assert [*tmp_path.iterdir()] == []
