"""The fields of every noun, each declared once: rows, forms, corrections and exports read it here.

A field has one name wherever people meet it: in rows, in forms and in corrections; dots nest
(``quote.text``). Its name in the log may differ (``on_record``). docs/extending.md says how to add
a field.
"""

from __future__ import annotations

from functools import partial
from itertools import chain

from timeline.domain.actor import KINDS
from timeline.domain.development import STATUSES
from timeline.domain.document import OUTLET_KINDS
from timeline.domain.entry import ATTRIBUTIONS, FURTHER_SOURCES, LINKS
from timeline.domain.field import BOOK, LINE, PAGE, PARAGRAPH, Field, Storage, Type, in_catalogues
from timeline.domain.quote import WORDINGS
from timeline.domain.scales import REASONS, SCALES
from timeline.domain.variables import VARIABLES

LINES = (
    *("statement", "development", "document", "story", "topic", "actor", "link"),
    *("reading", "verdict"),
)
"""The kinds of line in the native interchange."""

_code = partial(Field, storage=Storage.COMMITTED, correctable=True)
_words = partial(Field, type=Type.TEXT, storage=Storage.CONTENT, correctable=True)
_ours = partial(_words, is_ours=True)
_fixed = partial(Field, storage=Storage.COMMITTED)
_fixed_text = partial(Field, type=Type.TEXT, storage=Storage.CONTENT)
_context = partial(Field, type=Type.CONTEXT, storage=Storage.CONTENT)
_our_fixed_text = partial(_fixed_text, is_ours=True)
_row_only = partial(Field, storage=Storage.NOWHERE)
_topic = partial(_code, type=Type.REFERENCE, noun="topic")
_actor = partial(_code, type=Type.REFERENCE, noun="actor")
_choice = partial(_code, type=Type.CHOICE)

_SOURCES = (
    _code(
        "source",
        "where it stands",
        type=Type.REFERENCE,
        on_record="document",
        label=in_catalogues("source"),
        noun="document",
        required=True,
        shared=True,
        in_rows=False,
    ),
    _fixed(
        FURTHER_SOURCES,
        "where else it stands",
        type=Type.REFERENCE,
        label=in_catalogues("list of further sources"),
        noun="document",
        many=True,
    ),
)

_VARIABLES = _fixed_text(
    "variables",
    "what the topic's codebook asks beside the stance, by id",
    type=Type.OBJECT,
    limit=PARAGRAPH,
    in_rows=False,  # as `variables.<id>`, a column each
)

