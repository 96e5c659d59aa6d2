from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.markup import Page
from tests.web.site import plain

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from tests.web.site import Site

WORDS = {
    "no": "Rejects it.",
    "yes": "nous ne nous opposons pas",
    "circles": "Could want it.",
    "wants": "Wants it.",
    "still": "Wants it still.",
    "if": "Only after reforms.",
    "end": "Talks in the capital end without a text",
}


def entries(page: str) -> list[int]:
    """Return the numbers of the entries in the list, in order."""
    return [int(number) for number in re.findall(r'<article class="entry[^>]* id="s(\d+)"', page)]


def rows(page: str) -> list[int]:
    """Return the numbers of the rows of the table, in order."""
    table = page.partition('<div class="scroll"')[2].partition("</table>")[0]
    return [int(number) for number in re.findall(r'href="/s/(\d+)"', table)]


def marks(page: str) -> list[int]:
    """Return the numbers of the statements that have a mark, lane by lane."""
    return [int(number) for number in re.findall(r'id="pt-[\w-]+?-(\d+)"', page)]


def standing(page: str) -> list[str]:
    """Return where each lane stands, in the order of the lanes."""
    found = re.findall(
        r'id="lane-([\w-]+)".*?<div class="lane-now"[^>]*>(.*?)</div>', page, re.DOTALL
    )
    return [f"{slug}: {plain(now)}" for slug, now in found]


def boxes(page: str, name: str) -> dict[str, tuple[str, int | None, bool]]:
    """Return the label, count and choice of each box of a filter."""
    found = {}
    for box in re.findall(
        rf'<label class="choice"[^>]*><input[^>]* name="{name}".*?</label>', page, re.DOTALL
    ):
        value = Page(box).one("input")["value"]
        count = Page(box).one("label").attributes.get("data-count", "")
        found[value] = (plain(box), int(count) if count else None, " checked" in box)
    return found


@pytest.mark.thorough
@pytest.mark.few(7)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["circles", "end", "still", "if", "yes", "wants", "no"]),
        ("order=old", ["no", "wants", "yes", "if", "still", "end", "circles"]),
        ("actor=bland", ["still", "wants"]),
        ("actor=dora", ["yes", "no"]),
        ("actor=aland", ["circles", "yes", "no"]),
        ("actor=bland&actor=cland", ["still", "if", "wants"]),
        ("stance=2", ["circles", "still", "wants"]),
        ("stance=-2&stance=0", ["if", "no"]),
        ("stance=none", []),
        ("kind=development", ["end"]),
        ("kind=statement", ["circles", "still", "if", "yes", "wants", "no"]),
        (
            "kind=development&kind=statement",
            ["circles", "end", "still", "if", "yes", "wants", "no"],
        ),
        ("only=changes", ["yes"]),
        ("actor=bland&only=changes", []),
        ("from=2025-09", ["circles", "end", "still", "if", "yes"]),
        ("to=2025-09-02", ["yes", "wants", "no"]),
        ("from=2025-08-15&to=2025-08-15", ["wants"]),
        ("actor=bland&stance=2&from=2025-11", ["still"]),
        ("actor=bland&as_of=2025-09-01", ["wants"]),
    ],
)
def test_a_filter_lets_through_entries_marks_and_rows_alike(
    paper: Paper, query: str, shown: list[str]
) -> None:
    paper.sign()
    page = paper.open(f"/t/union?{query}".rstrip("?")).text
    numbers = [paper.numbers[name] for name in shown]
    assert entries(page) == numbers
    statements = sorted(number for number in numbers if number != paper.numbers["end"])
    on_axis = [paper.numbers["end"]] if 'id="dv-' in page else []
    filters, clock, moment = query.partition("&as_of")
    table = paper.open(f"/t/union?{filters}&view=table{clock}{moment}".replace("?&", "?")).text
    assert sorted(rows(table)) == sorted([*statements, *on_axis])
    if "from" not in query and "to=" not in query:
        assert sorted(set(marks(page))) == statements
    for name, words in WORDS.items():
        assert (words in page.partition('id="days"')[2]) == (name in shown), name


def test_new_is_what_was_recorded_after_a_position(paper: Paper) -> None:
    since = paper.numbers["yes"]
    page = paper.open(f"/t/union?only=new&since=@{since}").text
    newer = [name for name in WORDS if paper.numbers[name] > since]
    assert sorted(entries(page)) == sorted(paper.numbers[name] for name in newer)
    assert "Only what is new to you" in page


