from __future__ import annotations

import pytest

from timeline.domain.scales import SCALES
from web.wording.scale_words import WORDS, step_words


@pytest.mark.parametrize("name", SCALES)
def test_the_site_calls_each_step_of_a_scale_as_the_record_does(name: str) -> None:
    told = [str(step.word) if step else None for step in WORDS[name].steps]
    assert told == list(SCALES[name].words)


def test_a_step_that_a_scale_lacks_has_no_words() -> None:
    with pytest.raises(KeyError):
        step_words("vote", 1)
