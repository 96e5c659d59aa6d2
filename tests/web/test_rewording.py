from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import plain
from timeline.application.commands import Quoted

if TYPE_CHECKING:
    from tests.web.paper import Paper

PLEDGE = "We pledge to join this union as soon as its members are ready."
LATER = "We hope to join this union as soon as its members are ready."


@pytest.fixture
def pair(paper: Paper) -> tuple[int, int]:
    """Two statements of Cland that follow each other; its words of September stand before."""
    return speak(paper, "first", PLEDGE, "2025-11-01"), speak(paper, "then", LATER, "2025-12-01")


def speak(paper: Paper, name: str, text: str, day: str, lang: str = "en") -> int:
    quote = Quoted(text=text, lang=lang, wording="original")
    return paper.say(name, "cland", "supports", day, quote=quote, paraphrase="Wants in.")


def marked(page: str, tag: str) -> list[str]:
    """Return what stands in a tag of the two wordings."""
    two = page.partition('class="rewording-two"')[2].partition("</section>")[0]
    return [plain(one.partition(f"</{tag}>")[0]) for one in two.split(f"<{tag}>")[1:]]


def test_two_wordings_stand_side_by_side_with_what_differs(
    paper: Paper, pair: tuple[int, int]
) -> None:
    page = paper.open(f"/s/{pair[0]}..{pair[1]}").text
    assert "What changed in the words from 1 Nov 2025 to 1 Dec 2025" in plain(page)
    assert "two statements that follow each other" in plain(page)
    assert marked(page, "del")[0] == "pledge"
    assert marked(page, "ins")[0] == "hope"
    assert "in both 12 words" in plain(page)
    assert "Words that are gone are not a denial." in plain(page)
    assert "https://example.org/talks" in Page(page).links()


