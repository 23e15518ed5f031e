"""The parts of the authors' and operators' pages that are made from code.

`python -m tests.destinations.reference --write` writes them; a test says when they are stale.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ByteSize

import destinations
from destinations.conformance import AdapterContract, SendContract
from destinations.laws import Laws
from tests.house.modules import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydantic.fields import FieldInfo

EXAMPLES = ROOT / "docs" / "examples"


@dataclass(frozen=True)
class Page:
    """A page, and what makes each of its blocks."""

    path: Path
    blocks: Callable[[], dict[str, str]]

    @property
    def name(self) -> str:
        """The page's file name."""
        return self.path.name


def public_names() -> list[str]:
    """Return what an author may import."""
    return list(destinations.__all__)


def laws(contract: type) -> str:
    """Return a contract's own laws as a list: name and sentence, in the order of the suite."""
    found = {name: law for name, law in vars(contract).items() if name.startswith("test_")}
    return "\n".join(
        f"- `{name.removeprefix('test_')}`: {inspect.getdoc(law)}" for name, law in found.items()
    )


def source(name: str) -> str:
    """Return an example file as a code block."""
    return f"```python\n{(EXAMPLES / name).read_text('utf-8').strip()}\n```"


def settings(model: type[BaseModel]) -> str:
    """Return a table of an adapter's settings."""
    rows = ["| setting | type | default | meaning |", "|---|---|---|---|"]
    rows += _rows(model, "")
    return "\n".join(rows)


def _rows(model: type[BaseModel], prefix: str) -> list[str]:
    rows = []
    for name, field in model.model_fields.items():
        cells = (f"`{prefix}{name}`", _type(field.annotation), _default(field), field.description)
        rows.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
        for nested in (field.annotation, *get_args(field.annotation)):
            if isinstance(nested, type) and issubclass(nested, BaseModel):
                rows += _rows(nested, f"{prefix}{name}.")
    return rows


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    match field.default:
        case bool(yes):
            return "`yes`" if yes else "`no`"
        case timedelta() as time:
            return f"`{time.total_seconds():g}s`"
        case ByteSize() as size:
            return f"`{size.human_readable(decimal=True, separator=' ')}`"
        case () | None:
            return ""
        case value:
            return f"`{value}`" if value != {} else ""


_WORDS = {
    "SecretStr": "secret", "str": "text", "int": "number", "float": "number", "bool": "yes or no",
    "Path": "path", "ByteSize": "size", "timedelta": "duration",
}  # fmt: skip


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in {tuple, list}:
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return f"map of {_type(inner[1])}"
    if origin is not None and hasattr(annotation, "__metadata__"):
        return _type(inner[0])
    if inner:
        return " or ".join(_type(each) for each in inner if each is not type(None))
    name = getattr(annotation, "__name__", str(annotation))
    return _WORDS.get(name, "section")


def _authors() -> dict[str, str]:
    return {
        "adapter": source("slack.py"),
        "test": source("test_slack.py"),
        "asking-adapter": source("contacts.py"),
        "laws": laws(Laws),
        "laws-of-http": laws(AdapterContract),
        "laws-of-send": laws(SendContract),
        "outcomes": _table(destinations.outcome),
        "judgement": _table(destinations.judgement),
    }


def _table(module: Any) -> str:
    """Return the table that a module's docstring draws."""
    lines = inspect.getdoc(module).splitlines()  # type: ignore[union-attr] # it draws one
    ruled = [n for n, line in enumerate(lines) if line.startswith("===")]
    edges = [len(rule) + 2 for rule in lines[ruled[0]].split()]
    rows = [lines[n] for n in range(ruled[0] + 1, ruled[2]) if n not in ruled]
    cells = [_cut(row, edges) for row in rows]
    cells.insert(1, ["---"] * len(edges))
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def _cut(row: str, widths: list[int]) -> list[str]:
    cells = []
    for width in widths[:-1]:
        cells.append(row[:width].strip())
        row = row[width:]
    return [*cells, row.strip()]


def _operators() -> dict[str, str]:
    found = sorted(entry_points(group="router.destinations"), key=lambda entry: entry.name)
    own = [entry for entry in found if entry.value.startswith("destinations.")]
    return {entry.name: settings(entry.load().Settings) for entry in own}


ADAPTERS = Page(ROOT / "docs" / "adapters.md", _authors)
PAGES = (ADAPTERS, Page(ROOT / "docs" / "destinations.md", _operators))


def rewritten(page: Page) -> str:
    """Return the page with today's blocks between their marks."""
    text = page.path.read_text("utf-8")
    for name, block in page.blocks().items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n\n{block}\n\n{end}{after}"
    return text


def main() -> None:
    """Write the blocks anew."""
    for page in PAGES if "--write" in sys.argv else ():
        page.path.write_text(rewritten(page), "utf-8")


if __name__ == "__main__":
    main()
