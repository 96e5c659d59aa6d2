"""TimelineJS JSON (version 3): every entry is a slide with a permanent id."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.dates import parse_date
from timeline.interchange.foreign.named_rows import calendar_parts, is_in_own_words, named_rows

if TYPE_CHECKING:
    from typing import BinaryIO

    from timeline.interchange.foreign.named_rows import NamedRow
    from timeline.interchange.formats.contracts import ExportOptions, Store

_encode = msgspec.json.Encoder().encode


class TimelineJsExporter:
    """Statements and developments as slides, each with its source."""

    name = "timelinejs"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write one object with all slides, streamed."""
        slides = (slide(entry) for entry in named_rows(store, options))
        first = next(slides, None)
        out.write(b'{"events":[')
        if first is not None:
            out.write(_encode(first))
        out.writelines(b",\n" + _encode(other) for other in slides)
        out.write(b"]}\n")


def slide(entry: NamedRow) -> dict[str, Any]:
    """Return an entry as a slide; its texts are HTML for TimelineJS."""
    row = entry.row
    is_statement = row["kind"] == "statement"
    when = row["said_at"] if is_statement else row["happened_at"]
    start, end = calendar_parts(when)
    made: dict[str, Any] = {
        "unique_id": f"standline-{entry.id}",
        "start_date": _date(start),
        "group": "statements" if is_statement else "developments",
    }
    if parse_date(when).precision == "before":
        made["start_date"]["display_date"] = html.escape(when)
    elif "X" in when:
        made["display_date"] = html.escape(when)
    if end:
        made["end_date"] = _date(end)
    made["text"] = _statement_text(entry) if is_statement else _development_text(entry)
    return made


def _date(parts: list[int]) -> dict[str, Any]:
    return dict(zip(("year", "month", "day"), parts, strict=False))


def _statement_text(entry: NamedRow) -> dict[str, str]:
    row = entry.row
    whom = entry.name_of("on_behalf_of")
    who = entry.name_of("actor") + (f" ({whom})" if whom else "")
    if not is_in_own_words(row):
        who += f", according to {row.get('reported_via') or 'others'}"
    stance = row["stance"].replace("_", " ")
    lines = [entry.question, row.get("paraphrase", "")]
    if quote := row.get("quote.text"):
        lines.append(f"“{quote}”")
    return _text(f"{who}: {stance}", [*map(html.escape, lines), _source(entry)])


def _development_text(entry: NamedRow) -> dict[str, str]:
    row = entry.row
    return _text(row.get("title", ""), [html.escape(row.get("summary", "")), _source(entry)])


def _text(headline: str, paragraphs: list[str]) -> dict[str, str]:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return {"headline": html.escape(headline), "text": text.replace("\n", "<br>")}


def _source(entry: NamedRow) -> str:
    row = entry.row
    parts = [row.get(f"source.{name}") for name in ("outlet", "title", "published_at")]
    label = html.escape(", ".join(filter(None, parts)) or row.get("source.url", ""))
    url = row.get("source.url")
    return f'<a href="{html.escape(url)}">{label}</a>' if url else label
