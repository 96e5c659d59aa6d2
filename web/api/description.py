"""The operations of the API in one table: OpenAPI 3.1 for programs, a page for people."""

from __future__ import annotations

import re
from importlib.metadata import version

import msgspec

from timeline.domain.field import Type
from timeline.domain.fields import ROWS
from timeline.interchange.native.codebooks import CodebookAnswer
from timeline.interchange.native.coverage import WatchAnswer
from timeline.interchange.native.readable import READABLE
from timeline.projections.queries.answers import (
    ActorAnswer,
    LedeAnswer,
    MandateAnswer,
    PositionAnswer,
    TopicAnswer,
)
from timeline.projections.queries.change_answers import ChangeAnswer
from timeline.projections.queries.matrix import MatrixCell
from web.api.lists import KINDS
from web.api.parameters import CALLED, NEEDED, PARAMETERS, TEXT, Schema
from web.api.writing import (
    API,
    IDEMPOTENCY_KEY,
    LONGEST_KEY,
    WRITTEN,
    DevelopmentBody,
    Done,
    StatementBody,
    Waits,
)

SCHEMAS = "#/components/schemas/"
EMBARGOED = {body.__name__ for body in (StatementBody, DevelopmentBody)}
"""The bodies of entries that may have an embargo."""

PART = re.compile(r"<(?:int:)?(\w+)>")
PROBLEM = "application/problem+json"

CLOCKS = ("as_of", "known_at")
PAGING = ("limit", "after")


class Operation(msgspec.Struct, frozen=True):
    """An operation of the API; ``answer`` and ``body`` are names of schemas.

    ``head`` names the integers that a list has besides its items.
    """

    path: str
    summary: str
    answer: str
    parameters: tuple[str, ...] = ()
    method: str = "get"
    body: str = ""
    listed: str = ""
    head: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The operation's id."""
        words = self.path.replace("{", "").replace("}", "").replace(".", "_").split("/")
        return "_".join([self.method, *filter(None, words)])

    @property
    def address(self) -> str:
        """Its address on this site."""
        return f"{API}{self.path}"

    @property
    def asked(self) -> list[str]:
        """The names of its parameters in an address."""
        return [CALLED.get(parameter, parameter) for parameter in self.parameters]

    @property
    def can_be_tried(self) -> bool:
        """Tell whether its address works without parameters."""
        needs_more = "{" in self.path or self.path == "/matrix" or NEEDED & {*self.parameters}
        return self.method == "get" and not needs_more


READING = (
    Operation("/stories", "Running stories.", "Story", PAGING, listed="pages"),
    Operation("/topics", "Topics: questions on a scale.", "TopicAnswer", PAGING, listed="pages"),
    Operation("/topics/{slug}", "One topic.", "TopicAnswer"),
    Operation(
        "/topics/{slug}/codebooks",
        "By which rules statements on a topic are coded, every version.",
        "CodebookAnswer",
        ("known_at",),
        listed="whole",
    ),
    Operation(
        "/topics/{slug}/coverage",
        "Where was watched for what is said on a topic.",
        "WatchAnswer",
        ("known_at",),
        listed="whole",
    ),
    Operation(
        "/topics/{slug}/ledes",
        "What the newsroom itself said first of a topic, oldest first: the last one counts.",
        "LedeAnswer",
        CLOCKS,
        listed="whole",
    ),
    Operation("/actors", "Actors that are not merged.", "ActorAnswer", PAGING, listed="pages"),
    Operation("/actors/{slug}", "One actor.", "ActorAnswer"),
    Operation(
        "/actors/{slug}/mandates",
        "For whom an actor speaks, and whether they decide.",
        "MandateAnswer",
        ("known_at",),
        listed="whole",
    ),
    Operation("/scales", "The scales and their words.", "Scale", listed="whole"),
    Operation(
        "/positions",
        "Where actors stand, by topic and actor.",
        "PositionAnswer",
        ("topic", "actor", *CLOCKS, "why", *PAGING),
        listed="pages",
        head=("rule",),
    ),
    Operation(
        "/changes",
        "Changes of position, the latest first, and how many wait for an editor.",
        "ChangeAnswer",
        ("topic", "actor", *CLOCKS, "signed", *PAGING),
        listed="pages",
        head=("rule", "waiting"),
    ),
    Operation(
        "/matrix",
        "Who stood where at which moments, a cell for each.",
        "MatrixCell",
        ("topics", "stories", "actors", "variables", "at", "every", "known_at"),
        listed="whole",
    ),
    Operation(
        "/entries",
        "Statements and developments, as rows of the interchange.",
        "Entry",
        ("topic", "actor", "variables", "kind", "order", *CLOCKS, *PAGING),
        listed="pages",
    ),
    Operation(
        "/search",
        "Actors, topics and entries that words mean.",
        "Hits",
        ("q", "topics", "actors", "year", *PAGING),
    ),
    Operation("/entries/{number}", "One entry.", "Entry", ("known_at",)),
    Operation("/entries/{number}/events", "All that was recorded of it.", "Event", listed="whole"),
    Operation("/events", "The log, oldest first.", "Event", ("known_at", *PAGING), listed="pages"),
    Operation("/openapi.json", "This description.", "Description"),
)

