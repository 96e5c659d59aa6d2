"""The licences of everything that Standline is made of, from its bill of materials.

``python licences.py build/sbom.cdx.json`` adds what is vendored, writes the list beside it, and
fails for a licence that nobody has looked at. It needs nothing but Python.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VENDORED = (
    ("htmx.org", r"htmx-([\d.]+)\.min\.js", "vendor", "0BSD"),
    ("IBM Plex Mono", r"ibm-plex-mono-([\d.]+)-latin", "fonts", "OFL-1.1"),
    ("Libre Franklin", r"libre-franklin-([\d.]+)-latin", "fonts", "OFL-1.1"),
    ("Source Serif 4", r"source-serif-4-([\d.]+)-latin", "fonts", "OFL-1.1"),
)
"""Name, where its version stands, folder and licence of what lies in web/static."""

FREE = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU"),
        *(
            "MPL-2.0",
            "OFL-1.1",
            "PSF-2.0",
            "Unlicense",
            "ZPL-2.1",
            "Zlib",
            "blessing",
            "CNRI-Python",
        ),
    )
)
"""Licences under which anybody may use, change and pass on, ours staying ours."""

LOOKED_AT = {
    "psycopg": "LGPL-3.0: used as it is, as a package of its own",
    "psycopg-binary": "LGPL-3.0: used as it is, as a package of its own",
    "psycopg-pool": "LGPL-3.0: used as it is, as a package of its own",
    "pysqlite3": "Zlib (its metadata names none)",
    "tld": "MPL-1.1, GPL-2.0 or LGPL-2.1, at choice: used as it is, as a package of its own",
    "text-unidecode": "Artistic License, at choice: docs/adr/0022-text-unidecode-stays.md",
}
OURS = "standline"
_ALL = re.compile(r"\s+AND\s+")

CALLED = {
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "zope public license": "ZPL-2.1",
}


def licences_of(component: dict[str, Any]) -> list[str]:
    """Return the licences of a component by their SPDX ids, as far as they have one."""
    found = []
    for one in component.get("licenses", ()):
        told = one.get("expression") or one["license"].get("id") or one["license"].get("name", "")
        last = told.rpartition("::")[2].strip()
        found.append(CALLED.get(last.lower(), last))
    return list(dict.fromkeys(found))


def is_free(licence: str) -> bool:
    """Tell whether every licence of an expression, or one of those to choose from, is free."""
    choices = re.split(r"\s+OR\s+", licence.strip("()"))
    return any(
        all(
            part.strip("() ") in FREE
            for part in re.split(r"\s+AND\s+|\s+WITH\s+[\w.-]+", choice)
            if part
        )
        for choice in choices
    )


def vendored() -> list[dict[str, Any]]:
    """Return what lies in web/static as components."""
    found = []
    for name, pattern, folder, licence in VENDORED:
        names = [path.name for path in (ROOT / "web" / "static" / folder).iterdir()]
        version = next(match[1] for one in names if (match := re.match(pattern, one)))
        found.append(
            {
                "type": "library",
                "bom-ref": f"{name}=={version}",
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": licence}}],
            }
        )
    return found


def main(path: Path) -> int:
    """Complete the bill and write the list; return 1 where a licence needs a look."""
    bill = json.loads(path.read_text("utf-8"))
    known = {one["name"] for one in bill["components"]}
    bill["components"] += [one for one in vendored() if one["name"] not in known]
    path.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", "utf-8")
    lines, strange = [], []
    for one in sorted(bill["components"], key=lambda each: each["name"].lower()):
        if one["name"] == OURS:
            continue
        name, told = one["name"], licences_of(one)
        looked_at = LOOKED_AT.get(name.lower(), "")
        lines.append(f"{name:<28}{one.get('version', ''):<16}{looked_at or ', '.join(told)}")
        if not looked_at and not (told and all(map(is_free, told))):
            strange.append(f"{name}: {', '.join(told) or 'no licence named'}")
    listed = path.with_name("licences.txt")
    listed.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{path} and {listed}: {len(lines)} packages")  # noqa: T201 - a command
    for one in strange:
        print(f"needs a look: {one}", file=sys.stderr)  # noqa: T201
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
