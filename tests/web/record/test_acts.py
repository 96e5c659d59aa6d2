from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from web.record.corrections import entry, reply
from web.record.nouns import actor, topic_edit

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from web.record.acts import Act

ACTS = {
    f"{module.__name__.rpartition('.')[2]} {name}": act
    for module in (actor, topic_edit, entry, reply)
    for name, act in module.ACTS.items()
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_what_a_form_gives_is_what_its_command_takes(paper: Paper, act: Act) -> None:
    filled = dict.fromkeys(act.schema().load_fields, "17")
    with paper.app.test_request_context():
        given = act.arguments(filled)
    taken = inspect.signature(act.command).bind("room", "byline", "thing", **given)
    assert {name for name in given if name not in taken.arguments} == set()


def test_a_form_sends_each_act_to_an_address_of_its_own(paper: Paper) -> None:
    rules = {rule.rule for rule in paper.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert {f"/record/topic/<thing>/{name}" for name in topic_edit.ACTS} <= rules
    assert {f"/record/actor/<thing>/{name}" for name in actor.ACTS} <= rules
    assert {f"/record/<int:thing>/{name}" for name in entry.ACTS} <= rules
    assert {f"/record/<int:thing>/reply/{name}" for name in reply.ACTS} <= rules
