"""How pages are laid out: what has the focus is seen, and lines cross no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.reader import NewReader

pytestmark = pytest.mark.thorough

CROSSED = """() => [...document.querySelectorAll(
  ".chart-grid :is(line, .veil)"
)].flatMap((line) => {
  const it = line.getBoundingClientRect(), axis = line.closest(".lanes");
  return [...axis.querySelectorAll(".axis-label")].filter((text) => {
    const box = text.getBoundingClientRect(), meets = (a, b, from, to) => a[from] < b[to];
    return box.width && meets(box, it, "left", "right") && meets(it, box, "left", "right")
      && meets(it, box, "top", "bottom");
  }).map((text) => text.textContent);
})"""
"""Dates of an axis that a line runs through, or that the time after the moment reaches into."""
UNSEEN = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect();
  const bar = (part) => {
    while (part && !["sticky", "fixed"].includes(getComputedStyle(part).position))
      part = part.parentElement;
    return part;
  };
  const y = (box.top + box.bottom) / 2;
  const over = [box.left + 6, (box.left + box.right) / 2, box.right - 6]
    .map((x) => document.elementFromPoint(x, y)).filter(Boolean);
  const covered = over.some((top) => bar(top) && !bar(top).contains(it)) || !over.length;
  const small = it !== document.body && box.height < innerHeight / 3;
  return small && covered ? it.outerHTML.slice(0, 120) : "";
}"""
"""What has the focus, if something that sticks to an edge covers an end of it, or it is nowhere."""

LOOK_BEFORE_EACH_KEY = f"""() => {{
  const look = {UNSEEN};
  const seen = new Set();
  addEventListener("keydown", () => {{ seen.add(look()); }}, true);
  window.unseen = () => [...seen, look()];
}}"""
"""Ask that before every key is heard, which is sooner done than from outside."""


@pytest.mark.parametrize(
    ("path", "width"),
    [
        ("/", 390),
        ("/t/eu-accession?s=64", 1440),
        ("/t/eu-accession?s=64", 390),
        ("/t/nato-membership?view=table", 390),
        ("/s/75", 390),
        ("/record", 1440),
    ],
)
def test_nothing_that_sticks_to_an_edge_hides_what_has_the_focus(
    reader: NewReader, path: str, width: int
) -> None:
    me = reader(width=width)
    me.go(path)
    stops = me.find("a, button, input, select, textarea, summary").count()
    me.page.evaluate(LOOK_BEFORE_EACH_KEY)
    for key in ("Tab", "Shift+Tab"):
        me.press(*[key] * stops)
    assert set(me.page.evaluate("window.unseen()")) == {""}


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_the_table_shows_all_its_columns_on_a_wide_screen(reader: NewReader, language: str) -> None:
    me = reader(language=language)
    for topic in ("eu-accession", "peace-agreement", "cuba-embargo"):
        me.go(f"/t/{topic}?view=table")
        table = me.find("#table .scroll")
        assert table.evaluate("one => one.scrollWidth - one.clientWidth") == 0, topic


def test_the_notice_of_a_retraction_stands_clear_of_the_speaker(
    reader: NewReader, desk: str
) -> None:
    me = reader(desk)
    me.go("/t/nato-membership")
    number = (me.find("[data-lanes] .point").first.get_attribute("href") or "").rpartition("=")[2]
    me.go(f"/record/{number.rpartition('/')[2]}/retract")
    me.find('[name="reason"]').fill("Recorded twice.")
    me.find("main form button.button-primary").click()
    me.at(f"/s/{number.rpartition('/')[2]}")
    notice, speaker = (
        me.find(".statement .notice").bounding_box(),
        me.find(".statement-who").first.bounding_box(),
    )
    assert notice
    assert speaker
    assert speaker["y"] - (notice["y"] + notice["height"]) >= 12


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_line_and_no_later_time_crosses_a_date_of_the_axis(
    reader: NewReader, width: int
) -> None:
    me = reader(width=width)
    for path, line in (
        ("/log/diff?topic=cuba-embargo&clock=said&a=2014-06-01", ".as-of"),
        ("/t/eu-accession?as_of=2025-12-16T14:00Z", ".as-of"),
        ("/s/75", ".grid-tick"),
    ):
        me.go(path)
        assert me.find(f".chart-grid {line}").count()
        assert me.page.evaluate(CROSSED) == []


COMB = """() => [...document.querySelectorAll(".lane")].filter((lane) => {
  const box = (part) => lane.querySelector(part).getBoundingClientRect();
  const top = lane.getBoundingClientRect().top, bottom = box(".lane-label").bottom;
  const covered = [".lane-label", ".now-line"].every((part) => Math.abs(box(part).top - top) < 1);
  return !covered || box(".lane-plot").top - Math.max(bottom, box(".now-text").bottom) > 5;
}).map((lane) => lane.textContent.trim())"""
"""Lanes above whose names the grid shows, or that leave a blank strip below them."""


def test_on_phones_the_grid_ends_at_the_rule_of_a_lane(reader: NewReader) -> None:
    me = reader(width=390)
    for path in (
        "/log/diff?topic=cuba-embargo&clock=said&a=2014-06-01",
        "/t/cuba-embargo",
        "/s/75",
    ):
        me.go(path)
        assert me.find(".lane").count()
        assert me.page.evaluate(COMB) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pointer_of_an_open_proof_stands_below_its_mark(reader: NewReader, width: int) -> None:
    me = reader(width=width)
    me.go("/t/cuba-embargo?s=654")
    mark, notch = (me.find(f"[href='#{one}']").bounding_box() for one in ("sel", "notch"))
    assert mark
    assert notch
    assert notch["y"] >= mark["y"] + mark["height"] - 1
