"""Two accounts of one person become one: what lies on the desk goes over, one way in stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Integer, delete, insert, select

from tests.desk.test_drafts import draft
from timeline.desk.accounts.roles import Role
from timeline.desk.joining import columns_of_who
from timeline.desk.tables import metadata, people, provider_accounts, standline
from timeline.domain.errors import NotFound, StandlineError
from timeline.stores.engines import desk_engine

if TYPE_CHECKING:
    from sqlalchemy import Table

    from timeline.desk.desk import Desk
    from timeline.desk.joining import JoinSummary
    from timeline.stores.store_url import StoreUrl

NOON = 1_765_800_000_000_000
WORDS = "four plain little words"


@pytest.fixture
def staff(desk: Desk) -> Desk:
    """Return a desk with an admin, and with a coder who has two accounts."""
    for handle, role in (("ada", Role.ADMIN), ("kim", Role.CODER), ("kim-2", Role.CODER)):
        desk.people.add(handle, handle.title(), role, NOON)
    desk.people.set_password("kim-2", WORDS)
    return desk


def filled(table: Table) -> dict[str, object]:
    """Return a row that says of everything that `kim-2` did it or that it is theirs."""
    whose = {column.name for column in columns_of_who() if column.table is table} | {"handle"}
    return {
        column.name: "kim-2"
        if column.name in whose
        else 1
        if isinstance(column.type, Integer)
        else column.name
        for column in table.c
    }


def test_all_that_lies_on_the_desk_goes_over_and_every_way_in_ends(
    staff: Desk, url: StoreUrl
) -> None:
    tables = [one for one in metadata.sorted_tables if one not in (people, standline)]
    engine = desk_engine(url)
    with engine.begin() as conn:
        for table in tables:
            conn.execute(insert(table).values(filled(table)))
    weighed = staff.joining.preview("kim-2", "kim")
    assert (weighed.drafts, weighed.waiting, weighed.notes) == (1, 2, 1)
    assert (weighed.readings, weighed.requests, weighed.tokens, weighed.sessions) == (1, 1, 1, 1)
    assert weighed.takes_provider
    assert staff.joining.join("kim-2", "kim", NOON) == weighed
    with engine.connect() as conn:
        assert {conn.execute(select(column)).scalar() for column in columns_of_who()} == {"kim"}
        assert conn.execute(select(provider_accounts.c.handle)).scalar() == "kim"
        for table in tables:
            told = [value for row in conn.execute(select(table)) for value in row]
            assert "kim-2" not in told, table.name
    engine.dispose()
    gone = staff.people.find("kim-2")
    assert (gone.disabled_at, gone.has_password, gone.has_provider) == (NOON, False, False)
    with pytest.raises(StandlineError, match="handle or password is not right"):
        staff.people.sign_in("kim-2", WORDS, "", NOON)


@pytest.mark.thorough
def test_the_preview_tells_of_every_column_that_moves(staff: Desk, url: StoreUrl) -> None:
    engine, told = desk_engine(url), {}
    nothing = sum_of(staff.joining.preview("kim-2", "kim"))
    for column in columns_of_who():
        row = filled(column.table)
        others = {one.name for one in columns_of_who() if one.table is column.table} - {column.name}
        with engine.begin() as conn:
            conn.execute(insert(column.table).values(row | dict.fromkeys(others, "kim")))
        told[str(column)] = sum_of(staff.joining.preview("kim-2", "kim")) - nothing
        with engine.begin() as conn:
            conn.execute(delete(column.table))
    engine.dispose()
    assert told == dict.fromkeys(map(str, columns_of_who()), 1)


def sum_of(joined: JoinSummary) -> int:
    """Return how much a preview says that goes over."""
    named = joined.drafts + joined.waiting + joined.notes + joined.readings + joined.requests
    return named + joined.others


def test_of_a_form_that_both_kept_the_later_stays(staff: Desk) -> None:
    for who, number, at in (("kim", 1, 5), ("kim-2", 1, 9), ("kim", 2, 9), ("kim-2", 2, 9)):
        staff.drafts.save(who, draft(number, at=at, paraphrase=who))
    staff.joining.join("kim-2", "kim", NOON)
    for number, whose in ((1, "kim-2"), (2, "kim")):
        assert staff.drafts.find("kim", draft(number).id).fields == {"paraphrase": [whose]}
    assert staff.drafts.of("kim-2") == []


def test_accounts_that_cannot_be_joined_are_refused_and_left_as_they_are(staff: Desk) -> None:
    staff.people.disable("kim", NOON)
    for gone, into, why in (
        ("kim-2", "kim-2", "cannot be joined with itself"),
        ("kim-2", "kim", "may not sign in any more"),
        ("ada", "kim-2", "is the only admin"),
    ):
        with pytest.raises(StandlineError, match=why):
            staff.joining.join(gone, into, NOON)
    for gone, into in (("nobody", "kim-2"), ("kim-2", "nobody")):
        with pytest.raises(NotFound):
            staff.joining.preview(gone, into)
    assert staff.people.sign_in("kim-2", WORDS, "", NOON).disabled_at is None
