"""Requests that schemathesis makes up from the description of the interface, and their answers.

What is imported here takes a second, which only the test that needs it spends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.python._constants import orchestrator
from schemathesis.specs.openapi.checks import positive_data_acceptance

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from schemathesis.python._constants.pool import ConstantsPool

    from tests.web.test_api import Programs
    from web.api.description import Operation

DAYS = st.dates().map(str)
schemathesis.openapi.format(
    "edtf", DAYS | DAYS.map(lambda day: day[:7]) | DAYS.map(lambda day: day[:4])
)
schemathesis.openapi.format(
    "log-position",
    st.integers(0, 3).map("@{}".format) | st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
)
"""What is written in formats that the description names and JSON Schema does not know."""

gather, found = orchestrator.extract_all, list["ConstantsPool"]()


def gather_once(**given_: Any) -> ConstantsPool:  # noqa: ANN401 - schemathesis'
    """Look for constants in our code once: the site of every test stands on the same."""
    if not found:
        found.append(gather(**given_))
    return found[0]


def go_on(case: Any, client: FlaskClient) -> None:  # noqa: ANN401 - a request made up
    """Take the cursor from the part of the list before, as the description asks for."""
    del case.query["after"]
    before = client.get(case.formatted_path, query_string=case.query).json or {}
    if following := before.get("next"):
        case.query["after"] = parse_qs(urlsplit(following).query)["after"][0]


ON_RECORD = {"topic": "union", "actor": "aland", "story": "talks"}


def be_about_something(case: Any, number: int) -> None:  # noqa: ANN401 - a request made up
    """Name what there is where something is named: of made-up names none is on record."""
    named = ON_RECORD | {"number": str(number)}
    named["slug"] = named["actor" if "/actors/" in case.path else "topic"]
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            for name in named.keys() & part:
                part[name] = [named[name]] if isinstance(part[name], list) else named[name]


def ask_as_described(
    programs: Programs, operation: Operation, mode: str, examples: int, number: int
) -> None:
    """Send so many requests of one mode; raises for an answer that is not as described.

    Half of those that are as described come from an editor and are about what is on record, among
    it the entry of a ``number``.
    """
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", programs.app)
    described_ = schema[operation.address][operation.method.upper()]
    client, token = programs.app.test_client(), programs.token("mira")

    @given(case=described_.as_strategy(generation_mode=GenerationMode(mode)), known=st.booleans())
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    def ask(case: Any, *, known: bool) -> None:  # noqa: ANN401 - a request made up
        headers = {"Accept-Encoding": "identity"}
        if mode == "positive" and known:
            be_about_something(case, number)
            headers["Authorization"] = f"Bearer {token}"
        if mode == "positive" and "after" in (case.query or {}):
            go_on(case, client)
        # A matrix is of something; OpenAPI cannot say that one of three parameters is needed.
        if mode == "positive" and operation.path == "/matrix":
            case.query["topic"] = [ON_RECORD["topic"]]
        # A rule may refuse what is as described: OpenAPI cannot say that a day is to come.
        refused = [positive_data_acceptance] if "Authorization" in headers else []
        case.call_and_validate(headers=headers, excluded_checks=refused)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestrator, "extract_all", gather_once)
        ask()
