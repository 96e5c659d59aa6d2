"""The doctor's examinations: each function prints the state of a subject and yields problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from timeline.backup.archive import Archive
from timeline.backup.making import backups_in
from timeline.bootstrap import Services
from timeline.cli.exit_status import describe
from timeline.cli.options import Progress, place_of, print_facts
from timeline.desk.embargoes import Embargo
from timeline.domain.errors import StandlineError
from timeline.domain.instants import MICROSECONDS, iso
from timeline.projections.queries import log
from timeline.projections.queries.own_values import actors_lacking
from timeline.stores import examining
from timeline.stores.clock import DAY, LEAP, TOLERANCE
from timeline.stores.log import ACKNOWLEDGED_MISSING, AnotherLog
from timeline.stores.trouble import STORE_DAMAGED

SPARE = 100_000_000
"""Bytes that must be free in addition to those for a rebuild."""

NAMED = 5
"""Most actors that are named in a problem."""

HOUR = 3_600 * MICROSECONDS
TWO_DAYS = 48
TOO_OLD = 2 * DAY
"""Age of the newest backup that is too old: two daily backups have failed."""

OWN_END_MISSING = "the log lacks what it acknowledged at its end"
SET_RIGHT = "set it right; if it is right, `standline clock --confirm`"

Examination = Callable[[Services, Progress], Iterator[str]]


def examine(services: Services, progress: Progress, backups: Path | None) -> list[str]:
    """Run all examinations and return the problems; a failed one does not stop the others.

    ``backups`` is the folder where backups should be, if there is one.
    """
    wrong: list[str] = []
    last: Examination = partial(_backups, backups) if backups else _last_backup
    for subject, look in (LOOKS | {"backup": last}).items():
        try:
            wrong += look(services, progress)
        except (StandlineError, DBAPIError, OSError) as error:
            progress.break_off()
            print_facts(subject, describe(error))
            wrong.append(f"the {subject} cannot be looked at")
    return wrong


def _store(services: Services, _progress: Progress) -> Iterator[str]:
    print_facts("store", place_of(services.url), examining.database_of(services.url))
    yield from ()


def _pages(services: Services, progress: Progress) -> Iterator[str]:
    parts = examining.parts_of(services.url, services.log.live_generation())
    wrong = []
    for done, (part, place) in enumerate(parts.items()):
        progress("pages", done, len(parts))
        if damage := examining.damage_of(services.url, place):
            wrong.append((part, damage))
    progress.close()
    for part, damage in wrong:
        print_facts("pages", f"{part}: {damage}", WAYS_BACK[part])
        yield f"the {part} {'have' if part.endswith('s') else 'has'} damaged pages"
    if not wrong:
        print_facts("pages", "whole")


REPLAY_CHECK = "`standline replay --check` compares what is in them with the log"
REPLAY = "run `standline replay`"
WAYS_BACK = {
    "log": "restore a backup",
    "read models": REPLAY,
    "desk": "restore a backup, or move it away to begin another",
}


def _log(services: Services, progress: Progress) -> Iterator[str]:
    record = services.log
    head = record.head()
    print_facts("log", f"{record.count()} events", f"head at {head}")
    if last := record.lost_at_the_end():
        print_facts("log", f"events up to {last} were recorded", "restore a backup")
        yield f"the log lacks events at its end, up to {last}"
    try:
        record.verify(on_progress=progress)
    except StandlineError as error:
        progress.break_off()
        print_facts("hashes", str(error))
        yield "the log is not as it was recorded"
    else:
        progress.close()
        print_facts("hashes", "every event, its words and its place in its stream hold")


def _read_models(services: Services, _progress: Progress) -> Iterator[str]:
    generation = f"generation {services.log.live_generation()}"
    try:
        services.models.check_origin()
    except AnotherLog as error:
        print_facts("read models", generation, str(error))
        lacks = error.template is ACKNOWLEDGED_MISSING
        yield OWN_END_MISSING if lacks else "what pages read was made from another log"
        return
    if services.models.awaits_rebuild():
        print_facts("read models", generation, "to be made anew, which the next command does")
        return
    try:
        faults = services.models.faults()
    except StandlineError as error:
        if error.template is not STORE_DAMAGED:
            raise
        # Damaged pages are reported already.
        return
    if faults:
        print_facts("read models", generation, f"there is {', '.join(faults)}", REPLAY)
        yield "the read models are not as they were written"
        return
    behind = services.log.head() - services.models.shown()
    print_facts("read models", generation, f"{behind} behind", REPLAY_CHECK)


def _quarantine(services: Services, _progress: Progress) -> Iterator[str]:
    if not services.models.is_current():
        return
    with services.models.engine().connect() as conn:
        quarantined = log.quarantined_events(conn)
        inert = log.inert_merges(conn)
    for event in quarantined:
        print_facts("quarantined", f"event {event.position}", event.type, event.error)
    for absorbed, into in inert:
        print_facts("inert merge", f"{absorbed} into {into}", "it would close a circle")
    if quarantined:
        many = f"{len(quarantined)} events are" if len(quarantined) > 1 else "1 event is"
        yield f"{many} quarantined"


LATE = 60 * MICROSECONDS
"""Microseconds after which a due entry is overdue."""


def _overdue(services: Services, waiting: list[Embargo]) -> Iterator[str]:
    """Yield a problem if entries are overdue, since a server would have recorded them."""
    latest = services.clock() - LATE
    late = sum(entry.due_at < latest and entry.trouble is None for entry in waiting)
    if late:
        rows = "1 entry under embargo is" if late == 1 else f"{late} entries under embargo are"
        yield f"{rows} overdue: nobody serves the site; “standline embargo run” records what is due"


def _desk(services: Services, _progress: Progress) -> Iterator[str]:
    if "desk" not in examining.parts_of(services.url, 0):
        print_facts("desk", "none yet")
        return
    try:
        counts = services.desk.counted_rows()
        waiting = services.desk.embargoes.waiting()
    except StandlineError as error:
        print_facts("desk", error.message)
        yield "the desk cannot be used"
    else:
        refused = sum(entry.trouble is not None for entry in waiting)
        facts = [f"{table} {count}" for table, count in counts.items()] or ["nothing lies on it"]
        facts += [f"{len(waiting)} under embargo"] if waiting else []
        facts += [f"{refused} of them refused when due"] if refused else []
        print_facts("desk", *facts)
        yield from _overdue(services, waiting)


def _feeds(services: Services, _progress: Progress) -> Iterator[str]:
    """Print the feeds that cannot be read: a broken feed looks like a quiet one.

    This is no problem of the store; feeds are retried automatically.
    """
    if "desk" not in examining.parts_of(services.url, 0):
        return
    for feed in services.desk.feeds.every():
        if feed.trouble:
            since = iso(feed.failing_since // MICROSECONDS)
            print_facts("feed", feed.address, f"failing since {since}", describe(feed.trouble))
    yield from ()


def _last_backup(services: Services, _progress: Progress) -> Iterator[str]:
    at, upto = services.log.last_backup()
    if at:
        print_facts("backup", *_age(services, at, upto))
    else:
        print_facts("backup", "none was made of this store", "`standline backup` makes one")
    yield from ()


def _backups(folder: Path, services: Services, progress: Progress) -> Iterator[str]:
    paths = backups_in(folder, services.url.name)
    if not paths:
        print_facts(
            "backup", f"there is none of this store in {folder}", "`standline backup` makes one"
        )
        yield "there is no backup"
        return
    with Archive.opened(paths[-1]) as archive:
        archive.check(progress)
        made = archive.manifest
    progress.close()
    facts = _age(services, made.moment, made.head)
    if services.log.place_at(made.head).chain != made.seal.chain:
        print_facts("backup", paths[-1].name, *facts, "it is of another log")
        yield "the newest backup is of another log"
        return
    print_facts("backup", paths[-1].name, *facts, "whole")
    if services.clock() - made.moment > TOO_OLD:
        yield f"the newest backup is older than {TOO_OLD // DAY} days"


def _age(services: Services, at: int, upto: int) -> tuple[str, str]:
    hours = (services.clock() - at) // HOUR
    age = f"made {hours // 24:,} days ago" if hours > TWO_DAYS else f"made {hours} hours ago"
    return age, f"up to {upto}, {services.log.head() - upto} positions behind the log"


def _clock(services: Services, _progress: Progress) -> Iterator[str]:
    _, reached = services.log.last()
    now = services.clock()
    if reached - now > TOLERANCE:
        seconds = f"{(reached - now) // MICROSECONDS:,} seconds behind the last entry of the log"
        print_facts("clock", seconds, SET_RIGHT)
        yield "the clock is behind the log, so nothing can be recorded"
    elif (ahead := now - max(reached, services.log.made_at())) > LEAP:
        print_facts("clock", f"{ahead // DAY:,} days ahead of the last entry of the log", SET_RIGHT)
        yield "the clock is far ahead of the log, so nothing can be recorded"
    else:
        print_facts("clock", "at or after the last entry of the log")


def _disk(services: Services, _progress: Progress) -> Iterator[str]:
    room = examining.room_of(services.url)
    if room is None:
        return
    free, needed = room
    print_facts("disk", f"{free / 1e9:.1f} GB free", f"a rebuild needs {needed / 1e9:.1f} GB")
    if free < needed + SPARE:
        yield "the disk is nearly full"


def _rights(services: Services, _progress: Progress) -> Iterator[str]:
    others = examining.open_to_others(services.url)
    lacking = examining.lacking_rights(services.url)
    for file in others:
        print_facts("rights", f"others may read {file}", f"chmod o= {file}")
    if lacking:
        print_facts("rights", lacking)
        yield lacking
    if others:
        yield "others may read the store"
    if not (others or lacking):
        print_facts("rights", "its owner's alone" if services.url.is_sqlite else "enough")


def _attributes(services: Services, _progress: Progress) -> Iterator[str]:
    """Print the actors without attributes that a codebook requires; this is no problem."""
    if not services.models.is_current():
        return
    with services.models.engine().connect() as conn:
        lacking = actors_lacking(conn)
    for attribute, actors in lacking.items():
        more = f" and {len(actors) - NAMED} more" if len(actors) > NAMED else ""
        print_facts("attributes", f"{attribute} is not said of {', '.join(actors[:NAMED])}{more}")
    yield from ()


LOOKS: dict[str, Examination] = {
    "store": _store,
    "pages": _pages,
    "log": _log,
    "read models": _read_models,
    "quarantine": _quarantine,
    "attributes": _attributes,
    "desk": _desk,
    "feeds": _feeds,
    "clock": _clock,
    "disk": _disk,
    "rights": _rights,
}
