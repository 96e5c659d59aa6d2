"""The demo and a newsroom's own server, as processes."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import pytest

from tests.cli.terminal import (
    DONE,
    INTERRUPTED,
    REFUSED,
    TALKS,
    answered,
    done,
    ended,
    one_line,
    ran,
    standline,
    started,
    whole,
)
from tests.live.listening import Listener
from tests.support.loaded_processes import LoadedCommand, LoadedProcess
from tests.support.waiting import wait_until
from tests.web.test_damaged import damage
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import PostgresServer

ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
SHOW_CURSOR = "\x1b[?25h"
FIRST_PART = Path(__file__).parents[1] / "fixtures" / "first_part.log.jsonl.gz"
WHAT_IT_CANNOT = ("follow the log", "record what is due", "answer")
DEMO = ("demo", "--port", "0", "--no-browser")
SMALL = f"""
import sys
from pathlib import Path
from timeline.cli import main, options, serving
options.SOON = 0
serving.fixture = lambda _name: Path({str(FIRST_PART)!r})
main(sys.argv[1:])
"""
"""The command line, with the first part of the demo, which is there after a moment.

It shows its progress from the start: a quick machine would show none.
"""


class Page(NamedTuple):
    status: int
    text: str


class Server:
    """A server in a process of its own, once it answers."""

    def __init__(self, process: subprocess.Popen[str] | LoadedProcess) -> None:
        self.process = process
        assert process.stdout is not None
        self.printed = ""
        while "serving" not in self.printed:
            line = process.stdout.readline()
            assert line, "it ended before it served"
            self.printed += line
        match = re.search(r"serving {2}.*http://([^/]+):(\d+)/", self.printed)
        assert match is not None
        self.name, self.port = match[1], int(match[2])

    def asked(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Page:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        page = Page(answer.status, answer.read().decode())
        connection.close()
        return page

    @property
    def store(self) -> str:
        match = re.search(r"store {4}(\S+)", self.printed)
        assert match is not None
        return match[1]


STOPPED_IN_A_LIBRARY = SMALL.replace(
    "main(sys",
    """
import os, signal
from sqlalchemy import event, Pool
@event.listens_for(Pool, "reset")
def stop(*_arguments):
    os.kill(os.getpid(), signal.SIGTERM)
