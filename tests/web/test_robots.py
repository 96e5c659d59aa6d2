from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    from tests.web.paper import Paper


def test_crawlers_may_read_pages_but_not_their_endless_views(paper: Paper) -> None:
    answer = paper.open("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /*?" in answer.text
    assert "Disallow: /record" in answer.text
    assert "Allow: /t/*.png?size=social" in answer.text
    assert {f"Allow: /*?lang={code}$" for code in LANGUAGES} <= {*answer.text.splitlines()}
