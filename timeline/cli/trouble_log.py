"""What whoever runs the site is told on the terminal: each trouble once, in one line.

What bears on safety comes there, too, each time.
"""

from __future__ import annotations

import logging

from timeline.cli.terminal import visible

SITE = "web"
"""The logger that the site writes to; Flask names it after the application."""


class TroubleLog(logging.Filter):
    """Lets each trouble be told once until it is over; a fault of ours is told whole, each time.

    Of what bears on safety nothing is left out.
    """

    def __init__(self) -> None:
        from web.shell.safety_log import LOGGER  # noqa: PLC0415 - only serving needs the site

        super().__init__()
        self._safety = LOGGER
        self._told: set[str] = set()
        handler = logging.StreamHandler()
        handler.setFormatter(_Line())
        handler.addFilter(self)
        self._logger = logging.getLogger(SITE)
        self._logger.handlers = [handler]
        logging.getLogger(LOGGER).setLevel(logging.INFO)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the trouble is new, and remember it."""
        if record.name == self._safety:
            return True
        trouble = record.getMessage()
        new = bool(record.exc_info) or trouble not in self._told
        self._told.add(trouble)
        return new

    def tell(self, trouble: str) -> None:
        """Tell what is wrong."""
        self._logger.error(trouble)

    def over(self) -> None:
        """Tell whatever comes next, even if it was told before."""
        self._told.clear()


class _Line(logging.Formatter):
    """A message in one line, as every command of ours says it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named by logging
        return visible(f"standline: {' '.join(record.message.split())}")
