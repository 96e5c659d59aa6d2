"""A database server that crashes in any phase of a form: nothing of the form is lost."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tests.support.cut_line import cut_line
from tests.support.postgres import running_postgres
from tests.web.test_away import filled_in, furnished
from timeline.stores import postgres_pool

if TYPE_CHECKING:
    import pytest

    from tests.faults.tally import Tally
    from tests.support.cut_line import CutLine
    from tests.web.record.desk import Desk

STRIDE = 13
"""Messages from one crash to the next where few are enough; a form takes some 130."""


def test_a_server_that_crashes_in_any_phase_of_a_form_loses_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, tally: Tally, *, many: bool
) -> None:
    # To wait for a restart that does not come is not what is tried here.
    monkeypatch.setattr(postgres_pool, "RESTART", 0.2)
    monkeypatch.setattr(postgres_pool, "PAUSE", 0.05)
    with (
        running_postgres(durable=False) as server,
        cut_line(server.home) as line,
        furnished(f"postgresql://postgres@/postgres?host={line.home}") as desk,
    ):
        desk.client.application.testing = False
        for messages in count(0, 1 if many else STRIDE):
            if not crashes_once(desk, line, messages, tally):
                break


def crashes_once(desk: Desk, line: CutLine, messages: int, tally: Tally) -> bool:
    """Send a form over a line that is cut after so many messages; tell whether it was."""
    form, before = filled_in(desk), desk.head()
    # The same said again is asked back for, unless somebody says that it is another.
    form["distinct"] = [str(number) for number in range(1, before + 1)]
    line.cut_after(messages)
    answer = desk.post("/record", form)
    was_cut = line.is_cut
    tally.seen[f"answers {answer.status_code}"] += 1
    assert answer.status_code in (303, 503)
    if answer.status_code == 303:
        tally.acknowledged += 1
    else:
        assert "Wants it now." in answer.text
    line.mend()
    recorded = recorded_after_all(desk, form, before)
    tally.lost += answer.status_code == 303 and not recorded
    assert recorded
    assert desk.services.models.engine().pool.checkedout() == 0  # type: ignore[attr-defined]
    return was_cut


def recorded_after_all(desk: Desk, form: dict[str, str], before: int) -> bool:
    """Send a form again, twice, and tell whether it is on record once."""
    answers = [desk.post("/record", form).status_code for _ in range(2)]
    return answers == [303, 303] and desk.types(before).count("statement.recorded") == 1
