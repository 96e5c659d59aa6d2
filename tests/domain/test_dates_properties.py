"""Properties of dates, for any text and against the EDTF library's own reading."""

from __future__ import annotations

import contextlib
import io
import re
from datetime import date

from edtf import parse_edtf
from hypothesis import example, given
from hypothesis import strategies as st

from timeline.domain.dates import (
    SaidDate,
    counting_instant,
    day_of,
    parse_as_of,
    parse_date,
    parse_instant_us,
    said_or_published,
)
from timeline.domain.errors import Refused
from timeline.domain.instants import calendar_date

NOTATION = "0123456789XYTZ?~%-/.:+ []{}ES,^"

days = st.dates().map(date.isoformat)
months = days.map(lambda day: day[:7])
years = days.map(lambda day: day[:4])
unspecified = st.one_of(
    months.map(lambda month: month + "-XX"),
    years.map(lambda year: year + "-XX"),
    years.map(lambda year: year + "-XX-XX"),
    years.map(lambda year: year[:3] + "X"),
    years.map(lambda year: year[:2] + "XX"),
)
marks = st.sampled_from(["", "?", "~", "%"])
bare = st.one_of(days, months, years, unspecified)
times = st.datetimes().map(lambda at: at.isoformat(timespec="minutes"))
written = st.one_of(
    st.builds(str.__add__, bare, marks),
    st.builds(str.__add__, times, st.sampled_from(["Z", "+01:00", "-0330"])),
    st.builds("{}/{}".format, bare, bare),
    st.builds(str.format, st.sampled_from(["../{}", "{}/..", "/{}"]), bare),
)


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A date in which a sign is another one, or is left out, or stands twice."""
    text: str = draw(written)
    at = draw(st.integers(0, len(text) - 1))
    other: str = draw(st.sampled_from(["", text[at] * 2, *NOTATION]))
    return text[:at] + other + text[at + 1 :]


notations = written | misspelt() | st.text(NOTATION, max_size=24)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, str]:
    """A date without marks, and the same one with a mark wherever EDTF allows one."""
    parts = draw(days).split("-")[: draw(st.integers(1, 3))]
    before = draw(st.booleans())
    dressed = [draw(marks) + part if before else part for part in parts]
    if not before:
        at = draw(st.integers(0, len(parts) - 1))
        dressed[at] += draw(marks)
    return "-".join(parts), "-".join(dressed)


def read(text: str) -> SaidDate | None:
    """Read a date, or show that its refusal is one line that helps and nothing is printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            found, refusal = parse_date(text), None
        except Refused as refused:
            found, refusal = None, refused
    assert not printed.getvalue()
    assert refusal is None or (refusal.message and refusal.fix)
    assert len(str(refusal).splitlines()) == 1
    return found


@given(notations | st.text())
@example("2025-12-15")
@example("../Y-13800000000")
@example("Y-292277022657")
@example("XXXX-02-30")
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    said = read(text)
    if said:
        assert said.text == text.strip()
        assert said.earliest is None or said.earliest <= said.latest
        assert parse_date(said.text) == said


@given(notations, notations | st.none() | st.text())
def test_no_text_brings_the_other_readers_down(text: str, other: str | None) -> None:
    for reader in (parse_as_of, parse_instant_us):
        with contextlib.suppress(Refused):
            reader(text)
    with contextlib.suppress(Refused):
        said_or_published(other, text)


@given(marked())
def test_a_mark_never_changes_the_interval(pair: tuple[str, str]) -> None:
    plain, sure = read(pair[0]), read(pair[1])
    assert plain
    assert sure
    assert (plain.earliest, plain.latest, plain.precision) == (
        sure.earliest,
        sure.latest,
        sure.precision,
    )


@given(bare, marks)
def test_a_date_covers_the_days_that_the_edtf_library_finds(text: str, mark: str) -> None:
    said = read(text + mark)
    assert said
    assert said.earliest is not None
    theirs = parse_edtf(text + mark)
    assert calendar_date(day_of(said.earliest)) == tuple(theirs.lower_strict())[:3]
    assert calendar_date(day_of(said.latest)) == tuple(theirs.upper_strict())[:3]


@given(notations)
def test_what_we_read_without_a_time_is_edtf(text: str) -> None:
    said = read(text)
    if said and "T" not in text:
        # The library knows not every date at either end of an interval that is open, and fails on
        # some months of which one digit is open ("2000-0X-01?").
        for end in said.text.split("/"):
            if not re.search(r"-\dX", end):
                assert end in ("", "..") or parse_edtf(end) is not None


@given(bare, bare)
def test_an_interval_reaches_from_its_first_date_to_its_last(one: str, other: str) -> None:
    start, end, both = read(one), read(other), read(f"{one}/{other}")
    assert start
    assert end
    assert start.earliest is not None
    assert (both is None) == (start.earliest > end.latest)
    if both:
        assert (both.earliest, both.latest) == (start.earliest, end.latest)


@given(bare, bare | st.none(), st.integers(0, 2**53))
@example("2025", "2025-06-03", 0)
@example("2025-12", None, 1_765_800_000_000_000)
def test_nothing_counts_from_later_than_it_can_have_been_said(
    said: str, published: str | None, recorded_at: int
) -> None:
    when, source = parse_date(said), parse_date(published) if published else None
    instant = counting_instant(when, source, recorded_at)
    assert instant <= when.latest
    assert instant <= (source.latest if source else recorded_at // 1_000_000)
