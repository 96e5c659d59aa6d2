from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.errors import StandlineError
from web.shell.publisher import Publisher, read_publisher

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.paper import Paper

TOLD = '''
contact = "https://example.org/contact"
credit = "Example News, CC BY 4.0"

[corrections]
en = """
We mend.

Quickly."""
de = "Wir bessern nach."
'''


def test_a_publisher_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "publisher.toml"
    path.write_text(TOLD, "utf-8")
    publisher = read_publisher(path)
    assert publisher.contact_href == "https://example.org/contact"
    assert publisher.policy["de"] == "Wir bessern nach."
    assert publisher.credit == "Example News, CC BY 4.0"


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("contact =", "is no TOML"),
        ("kontakt = 'x'", "unknown entry 'kontakt'"),
        ("corrections = 3", "something else than texts"),
        ("[corrections]\nen = 3", "something else than texts"),
        ("contact = 'javascript://x'", "neither https"),
        ("language = 'German, mostly'", "is no language"),
    ],
)
def test_a_file_that_says_something_else_is_refused_in_one_line(
    tmp_path: Path, told: str, line: str
) -> None:
    path = tmp_path / "publisher.toml"
    path.write_text(told, "utf-8")
    with pytest.raises(StandlineError, match=line) as refused:
        read_publisher(path)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StandlineError, match="cannot read"):
        read_publisher(tmp_path / "none.toml")


def test_the_newsrooms_own_words_say_their_language_where_the_reader_has_another(
    paper: Paper,
) -> None:
    number = paper.numbers["no"]
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["still"], "Another Bland.")
    for path, words in (
        ("/t/union", "Should Aland join the union?</h1>"),
        ("/t/union", "Rejects it."),
        ("/t/union", "reforms first</span>"),
        ("/t/union", "Another Bland.</span>"),
        ("/corrections", "Another Bland.</p>"),
        ("/t/union", "Talks in the capital end without a text</a>"),
        (f"/s/{paper.numbers['end']}", "Talks in the capital end without a text</h1>"),
        (f"/s/{number}", "Rejects it."),
        (f"/s/{paper.numbers['yes']}", "we do not oppose"),
    ):
        assert f' lang="en">{words}' in paper.open(path, Accept_Language="de").text, path
        assert f' lang="en">{words}' not in paper.open(path).text
    paper.app.config["PUBLISHER"] = Publisher(language="de")
    paper.app.extensions["pages"].forget()
    assert ' lang="de">Rejects it.' in paper.open(f"/s/{number}").text
    assert ' lang="de">Rejects it.' not in paper.open(f"/s/{number}", Accept_Language="de").text
