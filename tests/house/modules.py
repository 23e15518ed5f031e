"""Every file of the house, parsed once, for the tests that walk through it."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("router", "destinations")


@dataclass(frozen=True)
class Module:
    """One Python file; `name` is what an import of it says."""

    path: Path

    @property
    def place(self) -> str:
        """Where it is, from the repository's root."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        """Its dotted name; a package goes without `__init__`."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its source, parsed."""
        return ast.parse(self.text, self.place)

    @property
    def docstring(self) -> str:
        """What it says of itself."""
        return ast.get_docstring(self.tree) or ""

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """Every module or name of a module that it imports, for types alone or not."""
        return tuple(self._imports())

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield each comment with its line."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield each function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = self._absolute(node)
                yield from (f"{origin}.{alias.name}" for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = (
            self.name.split(".") if self.path.stem == "__init__" else self.name.split(".")[:-1]
        )
        above = package[: len(package) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])


@cache
def files() -> tuple[Path, ...]:
    """Return every file that belongs to the repository, new ones included, ignored ones not."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True)  # fmt: skip
    paths = {ROOT / name for name in listing.stdout.split("\0") if name}
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return the Python files under these folders of the repository."""
    wanted = folders or (*PACKAGES, "tests")
    return tuple(Module(path) for path in files()
                 if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in wanted)  # fmt: skip


def starts(name: str, *prefixes: str) -> bool:
    """Tell whether a dotted name is one of these or lies within one."""
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)
