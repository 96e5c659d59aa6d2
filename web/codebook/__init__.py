"""The codebook of a topic: by which rules statements on it are coded, in every version."""

from __future__ import annotations

from web.codebook.data import codebook_data
from web.codebook.page import codebook_page
from web.entries.about_topic import page_and_data
from web.shell.parts import add_part

blueprint = page_and_data("codebook", codebook_page, codebook_data)
add_part(blueprint, "topic.actions", "codebook/topic_action.html")
