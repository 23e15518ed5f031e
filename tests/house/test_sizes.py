"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast

from tests.house.modules import Module, files, modules

FILE_LINES = 250
FUNCTION_LINES = 40

LONG_FILES: dict[str, str] = {}
"""A file that may be longer, and why."""

LONG_FUNCTIONS: dict[str, str] = {}
"""`path:function` that may be longer, and why."""


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring."""
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    said = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


def long_functions(module: Module) -> dict[str, int]:
    """Return the functions of a module that are longer than allowed, with their lengths."""
    return {
        f"{module.place}:{function.name}": length(function)
        for function in module.functions()
        if length(function) > FUNCTION_LINES
    }


def test_files_are_short() -> None:
    """No source file is longer than 250 lines, unless it is named here with a reason."""
    sources = [path for path in files() if path.suffix in {".py", ".lua"}]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources}
    places = {module.path: module.place for module in modules()}
    long = {places.get(path, path.name): lines
            for path, lines in lengths.items() if lines > FILE_LINES}  # fmt: skip

    assert {} == {place: lines for place, lines in long.items() if place not in LONG_FILES}
    assert set() == LONG_FILES.keys() - long.keys(), "these are short now: take them off the list"


def test_functions_are_short() -> None:
    """No function is longer than 40 lines, unless it is named here with a reason."""
    long: dict[str, int] = {}
    for module in modules():
        long |= long_functions(module)

    assert {} == {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS}
    assert set() == LONG_FUNCTIONS.keys() - long.keys(), "these are short now: take them off"