@pytest.mark.thorough
@pytest.mark.parametrize(
    "query",
    [
        "stance=none",
        "kind=development",
        "only=changes",
        "from=2025-12",
        "to=2025-08",
    ],
)
def test_no_filter_moves_a_standing_position(paper: Paper, query: str) -> None:
    plain_page = paper.open("/t/union").text
    filtered = paper.open(f"/t/union?{query}").text
    assert sorted(standing(filtered)) == sorted(standing(plain_page))
    assert Page(filtered).words(aria_labelledby="spec-h") == Page(plain_page).words(
        aria_labelledby="spec-h"
    )


def test_a_filtered_statement_still_holds_its_level_without_a_mark(paper: Paper) -> None:
    page = paper.open("/t/union?stance=0").text
    bland = page.partition('id="lane-bland"')[2].partition('class="lane-block')[0]
    assert 'class="line line-5' in bland
    assert "pt-bland" not in bland


def counted(page: str, slug: str) -> int:
    """Return how many statements the bins of a lane count."""
    lane = page.partition(f'id="lane-{slug}"')[2].partition('class="lane-block')[0]
    told = re.findall(r'class="bin[ "][^>]*aria-label="[^"]*?: (\d+) statement', lane)
    return sum(map(int, told))


def test_counted_lanes_count_what_the_filters_let_through_and_nothing_retracted(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.lanes.chart_input.MARKS", 40)
    for number in range(90):
        day = f"2025-{7 + number // 28:02d}-{1 + number % 28:02d}"
        stance = "opposes" if number % 2 else "supports"
        paper.say(f"b{number}", "bland", stance, day, paraphrase=f"Says so, {number}.")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["b1"], "Not said.")
    assert counted(paper.open("/t/union").text, "bland") == 91
    assert counted(paper.open("/t/union?stance=-2").text, "bland") == 44
    assert counted(paper.open("/t/union?actor=cland").text, "bland") == 0
    few = paper.open("/t/union?only=new&since=@" + str(paper.numbers["b80"])).text
    assert counted(few, "bland") == 0
    assert marks(few)


def test_actors_stand_in_the_order_of_the_alphabet_not_of_their_sound(paper: Paper) -> None:
    names = ["Charlie", "Georgia", "Hector", "Ödland", "Oman", "Paris", "Volodymyr", "Wolfgang"]
    for at, name in enumerate(names):
        slug = f"of-{at}"
        paper.newsroom.actors.introduce(paper.dora(), name, "state", slug=slug)
        paper.say(slug, slug, "supports", "2025-11-01", paraphrase="Wants it.")
    paper.sign()
    shown = [label for label, _, _ in boxes(paper.open("/t/union").text, "actor").values()]
    assert [one for one in shown if one in names] == names
    story = paper.read("/story/talks?actor=of-0&actor=of-1&actor=of-2&actor=of-6&actor=of-7")
    assert [one for one in story.split() if one in names][:5] == names[:3] + names[6:]


def test_without_developments_among_the_kinds_the_axis_shows_none(paper: Paper) -> None:
    assert 'id="dv-' in paper.open("/t/union?kind=development").text
    assert 'id="dv-' not in paper.open("/t/union?kind=statement").text


def test_counts_respect_the_other_filters_and_not_their_own(paper: Paper) -> None:
    page = paper.open("/t/union").text
    assert boxes(page, "actor") == {
        "aland": ("Aland", 3, False),
        "bland": ("Bland", 2, False),
        "cland": ("Cland", 1, False),
        "dora": ("Dora Example", 2, False),
    }
    assert {key: count for key, (_, count, _) in boxes(page, "stance").items()} == {
        "-2": 1,
        "-1": 0,
        "0": 1,
        "1": 1,
        "2": 3,
        "none": 0,
    }
    chosen = paper.open("/t/union?actor=aland").text
    assert boxes(chosen, "actor")["aland"] == ("Aland", 3, True)
    assert boxes(chosen, "actor")["bland"] == ("Bland", 2, False)
    assert {key: count for key, (_, count, _) in boxes(chosen, "stance").items()} == {
        "-2": 1,
        "-1": 0,
        "0": 0,
        "1": 1,
        "2": 1,
        "none": 0,
    }
    both = paper.open("/t/union?actor=aland&stance=2").text
    assert boxes(both, "actor")["bland"][1] == 2
    assert boxes(both, "actor")["cland"][1] == 0
    assert boxes(both, "stance")["2"] == ("supports", 1, True)


@pytest.mark.thorough
def test_every_count_is_what_choosing_it_shows(demo: Site) -> None:
    for slug in ("security-guarantees", "talks-progress"):
        page = demo.open(f"/t/{slug}").text
        for name in ("actor", "stance", "source"):
            for value, (label, count, _) in boxes(page, name).items():
                shown = demo.open(f"/t/{slug}?{name}={value}").text
                retracted = len(re.findall(r'<article class="entry[^"]* entry-retracted', shown))
                assert len(entries(shown)) - retracted == count, (slug, label)


