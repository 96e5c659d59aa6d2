"""Ways in that stand beside the front door: odd addresses, headers, bodies and characters."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.attacks.corpus import CORPUS
from tests.attacks.targets import ASKED
from tests.support.press import running_press
from tests.web.test_api import Programs
from tests.web.test_api_bodies import SENT, VALUES, places, put
from tests.web.test_forwarding import request
from tests.web.test_well_formed import files, read
from timeline.capture.files.fetching import Bounds, fetch
from timeline.domain.errors import Refused
from web.api.description import WRITING
from web.shell.forwarding import BEGINNINGS, SENT_BY_CLIENTS, is_forwarded

if TYPE_CHECKING:
    from tests.web.paper import Paper

INSIDE = ("127.0.0.1", "127.9.8.7", "169.254.169.254", "10.1.2.3", "192.168.0.1", "0.0.0.0")  # noqa: S104 - asked, not bound
FORMS = ("{}", "0x{:x}", "0X{:X}", "0{:o}", "000{:o}", "0x000{:x}")
USERS = ("", "", "@", "user@", "example.org@", "example.org:80@", "a:b@c@", "%40@")
LETTERS = "abcdefghijklmnopqrstuvwxyz-"
FEW_ADDRESSES, MANY_ADDRESSES = 60, 3_000
FEW_HEADERS, MANY_HEADERS = 200, 50_000
FEW_BODIES, MANY_BODIES = 60, 5_000


def spelled(order: random.Random, port: str) -> str:
    """Return an address inside a network, as hardly anybody writes it."""
    parts = [int(part) for part in order.choice(INSIDE).split(".")]
    number = int.from_bytes(parts)
    if order.random() < 1 / 4:
        low = f"{number >> 16:x}:{number & 0xFFFF:x}"
        beginning = order.choice(("::ffff:", "0:0:0:0:0:ffff:", "64:ff9b::", "::", "64:ff9b:1::"))
        host = f"[{beginning}{low}]"
        host = order.choice((host, f"[2002:{low}::]"))
    else:
        kept = order.randint(0, 3)
        last = number & (1 << 8 * (4 - kept)) - 1
        each = [order.choice(FORMS).format(part) for part in (*parts[:kept], last)]
        host = ".".join(each) + order.choice(("", "", "", "."))
    host = order.choice((host,) * 9 + ("", "."))
    return f"http://{order.choice(USERS)}{host}:{port}/secret"


def test_no_spelling_of_an_address_leads_inside(many: bool) -> None:  # noqa: FBT001
    order = random.Random(2025)  # noqa: S311 - nothing to keep secret
    with running_press() as press:
        press.answers["/secret"] = "secret"
        port = press.address.rpartition(":")[2]
        for _ in range(MANY_ADDRESSES if many else FEW_ADDRESSES):
            address = spelled(order, port)
            own_address = order.choice(("", address[:7], "nobody"))
            with pytest.raises(Refused):
                fetch(address, own_address=own_address, bounds=Bounds(2))
            assert press.asked == [], address


def test_no_header_that_nobody_here_sends_is_local(many: bool) -> None:  # noqa: FBT001
    order = random.Random(2025)  # noqa: S311 - nothing to keep secret
    for _ in range(MANY_HEADERS if many else FEW_HEADERS):
        name = "x" + "".join(order.choices(LETTERS, k=order.randint(1, 20)))
        if name not in SENT_BY_CLIENTS and not name.startswith(BEGINNINGS):
            assert is_forwarded(request(headers={name: "1"})), name


def test_no_json_breaks_the_interface(paper: Paper, many: bool) -> None:  # noqa: FBT001
    order = random.Random(2025)  # noqa: S311 - nothing to keep secret
    programs = Programs(paper)
    programs.app.testing = False
    token, number = programs.token("mira"), str(paper.numbers["wants"])
    found = [
        (operation.path, at, schema)
        for operation in WRITING
        for schema in [{"$ref": f"#/components/schemas/{operation.body}"}]
        for at, _ in places(schema)
    ]
    for turn in range(MANY_BODIES if many else FEW_BODIES):
        path, at, schema = order.choice(found)
        body = put(SENT[path], at, made_up(order), schema)
        answer = programs.send(path.replace("{number}", number), body, token, f"key {turn}")
        assert answer.status_code in (200, 201, 202, 404, 409, 422), (path, body, answer.text)


def made_up(order: random.Random, deep: int = 3) -> Any:  # noqa: ANN401 - JSON
    """Return some JSON."""
    kind = order.choice([*VALUES])
    if kind == "string":
        return order.choice(CORPUS).encode("utf-8", "replace").decode("utf-8")
    if kind in ("integer", "number"):
        return order.choice((0, -1, 7, 10**18, 10**30, 1e308, 1.5))
    if kind == "array" and deep:
        return [made_up(order, deep - 1) for _ in range(order.randint(0, 3))]
    if kind == "object" and deep:
        return {order.choice(ASKED): made_up(order, deep - 1) for _ in range(order.randint(0, 3))}
    return VALUES[kind]


def test_no_text_in_an_address_breaks_a_file(paper: Paper, many: bool) -> None:  # noqa: FBT001
    order = random.Random(2025)  # noqa: S311 - nothing to keep secret
    for path in files(paper):
        for text in order.sample(CORPUS, len(CORPUS) if many else 2):
            carried = quote(text, safe="", errors="replace")
            read(paper.open(f"{path}?{order.choice(ASKED)}={carried}&{carried}=x"))
