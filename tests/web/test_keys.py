from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.site import Site
from timeline.domain.scales import SCALES
from web.shell.identity import everybody_reads
from web.wording.scale_words import WORDS, step_words

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_the_list_of_keys_has_a_page_that_every_footer_leads_to(paper: Paper) -> None:
    text = paper.read("/keys")
    assert "next, previous change" in text
    assert "They are switched off now." not in text
    assert 'href="/keys" data-keys-link' in paper.open("/").text


def test_it_says_if_the_keys_are_switched_off(paper: Paper) -> None:
    paper.reader.set_cookie("keys", "off")
    assert "They are switched off now." in paper.read("/keys")


def test_who_codes_finds_the_keys_of_the_workbench(paper: Paper) -> None:
    assert "next, previous suggestion" in paper.read("/keys")
    assert "take the last reading back" in paper.read("/keys")
    assert "decline it for a cause" in paper.read("/keys")
    reader = Site(paper.services, identify=everybody_reads)
    assert "next, previous suggestion" not in reader.read("/keys")


@pytest.mark.parametrize("name", SCALES)
def test_the_site_calls_each_step_of_a_scale_as_the_record_does(name: str) -> None:
    told = [str(step.word) if step else None for step in WORDS[name].steps]
    assert told == list(SCALES[name].words)


def test_a_step_that_a_scale_lacks_has_no_words() -> None:
    with pytest.raises(KeyError):
        step_words("vote", 1)
