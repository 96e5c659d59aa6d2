"""The questions of the page: their names, titles and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n.translate import lazy_gettext

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class QuestionText(msgspec.Struct, frozen=True):
    """The texts of a question: its name, the title of its chart, and the method."""

    name: LazyString
    title: LazyString
    method: LazyString


QUESTION_TEXTS = {
    "polarisation": QuestionText(
        lazy_gettext("Polarisation"),
        lazy_gettext("How far apart actors stood, question by question"),
        lazy_gettext(
            "The variance of all positions, in parts of the greatest that there can be: 0 where "
            "all say the same, 1 where half stand at either end of the scale. Mixed positions are "
            "left out. A position is the last that was said, however long ago. Who spoke on a "
            "question for somebody else alone counts with them, unless chosen by name."
        ),
    ),
    "agreement": QuestionText(
        lazy_gettext("Agreement"),
        lazy_gettext("How often two said the same"),
        lazy_gettext(
            "The share of questions with the same answer, among those that both answered within "
            "the window before each moment. Of one actor all pairs are shown, of several those "
            "among them. Mixed positions are left out."
        ),
    ),
    "matrix": QuestionText(
        lazy_gettext("Over time"),
        lazy_gettext("Where actors stood from moment to moment"),
        lazy_gettext(
            "At the end of each period the last position that was said by then, however long ago. "
            "Who spoke on a question for somebody else alone counts with them, unless chosen by "
            "name."
        ),
    ),
    "networks": QuestionText(
        lazy_gettext("Network"),
        lazy_gettext("Who shares positions with whom, and who stands against whom"),
        lazy_gettext(
            "For each question two actors' numbers of statements are multiplied: those on the same "
            "side are congruence, those on opposite sides conflict, as discourse network analysis "
            "counts them (P. Leifeld, 2017). A line shows whichever is more. A statement counts "
            "for whom it was made, else for whoever made it."
        ),
    ),
    "positions": QuestionText(
        lazy_gettext("Positions"),
        lazy_gettext("Where everybody stood at one moment"),
        lazy_gettext(
            "The last position of each actor that was said by then, however long ago, in their own "
            "words; a side stands where whoever decides for it stands. Who spoke on a question for "
            "somebody else alone counts with them, unless chosen by name."
        ),
    ),
    "changes": QuestionText(
        lazy_gettext("Changes"),
        lazy_gettext("When actors moved"),
        lazy_gettext(
            "The changes that are printed: those that an editor signed, decisions and votes. What "
            "waits for an editor is not among them. Each counts once, for whoever moved."
        ),
    ),
}
"""By question, in the order of the form."""
