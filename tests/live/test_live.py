"""Readers who are told of news: what they hear, from where on, how many they may be."""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from tests.live.listening import Listener
from tests.support.live_site import LiveSite, live_site
from tests.support.waiting import wait_until
from tests.web.record.desk import Desk
from tests.web.site import Site
from timeline.bootstrap import open_store
from timeline.live import live, readers
from timeline.live.live import Limits
from timeline.live.recent import KEPT
from timeline.projections.queries.arrivals import arrivals
from timeline.serving.connections import allow_connections
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.support.live_site import LiveSite
    from timeline.projections.queries.arrivals import Arrival

MANY = 1_000

TOPIC = "/live/t/a-union"


def listening(site: LiveSite, path: str, since: int | None = None, **headers: str) -> Listener:
    query = "" if since is None else f"?since={since}"
    return Listener(site.address, path + query, None, **headers)


def test_a_reader_hears_of_what_is_said_and_only_of_log_positions(any_desk: Desk) -> None:
    with (
        live_site(any_desk.services) as site,
        listening(site, TOPIC, any_desk.head()) as reader,
    ):
        assert reader.status == 200
        assert "Content-Type: text/event-stream; charset=utf-8" in reader.head
        assert reader.news() == []
        for day in ("2025-12-01", "2025-12-02"):
            number = any_desk.say(said_at=day)
            assert reader.next() == ("message", str(number), str(number))


def test_what_another_process_records_is_heard_too(any_desk: Desk) -> None:
    with (
        live_site(any_desk.services) as site,
        listening(site, "/live/home", any_desk.head()) as reader,
        closing(open_store(any_desk.services.url.text)) as elsewhere,
    ):
        number = Desk(elsewhere).say(said_at="2025-12-01")
        assert reader.next().data == str(number)


@pytest.mark.thorough
def test_two_servers_of_a_database_tell_their_readers_of_each_other_s_news(
    postgres_url: str,
) -> None:
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(closing(open_store(postgres_url, create=True))) for _ in range(2)
        ]
        desks = [Desk(services) for services in nodes]
        desks[0].furnish()
        sites = [stack.enter_context(live_site(services)) for services in nodes]
        heads = [desks[0].head()] * 2
        heard = [
            stack.enter_context(listening(site, TOPIC, head))
            for site, head in zip(sites, heads, strict=True)
        ]
        for turn in range(2):
            number = desks[turn].say(said_at=f"2025-12-0{1 + turn}")
            assert [listener.next().data for listener in heard] == [str(number)] * 2
            for site in sites:
                page = Site(site.services).open("/t/a-union")
                assert f"s={number}" in page.text


def test_a_reader_who_was_cut_off_goes_on_from_what_they_heard_last(
    desk: Desk, site: LiveSite
) -> None:
    before = desk.head()
    with listening(site, TOPIC, before) as reader:
        heard = [desk.say(said_at="2025-12-01")]
        assert reader.next().id == str(heard[0])
    missed = [desk.say(said_at=f"2025-12-0{day}") for day in (2, 3)]
    desk.say(topic="deal", stance="expects")
    wait_until(lambda: site.live.told == desk.head())
    # A browser says by this header where it was, whatever the address says.
    with listening(site, TOPIC, before, Last_Event_ID=str(heard[0])) as reader:
        (event,) = reader.news()
        assert event == ("message", str(missed[-1]), " ".join(map(str, missed)))
    with listening(site, TOPIC, desk.head()) as reader:
        assert reader.news() == []


def test_a_server_that_was_started_again_knows_what_its_readers_missed(desk: Desk) -> None:
    before, number = desk.head(), desk.say()
    with live_site(desk.services) as site:
        wait_until(lambda: site.live.told == desk.head())
        with listening(site, TOPIC, before) as reader:
            assert [event.data for event in reader.news()] == [str(number)]


