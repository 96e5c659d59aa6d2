from __future__ import annotations

import pytest

from timeline.capture.conditions import condition


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Wir stehen zur Ukraine, ohne Wenn und Aber“", "de"),
        ("ohne jedes Wenn und Aber", "de"),
        ("Wir helfen bedingungslos.", "de"),
        ("We support it unconditionally.", "en"),
        ("We support it, no ifs or buts.", "en"),
    ],
)
def test_what_is_said_without_a_condition_has_none(words: str, lang: str) -> None:
    assert not condition(words, lang)


def test_a_condition_brings_no_quotation_mark_of_its_quote() -> None:
    assert condition("„Wir helfen, wenn Geld da ist“", "de") == "wenn Geld da ist"
    assert condition("“We help if there is money”", "en") == "if there is money"
