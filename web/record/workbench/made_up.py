"""A made-up article, for trying the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import gettext, translator

if TYPE_CHECKING:
    from web.record.forms.form_state import FormState

DAY = "2025-12-15"
GERMAN = """Im Streit um die Brücke bei Neuhafen ist kein Ende in Sicht.

„Wir bauen die Brücke, sobald das Geld da ist“, sagte Bürgermeisterin Dora Beispiel am Montag.

Die Fähre reiche nicht mehr aus, sagte sie.

Der Fährmann Pjotr Muster lehnte den Bau ab. Man müsse die Fähre erhalten.

Laut Stadtkämmerei könnte die Brücke doppelt so teuer werden wie geplant."""
ENGLISH = """There is no end in sight to the dispute over the bridge at Newport.

“We will build the bridge as soon as the money is there,” Mayor Dora Example said on Monday.

She said that the ferry was no longer enough.

The ferryman Pjotr Sample rejected the plan. He said that the ferry had to be kept.

According to the treasury, the bridge might cost twice as much as planned."""


def fill_in_sample(sheet: FormState) -> FormState:
    """Fill in the made-up article, in German or English by the reader's language."""
    is_german = translator().locale.language == "de"
    sheet.put("text", GERMAN if is_german else ENGLISH)
    sheet.put("source.outlet", gettext("Made up"))
    sheet.put("source.title", gettext("The bridge, a made-up article"))
    sheet.put("source.published_at", DAY)
    sheet.put("source.lang", "de" if is_german else "en")
    sheet.notes["text"] = gettext("Nobody said any of this. Open it, and try the workbench.")
    sheet.quiet = True
    return sheet
