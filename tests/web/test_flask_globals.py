"""Only the shell, and the factory of the site, know Flask beyond its blueprints."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
ALLOWED = {
    "__init__.py": {"Flask", "htmx_flask.Htmx"},
    "i18n/languages.py": {"Flask"},
    "i18n/translate.py": {"appcontext_popped", "appcontext_pushed", "has_app_context"},
}
"""What else single files take: the factory the class, translations the end of an answer."""


def taken(source: str) -> set[str]:
    """Return what a module takes from Flask and what renders or answers with it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names if _is_flask(name.name)}
        elif isinstance(node, ast.ImportFrom) and _is_flask(node.module or ""):
            place = "" if node.module == "flask" else f"{node.module}."
            found |= {place + name.name for name in node.names}
    return found


def _is_flask(module: str) -> bool:
    return module.partition(".")[0] in ("flask", "htmx_flask", "jinja2_fragments")


@pytest.mark.thorough
def test_pages_take_nothing_from_flask_but_blueprints() -> None:
    offenders = {}
    for file in WEB.rglob("*.py"):
        name = file.relative_to(WEB).as_posix()
        if name.startswith("shell/"):
            continue
        stray = taken(file.read_text("utf-8")) - ALLOWED.get(name, {"Blueprint"})
        if stray:
            offenders[name] = sorted(stray)
    assert offenders == {}


def test_a_page_that_reaches_for_the_request_is_found() -> None:
    assert taken("from flask import Blueprint, request") == {"Blueprint", "request"}
    assert taken("def f():\n    import flask") == {"flask"}
    assert taken("from flask.globals import g") == {"flask.globals.g"}
