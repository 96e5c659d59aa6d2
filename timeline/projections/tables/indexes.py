"""The indexes of the read models: those of the projector, and those of the pages."""

from __future__ import annotations

LIVE = {
    "statements_stream": "statements (stream)",
    "developments_stream": "developments (stream)",
    "readings_number": "readings (number)",
    "bearings_number": "bearings (number)",
    "sources_number": "sources (number)",
}
"""Indexes that the projector needs; they grow at their end, so they cost little."""

DEFERRED = {
    "readings_lane": "readings (topic, actor, rank, day, known_from, known_until, counts_from,"
    " stance, retracted, timed, joint, speaker, number, wording)",
    "readings_actor": "readings (actor, topic)",
    "readings_spoken_for": "readings (topic, speaker, actor)"
    " WHERE speaker IS NOT NULL AND known_until IS NULL",
    "statements_now": "statements (topic, counts_from, number, retracted, stance, document)"
    " WHERE known_until IS NULL",
    "statements_known": "statements (topic, known_from, known_until, counts_from, number,"
    " retracted, document)",
    "statements_withheld": "statements (number, stream) WHERE withheld = 1 AND known_until IS NULL",
    "own_values_value": "own_values (variable, value, number, known_from)",
    "statements_terms": "statements (number) WHERE terms <> '' AND known_until IS NULL",
    "developments_withheld": "developments (number, stream)"
    " WHERE withheld = 1 AND known_until IS NULL",
    "statements_speaker": "statements (speaker, counts_from, number)",
    "statements_behalf": "statements (on_behalf_of, counts_from, number)"
    " WHERE on_behalf_of IS NOT NULL",
    "statements_uttered": "statements (speaker, document, utterance, counts_from, known_from,"
    " known_until, retracted, number) WHERE utterance IS NOT NULL",
    "statements_uttered_for": "statements (on_behalf_of, document, utterance, counts_from,"
    " known_from, known_until, retracted, number)"
    " WHERE utterance IS NOT NULL AND on_behalf_of IS NOT NULL",
    "statements_utterance": "statements (utterance, document) WHERE utterance IS NOT NULL",
    "sources_document": "sources (document, number)",
    "bearings_topic": "bearings (topic, counts_from)",
    "links_target": "links (target)",
    "amendments_number": "amendments (number)",
    "replies_number": "replies (number)",
    "changes_recent": "changes (counts_from)",
    "changes_topic": "changes (topic, counts_from)",
    "changes_first": "changes (topic) WHERE kind = 'first'",
    "changes_known": "changes (known_at)",
    "changes_back": "changes (topic, back_on) WHERE back_on IS NOT NULL",
    "changes_waiting": "changes (topic) WHERE status = 'waiting'",
    "positions_lane": "positions (lane, changed_from, turned, rank, known, on_record)",
    "positions_turned": "positions (lane, turned, changed_from)",
    "topic_sources_most": "topic_sources (topic, statements DESC, document)",
    "topics_slug": "topics (slug)",
    "topics_moved": "topics (moved, opened)",
    "topics_story": "topics (story, moved, opened)",
    "alphabet_words": "alphabet (kind, words, slug, lang, id)",
    "actor_ranks_topics": "actor_ranks (topics DESC, slug)",
    "actor_ranks_statements": "actor_ranks (statements DESC, slug)",
    "actor_ranks_turned": "actor_ranks (turned DESC, slug)",
    "quote_readings_number": "quote_readings (number)",
    "verdicts_stream": "verdicts (stream)",
    "verdicts_topic": "verdicts (topic)",
    "verdicts_by": "verdicts (recorded_by, position)",
    "standings_mandate": "standings (mandate)",
    "actors_slug": "actors (slug)",
    "stories_slug": "stories (slug)",
    "actor_names_key": "actor_names (key)",
    "log_index_number": "log_index (number) WHERE number <> position",
    "log_index_stream": "log_index (stream) WHERE stream IS NOT NULL",
    "log_index_type": "log_index (type, position)",
    "log_index_by": "log_index (recorded_by)",
}
"""Indexes that pages need; a rebuild creates them after the rows, in one pass each."""