STATEMENT = (
    _topic("topic", "what it is about", label=in_catalogues("topic"), required=True),
    _fixed("wording", "which wording of the topic it answered", type=Type.OFFSET, in_rows=False),
    _actor(
        "actor",
        "who said it",
        on_record="speaker",
        label=in_catalogues("speaker"),
        required=True,
        shared=True,
    ),
    _actor("on_behalf_of", "for whom they spoke", label=in_catalogues("on behalf of"), shared=True),
    _ours(
        "mandate_reason",
        "why the words stand for both without a mandate",
        limit=PARAGRAPH,
        label=in_catalogues("reason to speak for both"),
        shared=True,
    ),
    _code(
        "stance",
        "a word of the topic's scale, or no_position",
        type=Type.STANCE,
        label=in_catalogues("stance"),
        required=True,
    ),
    _choice(
        "no_position_reason",
        "why there is no position",
        label=in_catalogues("reason for no position"),
        choices=REASONS,
    ),
    _ours(
        "condition.text",
        "what the stance depends on",
        limit=PARAGRAPH,
        on_record="condition",
        label=in_catalogues("condition"),
    ),
    _topic(
        "condition.topic",
        "the topic that is about just that",
        on_record="condition_topic",
        label=in_catalogues("topic of the condition"),
    ),
    _actor(
        "condition.actor",
        "whose act it is that the stance depends on",
        on_record="condition_actor",
        label=in_catalogues("whose act the condition is"),
    ),
    _code(
        "condition.same_as",
        "key or #number of the statement that named the same condition first",
        type=Type.REFERENCE,
        noun="statement",
        on_record="condition_id",
        label=in_catalogues("the same condition as in"),
    ),
    _code(
        "drops",
        "key or #number of each statement whose condition the words drop",
        type=Type.REFERENCE,
        noun="statement",
        many=True,
        label=in_catalogues("drops the condition of"),
    ),
    _words("hedge", "the source's könnte or might", limit=LINE, label=in_catalogues("hedge")),
    _ours(
        "asked",
        "the question that was declined",
        limit=PARAGRAPH,
        label=in_catalogues("question asked"),
        shared=True,
    ),
    _choice(
        "attribution",
        "how the source gives the words",
        label=in_catalogues("attribution"),
        choices=ATTRIBUTIONS,
        required=True,
        shared=True,
    ),
    _ours(
        "reported_via",
        "who says so, for second-hand words",
        label=in_catalogues("reported via"),
        shared=True,
    ),
    _code(
        "dissent",
        "yes for a recorded vote against the body",
        type=Type.FLAG,
        label=in_catalogues("dissent"),
        shared=True,
    ),
    _fixed(
        "scale_version",
        "which version of the scale has its word",
        type=Type.OFFSET,
        in_rows=False,
        label=in_catalogues("version of the scale"),
    ),
    _code(
        "utterance",
        "shared by statements made in one breath",
        type=Type.MARK,
        label=in_catalogues("utterance"),
    ),
    _words(
        "quote.text",
        "words that the source puts in quotation marks",
        limit=PAGE,  # the quote's own rule is stricter
        on_record="quote",
        path="quote.exact",
        label=in_catalogues("quote"),
        shared=True,
    ),
    _words(
        "quote.lang",
        "its language, such as de",
        type=Type.LANGUAGE,
        on_record="quote_lang",
        path="quote.lang",
        label=in_catalogues("language of the quote"),
        shared=True,
    ),
    _words(
        "quote.wording",
        "whether it was said in these words",
        type=Type.CHOICE,
        on_record="quote_wording",
        path="quote.wording",
        label=in_catalogues("wording of the quote"),
        choices=WORDINGS,
        shared=True,
    ),
    _words(
        "quote.translated_by",
        "who translated it, if the source did",
        on_record="quote_translated_by",
        path="quote.translated_by",
        label=in_catalogues("translator of the quote"),
        shared=True,
    ),
    _context("quote.prefix", "what stands before it in the source"),
    _context("quote.suffix", "what stands after it in the source"),
    _fixed_text("quote.start", "where it begins in the source's text", type=Type.OFFSET),
    _fixed_text("quote.end", "where it ends in the source's text", type=Type.OFFSET),
    _words(
        "passage.text",
        "the source's wording of what carries the statement",
        limit=PAGE,  # the passage's own rule is stricter
        on_record="passage",
        path="passage.exact",
        label=in_catalogues("passage"),
    ),
    _context("passage.prefix", "what stands before it in the source"),
    _context("passage.suffix", "what stands after it in the source"),
    _fixed_text("passage.start", "where it begins in the source's text", type=Type.OFFSET),
    _fixed_text("passage.end", "where it ends in the source's text", type=Type.OFFSET),
    _ours(
        "translation",
        "our translation of the quote",
        limit=PARAGRAPH,
        label=in_catalogues("translation"),
        shared=True,
    ),
    _ours(
        "paraphrase",
        "what was said, in our own words",
        limit=PARAGRAPH,
        label=in_catalogues("paraphrase"),
    ),
    _code(
        "said_at",
        "when it was said",
        type=Type.DATE,
        label=in_catalogues("date"),
        required=True,
        shared=True,
    ),
    _VARIABLES,
    *_SOURCES,
)

_HEADLINE = (
    _ours(
        "title",
        "what happened, in one line",
        limit=LINE,
        label=in_catalogues("title"),
        required=True,
    ),
    _ours("summary", "a few more words", limit=PAGE, label=in_catalogues("summary")),
)
_HAPPENED_AT = _code(
    "happened_at", "when it happened", type=Type.DATE, label=in_catalogues("date"), required=True
)

DEVELOPMENT = (
    *_HEADLINE,
    _topic("topics", "on which it bears", label=in_catalogues("topics"), many=True, required=True),
    _actor("according_to", "who says so", label=in_catalogues("according to")),
    _choice(
        "status",
        "how certain it is",
        label=in_catalogues("status"),
        choices=STATUSES,
        required=True,
    ),
    _HAPPENED_AT,
    *_SOURCES,
)

