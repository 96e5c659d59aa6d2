"""A chart on a picture of a fixed height: with the lanes that there is room for."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import msgspec

from web.chart.layout import draw, without
from web.i18n.dates import wording
from web.picture.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.chart.drawing import Chart
    from web.chart.model import ChartInput
    from web.picture.layout import Picture, Size, Texts


def fitted(given: ChartInput, texts: Callable[[Chart, int], Texts], size: Size) -> Picture:
    """Return the picture of a chart; ``texts`` says what stands around it when lanes are left out.

    Where they do not fit they are low; those go first that changed longest ago.
    """
    given = msgspec.structs.replace(given, density="roomy", links=False, whole=None)
    whole = len(given.lanes)
    while True:
        chart = draw(given, wording())
        left_out = whole - len(given.lanes) + chart.hidden
        made = lay_out(chart, texts(chart, left_out), size)
        too_much = made.height - size.height if size.height else 0
        if too_much <= 0 or len(given.lanes) <= 1:
            return made
        if given.density == "roomy":
            given = msgspec.structs.replace(given, density="compact")
            continue
        count = ceil(too_much / chart.lanes[0].height)
        given = without(given, min(count, len(given.lanes) - 1))