def test_sources_of_one_outlet_without_dates_are_told_apart_by_title(demo: Site) -> None:
    options = boxes(demo.open("/t/cuba-embargo").text, "source").values()
    labels = [label for label, _, _ in options]
    assert len(labels) == len(set(labels)) > 5
    assert all(re.fullmatch(r"A/RES/[\d/]+, roll call \d+", label) for label in labels)


def test_a_filter_by_source_names_paper_and_day(paper: Paper) -> None:
    page = paper.open("/t/union").text
    ((source, (label, count, chosen)),) = boxes(page, "source").items()
    assert (label, count, chosen) == ("Invented Times, 16 Dec 2025", 6, False)
    shown = paper.open(f"/t/union?source={source}").text
    assert len(entries(shown)) == 6
    assert paper.open("/t/union?source=elsewhere").status_code == 200


def test_nothing_left_names_the_filters_to_take_away(paper: Paper) -> None:
    page = paper.open("/t/union?actor=bland&stance=-2&only=changes&from=2025-12").text
    assert "No entry matches these filters." in page
    nothing = page.partition("No entry matches these filters.")[2].partition("</div>")[0]
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', nothing)]
    assert links == [
        "/t/union?actor=bland&only=changes&from=2025-12",
        "/t/union?stance=-2&only=changes&from=2025-12",
        "/t/union?actor=bland&stance=-2&only=changes",
        "/t/union?actor=bland&stance=-2&from=2025-12",
        "/t/union",
    ]
    for link in links:
        assert paper.open(link).status_code == 200


def test_the_form_keeps_the_rest_of_the_view(paper: Paper) -> None:
    page = paper.page("/t/union?actor=bland&sort=name&view=table&as_of=2025-12-01")
    (form,) = [element for element in page.find("form") if element["class"].startswith("filters")]
    assert form["hx-push-url"] == "true"
    hidden = [element for element in page.find("input", type="hidden") if form in element.around]
    kept = [(element["name"], element["value"]) for element in hidden]
    assert kept == [("view", "table"), ("as_of", "2025-12-01")]
    assert page.one("input", id="f-sort-name").has(checked="")
    assert page.one("input", id="f-actor-bland").has(checked="")


def test_a_merged_actor_is_filtered_with_those_merged_into_it(paper: Paper) -> None:
    room = paper.newsroom.actors
    room.introduce(paper.dora(), "Bland Kingdom", "state", slug="kingdom")
    crown = paper.say("crown", "kingdom", "doubts", "2025-10-01", paraphrase="Perhaps not.")
    room.merge(paper.dora(), "kingdom", "bland", "The same country.")
    for slug in ("bland", "kingdom"):
        assert crown in entries(paper.open(f"/t/union?actor={slug}").text)
    page = paper.open("/t/union").text
    assert boxes(page, "actor")["bland"][1] == 3


def test_sources_beyond_the_most_used_are_counted_reached_and_kept_when_chosen(demo: Site) -> None:
    def menu(query: str) -> tuple[dict[str, tuple[str, int | None, bool]], str]:
        page = demo.open(f"/t/cuba-embargo{query}").text
        return boxes(page, "source"), page.partition('id="menu-source"')[2].partition("</details>")[
            0
        ]

    first, told = menu("")
    assert len(first) == 8
    assert "and 19 more" in plain(told)
    assert 'href="/t/cuba-embargo?sources=all"' in told
    every, told = menu("?sources=all")
    assert len(every) == 27
    assert "more" not in plain(told)
    assert 'href="/t/cuba-embargo"' in told
    rare = next(iter(every.keys() - first.keys()))
    kept, told = menu(f"?source={rare}")
    assert kept.keys() == first.keys() | {rare}
    assert kept[rare][2]
    assert "and 18 more" in plain(told)
    assert not any(chosen for name, (_, _, chosen) in kept.items() if name != rare)


def test_a_source_that_is_chosen_stays_where_other_filters_leave_nothing_of_it(
    paper: Paper,
) -> None:
    page = paper.open("/t/union").text
    (only,) = boxes(page, "source")
    left = boxes(paper.open(f"/t/union?stance=none&source={only}").text, "source")
    assert left[only][1:] == (0, True)


def test_changes_are_counted_for_each_actor_whoever_is_chosen(paper: Paper) -> None:
    paper.say("turn", "bland", "opposes", "2025-12-10", paraphrase="No more.")
    paper.sign()
    for chosen in ("", "actor=aland&", "actor=bland&"):
        shown = boxes(paper.open(f"/t/union?{chosen}only=changes").text, "actor")
        counted = {slug: count for slug, (_, count, _) in shown.items() if count}
        assert {"aland", "bland"} <= counted.keys(), chosen
    for slug, count in counted.items():
        assert len(entries(paper.open(f"/t/union?actor={slug}&only=changes").text)) == count
