"""Requests that schemathesis makes up from the description of the interface, and their answers.

What is imported here takes a second, which only the test that needs it spends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.python._constants import orchestrator

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from schemathesis.python._constants.pool import ConstantsPool

    from tests.web.paper import Paper
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


def ask_as_described(paper: Paper, operation: Operation, mode: str, examples: int) -> None:
    """Send so many requests of one mode; raises for an answer that is not as described."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", paper.app)
    described_ = schema[operation.address][operation.method.upper()]
    client = paper.app.test_client()

    @given(case=described_.as_strategy(generation_mode=GenerationMode(mode)))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    def ask(case: Any) -> None:  # noqa: ANN401 - a request that schemathesis made up
        if mode == "positive" and "after" in (case.query or {}):
            go_on(case, client)
        # A matrix is of something; OpenAPI cannot say that one of three parameters is needed.
        if mode == "positive" and operation.path == "/matrix":
            assume({"topic", "story", "actor"} & {*(case.query or {})})
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestrator, "extract_all", gather_once)
        ask()
