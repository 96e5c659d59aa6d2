"""However much there is to answer, JSON is one array, printed piece by piece."""

from __future__ import annotations

import json

import pytest

from timeline.cli.options import AT_ONCE
from timeline.cli.output import print_json


@pytest.mark.parametrize("number", [0, 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_an_answer_of_any_length_is_one_array(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [{"slug": f"actor-{n}", "aliases": ["A", "B"], "none": []} for n in range(number)]
    print_json(iter(answers))
    printed = capsys.readouterr().out
    assert json.loads(printed) == answers
    assert printed.count("\n  {\n") == number
    assert printed.endswith("]\n")
