"""TimelineJS: its JSON (versions 3 and 2, JSONP too) and its sheet, as developments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.interchange.foreign.plain_text import one_line, plain_text
from timeline.interchange.formats.csv_rows import CsvRows
from timeline.interchange.formats.json_text import elements_of, value_at
from timeline.interchange.formats.jsonl_rows import element_row
from timeline.interchange.formats.source_row import Layout, RowStream, SourceRow, native_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from timeline.interchange.formats.opening import SourceFile
    from timeline.interchange.formats.source_row import Rows

    Row = dict[str, Any]

NOT_OF_TIMELINEJS = Message(
    "not_of_timelinejs",
    "this is no timeline of TimelineJS",
    fix="give its JSON, with events, or its sheet, with a column Headline",
)

ERA, TITLE = "era of a timeline", "title slide of a timeline"
_OBJECT = re.compile(r"\ufeff?\s*(?:[\w.$]+\s*[=(]\s*)?\{")
_NEW = re.compile(r'"(?:events|eras)"\s*:\s*\[')
_OLD = re.compile(r'"timeline"\s*:\s*\{')
_NEW_LISTS, _OLD_LISTS = (("events",), ("eras",)), (("timeline", "date"), ("timeline", "era"))
_SHEET = re.compile(r'\ufeff?"?Year"?[,;\t].*"?Headline"?', re.IGNORECASE)
_PARTS = ("Year", "Month", "Day")


class TimelineJsFormat:
    """Each slide is a development; slides have no topic, so `--topic` gives it."""

    name = "timelinejs"
    about = "a timeline of TimelineJS"

    def recognises(self, file: SourceFile) -> bool:
        """Tell whether the file looks like a timeline."""
        if _SHEET.match(file.head.partition("\n")[0]):
            return True
        is_object = _OBJECT.match(file.head) is not None
        return is_object and bool(_NEW.search(file.head) or _OLD.search(file.head))

    def rows(self, file: SourceFile, layout: Layout) -> Rows:
        """Return the slides as native rows; raises `Refused` if it is no timeline."""
        if not self.recognises(file):
            raise Refused(NOT_OF_TIMELINEJS, field=file.name)
        if _OBJECT.match(file.head):
            return RowStream(partial(_slides, file))
        sheet = CsvRows(file, layout)
        return RowStream(partial(_slides_of_sheet, sheet), sheet.delimiter)


def _slides(file: SourceFile) -> Iterator[SourceRow]:
    """Yield the slides of a JSON timeline; everything else is left out and counted."""
    is_old = not _NEW.search(file.head)
    slides, eras = _OLD_LISTS if is_old else _NEW_LISTS
    native, title = _old if is_old else _new, _headline(file.text, is_old=is_old)
    for path, element in elements_of(file.text, (slides, eras)):
        row = element_row(element)
        if path == eras and element.error is None:
            yield SourceRow(element.line, {}, "", left_out=ERA)
        else:
            yield row if row.error else _read(row, native, json.loads(element.raw), title)
    if title:
        yield SourceRow(1, {}, "", left_out=TITLE)


def _headline(text: TextIO, *, is_old: bool) -> str:
    text.seek(0)
    raw = value_at(text, ("timeline",) if is_old else ("title",), keeps_lists=False)
    try:
        title = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    words = title.get("text") if not is_old and isinstance(title, dict) else title
    return one_line(words.get("headline")) if isinstance(words, dict) else ""


def _new(slide: Row) -> Row:
    text = slide.get("text")
    words = text if isinstance(text, dict) else {}
    name = slide.get("unique_id")
    return _development(
        words.get("headline"),
        words.get("text"),
        span(edtf_of(slide.get("start_date")), edtf_of(slide.get("end_date"))),
        slide.get("media"),
    ) | ({"key": f"timelinejs:{name}"} if name else {})


def _old(slide: Row) -> Row:
    start, end = (edtf_of_text(slide.get(name)) for name in ("startDate", "endDate"))
    words = slide.get("headline"), slide.get("text")
    return _development(*words, span(start, end), slide.get("asset"))


def _slides_of_sheet(sheet: CsvRows) -> Iterator[SourceRow]:
    """Yield the slides of the spreadsheet that TimelineJS reads, without title and eras."""
    for row in sheet:
        cells = {name.strip().title(): cell for name, cell in row.fields.items()}
        kind = str(cells.get("Type") or "").strip().lower()
        if row.error is None and kind in ("title", "era"):
            yield SourceRow(row.line, {}, "", left_out=TITLE if kind == "title" else ERA)
        elif row.error is None:
            yield _read(SourceRow(row.line, {}, json.dumps(row.fields)), _from_sheet, cells, "")
        else:
            yield row


def _from_sheet(cells: Row) -> Row:
    start = {name.lower(): cells.get(name) for name in _PARTS}
    end = {name.lower(): cells.get(f"End {name}") for name in _PARTS}
    media = {"caption": cells.get("Media Caption")}
    words = cells.get("Headline"), cells.get("Text")
    return _development(*words, span(edtf_of(start), edtf_of(end)), media)


def _read(row: SourceRow, native: Callable[[Row], Row], slide: Row, title: str) -> SourceRow:
    try:
        made = native(slide) | ({"source.title": title} if title else {})
    except Refused as error:
        return SourceRow(row.line, {}, row.raw, error)
    return native_row(row.line, made)


def _development(headline: object, text: object, happened_at: str, media: object) -> Row:
    """Return a slide as a native row.

    Without a headline the title is its text, else the caption of its picture.
    """
    title, summary = one_line(headline), plain_text(text)
    if not title:
        title, _, summary = summary.partition("\n")
    if not title and isinstance(media, dict):
        title = one_line(media.get("caption"))
    return {
        "kind": "development",
        "title": title,
        "summary": summary,
        "happened_at": happened_at,
    }


TIMELINEJS_DATE_UNREADABLE = Message(
    "timelinejs_date_unreadable",
    "%(date)s is not a date of TimelineJS",
    fix="give a year, and a month and a day if they are known",
)

_LONG_YEAR = 9999
_WHOLE = re.compile(r"\s*([+-]?\d+)(?:\.0*)?\s*")
_COMMAS = re.compile(r"\s*-?\d+\s*(,\s*\d*\s*){0,6}")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def edtf_of(parts: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return a date of version 3 as EDTF, empty for none.

    The time of day is dropped, since its zone is unknown. Raises `Refused` if it is no date.
    """
    if not isinstance(parts, Mapping):
        if parts in (None, ""):
            return ""
        raise _unreadable(parts)
    numbers = [str(parts.get(name) or "").strip() for name in ("year", "month", "day")]
    while numbers and numbers[-1] in ("", "0"):
        numbers.pop()
    if not numbers:
        return ""
    matches = [_WHOLE.fullmatch(number) for number in numbers]
    if None in matches:
        raise _unreadable(dict(parts))
    return _edtf([int(match[1]) for match in matches if match])


def edtf_of_text(text: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return a date of version 2 ("1963,8,9", "8/9/1963", "1963") as EDTF; raises `Refused`."""
    written = str(text if text is not None else "").strip()
    if not written:
        return ""
    if american := _SLASHES.fullmatch(written):
        month, day, year = (int(part) for part in american.groups())
        return _edtf([year, month, day])
    if _COMMAS.fullmatch(written) is None:
        raise _unreadable(written)
    numbers = [part.strip() for part in written.split(",")][:3]
    return edtf_of(dict(zip(("year", "month", "day"), numbers, strict=False)))


def span(start: str, end: str) -> str:
    """Return the interval between two dates; only the first if the second is not later."""
    return f"{start}/{end}" if start and end and end != start else start


def _edtf(numbers: list[int]) -> str:
    year, *rest = numbers
    if abs(year) > _LONG_YEAR:
        return f"Y{year}"
    sign = "-" if year < 0 else ""
    return "-".join([f"{sign}{abs(year):04d}", *(f"{part:02d}" for part in rest)])


def _unreadable(value: object) -> Refused:
    return Refused(TIMELINEJS_DATE_UNREADABLE, field="happened_at", date=InQuotes(value))
