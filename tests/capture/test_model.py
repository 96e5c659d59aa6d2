"""A language model as a suggester, played by a server of our own."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from timeline.capture.model import ModelSuggester, Settings
from timeline.capture.suggesters import suggest
from timeline.capture.suggestion import Article
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "Anna Kern will den Hafen am Freitag schließen. Das Bauamt schweigt."
ARTICLE = Article(TEXT, "de", "2025-12-15")
FOUND = {
    "exact": "Anna Kern will den Hafen am Freitag schließen",
    "speaker": "Anna Kern",
    "form": "ascribed",
    "cue": "will",
}


class Model:
    """A server that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer, self.status = "", 200
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    def says(self, *suggestions: dict[str, Any]) -> None:
        self.answers(json.dumps({"suggestions": suggestions}))

    def answers(self, content: str) -> None:
        self.answer = json.dumps({"choices": [{"message": {"content": content}}]})


@pytest.fixture
def model() -> Iterator[tuple[Model, Settings]]:
    told = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.asked.append({"path": self.path, **json.loads(self.rfile.read(length))})
            told.keys.append(self.headers["Authorization"])
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(told.answer.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield told, Settings(f"http://127.0.0.1:{server.server_port}/v1", "small", "secret")
        server.shutdown()
        thread.join()


def found(settings: Settings) -> list[Any]:
    return list(ModelSuggester(settings).suggest(ARTICLE))


def test_a_passage_that_stands_in_the_text_is_suggested(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.says(FOUND)
    (one,) = found(settings)
    assert TEXT[one.start : one.end] == one.exact == FOUND["exact"]
    assert (one.speaker, one.form, one.cue, one.rule) == ("Anna Kern", "ascribed", "will", "llm")
    assert one.said_at == "../2025-12-15"


def test_a_passage_that_is_not_in_the_text_is_dropped(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.says({**FOUND, "exact": "Anna Kern wird den Hafen schließen"}, {**FOUND, "exact": " "})
    assert found(settings) == []


def test_a_speaker_whom_the_text_does_not_name_is_nobody(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.says({**FOUND, "speaker": "Karl Lohse"})
    assert found(settings)[0].speaker is None


def test_a_speaker_is_named_only_by_words_of_its_own(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.says({**FOUND, "speaker": "Ann"}, {**FOUND, "exact": "den Hafen", "speaker": "Kern"})
    assert [one.speaker for one in found(settings)] == [None, "Kern"]


def test_a_stance_that_the_model_makes_up_is_not_read(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.says({**FOUND, "stance": -2})
    assert "-2" not in repr(found(settings))


def test_words_that_stand_once_are_suggested_once(model: tuple[Model, Settings]) -> None:
    told, settings = model
    twice = {**FOUND, "exact": "Das Bauamt schweigt."}
    told.says(twice, twice)
    assert len(found(settings)) == 1


def test_json_between_fences_is_read(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.answers(f"```json\n{json.dumps({'suggestions': [FOUND]})}\n```")
    assert len(found(settings)) == 1


def test_the_model_gets_the_text_its_name_and_the_key(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.says()
    found(settings)
    (asked,) = told.asked
    assert (asked["path"], asked["model"]) == ("/v1/chat/completions", "small")
    assert asked["messages"][-1] == {"role": "user", "content": TEXT}
    assert told.keys == ["Bearer secret"]


@pytest.mark.parametrize("content", ["I would rather not.", "{}", '{"suggestions": [{}]}', "{"])
def test_an_answer_of_another_kind_is_refused(model: tuple[Model, Settings], content: str) -> None:
    told, settings = model
    told.answers(content)
    with pytest.raises(Refused, match="answered with something else"):
        found(settings)


def test_an_answer_that_is_no_completion_is_refused(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.answer = "<html>"
    with pytest.raises(Refused, match="answered with something else"):
        found(settings)


def test_a_model_that_fails_is_refused_in_one_line(model: tuple[Model, Settings]) -> None:
    told, settings = model
    told.status = 500
    with pytest.raises(Refused, match="does not answer") as refused:
        found(settings)
    assert "\n" not in str(refused.value)


def test_a_model_out_of_reach_is_refused() -> None:
    with pytest.raises(Refused, match="does not answer"):
        found(Settings("http://127.0.0.1:9/v1", "small"))


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="does not answer"):
        found(Settings("nowhere", "small"))


def test_a_model_that_nobody_named_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STANDLINE_LLM_URL", raising=False)
    with pytest.raises(Refused, match="set STANDLINE_LLM_URL and STANDLINE_LLM_MODEL"):
        suggest(ARTICLE, ["llm"])


def test_it_is_asked_beside_the_rules(
    model: tuple[Model, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, settings = model
    told.says(FOUND)
    monkeypatch.setenv("STANDLINE_LLM_URL", settings.url)
    monkeypatch.setenv("STANDLINE_LLM_MODEL", settings.model)
    article = Article(f"{TEXT} Laut Feuerwehr brannte das Lager.", "de")
    assert [one.rule for one in suggest(article, ["rules", "llm"])] == ["llm", "de.source"]