DOCUMENT = (
    _words(
        "source.outlet",
        "who published it",
        on_record="outlet",
        limit=LINE,
        label=in_catalogues("Outlet"),
    ),
    _words(
        "source.title",
        "its headline",
        on_record="title",
        limit=PARAGRAPH,
        label=in_catalogues("Title"),
    ),
    _words(
        "source.url",
        "its address, http or https",
        on_record="url",
        type=Type.ADDRESS,
        label=in_catalogues("Address"),
    ),
    _words(
        "source.author",
        "who wrote it",
        on_record="author",
        limit=LINE,
        label=in_catalogues("Author"),
    ),
    _code(
        "source.published_at",
        "when it appeared",
        on_record="published_at",
        type=Type.DATE,
        label=in_catalogues("Published"),
    ),
    _code(
        "source.lang",
        "its language, such as de",
        on_record="lang",
        type=Type.LANGUAGE,
        label=in_catalogues("Language"),
    ),
    _choice(
        "source.outlet_kind",
        "what kind of outlet it is",
        on_record="outlet_kind",
        choices=OUTLET_KINDS,
        label=in_catalogues("Kind of outlet"),
    ),
)

TOPIC = (
    _fixed("story", "the running story that it belongs to", type=Type.REFERENCE, noun="story"),
    _fixed("topic", "its address", type=Type.MARK, on_record="slug", required=True),
    _our_fixed_text("topic_name", "its short name", on_record="name"),
    _our_fixed_text("topic_question", "one neutral question", limit=LINE, on_record="question"),
    _fixed(
        "scale",
        "the words in which people answer",
        type=Type.CHOICE,
        choices=tuple(SCALES),
        required=True,
    ),
)

_WORDINGS = _fixed_text(
    "wordings", "every wording of its question, oldest first", type=Type.OBJECT, many=True
)

_CODEBOOKS = _fixed_text(
    "codebooks", "every version of its codebook, oldest first", type=Type.OBJECT, many=True
)

_COVERAGE = _fixed_text(
    "coverage", "where was watched, from when to when, for whom", type=Type.OBJECT, many=True
)

_NATURES = _fixed_text(
    "natures", "what it was said to ask for, oldest first", type=Type.OBJECT, many=True
)

_LEDES = _fixed_text(
    "ledes", "what the newsroom said first of it, oldest first", type=Type.OBJECT, many=True
)

ACTOR = (
    _fixed("actor", "its address", type=Type.MARK, on_record="slug", required=True),
    _our_fixed_text("actor_name", "its name", on_record="name", required=True),
    _fixed(
        "actor_kind", "what it is", type=Type.CHOICE, on_record="kind", choices=KINDS, required=True
    ),
    _fixed_text("aliases", "other names and spellings", on_record="alias", many=True),
    _fixed("mandates", "for whom it may speak", type=Type.OBJECT, on_record="mandate", many=True),
    _fixed_text(
        "attributes",
        "what codebooks ask of it, by id",
        type=Type.OBJECT,
        limit=PARAGRAPH,
        in_rows=False,  # as `attributes.<id>`, a column each
    ),
)

STORY = (
    _fixed("story", "its address", type=Type.MARK, on_record="slug", required=True),
    _our_fixed_text("title", "its title", limit=LINE, required=True),
    _fixed("sides", "the order of its lanes", type=Type.OBJECT, many=True),
)

_QUOTE = next(field for field in STATEMENT if field.name == "quote.text")
_KEY = _fixed("key", "what makes the row itself again", type=Type.MARK, limit=LINE)
_NOTE = _fixed_text("note", "what else there is to say", limit=PARAGRAPH)

LINK = (
    _fixed("relation", "how the two are connected", type=Type.CHOICE, choices=LINKS, required=True),
    _fixed("target", "key or number of the other entry", type=Type.MARK, limit=LINE, required=True),
    _NOTE,
)

READING = (
    _fixed("reader", "the handle of who read the quote blindly", type=Type.MARK, required=True),
    _fixed_text("direction", "what the quote alone says, or no_position", type=Type.STANCE),
    _fixed_text("carries", "yes where the quote alone answers the question", type=Type.FLAG),
)

