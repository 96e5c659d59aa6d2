"""A scale for when something should be done."""

from tests.docs.additions.addition import Addition

STEPS = (
    ("never", "wants it never", "wanted this never", "wanting this never", "wants this never"),
    ("later", "would wait", "wanted to wait", "wanting to wait", "wants to wait"),
    ("in time", "sees no hurry", "saw no hurry", "seeing no hurry", "sees no hurry"),
    ("soon", "wants it soon", "wanted this soon", "wanting this soon", "wants this soon"),
    ("at once", "wants it now", "wanted this at once", "wanting this now", "wants this now"),
)


def _step(word: str, meaning: str, clause: str, state: str, now: str) -> str:
    sentence = f"On the question “%(question)s”, %(who)s {clause}"
    now = f'lazy_gettext("%(who)s {now}")'
    texts = ", ".join(f'lazy_gettext("{text}")' for text in (word, meaning, sentence, state))
    return f"        Step({texts}, ({now}, {now})),\n"


_WORDS = f"""
"urgency": ScaleWords(
    lazy_gettext("When should something be done?"),
    (
{"".join(_step(*step) for step in STEPS)}    ),
),
"""

SCALE = Addition(
    rows=("scale",),
    lines={
        "timeline/domain/scales.py": [
            ('Scale("claim"', f'Scale("urgency", {tuple(step[0] for step in STEPS)}),\n')
        ],
    },
)

WORDS = Addition(
    rows=("scale",),
    lines={
        "web/wording/scale_words.py": [
            ('"claim": ScaleWords(', _WORDS),
        ],
    },
)