def test_the_earlier_one_stands_first(paper: Paper, pair: tuple[int, int]) -> None:
    answer = paper.open(f"/s/{pair[1]}..{pair[0]}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/s/{pair[0]}..{pair[1]}"


def test_it_leads_to_the_pairs_before_and_after(paper: Paper, pair: tuple[int, int]) -> None:
    before = paper.numbers["if"]
    assert f"/s/{before}..{pair[0]}" in Page(paper.open(f"/s/{pair[0]}..{pair[1]}").text).links()
    assert f"/s/{pair[0]}..{pair[1]}" in Page(paper.open(f"/s/{before}..{pair[0]}").text).links()


def test_what_was_said_in_between_is_named(paper: Paper, pair: tuple[int, int]) -> None:
    page = paper.read(f"/s/{paper.numbers['if']}..{pair[1]}")
    assert "1 statement lies between them" in page
    assert "Said in between: 1 Nov 2025: supports" in page


def test_words_that_are_not_verbatim_in_one_language_are_not_marked(
    paper: Paper, pair: tuple[int, int]
) -> None:
    other = speak(paper, "german", "Wir hoffen, bald beizutreten.", "2025-12-05", "de")
    for path in (f"/s/{paper.numbers['if']}..{pair[0]}", f"/s/{pair[1]}..{other}"):
        page = paper.open(path).text
        assert marked(page, "del") == []
        assert "only verbatim words in one language are compared" in page


def test_words_with_little_in_common_are_not_marked(paper: Paper, pair: tuple[int, int]) -> None:
    other = speak(paper, "other", "Ask me again when spring has come.", "2025-12-05")
    page = paper.open(f"/s/{pair[1]}..{other}").text
    assert marked(page, "del") == []
    assert "share less than a third of their words" in page


def test_withheld_words_are_compared_with_nothing(paper: Paper, pair: tuple[int, int]) -> None:
    paper.newsroom.statements.retract(paper.dora(), pair[0], "Asked for.", withhold=True)
    page = paper.open(f"/s/{pair[0]}..{pair[1]}").text
    assert "pledge" not in page
    assert "The words are withheld." in page
    assert "pledge" not in paper.open(f"/s/{pair[0]}..{pair[1]}.json").text


def test_wordings_of_the_lane_are_listed_once_while_they_are_repeated(
    paper: Paper, pair: tuple[int, int]
) -> None:
    speak(paper, "again", LATER, "2025-12-05")
    speak(paper, "once more", LATER, "2025-12-07")
    page = paper.open(f"/s/{pair[0]}..{pair[1]}").text
    wordings = page.partition('class="rewording-list"')[2]
    assert wordings.count("<li>") == 3
    assert "and 2 more times, to 7 Dec 2025" in plain(wordings)
    assert plain(wordings).count("pledge") == 2
    assert f'name="then" value="{pair[0]}" checked' in page
    assert f'name="later" value="{pair[1]}" checked' in page


def test_two_that_are_chosen_are_compared(paper: Paper, pair: tuple[int, int]) -> None:
    answer = paper.open(f"/s/words?then={pair[0]}&later={pair[1]}&known_at=@{pair[1]}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/s/{pair[0]}..{pair[1]}?known_at=@{pair[1]}"
    assert "known at event" in paper.read(answer.headers["Location"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/s/{first}..999999", 404),
        ("/s/{first}..{end}", 404),
        ("/s/{first}..{first}", 404),
        ("/s/{first}..{wants}", 422),
        ("/s/{silent}..{likely}", 422),
        ("/s/words?then=&later=", 404),
        ("/s/words?then=x&later=1", 404),
        ("/s/{first}..{then}?known_at=@{first}", 404),
    ],
)
def test_what_cannot_be_compared_is_refused(
    paper: Paper, pair: tuple[int, int], path: str, status: int
) -> None:
    assert pair
    assert paper.open(path.format(**paper.numbers)).status_code == status


def test_the_same_as_json(paper: Paper, pair: tuple[int, int]) -> None:
    told = paper.data(f"/s/{pair[0]}..{pair[1]}.json")
    assert (told["topic"], told["actor"]) == ("union", "cland")
    assert (told["gone"], told["new"], told["shared"]) == (["pledge"], ["hope"], 12)
    assert told["then"]["stance"] == told["later"]["stance"] == "supports"
    assert told["then"]["said_at"] == "2025-11-01"
    assert "".join(one["text"] for one in told["then"]["pieces"]) == PLEDGE


def test_a_statement_shows_what_changed_since_the_one_before(
    paper: Paper, pair: tuple[int, int]
) -> None:
    page = paper.open(f"/s/{pair[1]}").text
    assert marked(page, "del") == ["pledge"]
    assert marked(page, "ins") == ["hope"]
    assert f"/s/{pair[0]}..{pair[1]}" in Page(page).links()
    first = paper.open(f"/s/{pair[0]}").text
    assert marked(first, "del") == []
    assert f"/s/{paper.numbers['if']}..{pair[0]}" in Page(first).links()
    assert "What changed in the words" not in paper.open(f"/s/{paper.numbers['if']}").text


def test_a_statement_fixed_at_a_position_leads_to_the_words_as_known_then(
    paper: Paper, pair: tuple[int, int]
) -> None:
    links = Page(paper.open(f"/s/{pair[1]}@{pair[1]}").text).links()
    assert f"/s/{pair[0]}..{pair[1]}?known_at=@{pair[1]}" in links


def test_the_proof_leads_to_the_changed_words(paper: Paper, pair: tuple[int, int]) -> None:
    links = Page(paper.open(f"/t/union?s={pair[1]}").text).links()
    assert f"/s/{pair[0]}..{pair[1]}" in links
    at = f"/t/union?as_of=2025-12-10&known_at=@{pair[1]}&s={pair[1]}"
    assert f"/s/{pair[0]}..{pair[1]}?known_at=@{pair[1]}" in Page(paper.open(at).text).links()
