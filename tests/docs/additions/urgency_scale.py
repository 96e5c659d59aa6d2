"""A scale for when something should be done."""

from tests.docs.additions.addition import Addition

STEPS = (
    ("never", "wants it never", "wants this never", "wanted this never", "wanting this never"),
    ("later", "would wait", "wants to wait", "wanted to wait", "wanting to wait"),
    ("in time", "sees no hurry", "is in no hurry", "was in no hurry", "being in no hurry"),
    ("soon", "wants it soon", "wants this soon", "wanted this soon", "wanting this soon"),
    ("at once", "wants it now", "wants this now", "wanted this now", "wanting this now"),
)


VERBS_OF_STEPS = (
    ("wants this never", "want this never", "wanted this never"),
    ("wants to wait", "want to wait", "wanted to wait"),
    ("is in no hurry", "are in no hurry", "was in no hurry"),
    ("wants this soon", "want this soon", "wanted this soon"),
    ("wants this now", "want this now", "wanted this now"),
)


def _step(*words: str) -> str:
    texts = ", ".join(f'lazy_gettext("{each}")' for each in words)
    return f"        Step({texts}),\n"


_WORDS = f"""
"urgency": ScaleWords(
    lazy_gettext("When should something be done?"),
    (
{"".join(_step(*step) for step in STEPS)}    ),
),
"""


def _verb(table: str, step: int, one: str, many: str) -> str:
    return f'("urgency", {step}): lambda n: npgettext("{table}", "{one}", "{many}", n),\n'


_STEPS = [*enumerate(VERBS_OF_STEPS, -2)]
_TABLES = {
    "verb": [_verb("verb", n, one, many) for n, (one, many, _) in _STEPS],
    "left": [
        _verb("left", n, f"no longer {one}", f"no longer {many}")
        for n, (one, many, _) in _STEPS
        if n
    ],
    "now": [_verb("now", n, f"now {one}", f"now {many}") for n, (one, many, _) in _STEPS],
    "did": [_verb("did", n, did, did.replace("was", "were")) for n, (_, _, did) in _STEPS],
}

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

VERBS = Addition(
    rows=("scale",),
    lines={
        "web/wording/verbs.py": [
            (f'("claim", -2): lambda n: npgettext("{table}"', "".join(lines))
            for table, lines in _TABLES.items()
        ],
    },
)
