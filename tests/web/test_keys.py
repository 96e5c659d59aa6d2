from __future__ import annotations

from typing import TYPE_CHECKING

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