WRITING = tuple(
    Operation(PART.sub(r"{\1}", path), summary, "Done", method="post", body=body.__name__)
    for path, (summary, body) in WRITTEN.items()
)


def parameters_of(rule: str) -> tuple[str, ...]:
    """Return the names of the parameters of a route that reads."""
    path = "/" + PART.sub(r"{\1}", rule)
    return next(operation.parameters for operation in READING if operation.path == path)


def operations() -> tuple[Operation, ...]:
    """Return all operations, those that only read first."""
    return READING + WRITING


def openapi(host: str) -> Schema:
    """Return the OpenAPI 3.1 description of the API at a host."""
    paths: dict[str, Schema] = {}
    for operation in operations():
        paths.setdefault(operation.address, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Standline",
            "version": version("standline"),
            "summary": "How did X's position on Y change, and how do we know?",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": host.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation) -> Schema:
    result: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_in_path(operation.path), *map(_in_query, operation.parameters)],
        "responses": {**_answers(operation), "default": _problem()},
    }
    if operation.body:
        result["security"] = [{"token": []}]
        result["requestBody"] = {
            "required": True,
            "content": _json({"$ref": SCHEMAS + operation.body}),
        }
        result["parameters"].append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "description": "The command counts once, however often it is sent.",
                "schema": {"type": "string", "maxLength": LONGEST_KEY},
            }
        )
    return result


def _in_path(path: str) -> list[Schema]:
    schemas = {"slug": TEXT, "number": {"type": "integer", "minimum": 1}}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in schemas.items()
        if f"{{{name}}}" in path
    ]


def _in_query(name: str) -> Schema:
    about, schema = PARAMETERS[name]
    return {
        "name": CALLED.get(name, name),
        "in": "query",
        "description": about,
        "required": name in NEEDED,
        "schema": schema,
    }


def _answers(operation: Operation) -> Schema:
    schema: Schema = {"$ref": SCHEMAS + operation.answer}
    if operation.listed:
        schema = {
            "type": "object",
            "properties": {"items": {"type": "array", "items": schema}},
            "required": ["items"],
        }
    for name in operation.head:
        schema["properties"][name] = {"type": "integer"}
        schema["required"].append(name)
    if operation.listed == "pages":
        schema["properties"]["next"] = {"type": ["string", "null"]}
        schema["required"].append("next")
    if operation.body:
        waits = {
            "description": "It waits for its moment.",
            "content": _json({"$ref": SCHEMAS + "Waits"}),
        }
        return {
            **({"202": waits} if operation.body in EMBARGOED else {}),
            "201": {"description": "It is recorded.", "content": _json(schema)},
            "200": {"description": "It was on record already.", "content": _json(schema)},
        }
    return {
        "200": {"description": operation.summary, "content": _json(schema)},
        "304": {"description": "It is as it was under the ETag that was sent."},
    }