main(sys""",
)
"""The same, which is told to stop while the pool takes a connection back."""


def small_demo(*arguments: str, **more: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
    return started(*DEMO, *arguments, command=(sys.executable, "-c", SMALL), **more)


@contextmanager
def serving(*arguments: str) -> Iterator[Server]:
    with stopping(LoadedCommand(*arguments)) as server:
        yield server


@contextmanager
def stopping(process: subprocess.Popen[str] | LoadedProcess) -> Iterator[Server]:
    try:
        yield Server(process)
    finally:
        process.send_signal(signal.SIGINT)
        ended(process)


@pytest.mark.thorough
def test_the_demo_shows_its_stories() -> None:
    with stopping(started(*DEMO)) as server:
        home = server.asked("/")
        assert home.status == 200
        links = set(re.findall(r'href="/t/([a-z0-9-]+)"', home.text))
        assert links == {topic["slug"] for topic in answered("topics", "--store", server.store)}
        assert len(links) == 34
        assert "Berlin" in home.text
        assert server.asked("/t/eu-accession").status == 200
        assert server.asked("/t/cuba-embargo").status == 200


def test_readers_of_a_served_site_hear_of_what_a_command_records(talks: str) -> None:
    with serving("serve", "--port", "0", "--store", talks, "--live-at-address", "1") as server:
        address = f"http://127.0.0.1:{server.port}"
        with Listener(address, "/live/home?since=91") as reader:
            assert reader.status == 200
            done("retract", "64", "--reason", "A mistake of ours.", "--store", talks)
            assert reader.next().name == "amended"
            with Listener(address, "/live/home") as another:
                assert another.status == 429
    with serving("serve", "--port", "0", "--store", talks, "--live-readers", "0") as server:
        assert "data-live" not in server.asked("/").text
        assert server.asked("/live/home").status == 404


@pytest.mark.thorough
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_demo_removes_its_store_however_it_is_told_to_end(ending: signal.Signals) -> None:
    with LoadedProcess(SMALL, *DEMO) as process:
        folder = Path(Server(process).store.removeprefix("sqlite:///")).parent
        assert folder.is_dir()
        process.send_signal(ending)
        answer = ended(process)
    assert (answer.status, answer.err) == (DONE, "")
    assert not folder.exists()


@pytest.mark.thorough
def test_the_demo_removes_its_store_if_it_ends_while_it_is_filled(tmp_path: Path) -> None:
    process = started(*DEMO, env={"TMPDIR": str(tmp_path)})
    assert process.stdout is not None
    assert process.stdout.readline().startswith("store    ")
    process.send_signal(signal.SIGTERM)
    ended(process)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
@pytest.mark.parametrize("after", [0.05, 0.15, 0.3, 0.5, 0.8, 1.2])
def test_the_demo_ends_in_good_order_at_every_stage_of_its_start(
    after: float, tmp_path: Path
) -> None:
    process = small_demo(env={"TMPDIR": str(tmp_path)})
    assert process.stdout is not None
    assert process.stdout.readline().startswith("store    ")
    time.sleep(after)
    process.send_signal(signal.SIGTERM)
    answer = ended(process)
    assert (answer.status, answer.err.strip()) in {(DONE, ""), (INTERRUPTED, "standline: stopped")}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_a_request_to_stop_that_is_repeated_leaves_nothing_half_done(tmp_path: Path) -> None:
    process = LoadedProcess(SMALL, *DEMO, env={"TMPDIR": str(tmp_path)})
    Server(process)
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process.send_signal(ending)
    assert ended(process).err == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_a_request_to_stop_interrupts_no_library_at_its_work(tmp_path: Path) -> None:
    """A pool that is interrupted as it takes a connection back says so, with a traceback."""
    answer = ended(LoadedProcess(STOPPED_IN_A_LIBRARY, *DEMO, env={"TMPDIR": str(tmp_path)}))
    assert (answer.status, answer.err.strip()) == (INTERRUPTED, "standline: stopped")
    assert "serving" not in answer.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_the_demo_leaves_the_terminal_as_it_found_it(tmp_path: Path) -> None:
    ours, its = pty.openpty()
    process = small_demo("--store", f"sqlite:///{tmp_path / 'demo.db'}", stderr=its)
    os.close(its)
    # A terminal takes a few kilobytes; what nobody reads holds up whoever shows it.
    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(lambda: "".join(_read(ours)))
        Server(process)
        process.send_signal(signal.SIGINT)
        shown = reading.result()
    ended(process)
    assert whole(shown)[-1] == ["reading", "events", "indexes", "positions"]
    assert shown.endswith(f"{SHOW_CURSOR}\r\n")


def _read(terminal: int) -> Iterator[str]:
    """Yield what is shown until nobody is left who could show anything."""
    with suppress(OSError):
        while more := os.read(terminal, 65_536):
            yield more.decode(errors="replace")
    os.close(terminal)


@pytest.mark.thorough
def test_the_demo_can_keep_its_store(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'kept.db'}"
    for _ in range(2):
        with stopping(LoadedProcess(SMALL, *DEMO, "--store", store)) as server:
            assert server.store == store
    assert len(answered("topics", "--store", store)) == 20


@pytest.mark.thorough
@pytest.mark.parametrize("command", ["demo --no-browser", "serve"])
def test_a_port_in_use_is_one_line(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        surroundings = {"cwd": tmp_path, "env": {"TMPDIR": str(tmp_path)}}
        answer = ran(*command.split(), "--port", str(port), **surroundings)
    assert one_line(answer) == (
        f"--port: port {port} of 127.0.0.1 is in use; choose another, such as --port {port + 1},"
        " or 0 for a free one"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_two_servers_never_share_a_port(sqlite_talks: str) -> None:
    with serving("serve", "--port", "0", "--store", sqlite_talks) as server:
        answer = standline("serve", "--port", str(server.port), "--store", sqlite_talks)
    assert "is in use" in one_line(answer)


@pytest.mark.parametrize(
    ("archive", "line"),
    [
        ("s3://newsroom/archive", "copy the archive into a folder and name that"),
        (__file__, "is a file; name the folder"),
    ],
)
def test_a_site_asks_an_archive_in_a_folder_alone(
    sqlite_talks: str, archive: str, line: str
) -> None:
    answer = standline("serve", "--archive", archive, "--store", sqlite_talks)
    assert line in one_line(answer, 2)


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("no.such.host.invalid", "--host: this machine has no address 'no.such.host.invalid' ("),
        ("203.0.113.1", "--host: this machine has no address '203.0.113.1' ("),
    ],
)
def test_an_address_that_is_not_ours_is_one_line(sqlite_talks: str, host: str, line: str) -> None:
    answer = standline("serve", "--host", host, "--port", "0", "--store", sqlite_talks)
    assert one_line(answer).startswith(line)


def test_a_server_on_this_machine_alone_takes_forms(talks: str) -> None:
    with serving("serve", "--port", "0", "--store", talks) as server:
        local, serves = server.printed.splitlines()
        assert serves == f"serving  http://127.0.0.1:{server.port}/"
        assert local.startswith("local    who asks from this machine, as the user who serves, rec")
        assert server.asked("/record").status == 200
        assert server.asked("/record", "POST").status != 403


UNTOLD = """
import sys
from pathlib import Path
from timeline.cli import main
from web.shell import forwarding
forwarding.SOCKETS = (Path("/nowhere"),)
main(sys.argv[1:])
"""
"""The command line, on a system that does not say whose the ends of connections are."""


@pytest.mark.parametrize(
    ("more", "line", "status"),
    [
        (
            (),
            "local    this system does not say whose program asks, so who records signs in; ",
            303,
        ),
        (
            ("--trust-this-machine",),
            "local    who asks from this machine, as whatever user, re",
            200,
        ),
    ],
)
@pytest.mark.thorough
def test_where_the_system_does_not_say_whose_program_asks_nobody_records_unless_it_is_trusted(
    sqlite_talks: str, more: tuple[str, ...], line: str, status: int
) -> None:
    given = ("serve", "--port", "0", "--store", sqlite_talks, *more)
    with stopping(started(*given, command=(sys.executable, "-c", UNTOLD))) as server:
        assert any(said.startswith(line) for said in server.printed.splitlines())
        assert server.asked("/record").status == status
        assert ("/join/" in server.printed) is (status == 303)


@pytest.mark.thorough
def test_the_demo_is_open_where_the_system_does_not_say_whose_program_asks() -> None:
    code = f"{SMALL.rpartition('main')[0]}{UNTOLD}"
    with stopping(started(*DEMO, command=(sys.executable, "-c", code))) as server:
        assert "as whatever user, records" in server.printed
        assert server.asked("/record").status == 200


def test_people_who_were_added_sign_in_on_this_machine_too(sqlite_talks: str) -> None:
    given = ("--port", "0", "--store", sqlite_talks)
    with serving("serve", *given) as server:
        added = standline("user", "add", "mira", "--name", "Mira", "--store", sqlite_talks)
        link = added.out.strip()
        assert f"\n  http://127.0.0.1:8000{link}\n" in added.err
        assert "\nThis is the first person here. A server that runs already must be" in added.err
        more = standline("user", "add", "bo", "--name", "Bo", "--store", sqlite_talks)
        assert "This is the first" not in more.err
        refused = server.asked(link)
        assert (refused.status, "start “standline serve” again" in refused.text) == (403, True)
    with serving("serve", *given) as server:
        assert f"who records signs in at http://127.0.0.1:{server.port}/sign-in" in server.printed
        assert server.asked(link).status == 200
        assert server.asked("/record", "POST").status == 401


@pytest.mark.few(1)
@pytest.mark.parametrize(
    "how",
    [
        ("--host", "0.0.0.0"),  # noqa: S104
        ("--name", "news.example"),
        ("--second-factor-from", "admin"),
    ],
)
def test_a_server_for_others_takes_forms_from_who_signs_in(
    sqlite_talks: str, how: tuple[str, str]
) -> None:
    with serving("serve", *how, "--port", "0", "--store", sqlite_talks) as server:
        first_admin = server.printed.splitlines()[0]
        assert re.fullmatch(
            r"admin    http://\S+/join/[\w-]{43}  makes the first one, once, in an hour",
            first_admin,
        )
        assert server.asked("/t/eu-accession").status == 200
        written = server.asked("/record", "POST")
        assert (written.status, "Your session ended" in written.text) == (401, True)
        link = first_admin.split()[1].partition("/join/")[2]
        assert server.asked(f"/join/{link}").status == 200
        form = "handle=ada&name=Ada&password=four+plain+little+words"
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        leads = server.asked(f"/join/{link}", "POST", form, **typed)
        assert leads.status == 303
        assert ("/sign-in/set-up" in leads.text) == (how[0] == "--second-factor-from")


@pytest.mark.thorough
def test_behind_a_proxy_the_link_of_the_first_admin_leads_to_the_proxy(sqlite_talks: str) -> None:
    given = ("--name", "news.example", "--trusted-proxy", "127.0.0.1", "--port", "0")
    with serving("serve", *given, "--store", sqlite_talks) as server:
        admin, serves = server.printed.splitlines()
    assert admin.startswith("admin    https://news.example/join/")
    asked = f"http://127.0.0.1:{server.port}/"
    assert serves == f"serving  https://news.example/  at the proxy, which asks {asked}"


def test_a_server_answers_to_its_own_names_only(sqlite_talks: str) -> None:
    given = ("--name", "news.example", "--port", "0", "--store", sqlite_talks)
    with serving("serve", *given) as server:
        assert server.name == "news.example"
        assert server.asked("/", Host="news.example").status == 200
        assert server.asked("/", Host="127.0.0.1").status == 200
        stranger = server.asked("/", Host="evil.example")
        assert stranger.status == 400
        assert "--name" in stranger.text
        assert stranger.text.count("\n") == 1


@pytest.mark.thorough
def test_a_server_on_every_address_answers_to_the_name_of_the_machine(sqlite_talks: str) -> None:
    given = ("--host", "0.0.0.0", "--port", "0", "--store", sqlite_talks)  # noqa: S104
    with serving("serve", *given) as server:
        assert server.name == socket.gethostname()
        assert server.asked("/", Host=f"{server.name}:{server.port}").status == 200


@pytest.mark.few(1)
@pytest.mark.parametrize(
    ("how", "is_open"),
    [
        ((), False),
        (("--host", "0.0.0.0"), True),  # noqa: S104
        (("--host", "0.0.0.0", "--name", "news.example"), True),  # noqa: S104
        (("--host", "0.0.0.0", "--trusted-proxy", "127.0.0.1"), False),  # noqa: S104
    ],
    ids=str,
)
def test_a_server_that_others_reach_without_a_proxy_says_what_it_cannot_bear(
    sqlite_talks: str,
    how: tuple[str, ...],
    is_open: bool,  # noqa: FBT001
) -> None:
    with serving("serve", *how, "--port", "0", "--store", sqlite_talks) as server:
        told = [line for line in server.printed.splitlines() if line.startswith("open ")]
        assert len(told) == is_open
        assert not is_open or "no TLS" in told[0]


def test_a_server_shows_what_another_process_records(talks: str) -> None:
    with serving("serve", "--port", "0", "--store", talks) as server:
        done(
            *("record", "development", "--topic", "eu-accession", "--title", "A quiet signature"),
            *("--source-outlet", "Us", "--source-published-at", "2025-12-16", "--store", talks),
        )
        wait_until(lambda: "A quiet signature" in server.asked("/t/eu-accession").text)


@pytest.mark.thorough
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_server_ends_in_good_order(sqlite_talks: str, ending: signal.Signals) -> None:
    with started("serve", "--port", "0", "--store", sqlite_talks) as process:
        Server(process)
        process.send_signal(ending)
        answer = ended(process)
    assert (answer.status, answer.err) == (DONE, "")


def test_a_server_on_a_new_store_is_an_empty_newsroom(new_store_url: str) -> None:
    done("init", "--store", new_store_url)
    with serving("serve", "--port", "0", "--store", new_store_url) as server:
        assert server.asked("/").status == 200
    assert answered("topics", "--store", new_store_url) == []


def test_a_server_waits_for_a_database_that_is_away(own_postgres: PostgresServer) -> None:
    done("import", *TALKS, "--store", own_postgres.url)
    process = LoadedCommand("serve", "--port", "0", "--store", own_postgres.url)
    server = Server(process)
    own_postgres.kill()
    for path in ("/t/eu-accession", "/", "/index.json", "/embed/t/eu-accession", "/record"):
        away = server.asked(path)
        assert away.status == 503
        assert "out of reach just now" in away.text
        assert str(own_postgres.home) not in away.text
    assert server.asked("/healthz").status == 200
    own_postgres.start()
    wait_until(lambda: server.asked("/t/eu-accession").status == 200)
    process.send_signal(signal.SIGTERM)
    answer = ended(process)
    assert answer.status != REFUSED
    lines = answer.err.splitlines()
    assert 1 <= len(lines) == len(set(lines))
    for line in lines:
        assert line.startswith(tuple(f"standline: cannot {what}: " for what in WHAT_IT_CANNOT))
        assert "a mistake in Standline" not in line


@pytest.mark.thorough
def test_a_server_makes_anew_what_readers_read_where_a_page_of_it_is_damaged(
    sqlite_talks: str,
) -> None:
    damage(StoreUrl.parse(sqlite_talks).beside("read-1.db"), "topics")
    with LoadedCommand("serve", "--port", "0", "--store", sqlite_talks) as process:
        server = Server(process)
        assert server.asked("/t/eu-accession").status == 503
        wait_until(lambda: server.asked("/t/eu-accession").status == 200)
        process.send_signal(signal.SIGTERM)
        answer = ended(process)
    assert "standline: what pages read is damaged, and is made anew from the log\n" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.thorough
def test_a_draft_outlives_a_server_that_was_killed(talks: str) -> None:
    form = urlencode({"paraphrase": "Half a sentence", "save": "1"})
    serve = ("serve", "--port", "0", "--store", talks)
    with LoadedCommand(*serve) as process:
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        assert Server(process).asked("/record", "POST", form, **sent).status == 303
        process.kill()
        process.communicate()
    with serving(*serve) as server:
        page = server.asked("/record").text
        assert "Half a sentence" in page
        assert "1 unfinished draft" in page
    assert "drafts 1" in done("doctor", "--store", talks).out
