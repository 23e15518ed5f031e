"""Names say a job, docstrings begin with a sentence, exceptions carry a reason."""

from __future__ import annotations

import ast
import re
import tomllib

from tests.house.filemap import first_sentence
from tests.house.modules import ROOT, files, modules

SAY_NOTHING = {"util", "utils", "helper", "helpers", "manager", "base", "common", "service", "misc"}
WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)\b")
WAIVER_WITH_REASON = re.compile(
    r"# (noqa: [A-Z0-9, ]+ - \S|type: ignore\[[a-z, -]+\]\s+# \S|pragma: no cover - \S)"
)
UNTOUCHED = ("tests/corpora/",)
"""Captured data: it says what it said."""


def last_word(name: str) -> str:
    """Return the last word of a snake_case or CamelCase name: what the thing is."""
    found: list[str] = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    return found[-1].lower() if found else ""


def texts() -> dict[str, str]:
    """Return every text file of the repository but captured data."""
    found = {}
    for path in files():
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith(UNTOUCHED):
            try:
                found[place] = path.read_text("utf-8")
            except UnicodeDecodeError:
                continue
    return found


def hits(pattern: str) -> list[str]:
    """Return `path: text` for each place where the pattern stands."""
    return [f"{place}: {hit[0]}" for place, text in texts().items()
            for hit in re.finditer(pattern, text)]  # fmt: skip


def test_every_module_says_its_job() -> None:
    """A module begins with one sentence that ends within its first paragraph."""
    silent = [module.place for module in modules()
              if module.text.strip() and not first_sentence(module.docstring)]  # fmt: skip

    assert [] == silent


def test_every_room_says_its_job() -> None:
    """Each room of the router and each package has its sentence in `__init__`."""
    rooms = [module for module in modules("router", "destinations")
             if module.path.name == "__init__.py"]  # fmt: skip

    assert [] == [room.place for room in rooms if not first_sentence(room.docstring)]


def test_no_name_says_nothing() -> None:
    """No file, folder or class is called after the fact that its author knew no name."""
    places = [path.relative_to(ROOT) for path in files()]
    named = [
        place.as_posix()
        for place in places
        if any(last_word(part) in SAY_NOTHING for part in place.with_suffix("").parts)
    ]
    classes = [
        f"{module.place}: {node.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and last_word(node.name) in SAY_NOTHING
    ]

    assert [] == named + classes


def test_every_waiver_has_a_reason() -> None:
    """`noqa`, `type: ignore` and `pragma` name what they waive, and why."""
    bare = [f"{module.place}:{line}: {comment}" for module in modules()
            for line, comment in module.comments()
            if WAIVER.search(comment) and not WAIVER_WITH_REASON.search(comment)]  # fmt: skip

    assert [] == bare


def test_every_ignored_rule_has_a_reason() -> None:
    """Each rule of the linter that is switched off says why beside it."""
    text = (ROOT / "pyproject.toml").read_text()
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]
    codes = [
        *lint["ignore"],
        *(code for some in lint["per-file-ignores"].values() for code in some),
    ]

    bare = [code for code in codes if not re.search(rf'"{code}",?\s*# \w', text)]

    assert [] == bare


def test_every_ignored_warning_has_a_reason() -> None:
    """Warnings are errors; one that is not stands on a line of its own with a reason."""
    text = (ROOT / "pyproject.toml").read_text()
    filters = tomllib.loads(text)["tool"]["pytest"]["ini_options"]["filterwarnings"]

    assert "error" == filters[0]
    lines = text.splitlines()
    bare = [known for known in filters[1:]
            if not any(known in line and "#" in line for line in lines)]  # fmt: skip
    assert [] == bare


def test_names_no_package_index() -> None:
    """Where packages come from is the machine's business, never the repository's."""
    hosts = ["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "debian" + r"\.org"]
    flags = ["--(?:extra-)?index" + "-url", "PIP_" + "INDEX", "--find" + "-links"]

    assert [] == hits("|".join(hosts + flags))


def test_names_no_machine() -> None:
    """No path of the machine that somebody worked on is left in the repository."""
    folders = [r"(?<![\w.])/work" + "/", "/root" + "/", "/home/" + r"\w"]

    assert [] == hits("|".join(folders))