_end = partial(_fixed, type=Type.REFERENCE, noun="statement", many=True, required=True)
VERDICT = (
    _end("before", "the statements at the earlier end of a change"),
    _end("after", "the statements at its later end"),
    _fixed_text("verdicts", "what was said of it, oldest first", type=Type.OBJECT, many=True),
)

NOUNS = {
    "statement": STATEMENT,
    "development": DEVELOPMENT,
    "document": DOCUMENT,
    "topic": TOPIC,
    "actor": ACTOR,
    "story": STORY,
}

REMARKS = (
    _fixed_text("alias", "another name or spelling of an actor"),
    _fixed_text("about", "what a question asks, and what not", limit=PARAGRAPH),
    _fixed_text("rule", "by what something is coded", limit=PARAGRAPH),
    _fixed_text("rule_title", "what a rule is called"),
    _fixed_text("variable", "what a codebook asks beside the stance, or a choice"),
    _fixed_text("example", "a case in a codebook", limit=LINE),
    _fixed_text("outlets", "where was watched", limit=LINE),
    _NOTE,
    _fixed_text("reason", "why something was done", limit=PARAGRAPH),
    _fixed_text("reply", "an actor's own answer", limit=PAGE),
    _our_fixed_text("role", "as what somebody speaks for another"),
    _fixed_text("sentence", "what is signed of a change", limit=PARAGRAPH),
    _fixed_text("caveat", "what a signed sentence needs beside it", limit=PARAGRAPH),
    _our_fixed_text("side", "the name of a side of a story"),
    _our_fixed_text("lede", "what the newsroom says first of a topic", limit=PARAGRAPH),
    _fixed_text("snapshot", "our stored text of a source", limit=BOOK),
    _fixed("via", "by which way it was recorded", type=Type.MARK, limit=LINE),
)
"""Texts that people write outside the fields of a noun."""

_KIND = _row_only("kind", "of what the line tells", type=Type.CHOICE, choices=LINES)
_ROW = (
    _KEY,
    _row_only("first_recorded_at", "when it was recorded; never used as a clock", type=Type.DATE),
)


def _by_name(*fields: Field) -> dict[str, Field]:
    """Return the fields of rows by name; of two with one name, the last counts, in first place."""
    return {field.name: field for field in fields if field.in_rows}


ROWS = {
    "statement": _by_name(_KIND, *TOPIC, *ACTOR[:3], *STATEMENT, *DOCUMENT, *_ROW),
    "development": _by_name(_KIND, *TOPIC, *DEVELOPMENT, *DOCUMENT, *_ROW),
    "document": _by_name(_KIND, *DOCUMENT),
    "story": _by_name(_KIND, *STORY),
    "topic": _by_name(_KIND, *TOPIC, _WORDINGS, _CODEBOOKS, _COVERAGE, _NATURES, _LEDES),
    "actor": _by_name(_KIND, *ACTOR),
    "link": _by_name(_KIND, _KEY, *LINK),
    "reading": _by_name(_KIND, TOPIC[1], _QUOTE, _KEY, *READING),
    "verdict": _by_name(_KIND, TOPIC[1], ACTOR[0], *VERDICT),
}
"""The fields of each kind of line, in the order in which they are written."""

COLUMNS = _by_name(
    *(_KIND, *TOPIC, _WORDINGS, _CODEBOOKS, _COVERAGE, _NATURES, _LEDES),
    *(*ACTOR, *STATEMENT),
    *(_HAPPENED_AT, *_HEADLINE, *STORY, *DEVELOPMENT, *DOCUMENT, *_ROW, *LINK),
    *(*READING, *VERDICT),
)
"""Every field of the interchange, in the order in which tables show them."""

EVERY = (
    *chain.from_iterable(NOUNS.values()),
    *REMARKS,
    *LINK,
    *READING,
    *VERDICT,
    _KIND,
    _WORDINGS,
    _CODEBOOKS,
    _COVERAGE,
    _NATURES,
    _LEDES,
    *_ROW,
)
LIMITS = {field.name: field.limit for field in EVERY}
ON_RECORD = {field.on_record: field for field in (*STATEMENT, *DEVELOPMENT)}
"""The fields of entries by their names in events and corrections; see also `on_record`."""


def on_record(name: str) -> Field | None:
    """Return the field of this name in events and corrections, a codebook's variable included."""
    return _VARIABLES if name.startswith(VARIABLES) else ON_RECORD.get(name)
