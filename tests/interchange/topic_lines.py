"""The topic that lines of a file are about, and its line in an export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from timeline.domain.naming import stable_id
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from tests.interchange.desk import Desk


def topic(desk: Desk) -> Topic:
    found = desk.log.load(Topic, stable_id("topic", "eu-accession"))
    assert found is not None
    return found


def topic_line(desk: Desk, form: str = "jsonl") -> dict[str, Any]:
    lines = [json.loads(line) for line in desk.export(form).splitlines()]
    return next(line for line in lines if line["kind"] == "topic")