def test_who_missed_very_much_is_told_of_a_hundred(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.live.recent.KEPT", 5)
    before = desk.head()
    numbers = [desk.say(said_at=f"2025-11-{day:02}") for day in range(1, 9)]
    with live_site(desk.services) as site:
        wait_until(lambda: site.live.told == desk.head())
        with listening(site, TOPIC, before) as reader:
            assert reader.news()[0].data == " ".join(map(str, numbers[-5:]))
    assert KEPT == 100


def test_signs_of_life_come_while_nothing_happens(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "BEAT", 1)
    with live_site(desk.services) as site, listening(site, TOPIC, desk.head()) as reader:
        for _ in range(3):
            assert reader.event() == ("beat", str(desk.head()), str(desk.head()))


def test_only_so_many_are_told_at_one_address_and_the_others_hear_why(desk: Desk) -> None:
    limits = Limits(readers=5, at_address=2)
    with live_site(desk.services, limits) as site, ExitStack() as stack:
        for _ in range(2):
            assert stack.enter_context(listening(site, TOPIC)).status == 200
        with listening(site, TOPIC) as refused:
            assert refused.status == 429
            assert "Retry-After: 60" in refused.head
            told = "2 pages are told of news at your address already; close some of them,"
            assert refused.text.startswith(told)
        assert Site(desk.services).open("/t/a-union").status_code == 200
        stack.close()
        wait_until(lambda: site.live.count == 0)
        with listening(site, TOPIC) as reader:
            assert reader.status == 200


def test_only_so_many_are_told_in_all(desk: Desk) -> None:
    proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for"}}
    limits = Limits(readers=2, at_address=1)
    with live_site(desk.services, limits, proxy) as site, ExitStack() as stack:
        for last in (1, 2):
            address = f"192.0.2.{last}"
            reader = stack.enter_context(listening(site, TOPIC, X_Forwarded_For=address))
            assert reader.status == 200
        with listening(site, TOPIC, X_Forwarded_For="192.0.2.3", Accept_Language="de") as refused:
            assert refused.status == 503
            assert refused.text == (
                "hier werden schon 2 Leser auf Neues hingewiesen;"
                " die Seite neu laden, um Neues zu sehen\n"
            )


def test_a_live_part_that_ended_says_so_and_pages_go_on(desk: Desk, site: LiveSite) -> None:
    with listening(site, TOPIC) as reader:
        reader.news()
        site.live.close()
        assert reader.event() is None
    with listening(site, TOPIC) as refused:
        assert refused.status == 503
        assert refused.text.startswith("nobody is told of news just now; reload the page")
    with listening(site, "/t/a-union") as page:
        assert page.status == 200
    assert desk.say()


def test_a_site_without_a_live_part_promises_none(desk: Desk) -> None:
    site = Site(desk.services, identify=everybody_reads)
    assert "data-live" not in site.open("/t/a-union").text
    answer = site.open("/live/t/a-union")
    assert answer.status_code == 404
    assert answer.text.startswith("nobody is told of news just now")


@pytest.mark.thorough
def test_a_thousand_readers_hold_no_thread_of_pages(desk: Desk) -> None:
    allow_connections(2 * MANY + 1_000)
    with live_site(desk.services, Limits(at_address=MANY)) as site, ExitStack() as stack:
        threads = threading.active_count()
        many = [stack.enter_context(listening(site, TOPIC, desk.head())) for _ in range(MANY)]
        assert site.live.count == MANY
        assert threading.active_count() == threads
        with listening(site, "/t/a-union") as page:
            assert page.status == 200
        number = desk.say()
        for reader in many:
            assert reader.next().data == str(number)
        stack.close()
        wait_until(lambda: site.live.count == 0)


def test_a_reader_who_takes_nothing_in_is_let_go(
    desk: Desk, site: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "UNREAD", -1)
    with listening(site, TOPIC) as reader:
        assert reader.status == 200
        wait_until(lambda: site.live.count == 0)
    assert desk.say()


def test_other_methods_and_other_places_are_told_as_everywhere(site: LiveSite) -> None:
    with Listener(site.address, "/live/x/a-union") as reader:
        assert reader.status == 404
    assert Site(site.services).post("/live/t/a-union").status_code in {403, 405}


def test_a_follower_tells_again_what_it_could_not_tell(
    desk: Desk, site: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until(lambda: site.live.told == desk.head())
    before, tell, failed = desk.head(), site.live.tell, threading.Event()

    def fail_once() -> None:
        if not failed.is_set():
            failed.set()
            raise OperationalError(None, None, OSError())
        tell()

    monkeypatch.setattr(site.live, "tell", fail_once)
    with listening(site, TOPIC, before) as reader:
        number = desk.say()
        assert reader.next().data == str(number)
    assert failed.is_set()


def test_a_long_way_is_told_in_steps_and_none_is_gone_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "REMEMBERED", 0)
    monkeypatch.setattr(live, "AT_ONCE", 3)
    desk.services.models.catch_up()
    before = desk.head()
    numbers = [desk.say(said_at=f"2025-11-{day:02}") for day in range(1, 8)]
    desk.services.models.catch_up()
    asked: list[tuple[int, int]] = []

    def ask(conn: Connection, after: int, upto: int) -> Iterator[Arrival]:
        asked.append((after, upto))
        if len(asked) == 2:
            raise OperationalError(None, None, OSError())
        return arrivals(conn, after, upto)

    monkeypatch.setattr(live, "arrivals", ask)
    with closing(live.Live(desk.services.models)) as telling:
        telling._told = before  # noqa: SLF001 - a server that was away for long
        with pytest.raises(OperationalError):
            telling.tell()
        assert telling.told == before + 3
        telling.tell()
        assert telling.told == numbers[-1]
    assert asked[1:3] == [(before + 3, before + 6)] * 2