def _problem() -> Schema:
    return {
        "description": "What is wrong, and how to mend it (RFC 9457).",
        "content": {PROBLEM: {"schema": {"$ref": SCHEMAS + "Problem"}}},
    }


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _schemas() -> Schema:
    answers = (
        *(
            TopicAnswer,
            CodebookAnswer,
            WatchAnswer,
            LedeAnswer,
            ActorAnswer,
            MandateAnswer,
            PositionAnswer,
            ChangeAnswer,
        ),
        *(MatrixCell, Done, Waits),
    )
    kinds = dict.fromkeys([*answers, *(body for _, body in WRITTEN.values())])
    _, components = msgspec.json.schema_components([*kinds], ref_template=SCHEMAS + "{name}")
    return {**components, **_OWN, "Entry": _entry()}


_REPLY: Schema = {name: {"type": "string"} for name in READABLE["statement.reply_received"].split()}
"""The actor's own answer, with its day and language."""


def _entry() -> Schema:
    """Return the schema of an entry: its own fields, and those of its row in the interchange."""
    properties: Schema = {
        "number": {"type": "integer"},
        "retracted": {"type": "boolean"},
        "withheld": {"type": "boolean"},
        "kind": {"type": "string", "enum": [*KINDS]},
        "replies": {"type": "array", "items": {"type": "object", "properties": _REPLY}},
    }
    for kind in KINDS:
        for name, field in ROWS[kind].items():
            inner, _, last = name.partition(".")
            schema = _field(field.type, field.about, many=field.many)
            if last:
                nested = properties.setdefault(inner, {"type": "object", "properties": {}})
                nested["properties"][last] = schema
            else:
                properties.setdefault(name, schema)
    properties.pop("further_sources", None)
    return {"type": "object", "properties": properties, "required": ["number", "kind"]}


def _field(type_: Type, about: str, *, many: bool) -> Schema:
    schema: Schema = {"type": "integer"} if type_ is Type.OFFSET else {"type": "string"}
    schema = {"type": "array", "items": schema} if many else schema
    return schema | ({"description": about} if about else {})


_OWN: Schema = {
    "Story": {
        "type": "object",
        "properties": {"slug": TEXT, "title": TEXT},
        "required": ["slug", "title"],
    },
    "Scale": {
        "type": "object",
        "properties": {"name": TEXT, "words": {"type": "object", "additionalProperties": TEXT}},
        "required": ["name", "words"],
    },
    "Event": {
        "type": "object",
        "description": "An event of the log, as far as readers may see it.",
        "properties": {
            "position": {"type": "integer"},
            "type": TEXT,
            "originator_id": TEXT,
            "originator_version": {"type": "integer"},
            "recorded_at": {"type": "integer", "description": "In microseconds UTC."},
            "recorded_by": TEXT,
            "via": TEXT,
            "content": {"type": "object"},
        },
        "required": ["type", "originator_id", "originator_version", "recorded_at"],
    },
    "Hits": {
        "type": "object",
        "description": "The nearest first; total counts the entries, but none beyond ten thousand:"
        " uncounted says whether there are any.",
        "properties": {
            "actors": {"type": "array", "items": {"$ref": f"{SCHEMAS}ActorAnswer"}},
            "topics": {"type": "array", "items": {"$ref": f"{SCHEMAS}TopicAnswer"}},
            "entries": {"type": "array", "items": {"$ref": f"{SCHEMAS}Entry"}},
            "total": {"type": "integer"},
            "uncounted": {"type": "boolean"},
            "next": {"type": ["string", "null"]},
        },
        "required": ["actors", "topics", "entries", "total", "uncounted", "next"],
    },
    "Description": {"type": "object", "required": ["openapi", "info", "paths"]},
    "Problem": {
        "type": "object",
        "properties": {
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong, in the reader's language."},
            "fix": {"type": "string", "description": "How to mend it."},
            "code": {"type": "string", "description": "One of docs/errors.md."},
            "values": {"type": "object"},
            "nearest": {"type": "array", "items": TEXT},
        },
        "required": ["title", "status", "detail"],
    },
}
