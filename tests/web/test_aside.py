"""What no page can show is told where it could be missed, and stands in the way of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.projections.test_origin import lose_events_from
from tests.projections.test_projector import poison, spoil
from tests.web.record.desk import hidden, statement
from tests.web.site import HTMX, plain
from tests.web.test_away import filled_in, furnished
from timeline.projections.queries import entries
from timeline.stores.engines import exclusive

if TYPE_CHECKING:
    from tests.web.paper import Paper

PAGES = ("/", "/t/union", "/a/aland", "/actors", "/corrections", "/search?q=Aland", "/log/said")


def set_aside(paper: Paper, name: str) -> int:
    """Put something on record of a statement that no projection can make sense of."""
    paper.services.models.catch_up()
    with paper.services.models.engine().connect() as conn:
        stream = entries.statement(conn, paper.numbers[name]).stream
    (position,) = paper.services.log.append([poison(paper.dora(), stream)])
    paper.services.models.catch_up()
    return position


@pytest.mark.thorough
@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_could_lack_it_says_so_and_leads_to_the_log(paper: Paper, path: str) -> None:
    assert "could not be read" not in paper.read(path)
    aside = set_aside(paper, "wants")
    page = paper.open(path).text
    told = f"1 event could not be read and is not shown: {aside} . The event log says why"
    assert told in plain(page)
    assert f'href="/log?at={aside}#e{aside}"' in page
    assert "may be out of date" not in plain(page)
    german = paper.read(path, Accept_Language="de")
    assert "1 Vorgang konnte nicht gelesen werden" in german


def test_of_many_the_first_are_named(paper: Paper) -> None:
    for name in ("no", "yes", "wants", "still"):
        set_aside(paper, name)
    told = paper.read("/t/union")
    assert "4 events could not be read and are not shown:" in told
    assert paper.open("/t/union").text.count('href="/log?at=') == 3


def test_the_list_of_events_says_it_once_with_the_error(paper: Paper) -> None:
    set_aside(paper, "wants")
    told = paper.read("/log")
    assert "1 event cannot be shown." in told
    assert "could not be read and is not shown" not in told


def test_the_entry_that_it_belongs_to_says_that_it_may_be_out_of_date(paper: Paper) -> None:
    aside = set_aside(paper, "wants")
    told = f"What you see here may be out of date: event {aside} belongs to it."
    assert told in paper.read(f"/s/{paper.numbers['wants']}")
    assert told not in paper.read(f"/s/{paper.numbers['yes']}")


def test_a_form_about_it_says_so_and_recording_goes_on(paper: Paper) -> None:
    aside = set_aside(paper, "wants")
    told = f"What you see here may be out of date: event {aside} belongs to it."
    path = f"/record/{paper.numbers['wants']}/retract"
    page = paper.open(path).text
    assert told in plain(page)
    assert told not in paper.read(f"/record/{paper.numbers['yes']}/retract")
    answer = paper.post(path, hidden(page) | {"reason": "Said by another."})
    assert answer.status_code == 303
    assert "Said by another." in paper.read(answer.headers["Location"])


def test_a_form_says_so_as_soon_as_somebody_chooses_what_it_belongs_to(paper: Paper) -> None:
    added = paper.newsroom.actors.add_alias(paper.dora(), "bland", "Blandia").position
    spoil(paper.services.url, added)
    form = hidden(paper.open("/record").text) | statement(topic="union")
    chosen = paper.post("/record/check", form, **HTMX_HEADERS).text
    assert f"What you see here may be out of date: event {added} belongs to it." in plain(chosen)
    assert 'id="aside" hx-swap-oob="true"' in chosen
    other = paper.post("/record/check", form | {"actor": "Cland"}, **HTMX_HEADERS).text
    assert "may be out of date" not in plain(other)


HTMX_HEADERS = {name.replace("-", "_"): value for name, value in HTMX.items()}


def test_a_page_that_is_kept_is_let_go_of_when_what_was_set_aside_is_shown(paper: Paper) -> None:
    aside = set_aside(paper, "wants")
    first = paper.open("/t/union")
    same = paper.open("/t/union", If_None_Match=first.headers["ETag"])
    assert same.status_code == 304
    with exclusive(paper.services.models.engine()) as conn:
        conn.execute(text("DELETE FROM quarantine WHERE position = :at"), {"at": aside})
    later = paper.open("/t/union", If_None_Match=first.headers["ETag"])
    assert later.status_code == 200
    assert "could not be read" not in plain(later.text)


def test_whoever_watches_the_server_is_told(any_paper: Paper) -> None:
    set_aside(any_paper, "wants")
    answer = any_paper.open("/readyz")
    assert (answer.status_code, answer.get_json()["set_aside"]) == (200, 1)
    assert "1 event could not be read" in any_paper.read("/t/union")


def test_a_site_over_an_older_log_is_not_ready_and_takes_nothing_in(
    store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with furnished(store_url) as desk:
        form, head = filled_in(desk), desk.head()
        lose_events_from(store_url, head)
        answer = desk.get("/readyz")
        assert (answer.status_code, answer.get_json()["code"]) == (503, "another_log")
        sent = desk.post("/record", form)
        assert sent.status_code == 503
        assert "what you typed is still here" in plain(sent.text)
        assert desk.services.log.head() == head - 1
        assert desk.get("/").status_code == 503
    assert f"this log ends at event {head - 1}, and what pages read was made" in caplog.text
