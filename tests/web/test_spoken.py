"""The language of an answer lasts as long as the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup

from timeline.bootstrap import open_store
from web import create_app
from web.i18n.translate import (
    gettext,
    lazy_gettext,
    ngettext,
    npgettext,
    pgettext,
    speaking,
    translator,
)
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

GERMAN = {"Accept-Language": "de"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """A site without a record, which speaks all its languages."""
    services = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    yield create_app(services, identify=everybody_is("editor"))
    services.close()


def test_outside_of_an_answer_texts_are_english() -> None:
    assert translator().code == "en"
    assert gettext("supports") == "supports"
    assert ngettext("%(num)d statement", "%(num)d statements", 2) == "2 statements"


def test_an_answer_speaks_the_language_of_its_reader(app: Flask) -> None:
    with app.test_request_context(headers=GERMAN):
        assert translator().code == "de"
        assert gettext("supports") == "befürwortet"
        assert ngettext("%(num)d statement", "%(num)d statements", 2) == "2 Aussagen"
        assert pgettext("noun", "Record") != "Record"
    assert gettext("supports") == "supports"


def test_one_answer_does_not_speak_for_another(app: Flask) -> None:
    with app.test_request_context(headers=GERMAN):
        assert gettext("supports") == "befürwortet"
    with app.test_request_context():
        assert gettext("supports") == "supports"


def fail_in(code: str) -> None:
    """Say something in another language, and then fail."""
    with speaking(code):
        raise ValueError(gettext("supports"))


def test_another_language_is_spoken_for_a_while_even_where_that_fails(app: Flask) -> None:
    with app.test_request_context(headers=GERMAN):
        with pytest.raises(ValueError, match=r"^supports$"):
            fail_in("en")
        assert gettext("supports") == "befürwortet"


def test_a_lazy_text_is_put_into_the_language_of_who_reads_it(app: Flask) -> None:
    text = lazy_gettext("supports")
    assert str(text) == "supports"
    with app.test_request_context(headers=GERMAN):
        assert str(text) == gettext("supports") != "supports"


def test_a_text_of_a_context_has_its_number(app: Flask) -> None:
    with app.test_request_context():
        assert npgettext("any", "%(num)d day", "%(num)d days", 1) == "1 day"
        assert npgettext("any", "%(num)d day", "%(num)d days", 3) == "3 days"


def test_numbers_are_grouped_as_readers_of_the_language_do(app: Flask) -> None:
    texts, render = ("%(num)d statement", "%(num)d statements"), app.jinja_env.from_string
    assert ngettext(*texts, 12_345) == "12,345 statements"
    with app.test_request_context(headers=GERMAN):
        assert ngettext(*texts, 12_345) == "12.345 Aussagen"
        assert npgettext("any", *texts, 12_345) == "12.345 statements"
        many = render("{{ ngettext('%(num)d statement', '%(num)d statements', n) }}")
        assert many.render(n=12_345) == "12.345 Aussagen"
        assert render("{{ 12345 | figure }}").render() == "12.345"


def test_templates_escape_what_they_put_into_a_text(app: Flask) -> None:
    render = app.jinja_env.from_string
    with app.test_request_context(headers=GERMAN):
        shown = render("{{ _('for %(actor)s', actor=name) }}").render(name="<b>")
        assert "&lt;b&gt;" in shown
        kept = render("{{ _('for %(actor)s', actor=name) }}").render(name=Markup("<b>"))
        assert "<b>" in kept
        assert render("{{ _('no position') }}").render() == gettext("no position")
        many = render("{{ ngettext('%(num)d statement', '%(num)d statements', n) }}")
        assert many.render(n=2) == "2 Aussagen"
        assert render("{{ pgettext('noun', 'Record') }}").render() == pgettext("noun", "Record")
