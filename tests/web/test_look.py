"""The look keeps its promises: readable colours, small files, nothing from elsewhere."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import web
from web.chart.axis import NARROW, WIDTH
from web.shell.bundles import SCRIPTS, SOURCES, STYLES, bundle, sources

STATIC = Path(web.__file__).parent / "static"


def sent(name: str) -> bytes:
    """Return a style sheet or script as it is sent."""
    made = bundle(name)
    assert made is not None
    return made.content


CSS = sent("app.css").decode()
TEXT = ("ink", "ink-2", "ink-3")
STANCES = ("st0", "st1", "st2", "st3", "st4", "st5")


def tokens(theme: int, part: str = ":root{") -> dict[str, str]:
    """Return the colour tokens of a rule, 0 light and 1 dark."""
    block = CSS[CSS.index(part) :]
    block = block[: block.index("}")]
    pairs = re.findall(r"--([\w-]+):light-dark\((#\w+),(#\w+)\)", block)
    return {name: (light, dark)[theme] for name, light, dark in pairs}


def test_a_closed_lane_on_a_phone_keeps_what_is_uncertain() -> None:
    rule = re.search(r"\.lanes-brief \.lane ?> ?\.lane-plot ?> ?:is\((.*?)\)", CSS)
    marks = re.search(r"\.lanes-brief \.point:not\((.*?)\)[,{]", CSS)
    assert rule is not None
    assert marks is not None
    assert "whisker" not in rule[1]
    assert {".retracted", ".selected"} <= {one.strip() for one in marks[1].split(",")}
    assert "-none" in marks[1]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_reads_on_every_ground(theme: int) -> None:
    colours = tokens(theme)
    for text in TEXT:
        for ground in ("paper", "paper-2", "mark-soft"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for text in ("ink", "ink-2"):
        for ground in ("paper-3", "mark", "st1t", "st2t", "st3t", "st4t", "st5t"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for ground in ("st1a", "st2a", "st3a", "st4a", "st5a"):
        assert contrast(colours["ink"], colours[ground]) >= 4.5, ground
    assert contrast(colours["err"], colours["paper"]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_marks_and_controls_stand_out(theme: int) -> None:
    colours = tokens(theme)
    for mark in (*STANCES, "ctl"):
        assert contrast(colours[mark], colours["paper"]) >= 3, mark
    for mark in ("bst0", "bst1", "bst2", "bst3", "bst4", "bst5"):
        assert contrast(colours[mark], colours["badge"]) >= 3, mark
    neutral = tokens(theme, ".neutral{")
    for mark in STANCES[1:]:
        assert contrast(neutral[mark], colours["paper"]) >= 3, mark


def test_counted_statements_have_an_edge_or_a_ground_that_stands_out() -> None:
    for step in "12345":
        drawn = "".join(re.findall(rf"\.block-{step}\{{([^}}]*)\}}", CSS))
        assert f"var(--st{step})" in drawn, step


def test_the_neutral_palette_has_no_hue() -> None:
    for theme in (0, 1):
        for colour in tokens(theme, ".neutral{").values():
            channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
            assert max(channels) - min(channels) <= 24, colour


def gzipped(*contents: bytes) -> int:
    """Return how many bytes files have as they are sent."""
    return sum(len(gzip.compress(content, 9)) for content in contents)


def test_files_keep_to_their_budgets() -> None:
    for room in STYLES:
        assert gzipped(*{sent("app.css"), sent(room)}) <= 24_000, room
    assert gzipped(sent("embed.css")) <= 1_000
    vendored = [path.read_bytes() for path in STATIC.glob("vendor/*.js")]
    assert gzipped(*map(sent, SCRIPTS), *vendored) <= 30_000
    latin = sum(path.stat().st_size for path in STATIC.glob("fonts/*latin*.woff2"))
    assert latin <= 170_000


@pytest.mark.parametrize("sheet", STYLES)
def test_nothing_is_loaded_from_elsewhere(sheet: str) -> None:
    css = sent(sheet).decode()
    for address in re.findall(r"url\(([^)]+)\)", css):
        assert address.startswith("#") or (STATIC / address).is_file(), address
    assert "@import" not in css


def test_every_vendored_file_has_its_licence_beside_it() -> None:
    for path in [*STATIC.glob("fonts/*.woff2"), *STATIC.glob("vendor/*.js")]:
        version = re.match(r"[a-z0-9-]+?-\d+\.\d+\.\d+", path.name)
        assert version is not None
        assert (path.parent / f"{version[0]}.LICENSE.txt").is_file(), path.name


def test_labels_are_hidden_where_the_plot_is_narrower_than_they_were_laid_out_for() -> None:
    columns = re.findall(r":root\{[^}]*?--lab:(\d+)px;--now:(\d+)px", CSS)
    wide, narrow = (int(label) + int(now) for label, now in columns[:2])
    found = re.findall(r"@container chart \(width < (\d+)px\)\{\.if-(\w+)\{", CSS)
    widths = {tier: int(width) for width, tier in found}
    assert (widths["wide"], widths["narrow"]) == (WIDTH + wide, NARROW + narrow)


def test_no_text_is_smaller_than_11_px() -> None:
    every = "".join(sent(one).decode() for one in STYLES)
    sizes = re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)px", every)
    assert sizes
    assert min(map(float, sizes)) >= 11
    rems = re.findall(r"--fs-\d+:([\d.]+)rem", CSS)
    assert rems
    assert min(map(float, rems)) * 16 >= 11


COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def names(text: str) -> list[str]:
    """Return the names and numbers of a text in their order."""
    return re.findall(r"[\w#]+", COMMENT.sub(" ", text))


def test_every_file_is_in_one_bundle() -> None:
    written = sorted([*SOURCES.glob("styles/**/*.css"), *SOURCES.glob("scripts/**/*.js")])
    assert sorted(file for name in (*STYLES, *SCRIPTS) for file in sources(name)) == written
    named = [file for files in (*STYLES.values(), *SCRIPTS.values()) for file in files]
    assert len(named) == len(written)


@pytest.mark.parametrize("name", [*STYLES, *SCRIPTS])
def test_what_is_sent_is_what_is_written_without_what_is_for_people(name: str) -> None:
    made = bundle(name)
    assert made is not None
    written = "".join(file.read_text(encoding="utf-8") for file in sources(name))
    sent = made.content.decode()
    assert names(sent) == names(written)
    assert len(sent) < 0.9 * len(written)


@pytest.mark.parametrize("name", [*STYLES, *SCRIPTS])
def test_a_file_says_first_what_it_is_about(name: str) -> None:
    for file in sources(name):
        assert file.read_text(encoding="utf-8").startswith("/* "), file


def test_what_lies_in_the_folder_is_no_bundle() -> None:
    assert bundle("icon.svg") is None


def luminance(colour: str) -> float:
    """Return the relative luminance of a hex colour (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    channels = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two hex colours (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
