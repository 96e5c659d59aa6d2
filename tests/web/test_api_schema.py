"""The interface against its own description: no error of ours, and no answer off its schema.

`STANDLINE_API_EXAMPLES` makes it look longer.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.web.test_api import Programs
from web.api.description import openapi, operations
from web.api.writing import API

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from web.api.description import Operation

EXAMPLES = int(os.environ.get("STANDLINE_API_EXAMPLES", "8"))


def test_the_description_is_valid_openapi() -> None:
    from openapi_spec_validator import validate  # noqa: PLC0415 - half a second for every worker

    validate(openapi("http://localhost/"))


def test_every_route_is_described(paper: Paper) -> None:
    rules = [rule for rule in paper.app.url_map.iter_rules() if rule.rule.startswith(API)]
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(operation.method, operation.address) for operation in operations()}


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation.name for operation in operations()]
    assert len({*names}) == len(names)


ASKED = [
    *((operation, "positive") for operation in operations()),
    *(
        (operation, "negative")
        for operation in operations()
        if operation.parameters or operation.body
    ),
]
"""What is asked as described, and what can be asked otherwise."""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("operation", "mode"), ASKED, ids=[f"{one.name}-{mode}" for one, mode in ASKED]
)
def test_no_request_breaks_it_and_every_answer_is_as_described(
    operation: Operation, mode: str, paper: Paper
) -> None:
    from tests.web.described_answers import ask_as_described  # noqa: PLC0415 - as long

    ask_as_described(Programs(paper), operation, mode, EXAMPLES, paper.numbers["no"])
