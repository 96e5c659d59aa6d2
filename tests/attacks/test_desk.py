"""Whatever one person sends to a newsroom of four eyes, nothing of it stands before two agree."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.attacks.corpus import CORPUS
from tests.attacks.targets import targets
from tests.attacks.test_doors import made_up
from tests.attacks.test_forms import tries
from tests.support.four_eyes import ask_for_four_eyes
from tests.web.record.desk import hidden
from tests.web.test_api import Programs
from tests.web.test_api_bodies import SENT, places, put
from timeline.desk.promises import ALONE, is_reviewed
from web.api.description import WRITING

if TYPE_CHECKING:
    from tests.web.paper import Paper

FEW_FORMS, MANY_FORMS = 600, 10_000
FEW_BODIES, MANY_BODIES = 100, 5_000
REFUSED = 400


def alone(paper: Paper, after: int) -> list[tuple[int, str]]:
    """Return what one person put on record behind a position that needs two."""
    return [
        (position, event.TOPIC)
        for position, event in paper.services.log.stream(after)
        if event.TOPIC not in ALONE and not is_reviewed(event)
    ]


def test_no_form_of_one_person_puts_anything_on_record(paper: Paper, many: bool) -> None:  # noqa: FBT001
    paper.app.testing = False
    found = [target for target in targets(paper) if target.method == "POST"]
    ask_for_four_eyes(paper.services)
    head, reviews = paper.services.log.head(), paper.services.desk.reviews
    for target, text in tries(found, MANY_FORMS if many else FEW_FORMS):
        address, fields = target.sent(text)
        paper.reader.post(address, data=dict(fields))
    assert alone(paper, head) == []
    waiting = reviews.waiting()
    assert waiting
    for entry in waiting:
        there = f"/record/review/{entry.id}"
        for text in ("", *CORPUS[:20]):
            sent = hidden(paper.open(there).text) | {"by": text, "second": text, "via": text}
            assert paper.reader.post(f"{there}/agree", data=sent).status_code >= REFUSED
    assert alone(paper, head) == []
    assert len(reviews.waiting()) == len(waiting)


def test_no_program_of_one_person_puts_anything_on_record(paper: Paper, many: bool) -> None:  # noqa: FBT001
    order = random.Random(2025)  # noqa: S311 - nothing to keep secret
    programs = Programs(paper)
    programs.app.testing = False
    ask_for_four_eyes(paper.services)
    head = paper.services.log.head()
    token, numbers = programs.token("mira"), [str(number) for number in paper.numbers.values()]
    found = [
        (operation.path, at, schema)
        for operation in WRITING
        for schema in [{"$ref": f"#/components/schemas/{operation.body}"}]
        for at, _ in places(schema)
    ]
    for turn in range(MANY_BODIES if many else FEW_BODIES):
        path, at, schema = order.choice(found)
        sent = SENT[path]
        body = sent if turn % 2 else put(sent, at, made_up(order), schema)
        address = path.replace("{number}", order.choice(numbers)).replace("{slug}", "union")
        programs.send(address, body, token, f"key {turn}")
    assert alone(paper, head) == []
