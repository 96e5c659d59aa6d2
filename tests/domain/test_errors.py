from __future__ import annotations

from timeline.domain.errors import Refused


def test_an_error_is_one_line_that_says_where_what_and_how_to_mend_it() -> None:
    error = Refused("there is no\nscale 'x'", field="scale", fix="use position")
    assert str(error) == "scale: there is no scale 'x'; use position"


def test_an_error_repeats_no_more_than_the_beginning_of_what_was_sent() -> None:
    error = Refused(f"there is no scale {'x' * 5_000_000!r}", fix="use position")
    assert str(error).startswith("there is no scale 'xxx")
    assert str(error).endswith("xxx…; use position")
    assert len(str(error)) < 600
