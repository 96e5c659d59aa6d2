"""A log that is not the one that pages were made from: nothing is shown as if it were on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.projections.test_origin import lose_events_from
from tests.web.site import plain
from tests.web.test_away import filled_in, furnished

if TYPE_CHECKING:
    import pytest


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
