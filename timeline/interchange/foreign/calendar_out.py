"""iCalendar (RFC 5545): developments as events of a calendar, each under an id that stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from timeline.domain.dates import parse_date
from timeline.domain.instants import DAY, calendar_date, day_of
from timeline.interchange.foreign.named_rows import named_rows

if TYPE_CHECKING:
    from typing import BinaryIO

    from timeline.interchange.foreign.named_rows import NamedRow
    from timeline.interchange.formats.contracts import ExportOptions, Store

_END = b"END:VCALENDAR\r\n"
_STATUS = {"confirmed": "CONFIRMED"}
"""All other statuses (claimed, disputed, announced) are tentative in a calendar."""


class CalendarExporter:
    """Developments as events; a calendar has no statements and nothing before the year 1."""

    name = "ics"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write one calendar, event by event."""
        import icalendar  # noqa: PLC0415 - few write calendars

        entries = named_rows(store, options)
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Standline//Developments//EN")
        calendar.add("version", "2.0")
        text: bytes = calendar.to_ical()
        out.write(text.removesuffix(_END))
        for entry in entries:
            fields = _fields(entry) if entry.row["kind"] == "development" else {}
            event = icalendar.Event()
            for name, value in fields.items():
                event.add(name, value)
            if fields:
                out.write(event.to_ical())
        out.write(_END)


def _fields(entry: NamedRow) -> dict[str, Any]:
    """Return the properties of an event; none if a calendar cannot hold its day."""
    row = entry.row
    happened = parse_date(row["happened_at"], "happened_at")
    first = happened.latest if happened.earliest is None else happened.earliest
    try:
        when: dict[str, Any] = {"dtstart": _day(first), "dtend": _day(happened.latest + DAY)}
        if happened.timed:
            when = {"dtstart": datetime.fromtimestamp(first, UTC)}
    except (OverflowError, ValueError, OSError):
        return {}
    recorded = datetime.fromisoformat(row["first_recorded_at"]).astimezone(UTC)
    properties = {
        "uid": f"{entry.id}@standline",
        "dtstamp": recorded.replace(microsecond=0),
        **when,
        "summary": row.get("title", ""),
        "description": _description(entry),
        "url": row.get("source.url", ""),
        "status": _STATUS.get(row["status"], "TENTATIVE"),
        "categories": [entry.questions.get(topic, topic) for topic in row["topics"]],
    }
    return {name: value for name, value in properties.items() if value}


def _day(instant: int) -> date:
    return date(*calendar_date(day_of(instant)))


def _description(entry: NamedRow) -> str:
    row = entry.row
    source = ", ".join(filter(None, (row.get("source.outlet"), row.get("source.title"))))
    teller = entry.name_of("according_to")
    status = row["status"] + (f", according to {teller}" if teller else "")
    lines = (row.get("summary"), status, row["happened_at"], source)
    return "\n".join(filter(None, lines))
