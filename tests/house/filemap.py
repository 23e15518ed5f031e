"""The file map of the architecture page, made from the first sentence of every file.

`python -m tests.house.filemap --write` writes it; without the flag it says whether it is stale.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from tests.house.modules import ROOT, Module, files

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- file map: written by `make docs` -->"
END = "<!-- end of the file map -->"
MAPPED = {"router", "destinations"}


def first_sentence(text: str) -> str:
    """Return the first sentence of a docstring, on one line; empty when it is none."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    found = re.match(r"(.+?\.)(?:\s(?=[A-Z`(\[])|$)", paragraph)
    return found[1] if found else ""


def said_by(path: Path) -> str:
    """Return what a file says of itself first."""
    if path.suffix == ".py":
        return first_sentence(Module(path).docstring)
    lines = path.read_text("utf-8").splitlines()
    comment = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    return first_sentence("\n".join(comment))


def file_map() -> str:
    """Return the map: a heading per folder with its own sentence, then its files."""
    lines: list[str] = []
    for folder, paths in sorted(folders().items()):
        own = next((said_by(path) for path in paths if path.name == "__init__.py"), "")
        lines += ["", f"**`{folder}/`** {own}".rstrip(), ""]
        lines += [f"- `{path.name}`: {said_by(path)}".rstrip(": ")
                  for path in paths if path.name != "__init__.py"]  # fmt: skip
    return "\n".join(lines).strip()


def folders() -> dict[str, list[Path]]:
    """Return the mapped files by folder."""
    found: dict[str, list[Path]] = {}
    for path in files():
        place = path.relative_to(ROOT)
        if place.parts[0] in MAPPED and path.suffix in {".py", ".lua"}:
            found.setdefault(place.parent.as_posix(), []).append(path)
    return found


def rewritten(page: str) -> str:
    """Return the page with today's map between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{file_map()}\n\n{END}{after}"


def main() -> int:
    """Write the map, or tell whether it is stale."""
    old = PAGE.read_text("utf-8")
    new = rewritten(old)
    if "--write" in sys.argv:
        PAGE.write_text(new, "utf-8")
        return 0
    return int(old != new)


if __name__ == "__main__":
    raise SystemExit(main())
