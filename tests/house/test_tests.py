"""The tests keep the rules of the house as well."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.house.modules import Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterator

MAY_SLEEP = {"tests/support/waiting.py"}


def rules_of(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the test functions of a module."""
    for function in module.functions():
        if function.name.startswith("test_"):
            yield function


def test_every_test_states_its_rule() -> None:
    """A test's docstring is one sentence: the rule that it holds."""
    silent = [
        f"{module.place}:{function.name}"
        for module in modules("tests")
        for function in rules_of(module)
        if not (ast.get_docstring(function) or "").split("\n\n")[0].endswith(".")
    ]

    assert [] == silent


def test_no_test_sleeps() -> None:
    """Tests wait for conditions; time passes in `wait_until` alone."""
    asleep = [
        f"{module.place}:{node.lineno}"
        for module in modules("tests")
        if module.place not in MAY_SLEEP
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "asyncio.sleep"}
        and ast.unparse(node) != "asyncio.sleep(0)"
    ]  # fmt: skip

    assert [] == asleep


def test_no_two_tests_of_a_file_share_a_name() -> None:
    """A later test never hides an earlier one of its file and class."""
    hidden = []
    for module in modules("tests"):
        scopes = (node for node in ast.walk(module.tree)
                  if isinstance(node, ast.Module | ast.ClassDef))  # fmt: skip
        for scope in scopes:
            names = [node.name for node in scope.body
                     if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                     and node.name.startswith("test_")]  # fmt: skip
            hidden += [f"{module.place}:{name}" for name in set(names) if names.count(name) > 1]

    assert [] == hidden
