from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.web.markup import Page
from tests.web.site import plain
from timeline.application.commands import Quoted, Source

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
    assert "What changed in the words: 1 Nov 2025, then 1 Dec 2025" in plain(page)
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
    assert f"/s/{before}..{pair[0]}" in paper.page(f"/s/{pair[0]}..{pair[1]}").links()
    assert f"/s/{pair[0]}..{pair[1]}" in paper.page(f"/s/{before}..{pair[0]}").links()


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
    links = paper.page(f"/s/{pair[1]}@{pair[1]}").links()
    assert f"/s/{pair[0]}..{pair[1]}?known_at=@{pair[1]}" in links


def test_the_proof_leads_to_the_changed_words(paper: Paper, pair: tuple[int, int]) -> None:
    links = paper.page(f"/t/union?s={pair[1]}").links()
    assert f"/s/{pair[0]}..{pair[1]}" in links
    at = f"/t/union?as_of=2025-12-10&known_at=@{pair[1]}&s={pair[1]}"
    assert f"/s/{pair[0]}..{pair[1]}?known_at=@{pair[1]}" in paper.page(at).links()


OWN = Source(outlet="Cland", published_at="2025-12-16", url="https://example.org/own")


def publish(
    paper: Paper, day: str, text: str, *, author: str = "Cland", stance: str = "supports"
) -> int:
    """Record what a text says that is Cland's own, unless somebody else wrote it."""
    quote = Quoted(text=text, lang="en", wording="original")
    source = msgspec.structs.replace(OWN, author=author, url=f"{OWN.url}/{day}")
    why = {"no_position_reason": "silent"} if stance == "no_position" else {}
    return paper.say(day, "cland", stance, day, quote=quote, source=source, **why)


def ended(paper: Paper, then: int, later: int) -> list[str]:
    """Return what the page says of words that went: of the two, then in the list of all."""
    page = paper.open(f"/s/{then}..{later}").text
    return [plain(one.partition("</p>")[0]) for one in page.split('class="rewording-ended">')[1:]]


WENT = "“union” is no longer there; it was last said on 2 Nov 2025."


def test_a_word_of_the_question_ends_with_the_own_text_that_lacks_it(paper: Paper) -> None:
    first = publish(paper, "2025-11-01", "The union is our goal.")
    last = publish(paper, "2025-11-02", "The union stays our goal.")
    assert ended(paper, first, last) == []
    gone = publish(paper, "2025-11-03", "Our goal is prosperity.")
    later = publish(paper, "2025-11-04", "Our goal is trade.")
    assert ended(paper, last, gone) == [WENT, WENT]
    assert ended(paper, gone, later) == [WENT]
    told = paper.data(f"/s/{last}..{gone}.json")
    assert told["ended"] == [{"word": "union", "last": last, "gone": gone}]
    publish(paper, "2025-11-05", "The union is back.")
    assert ended(paper, last, gone) == []


def test_what_others_quote_and_what_was_said_once_ends_no_word(paper: Paper) -> None:
    publish(paper, "2025-11-01", "The union is our goal.")
    once = publish(paper, "2025-11-02", "Our goal is prosperity.")
    assert ended(paper, paper.numbers["2025-11-01"], once) == []
    publish(paper, "2025-11-03", "The union is our goal again.")
    last = publish(paper, "2025-11-04", "The union stays our goal.")
    quoted = publish(paper, "2025-11-05", "Our goal is trade.", author="Ann Example")
    assert ended(paper, last, quoted) == []


def test_an_earlier_moment_does_not_know_that_the_word_went(paper: Paper) -> None:
    first = publish(paper, "2025-11-01", "The union is our goal.")
    last = publish(paper, "2025-11-02", "The union stays our goal.")
    before = paper.services.log.head()
    publish(paper, "2025-11-03", "Our goal is prosperity.")
    assert paper.read(f"/s/{first}..{last}").count(WENT) == 1
    assert WENT not in paper.read(f"/s/{first}..{last}?known_at=@{before}")


@pytest.mark.parametrize("typed", ["Cland union", "Cland’s union?", "Union"])
def test_a_search_for_a_word_that_went_is_answered_by_when(paper: Paper, typed: str) -> None:
    with_it = [publish(paper, f"2025-11-0{day}", "The union is our goal.") for day in (1, 2)]
    held = plain(paper.open(f"/search?q={typed}").text)
    gone = publish(paper, "2025-11-03", "Our goal is prosperity.", stance="no_position")
    page = paper.open(f"/search?q={typed}").text
    told = "Cland last said “union” on 2 Nov 2025; the next text, on 3 Nov 2025, no longer has it."
    alone = "land" in typed
    assert (told in plain(page)) == alone
    assert told not in held
    assert (f'href="/s/{with_it[-1]}..{gone}"' in page) == alone
