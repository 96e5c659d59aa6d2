"""Commands on topics: open, reword, file, close and reopen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.noun import TranslatableNoun
from timeline.application.texts import text
from timeline.application.variables import check_attributes
from timeline.domain.codebook import NO_SUCH_EXAMPLE
from timeline.domain.coverage import Watch
from timeline.domain.errors import NotFound, Refused
from timeline.domain.lede import NOT_A_SIGNED_CHANGE, Lede
from timeline.domain.messages import InQuotes
from timeline.domain.naming import slugify
from timeline.domain.statement import StatementRecorded
from timeline.domain.topic import TOPIC_OF_ANOTHER_STORY, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.application.recording import Recorded
    from timeline.domain.codebook import Codebook
    from timeline.domain.event import Byline
    from timeline.domain.nature import Nature


class Topics(TranslatableNoun[Topic]):
    """Commands on topics; each is given by slug, name or id."""

    KIND = Topic

    def stream(self, name: str) -> str:
        """Return the id of a topic given by slug, name or id; raises `NotFound`."""
        return self._directory().topic(name).id

    def open(
        self,
        byline: Byline,
        question: str,
        scale: str,
        *,
        slug: str | None = None,
        name: str = "",
        story: str | None = None,
        succeeds: str | None = None,
    ) -> Recorded:
        """Open a topic; its slug follows from its name, or its question, unless one is given."""
        directory = self._directory()
        clean_question, clean_name = text(question, "topic_question"), text(name, "topic_name")
        topic = Topic.open(
            byline,
            slug or slugify(clean_name or clean_question),
            clean_question,
            scale,
            name=clean_name,
            story=directory.story(story).id if story else None,
            succeeds=directory.topic(succeeds, field="succeeds").id if succeeds else None,
        )
        return self._open(topic)

    def reword(
        self,
        byline: Byline,
        topic: str,
        question: str,
        reason: str,
        *,
        same_meaning: bool,
        name: str = "",
    ) -> Recorded:
        """Reword the question without changing its meaning."""
        clean_question, clean_name = text(question, "topic_question"), text(name, "topic_name")
        why = text(reason, "reason")

        def decide(topic: Topic) -> None:
            topic.reword(byline, clean_question, why, same_meaning=same_meaning, name=clean_name)

        return self._revise(byline, topic, decide)

    def write_codebook(self, byline: Byline, topic: str, codebook: Codebook) -> Recorded:
        """Set the codebook of the topic; earlier versions stay on record.

        Raises `NotFound` for an example that is no statement on record.
        """
        own_topic = self._directory().topic(topic)
        check_attributes(self._register, own_topic, codebook)
        examples = {case.statement for case in codebook.examples} - {""}
        recorded = self._recording.log.first_events(examples)
        for example in codebook.examples:
            _, first = recorded.get(example.statement, (0, None))
            if example.statement and not isinstance(first, StatementRecorded):
                raise NotFound(NO_SUCH_EXAMPLE, field="codebook", name=InQuotes(example.statement))
        return self._revise(byline, topic, lambda loaded: loaded.write_codebook(byline, codebook))

    def watch(self, byline: Byline, topic: str, watch: Watch, *, number: int = 0) -> Recorded:
        """Record which outlets were watched, the actor by slug or name; ``number`` replaces one."""
        actor = self._directory().actor(watch.actor).id if watch.actor else None
        clean = clean_watch(watch, actor)
        return self._revise(byline, topic, lambda loaded: loaded.watch(byline, clean, number))

    def withdraw_watch(self, byline: Byline, topic: str, number: int, reason: str) -> Recorded:
        """Withdraw a watch."""
        why = text(reason, "reason")
        return self._revise(
            byline, topic, lambda loaded: loaded.withdraw_watch(byline, number, why)
        )

    def classify(self, byline: Byline, topic: str, nature: Nature, reason: str = "") -> Recorded:
        """Say what the topic asks for: a position, a fact, a forecast, a decision or a vote."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda loaded: loaded.classify(byline, nature, why))

    def set_lede(
        self, byline: Byline, topic: str, sentence: str = "", pinned: Sequence[str] = ()
    ) -> Recorded:
        """Replace the newsroom's sentence and the pinned changes; empty ones remove the old.

        A signed change is given by the statement at its later end, by key or by # and number.
        Raises `NotFound` if that is no statement, `Refused` if no signed change ends there.
        """
        clean_sentence, directory = text(sentence, "lede"), self._directory()
        ends = {directory.statement(ref, "pinned"): ref for ref in pinned if ref.strip()}
        signed_ends = {*self._register.signed_ends(directory.topic(topic).id)} if ends else set()
        for end, ref in ends.items():
            if end not in signed_ends:
                raise Refused(NOT_A_SIGNED_CHANGE, field="pinned", name=InQuotes(ref))
        lede = Lede(clean_sentence, tuple(filter(None, ends)))
        return self._revise(byline, topic, lambda loaded: loaded.set_lede(byline, lede))

    def file_under(self, byline: Byline, topic: str, story: str | None) -> Recorded:
        """Move the topic to a story, or out of any."""
        under = self._directory().story(story).id if story else None
        return self._revise(byline, topic, lambda loaded: loaded.file_under(byline, under))

    def file_together(self, byline: Byline, topics: Sequence[str], story: str) -> list[Recorded]:
        """File topics without a story under one, in one append, all or none.

        Raises `NotFound` for an unknown name, `Refused` for a topic of another story.
        """
        directory = self._directory()
        under = directory.story(story).id
        streams = dict.fromkeys(directory.topic(topic, field="topics").id for topic in topics)
        loaded = [self._recording.load(Topic, stream) for stream in streams]

        def decide(topic: Topic) -> None:
            if topic.story not in (None, under):
                raise Refused(TOPIC_OF_ANOTHER_STORY, field="topics", topic=InQuotes(topic.slug))
            topic.file_under(byline, under)

        return self._recording.revise_loaded(loaded, byline, decide, [None] * len(loaded))

    def close(self, byline: Byline, topic: str, reason: str) -> Recorded:
        """Close the topic to new statements."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda loaded: loaded.close(byline, why))

    def reopen(self, byline: Byline, topic: str, reason: str) -> Recorded:
        """Open a closed topic again."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda loaded: loaded.reopen(byline, why))

    def redact(self, byline: Byline, topic: str, basis: str) -> Recorded:
        """Erase all wordings of the topic, as the law demands; ``basis`` names the law."""
        return self._recording.redact(Topic, self.stream(topic), byline, basis)


def clean_watch(watch: Watch, actor: str | None) -> Watch:
    """Return a watch with clean texts, of the actor with this id; raises `Refused` as `text`."""
    return Watch(
        since=text(watch.since, "since"),
        until=text(watch.until, "until") or None,
        actor=actor,
        how=watch.how.strip(),
        outlets=tuple(filter(None, (text(outlet, "outlets") for outlet in watch.outlets))),
        note=text(watch.note, "note"),
    )
