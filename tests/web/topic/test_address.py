from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.support.tiers import scaled
from timeline.domain.errors import Refused
from web.lanes.address import (
    CLOCKS,
    KINDS,
    ONLY,
    ORDERS,
    SORTS,
    SPEEDS,
    STANCES,
    VIEWS,
    TopicAddress,
    read_address,
)

if TYPE_CHECKING:
    from random import Random

    from tests.web.paper import Paper

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
LISTS = st.lists(TEXT.filter(bool), max_size=3, unique=True).map(lambda one: tuple(sorted(one)))


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return some of these values, in order."""
    return st.sets(st.sampled_from(values)).map(lambda chosen: tuple(sorted(chosen)))


ADDRESSES = st.builds(
    TopicAddress,
    actor=LISTS,
    stance=some(STANCES),
    source=LISTS,
    kind=some(KINDS),
    only=st.sampled_from(ONLY),
    begin=TEXT,
    end=TEXT,
    sort=st.sampled_from(SORTS),
    order=st.sampled_from(ORDERS),
    view=st.sampled_from(VIEWS),
    expand=LISTS,
    all_lanes=st.integers(0, 9),
    clock=st.sampled_from(CLOCKS),
    as_of=TEXT,
    known_at=TEXT,
    s=st.integers(0, 2**62),
    since=TEXT,
    play=st.integers(0, 1),
    speed=st.sampled_from(SPEEDS),
)


def read(query: str) -> TopicAddress:
    """Return what a query says."""
    return read_address(MultiDict(parse_qsl(query, keep_blank_values=True)))


@given(ADDRESSES)
def test_an_address_says_all_of_its_view_and_nothing_else(address: TopicAddress) -> None:
    assert read(address.query()) == address
    assert read(address.url("x").partition("?")[2]) == address


@given(ADDRESSES, st.randoms(use_true_random=False))
def test_equal_views_have_equal_addresses(address: TopicAddress, random: Random) -> None:
    pairs = address.pairs()
    random.shuffle(pairs)
    doubled = pairs + [pair for pair in pairs if pair[0] in ("actor", "stance", "source")]
    assert read(urlencode(doubled)).query() == address.query()


@given(ADDRESSES)
def test_defaults_are_left_out(address: TopicAddress) -> None:
    said = address.pairs()
    assert len(said) == len(set(said))
    for name, default in (("sort", "side"), ("order", "new"), ("view", "chart"), ("s", "0")):
        assert (name, default) not in said
    assert all(value != "" for _, value in said)


def test_the_plainest_view_has_no_query() -> None:
    assert TopicAddress().url("x") == "/t/x"
    assert read("sort=side&order=new&view=chart&clock=said&speed=1&play=0&s=0&actor=").query() == ""


def test_one_thing_is_changed_and_the_rest_kept() -> None:
    address = read("actor=b&actor=a&as_of=2025-12-14")
    assert address.url("x", s=7) == "/t/x?actor=a&actor=b&as_of=2025-12-14&s=7"
    assert address.url("x", actor=()) == "/t/x?as_of=2025-12-14"
    assert address.step_url("x", "next") == "/t/x?actor=a&actor=b&as_of=2025-12-14&go=next"
    assert TopicAddress().step_url("x", "first") == "/t/x?go=first"


def test_positions_and_times_stay_readable_in_an_address() -> None:
    address = TopicAddress(known_at="@1042", as_of="2025-12-14T23:59Z")
    assert address.url("x") == "/t/x?as_of=2025-12-14T23:59Z&known_at=@1042"


@pytest.mark.parametrize(
    "query",
    [
        "stance=3",
        "kind=rumour",
        "only=old",
        "sort=size",
        "order=random",
        "view=map",
        "clock=third",
        "speed=3",
        "play=2",
        "s=x",
        "s=-1",
        "s=99999999999999999999",
        "all=-1",
        "actor=" + "x" * 81,
        "as_of=" + "9" * 41,
    ],
)
def test_what_makes_no_sense_is_refused_by_name(query: str) -> None:
    with pytest.raises(Refused) as info:
        read(query)
    assert info.value.field == query.partition("=")[0]
    named = info.value.message.removeprefix("in the address, ").removesuffix(" means nothing")
    assert query.startswith(named)


def test_the_form_of_filters_carries_along_what_it_has_no_box_for() -> None:
    address = read("actor=a&stance=1&sort=name&as_of=2025-12-14&view=table&only=changes&play=1")
    assert address.kept_by_filters() == [("view", "table"), ("as_of", "2025-12-14")]
    assert read("only=new&since=@7").kept_by_filters() == [("only", "new"), ("since", "@7")]


def test_any_other_way_to_say_a_view_leads_to_its_address(paper: Paper) -> None:
    for given_, wanted in (
        ("order=new", ""),
        ("as_of=2025-12-14&actor=bland", "actor=bland&as_of=2025-12-14"),
        ("actor=bland&actor=aland&actor=bland", "actor=aland&actor=bland"),
        ("utm_source=mail&s=07", "s=7"),
        ("actor=&from=&s=", ""),
        ("sort=side&after=1765756799,9", "after=1765756799,9"),
    ):
        answer = paper.open(f"/t/union?{given_}")
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/t/union?{wanted}".rstrip("?")
        assert paper.open(answer.headers["Location"]).status_code == 200


ODD = st.sampled_from(
    [
        "", " ", "0", "-1", "--1", "1e9", "@", "@0", "@14", "@-1", "@9" * 20, "@" + "9" * 39,
        "9" * 39, "١٢", "²", "1,1", "-1,1", "--1,1", "9" * 20 + ",1", "1,", ",1", "1_0", "0x1",
        "2025", "2025-12", "2025-12-14", "2025-02-30", "2025-13", "../2025-12-14", "2025-12-14/..",
        "2025-12-14T10:00Z", "2025-12-14T10:00+23:59", "2025-12-14T10:00", "2025-12~", "2025-12-XX",
        "Y-13800000000", "Y99999999999", "-0001", "9999-12-31", "0000", "1969-12-31T23:59:60Z",
        "union", "bland", "dora", "nobody", "changes", "new", "said", "known", "first", "next",
        "prev", "last", "none", "2", "-2", "chart", "table", "statement", "none", "/", "..", "%",
        "<b>", "'", '"', "\\", "\n", "\ufffd", "é", "🙂", "\u202e", "\x7f", "null", "true", "NaN",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "actor", "stance", "source", "kind", "only", "from", "to", "sort", "order", "view",
        "expand", "all", "clock", "as_of", "known_at", "s", "since", "play", "speed", "after", "go",
        "place", "other",
    ]
)  # fmt: skip
PLAIN = {
    "actor": ("aland", "bland"), "stance": ("1", "-2", "none"), "kind": KINDS, "only": ONLY,
    "from": ("2025-01", "2025-12-01"), "to": ("2025-12-14", "2025"), "sort": SORTS,
    "order": ORDERS, "view": VIEWS, "expand": ("aland", "bland"), "all": ("1", "3"),
    "clock": CLOCKS, "as_of": ("2025-10-01", "2025-12"), "known_at": ("@3", "@14", "@20"),
    "s": ("7", "9"), "since": ("@7", "2025-11-01"), "play": ("0", "1"), "speed": ("2", "4"),
    "go": ("first", "prev", "next", "last"),
}  # fmt: skip
SAID = st.sampled_from(sorted(PLAIN)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(PLAIN[name]))
)
QUERIES = st.builds(
    list.__add__,
    st.lists(SAID, min_size=1, max_size=5),
    st.just([]) | st.lists(st.tuples(NAMES, ODD | TEXT), min_size=1, max_size=2),
)
"""Something that can be asked for, and with every other one something odd."""


def test_what_no_database_can_look_for_is_not_looked_for(any_paper: Paper) -> None:
    many = "9" * 39
    for path, status in (
        ("/t/a%00b", 404),
        ("/a/%00", 404),
        ("/t/union?actor=%00", 404),
        ("/t/union?source=a%00b", 404),
        ("/log?type=%00", 404),
        ("/search?q=a%00b", 200),
        (f"/s/{many}", 404),
        (f"/record/{many}/correct", 404),
        (f"/t/union?known_at=@{many}", 422),
        (f"/t/union?after={many},1", 422),
        ("/t/union?after=--1,1", 422),
        (f"/log/diff?a=@{many}", 422),
        ("/t/union?as_of=Y-13800000000", 200),
        ("/t/union?from=Y-13800000000&to=9999-12-31", 200),
    ):
        assert any_paper.open(path).status_code == status, path


def test_a_moment_may_be_said_with_an_escaped_sign(paper: Paper) -> None:
    assert paper.open("/t/union?known_at=%4014").status_code == 200


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=scaled(75),
)
@given(QUERIES, st.sampled_from([{}, {"HX-Request": "true"}]))
def test_any_query_at_all_is_answered(
    paper: Paper, query: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    answer = paper.reader.get(f"/t/union?{urlencode(query)}", headers=headers)
    assert answer.status_code in (200, 303, 404, 422)
    if answer.status_code == 303:
        to = answer.headers["Location"]
        again = paper.reader.get(to)
        assert again.status_code in (200, 404, 422), to


@pytest.mark.thorough
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=scaled(30),
)
@given(ODD | TEXT, ODD | TEXT, QUERIES)
def test_any_path_at_all_is_answered(
    paper: Paper, one: str, other: str, query: list[tuple[str, str]]
) -> None:
    told = urlencode(query)
    for path in (
        f"/t/{quote(one)}",
        f"/t/union/why/{quote(one)}",
        f"/a/{quote(one)}",
        f"/s/{quote(one)}",
        f"/s/9@{quote(one)}",
        f"/log?at={quote(one)}&type={quote(other)}",
        f"/log?before={quote(one)}&by={quote(other)}",
        f"/log/diff?a={quote(one)}&b={quote(other)}",
        f"/log/diff?clock=said&a={quote(one)}&topic={quote(other)}",
        f"/actors?q={quote(one)}",
        f"/corrections?before={quote(one)}",
        f"/search?q={quote(one)}",
        f"/a/aland?{told}",
        f"/t/union/why/aland?{told}",
        f"/?sort={quote(one)}",
        f"/record?topic={quote(one)}&actor={quote(other)}",
    ):
        answer = paper.reader.get(path)
        assert answer.status_code in (200, 301, 303, 308, 404, 422), path


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=scaled(20),
)
@given(
    ADDRESSES,
    st.sampled_from(["", "2025-01", "soon"]),
    st.sampled_from(["", "2025-10-01", "2025-12"]),
    st.sampled_from(["", "@3", "@14"]),
)
def test_no_address_leads_in_a_circle(
    paper: Paper, address: TopicAddress, begin: str, as_of: str, known_at: str
) -> None:
    clocks = {"as_of": as_of, "known_at": known_at, "since": known_at}
    plain = msgspec.structs.replace(address, actor=(), expand=(), begin=begin, end="", **clocks)
    answer = paper.reader.get(plain.url("union"))
    assert answer.status_code in (200, 422)
