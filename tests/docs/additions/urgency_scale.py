"""A scale for when something should be done."""

from tests.docs.additions.addition import Addition

STEPS = (
    ("never", "wants it never", "wants this never", "wanted this never", "wanting this never"),
    ("later", "would wait", "wants to wait", "wanted to wait", "wanting to wait"),
    ("in time", "sees no hurry", "is in no hurry", "was in no hurry", "being in no hurry"),
    ("soon", "wants it soon", "wants this soon", "wanted this soon", "wanting this soon"),
    ("at once", "wants it now", "wants this now", "wanted this now", "wanting this now"),
)


DID = (
    ("wanted this never", "wanted this never"),
    ("wanted to wait", "wanted to wait"),
    ("was in no hurry", "were in no hurry"),
    ("wanted this soon", "wanted this soon"),
    ("wanted this now", "wanted this now"),
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


_STEPS = [*enumerate(DID, -2)]
_TABLES = {
    "did": [_verb("did", n, one, many) for n, (one, many) in _STEPS],
    "then": [_verb("then", n, f"then {one}", f"then {many}") for n, (one, many) in _STEPS],
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
