"""What errors say: each message under one code, raised with its values, and documented."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.messages import TABLE, messages, modules, table, values_of
from timeline.domain.errors import Busy, Conflict, NotFound, OutcomeUnknown, Refused, StandlineError
from timeline.domain.messages import Advice, Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

KINDS = {
    kind.__name__ for kind in (Busy, StandlineError, Refused, NotFound, Conflict, OutcomeUnknown)
}
GIVEN_BY_THE_ERROR = {"meant"}
CHECK = "check_choice"
"""Refuses a value that is none of its choices, and names these itself."""


def test_a_code_stands_for_one_message() -> None:
    codes = Counter(message.code for message in messages())
    assert [code for code, count in codes.items() if count > 1] == []


def test_a_message_is_named_by_its_code() -> None:
    for message, name in messages().items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", message.code), message.code
        assert name == message.code.upper()


@pytest.mark.thorough
def test_every_error_is_raised_with_all_values_that_its_message_names() -> None:
    seen = 0
    for module in modules():
        for message, call in raised(module):
            given = {keyword.arg for keyword in call.keywords}
            given |= {"choices"} if ast.unparse(call.func) == CHECK else set()
            fixes = [vars(module).get(one) for one in names_in(call, "fix")]
            advice = [fixe.text for fixe in fixes if isinstance(fixe, Advice)]
            wanted = values_of(message.text).union(*map(values_of, advice or [message.fix]))
            assert wanted - GIVEN_BY_THE_ERROR <= given, f"{module.__name__}:{call.lineno}"
            seen += 1
    assert seen > 200


def raised(module: ModuleType) -> Iterator[tuple[Message, ast.Call]]:
    """Yield every error that is made of a message by its name, beside the call."""
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            first = next(iter(call.args), None)
            if call.func.id in {*KINDS, CHECK} and isinstance(first, ast.Name):
                message = vars(module).get(first.id)
                if isinstance(message, Message):
                    yield message, call


def names_in(call: ast.Call, keyword: str) -> list[str]:
    given = [one.value for one in call.keywords if one.arg == keyword]
    return [node.id for one in given for node in ast.walk(one) if isinstance(node, ast.Name)]


def test_the_documentation_lists_every_error() -> None:
    assert TABLE.read_text("utf-8") == table(), "run `make messages`"
