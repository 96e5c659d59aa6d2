from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from flask import Blueprint

from tests.web.site import Site
from timeline.desk.accounts.roles import Role
from web.shell.identity import Identity, everybody_is, everybody_reads
from web.shell.policies import POLICIES, SAFE_METHODS, needed_role, policy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.routing import Rule

    from tests.web.paper import Paper

FOR_READERS = {"preferences.choose", "home.mark", "story.mark", "topic.mark"}
"""What readers may send: their own choices, and what they have seen."""


def routes(site: Site) -> Iterator[tuple[Rule, str]]:
    """Yield every route with each method that it takes."""
    for rule in site.app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule, method


def asked(site: Site, rule: Rule, method: str) -> int:
    """Return the status with which a route answers; its variables are filled in somehow."""
    path = re.sub(r"<int:[^>]+>", "1", rule.rule)
    path = re.sub(r"<uuid:[^>]+>", "00000000-0000-7000-8000-000000000000", path)
    path = re.sub(r"<any\((\w+)[^>]+>", r"\1", path)
    return site.reader.open(re.sub(r"<[^>]+>", "union", path), method=method).status_code


def test_every_route_has_a_policy_for_each_method_that_it_takes(paper: Paper) -> None:
    without = [
        f"{method} {rule.endpoint}"
        for rule, method in routes(paper)
        if needed_role(rule.endpoint, method) is None
    ]
    assert without == []


def test_no_policy_is_of_a_route_that_there_is_not(paper: Paper) -> None:
    used = set()
    for rule, _ in routes(paper):
        found = policy_of(rule.endpoint)
        used |= {name for name, policy in POLICIES.items() if policy is found}
    assert POLICIES.keys() == used
    endpoints = [f"{rule.endpoint}." for rule, _ in routes(paper)]
    assert all(any(endpoint.startswith(f"{name}.") for endpoint in endpoints) for name in POLICIES)


def test_readers_may_open_what_records_nothing_and_send_their_own_choices(paper: Paper) -> None:
    site = Site(paper.services, identify=everybody_reads)
    may = {
        (method, rule.endpoint) for rule, method in routes(site) if asked(site, rule, method) != 403
    }
    assert {endpoint for method, endpoint in may if method not in SAFE_METHODS} == FOR_READERS
    shown = {endpoint.partition(".")[0] for method, endpoint in may if method == "GET"}
    assert "record" not in shown
    assert ("GET", "log.download") not in may
    assert {"home", "topic", "actor", "log", "search"} <= shown


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_those_before_it_may(paper: Paper, role: Role) -> None:
    site = Site(paper.services, identify=everybody_is("anna", role))
    may_code, may_record = role >= Role.CODER, role >= Role.EDITOR
    assert (site.open("/record").status_code == 200) == may_code
    assert ('href="/record"' in site.open("/t/union").text) == may_code
    assert (site.post("/record/topic").status_code == 403) != may_record
    assert ('href="/record/topic/union"' in site.open("/t/union").text) == may_record
    assert site.open("/t/union").status_code == 200


def test_what_has_no_policy_nobody_may(paper: Paper) -> None:
    fresh = Site(paper.services, identify=everybody_is("anna", Role.ADMIN))
    stray = Blueprint("stray", __name__)
    stray.get("/stray")(lambda: "shown")
    fresh.app.register_blueprint(stray)
    assert fresh.open("/stray").status_code == 403


def test_what_takes_something_in_is_not_covered_by_the_pages_around_it(paper: Paper) -> None:
    fresh = Site(paper.services, identify=everybody_is("anna", Role.ADMIN))
    fresh.app.add_url_rule("/taken", "home.take", lambda: "taken", methods=["GET", "POST"])
    assert fresh.open("/taken").status_code == 200
    assert fresh.post("/taken").status_code == 403


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "MADE-UP"])
def test_no_route_answers_to_a_method_that_it_does_not_name(paper: Paper, method: str) -> None:
    for role, status in ((Role.ADMIN, 405), (Role.READER, 403)):
        site = Site(paper.services, identify=everybody_is("anna", role))
        answer = site.reader.open("/t/union", method=method, headers={"X-Requested-With": "secret"})
        assert answer.status_code == status
        assert "secret" not in answer.text


def test_who_is_not_known_is_a_reader_without_a_name() -> None:
    assert Identity() == Identity("", Role.READER)
    assert Identity().may(Role.READER)
    assert not Identity("anna").may(Role.CODER)


def test_one_site_tells_those_apart_who_ask_it(paper: Paper) -> None:
    site = Site(
        paper.services,
        identify=lambda request: (
            Identity("anna", Role.EDITOR) if request.headers.get("X-Who") == "anna" else Identity()
        ),
    )
    assert site.open("/record", X_Who="anna").status_code == 200
    assert site.open("/record").status_code == 403
    for _ in range(2):
        assert 'href="/record' in site.open("/t/union", X_Who="anna").text
        assert 'href="/record' not in site.open("/t/union").text
    tag = site.open("/t/union", X_Who="anna").headers["ETag"]
    assert site.open("/t/union", If_None_Match=tag).status_code == 200
