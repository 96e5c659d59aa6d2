"""What was said in confidence: refused with the way on, wherever it comes in."""

from __future__ import annotations

import pytest

from timeline.domain.entry import check_attribution
from timeline.domain.errors import Refused


@pytest.mark.parametrize("agreed", ["off_the_record", "Off the record", "off-the-record"])
def test_what_was_said_off_the_record_is_refused_with_the_reason(agreed: str) -> None:
    with pytest.raises(Refused, match="nobody could check it; what was agreed as background is"):
        check_attribution(agreed, "")


@pytest.mark.parametrize("agreed", ["background", "On background", "unter zwei"])
def test_background_is_shown_the_way_to_its_agreed_label(agreed: str) -> None:
    with pytest.raises(Refused, match="keeps its agreed label; use second_hand"):
        check_attribution(agreed, "")
    check_attribution("second_hand", "a person familiar with the talks")


def test_what_is_no_attribution_at_all_is_told_those_that_are() -> None:
    with pytest.raises(Refused, match="there is no attribution 'hearsay'"):
        check_attribution("hearsay", "")
