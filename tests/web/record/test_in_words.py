"""Nothing is recorded that the second person was not told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, STATEMENT
from web.record.reviewing.in_words import DEVELOPMENT_ROWS, LEFT_OUT, STATEMENT_ROWS

if TYPE_CHECKING:
    from timeline.domain.field import Field


@pytest.mark.parametrize(
    ("fields", "rows"),
    [(STATEMENT, STATEMENT_ROWS), (DEVELOPMENT, DEVELOPMENT_ROWS)],
    ids=["statement", "development"],
)
def test_every_field_has_a_row_or_is_left_out_by_name(
    fields: tuple[Field, ...], rows: dict[str, object]
) -> None:
    asked = {field.name for field in fields if field.correctable and field.type is not Type.MARK}
    assert asked - rows.keys() == {"source"}
    assert {field.name for field in fields} - rows.keys() <= LEFT_OUT.keys()
    assert not rows.keys() & LEFT_OUT.keys()
