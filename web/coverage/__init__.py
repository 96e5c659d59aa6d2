"""The coverage of a topic: where was watched for what is said on it, and when nobody watched."""

from __future__ import annotations

from web.coverage.page import coverage_data, coverage_page
from web.entries.about_topic import page_and_data
from web.shell.parts import add_part

blueprint = page_and_data("coverage", coverage_page, coverage_data)
add_part(blueprint, "topic.actions", "coverage/topic_action.html")
