"""Every field of every body takes what its schema says; all else is a problem that names it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.tiers import some_of
from tests.web.test_api import SAID, Programs
from timeline.application.corrections import CORRECTABLE
from timeline.domain.development import Development
from timeline.domain.statement import Statement
from web.api.description import WRITING, openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.paper import Paper

    Schema = dict[str, Any]
    Place = tuple[str | int, ...]

VALUES: dict[str, Any] = {
    "string": "text",
    "integer": 7,
    "number": 1.5,
    "boolean": True,
    "array": [],
    "object": {},
    "null": None,
}
SCHEMAS: Schema = openapi("http://localhost/")["components"]["schemas"]
HAPPENED = {
    "title": "They met.",
    "topics": ["union"],
    "status": "happened",
    "happened_at": "2025-12-12",
    "source": SAID["source"],
}
CHANGE = {"topic": "union", "actor": "dora", "before": [1], "after": [2]}
SENT: dict[str, Any] = {
    "/statements": SAID,
    "/developments": HAPPENED,
    "/topics": {"question": "Is it so?", "scale": "claim"},
    "/actors": {"name": "Dora Example", "kind": "person"},
    "/entries/{number}/corrections": {"changes": {"paraphrase": "So."}, "reason": "A slip."},
    "/entries/{number}/retractions": {"reason": "Not ours."},
    "/entries/{number}/reinstatements": {"reason": "Ours."},
    "/entries/{number}/links": {"kind": "answers", "target": 1},
    "/entries/{number}/sources": {"source": SAID["source"]},
    "/entries/{number}/quote-readings": {"direction": "supports", "carries": True},
    "/entries/{number}/quote-readings/withdrawals": {},
    "/entries/{number}/codings": {"stance": "supports"},
    "/actors/{slug}/mandates": {"on_behalf_of": "union", "role": "speaker"},
    "/actors/{slug}/standings": {"mandate": "id", "standing": "speaks"},
    "/actors/{slug}/attributes": {"attributes": {"party": "Greens"}},
    "/topics/{slug}/natures": {"asks": "position"},
    "/topics/{slug}/ledes": {"sentence": "So it began."},
    "/changes/signatures": CHANGE | {"sentence": "So it is."},
    "/changes/refusals": CHANGE | {"cause": "same"},
    "/changes/reopenings": CHANGE | {"reason": "A slip."},
}
"""A body of each kind in which nothing is of a wrong type."""
SLUGS = {"topics": "union", "actors": "dora"}


def whole(schema: Schema) -> Schema:
    """Return a schema without the references in it."""
    return SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def kinds(schema: Schema) -> list[Schema]:
    """Return the schemas of which a value may be one."""
    return [whole(one) for one in schema.get("anyOf", [schema])]


def types(schema: Schema) -> set[str]:
    found = {kind.get("type", "string") for kind in kinds(schema)}
    return found | ({"integer"} if "number" in found else set())


def places(schema: Schema, at: Place = ()) -> Iterator[tuple[Place, Schema]]:
    """Yield every place in a body with its schema, that of the body first."""
    yield at, schema
    for kind in kinds(schema):
        for name, inner in kind.get("properties", {}).items():
            yield from places(inner, (*at, name))
        if "items" in kind:
            yield from places(kind["items"], (*at, 0))
        if isinstance(kind.get("additionalProperties"), dict):
            yield from places(kind["additionalProperties"], (*at, "paraphrase"))


def put(body: Any, at: Place, value: Any, schema: Schema) -> Any:  # noqa: ANN401 - JSON
    """Return a body with a value at a place; what it needs on the way there is filled in."""
    if not at:
        return value
    (first, *rest), kind = at, next(one for one in kinds(schema) if leads_on(one))
    if isinstance(first, int):
        return [put(None, tuple(rest), value, kind["items"])]
    inner = kind.get("properties", {}).get(first) or kind["additionalProperties"]
    filled = dict(body or dict.fromkeys(kind.get("required", ()), "text"))
    return filled | {first: put(filled.get(first), tuple(rest), value, inner)}


def leads_on(kind: Schema) -> bool:
    return bool({"properties", "items", "additionalProperties"} & kind.keys())


def wrong() -> Iterator[tuple[str, str, Any]]:
    """Yield path, place and body of each with a value of a wrong type."""
    for operation in WRITING:
        schema = {"$ref": f"#/components/schemas/{operation.body}"}
        for at, here in places(schema):
            for name in VALUES.keys() - types(here):
                body = put(copy.deepcopy(SENT[operation.path]), at, VALUES[name], schema)
                yield operation.path, ".".join(map(str, at)), body


@pytest.fixture
def programs(paper: Paper) -> Programs:
    return Programs(paper)


@pytest.mark.scaled
def test_a_value_of_a_wrong_type_is_a_problem_that_names_its_field(
    programs: Programs, paper: Paper
) -> None:
    programs.reader.application.testing = False
    token, head = programs.token("mira"), programs.services.log.head()
    every = [*wrong()]
    for path, place, body in some_of(every, 120):
        number, slug = str(paper.numbers["wants"]), SLUGS.get(path.split("/")[1], "")
        answer = programs.send(path.format(number=number, slug=slug), body, token)
        told = answer.get_json(force=True)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), body
        names = [one for one in place.split(".") if not one.isdecimal() and one != "paraphrase"]
        assert all(name in told["detail"] or "[...]" in told["detail"] for name in names), told
    assert len(every) > 300
    assert programs.services.log.head() == head


@pytest.mark.parametrize("path", [*SENT])
def test_what_is_recorded_takes_no_parameters(programs: Programs, paper: Paper, path: str) -> None:
    """Who believes that an address has a dry run is told before anything is recorded."""
    token, head = programs.token("mira"), programs.services.log.head()
    address = path.format(number=paper.numbers["wants"], slug=SLUGS.get(path.split("/")[1], ""))
    answer = programs.send(f"{address}?dry_run=1", SENT[path], token)
    assert answer.status_code == 400
    assert "dry_run" in answer.get_json(force=True)["detail"]
    assert programs.services.log.head() == head


@pytest.mark.parametrize("entry", ["wants", "end"])
def test_a_correction_takes_a_list_where_there_are_several_and_text_elsewhere(
    programs: Programs, paper: Paper, entry: str
) -> None:
    programs.reader.application.testing = False
    token, head = programs.token("mira"), programs.services.log.head()
    number = paper.numbers[entry]
    for name, field in CORRECTABLE[Development if entry == "end" else Statement].items():
        lists: list[Any] = [[], ["union"], ["union", "deal"], ["", ""]]
        # Statements are named in one text too: "#12, #13".
        texts = [] if field.noun == "statement" else ["union", "text"]
        unfit = texts if field.many else lists
        unfit = unfit + (["text", [], ["text"]] if field.noun == "document" else [])
        for value in unfit:
            body = {"changes": {name: value}, "reason": "A slip."}
            answer = programs.send(f"/entries/{number}/corrections", body, token)
            told = answer.get_json(force=True)
            assert (answer.status_code, told["code"]) == (422, "not_in_this_form"), (body, told)
            assert name in told["detail"]
    assert programs.services.log.head() == head


UNCLEAR = ["limit=", "limit=2&limit=3", "limit=%20", "why=perhaps", "why=", "after=", "known_at="]


@pytest.mark.parametrize("asked", [*UNCLEAR, "as_of=2025&as_of=2024", "topic=", "actor=a&actor=b"])
def test_a_parameter_that_is_empty_or_given_twice_is_a_problem(paper: Paper, asked: str) -> None:
    answer = paper.open(f"/api/v1/positions?{asked}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    told = answer.get_json(force=True)
    assert asked.partition("=")[0] in told["detail"] or "perhaps" in told["detail"]


def test_every_parameter_that_is_given_once_is_refused_twice(paper: Paper) -> None:
    from web.api.description import READING  # noqa: PLC0415
    from web.api.parameters import PARAMETERS  # noqa: PLC0415

    tried = 0
    for operation in READING:
        path = operation.address.replace("{slug}", "union").replace("{number}", "1")
        path = path.replace("actors/union", "actors/bland")
        for name in operation.parameters:
            if PARAMETERS[name][1]["type"] != "array":
                answer = paper.open(f"{path}?{name}=1&{name}=2")
                assert answer.status_code == 422, (path, name)
                assert answer.get_json(force=True)["code"] == "parameter_twice"
                tried += 1
    assert tried > 30


@pytest.mark.parametrize(
    ("asked", "fix"),
    [
        ("/positions?topics=union", "did you mean topic?"),
        ("/positions?as-of=2025", "did you mean as_of?"),
        ("/entries?limits=2", "did you mean limit?"),
        ("/topics?zzz=1", "use one of: after, limit"),
        ("/scales?limit=1", "use one of: none"),
        ("/matrix?topic=union&actors=dora", "did you mean actor?"),
    ],
)
def test_a_parameter_that_nobody_knows_is_a_problem_with_the_nearest_name(
    paper: Paper, asked: str, fix: str
) -> None:
    answer = paper.open(f"/api/v1{asked}")
    told = answer.get_json(force=True)
    assert (answer.status_code, told["code"], told["fix"]) == (400, "parameter_unknown", fix)


@pytest.mark.parametrize("path", ["topics", "positions", "entries/1", "scales", "matrix"])
def test_a_method_that_an_address_does_not_have_is_told_with_those_that_it_has(
    paper: Paper, path: str
) -> None:
    for method in ("delete", "put", "patch"):
        answer = getattr(paper.reader, method)(f"/api/v1/{path}")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert answer.mimetype == "application/problem+json"
