"""What a codebook asks beside the stance: declared, asked, shown and corrected in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.web.record.desk import statement
from tests.web.record.test_codebook import EDIT, filled
from tests.web.site import plain
from timeline.projections.queries.own_values import actors_lacking

if TYPE_CHECKING:
    from tests.web.record.desk import Desk

DECLARED: dict[str, Any] = {
    "variable_label": ["How much room it gets", "Billions", "Party", ""],
    "variable_id": ["salience", "", "", ""],
    "variable_of": ["statement", "statement", "actor", "statement"],
    "variable_kind": ["choice", "number", "text", "choice"],
    "variable_choices": ["low\r\nhigh\r\n", "", "", ""],
    "variable_required": ["yes", "", "", ""],
}
VALUES = {"variables.salience": "high", "variables.billions": "03.50"}


@pytest.fixture
def asking(desk: Desk) -> Desk:
    """A desk whose first topic asks for two variables and an attribute."""
    assert desk.post(EDIT, filled(desk, **DECLARED)).status_code == 303
    return desk


def test_a_codebook_declares_variables_in_its_form_and_shows_them_on_its_page(asking: Desk) -> None:
    page = plain(asking.get("/t/a-union/codebook").text)
    assert "What is asked beside the stance" in page
    assert "How much room it gets choice: low, high required" in page
    assert "Party of the actor, text" in page
    form = asking.get(EDIT)
    assert 'name="variable_id" value="billions"' in form.text
    answer = asking.get("/t/a-union/codebook.json").get_json()
    assert answer["codebooks"][0]["codebook"]["variables"][0] == {
        "id": "salience",
        "kind": "choice",
        "label": "How much room it gets",
        "choices": ["low", "high"],
        "required": True,
    }


def test_the_form_asks_for_them_and_the_statement_shows_them(asking: Desk) -> None:
    form = asking.opened("/record?topic=a-union") | statement()
    page = asking.get("/record?topic=a-union").text
    assert 'name="variables.salience"' in page
    assert 'name="variables.party"' not in page
    missing = asking.post("/record", form)
    assert missing.status_code == 422
    assert "The codebook asks for “How much room it gets”" in plain(missing.text)
    wrong = asking.post("/record", form | VALUES | {"variables.billions": "some"})
    assert "“some” is not a number" in plain(wrong.text)
    answer = asking.post("/record", form | VALUES)
    assert answer.status_code == 303, plain(answer.text)
    recorded: Any = asking.events()[-1]
    assert recorded.content.variables == {"salience": "high", "billions": "3.5"}
    page = plain(asking.get(f"/s/{asking.head()}").text)
    assert "How much room it gets: high · Billions: 3.5" in page


def test_a_value_is_corrected_in_its_form(asking: Desk) -> None:
    number = asking.say(variables={"salience": "high"})
    path = f"/record/{number}/correct"
    form = asking.get(path).text
    assert "On record: high" in plain(form)
    answer = asking.post(
        path, asking.opened(path) | {"variables.salience": "low", "reason": "Misread."}
    )
    assert answer.status_code == 303, plain(answer.text)
    corrected: Any = asking.events()[-1]
    assert (corrected.field, corrected.content.new) == ("variables.salience", "low")
    page = plain(asking.get(f"/s/{number}").text)
    assert "How much room it gets: low" in page
    assert "Salience: high, corrected to: low" in page


def test_the_codebook_knows_its_variables_when_it_is_written_anew(asking: Desk) -> None:
    again = filled(asking, **DECLARED) | {
        "variable_kind": ["text", "number", "text", "choice"],
        "variable_choices": ["", "", "", ""],
        "reason": "Free words.",
    }
    answer = asking.post(EDIT, again)
    assert answer.status_code == 422
    assert "“salience” was declared as choice of statement" in plain(answer.text)


def test_an_attribute_is_said_of_an_actor_in_its_form_and_stands_on_its_page(asking: Desk) -> None:
    path = "/record/actor/dora"
    assert 'name="attributes.party"' in asking.get(path).text
    answer = asking.post(f"{path}/describe", asking.opened(path) | {"attributes.party": "Greens"})
    assert answer.status_code == 303, plain(answer.text)
    assert asking.types()[-1] == "actor.described"
    known = asking.head()
    assert "Party: Greens" in plain(asking.get("/a/dora").text)
    again = asking.opened(path) | {"attributes.party": "Reds"}
    refused = asking.post(f"{path}/describe", again)
    assert refused.status_code == 422  # another one needs a reason
    asking.post(f"{path}/describe", again | {"reason": "She changed."})
    assert "Party: Reds" in plain(asking.get("/a/dora").text)
    assert "Party: Greens" in plain(asking.get(f"/a/dora?known_at=@{known}").text)


def test_what_codebooks_ask_of_actors_is_read_once_for_each_log_position(asking: Desk) -> None:
    register = asking.services.register
    asked = register.attributes()
    assert [(topic, variable.label) for topic, variable in asked] == [("a-union", "Party")]
    assert register.attributes() is asked
    none: dict[str, Any] = {name: [] for name in DECLARED} | {"reason": "Nobody keeps it."}
    assert asking.post(EDIT, filled(asking, **none)).status_code == 303
    asking.get("/t/a-union")
    assert register.attributes() == []


def test_a_required_attribute_that_nobody_said_is_named_in_the_form_and_by_the_doctor(
    desk: Desk,
) -> None:
    required = DECLARED | {"variable_required": ["", "", "yes", ""]}
    assert desk.post(EDIT, filled(desk, **required)).status_code == 303
    desk.say(actor="dora")
    path, missing = "/record/actor/dora", "A codebook requires what is not on record yet: Party"

    def lacking() -> dict[str, list[str]]:
        desk.get("/t/a-union")
        with desk.services.models.engine().connect() as conn:
            return actors_lacking(conn)

    assert missing in plain(desk.get(path).text)
    assert lacking() == {"party": ["dora"]}
    desk.post(f"{path}/describe", desk.opened(path) | {"attributes.party": "Greens"})
    assert missing not in plain(desk.get(path).text)
    assert lacking() == {}
