"""What a newsroom does with a Standline to which something was added; runs in the copy of it.

The attributes of what was added are not those of this checkout, so all of it is `Any` here.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from timeline.application.commands import RecordStatement, Source
from timeline.bootstrap import open_store
from timeline.interchange import ExportOptions, export, import_files
from web import create_app
from web.shell.identity import everybody_is

QUESTION = "When should the bridge be built?"
TIMES = Source(outlet="Invented Times", published_at="2025-12-16", url="https://example.org/bridge")


def record(room: Any) -> None:  # noqa: ANN401
    """Record a statement on the new scale, and that its story has ended."""
    byline = room.byline("anna")
    room.stories.open(byline, "The bridge", slug="bridge-story")
    room.topics.open(byline, QUESTION, "urgency", slug="bridge", story="bridge-story")
    room.actors.introduce(byline, "Aland", "state", slug="aland")
    said = RecordStatement(
        actor="aland", topic="bridge", stance="soon", said_at="2025-12-15", source=TIMES
    )
    room.statements.record(byline, said)
    room.stories.end(byline, "bridge-story", "the bridge stands")


def bring(services: Any) -> str:  # noqa: ANN401
    """Import a file in the new format, and return the export in it."""
    file = Path("later.txt")
    file.write_text("aland | bridge | at once | 2025-12-18 | Invented Times\n", "utf-8")
    assert import_files(services, [file]).clean
    out = io.BytesIO()
    export(services, out, "plain", ExportOptions())
    return out.getvalue().decode()


def promise(services: Any, site: Any) -> str:  # noqa: ANN401
    """Record by forms that somebody promised something and kept it; return it as exported."""
    room = services.newsroom
    room.actors.introduce(room.byline("anna"), "Aland", "state", slug="aland")
    given = {"actor": "aland", "text": "A bridge to Borduria", "due": "2026"}
    missing = site.post("/pledges", data=given | {"due": ""}).text
    assert "Say by when." in missing
    site.post("/pledges", data=given)
    (pledge,) = site.get("/api/v1/pledges").json["items"]
    site.post(f"/pledges/{pledge['id']}", data={"kept": "yes"})
    again = site.post(f"/pledges/{pledge['id']}", data={"kept": "no"}).text
    assert "settled already" in again
    out = io.BytesIO()
    export(services, out, "pledges", ExportOptions())
    return out.getvalue().decode()


def main(url: str, deed: str, *paths: str) -> None:
    """Do something in a store, and print pages of the site as JSON by their addresses."""
    with closing(open_store(url)) as services:
        shown = {}
        site = create_app(services, identify=everybody_is("anna")).test_client()
        if deed == "record":
            record(services.newsroom)
        elif deed == "promise":
            shown["export"] = promise(services, site)
        else:
            shown["export"] = bring(services)
        shown |= {path: site.get(path).text for path in paths}
        json.dump(shown, sys.stdout)


main(*sys.argv[1:])
