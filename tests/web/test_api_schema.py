"""The interface against its own description: no error of ours, and no answer off its schema.

`STANDLINE_API_EXAMPLES` makes it look longer.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python._constants import orchestrator
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from web.api.description import described, operations
from web.api.writing import API

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from schemathesis.python._constants.pool import ConstantsPool

    from tests.web.paper import Paper
    from web.api.description import Operation

EXAMPLES = int(os.environ.get("STANDLINE_API_EXAMPLES", "8"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module", autouse=True)
def _gather_constants_once() -> Iterator[None]:
    """Look for constants in our code once: the site of every test stands on the same."""
    gather = orchestrator.extract_all
    found: list[ConstantsPool] = []

    def gathered(**given: Any) -> ConstantsPool:  # noqa: ANN401 - schemathesis'
        if not found:
            found.append(gather(**given))
        return found[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestrator, "extract_all", gathered)
        yield


def test_the_description_is_valid_openapi() -> None:
    validate(described("http://localhost/"))


def test_every_route_is_described(paper: Paper) -> None:
    rules = [one for one in paper.app.url_map.iter_rules() if one.rule.startswith(API)]
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule))
        for one in rules
        for method in (one.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(one.method, one.address) for one in operations()}


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [one.name for one in operations()]
    assert len({*names}) == len(names)


ASKED = [
    *((one, GenerationMode.POSITIVE) for one in operations()),
    *((one, GenerationMode.NEGATIVE) for one in operations() if one.parameters or one.body),
]
"""What is asked as described, and what can be asked otherwise."""


@pytest.mark.parametrize(
    ("operation", "mode"), ASKED, ids=[f"{one.name}-{mode.value}" for one, mode in ASKED]
)
def test_no_request_breaks_it_and_every_answer_is_as_described(
    operation: Operation, mode: GenerationMode, paper: Paper
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", paper.app)
    described_ = schema[operation.address][operation.method.upper()]

    @given(case=described_.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    def ask(case: Any) -> None:  # noqa: ANN401 - a request that schemathesis made up
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, checks=[*CHECKS])

    ask()
