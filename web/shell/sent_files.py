"""Files that come with a form: closed with the request, however it ended."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from flask import Request

if TYPE_CHECKING:
    from typing import Any

    from flask import Flask


class ClosingRequest(Request):
    """A request that leaves no file open.

    Werkzeug closes the files of a form that it read to its end. Those of one that breaks off, or
    has more parts than it may, would stay open until they are collected.
    """

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:  # noqa: ANN401 - Werkzeug's own
        stream = super()._get_file_stream(*args, **kwargs)
        self.__dict__.setdefault("sent_files", []).append(stream)
        return stream

    def close(self) -> None:
        """Close every file that came along."""
        super().close()
        for stream in self.__dict__.get("sent_files", ()):
            stream.close()


def register(app: Flask) -> None:
    """Let a site close what is sent with forms; what its requests are otherwise they stay."""
    both = type("SiteRequest", (ClosingRequest, app.request_class), {})
    app.request_class = cast("type[Request]", both)
