"""Requests that schemathesis makes up from the description of the interface, and their answers.

What is imported here takes a second, which only the test that needs it spends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.python._constants import orchestrator
from schemathesis.specs.openapi.checks import positive_data_acceptance

if TYPE_CHECKING:
    from schemathesis.python._constants.pool import ConstantsPool

    from tests.web.paper import Paper
    from web.api.description import Operation

UNSAID = {"after", "as_of", "at", "known_at"}
"""Parameters whose schema cannot say which values there are: no 30 February, no place in the log
behind its end, none in a list but those that it names. Requests of an operation that takes one may
be refused though they are as described."""

gather, found = orchestrator.extract_all, list["ConstantsPool"]()


def gather_once(**given_: Any) -> ConstantsPool:  # noqa: ANN401 - schemathesis'
    """Look for constants in our code once: the site of every test stands on the same."""
    if not found:
        found.append(gather(**given_))
    return found[0]


def ask_as_described(paper: Paper, operation: Operation, mode: str, examples: int) -> None:
    """Send so many requests of one mode; raises for an answer that is not as described."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", paper.app)
    described_ = schema[operation.address][operation.method.upper()]
    excused = [positive_data_acceptance] if UNSAID & {*operation.parameters} else []

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
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=excused)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestrator, "extract_all", gather_once)
        ask()
