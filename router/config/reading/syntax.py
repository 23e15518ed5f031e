"""The syntax of the file: from YAML text to a document, or to the line that is no YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from router.config.document import Document, Spot, Where
from router.config.problem import ConfigError, Problem, Wrong, quoted
from router.config.reading.environment import Missing, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NODES = 100_000
"""More values than this are no configuration (aliases can multiply a small file)."""
DEEPEST = 64
TEXT_OF = ("str", "timestamp", "value", "binary")
PLAIN = ("int", "float", "bool", "null")


def read(text: str, file: str, environ: Mapping[str, str]) -> Document:
    """Read YAML; raises `ConfigError` when it is not YAML, else notes problems in the document."""
    document = Document(file)
    loader = None
    try:
        loader = _Loader(text)
        document.value = _Builder(document, loader, environ).whole(loader.get_single_node())
    except Wrong as wrong:
        document.blame((), wrong)
    except yaml.YAMLError as error:
        document.problems.append(_not_yaml(error, text, file))
    except (ValueError, OverflowError):
        line = loader.line + 1 if loader is not None else 1
        message = "this is not YAML: an escape names no character"
        document.problems.append(Problem(file, line, 1, message))
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(document.value, dict):
        raise ConfigError(document.problems)
    return document


def _not_yaml(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(file, line, 1, "this is not YAML: a character that cannot be in a text")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = str(getattr(error, "problem", None) or "it cannot be read")
    written = "\n".join(text.splitlines()[line - 1 : line])
    if "'\\t'" in reason:
        return Problem(file, line, column, "a tab indents this line", "YAML wants spaces")
    hint = ""
    if "${" in written:
        hint = 'inside { } and [ ], write "${NAME}" with the quotes'
    elif "mapping values" in reason:
        hint = "a text with a colon needs quotes; else look at the indentation"
    return Problem(file, line, column, f"this is not YAML: {reason}", hint)


class _Loader(yaml.SafeLoader):
    """Composes nodes, and gives up early on brackets without end (they take quadratic time)."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Wrong("the file is nested too deeply")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class _Builder:
    """Turns nodes into values, and remembers where they stand."""

    def __init__(
        self, document: Document, loader: yaml.SafeLoader, environ: Mapping[str, str]
    ) -> None:
        self.document = document
        self.loader = loader
        self.environ = environ
        self.count = 0

    def whole(self, node: yaml.Node | None) -> dict[str, Any]:
        """Return the values of a whole file; raises `Wrong` when it is no section."""
        if node is None:
            raise Wrong("the file is empty", 'it needs at least "destinations:"')
        if not isinstance(node, yaml.MappingNode):
            raise Wrong("the file must be a section of `word: value` lines")
        value = self.build(node, ())
        return value if isinstance(value, dict) else {}

    def build(self, node: yaml.Node, where: Where, around: tuple[int, ...] = ()) -> Any:
        self.enter(node, around)
        self.document.values[where] = _spot(node)
        around = (*around, id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, where, around)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*where, i), around) for i, item in enumerate(node.value)]
        return self.scalar(node, where)

    def mapping(self, node: yaml.MappingNode, where: Where, around: tuple[int, ...]) -> Any:
        found: dict[str, Any] = {}
        for key, (key_node, value) in self.entries(node, around).items():
            self.document.keys[*where, key] = _spot(key_node)
            found[key] = self.build(value, (*where, key), around)
        return found

    def entries(
        self, node: yaml.MappingNode, around: tuple[int, ...]
    ) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Return a section's words, those that `<<` brings in first; its own override them."""
        brought: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key_node, value in node.value:
            if _is_merge(key_node):
                sections = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for section in reversed(sections):
                    brought.update(self.section(section, around))
            elif not isinstance(key_node, yaml.ScalarNode):
                self.blame(key_node, Wrong("a word is wanted before the colon"))
            elif key_node.value in own:
                first = own[key_node.value][0].start_mark.line + 1
                twice = Wrong(
                    f"{quoted(key_node.value)} stands here twice", f"also in line {first}"
                )
                self.blame(key_node, twice)
            else:
                own[key_node.value] = (key_node, value)
        return brought | own

    def section(
        self, node: yaml.Node, around: tuple[int, ...]
    ) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Return what one section gives to another by `<<`."""
        if not isinstance(node, yaml.MappingNode):
            self.blame(node, Wrong("`<<` takes a section, or a list of sections"))
            return {}
        self.enter(node, around)
        return self.entries(node, (*around, id(node)))

    def enter(self, node: yaml.Node, around: tuple[int, ...]) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise Wrong(f"the file has more than {MOST_NODES:,} values")
        if id(node) in around or len(around) > DEEPEST:
            raise Wrong("the file is nested too deeply")

    def scalar(self, node: yaml.Node, where: Where) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind in PLAIN:
            try:
                return self.loader.construct_object(node)
            except (ValueError, OverflowError):
                return self.refuse(where, Wrong(f"{quoted(node.value)} is no number"))
        if kind not in TEXT_OF:
            tag = quoted(node.tag)
            return self.refuse(where, Wrong(f"the tag {tag} cannot stand in a configuration"))
        if "${" not in node.value:
            return node.value
        try:
            text, drawn = fill(node.value, self.environ)
        except Missing as missing:
            return self.refuse(where, missing, missing.offset)
        if drawn:
            self.document.drawn.add(where)
        return text

    def refuse(self, where: Where, wrong: Wrong, shift: int | None = None) -> None:
        """Write down that a value is wrong; nothing else is then said about it."""
        self.document.broken.add(where)
        self.document.blame(where, wrong, shift=shift)

    def blame(self, node: yaml.Node, wrong: Wrong) -> None:
        spot = _spot(node)
        problem = Problem(self.document.file, spot.line, spot.column, wrong.message, wrong.hint)
        self.document.problems.append(problem)


def _is_merge(node: yaml.Node) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:merge")


def _spot(node: yaml.Node) -> Spot:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    exact = None
    if isinstance(node, yaml.ScalarNode) and node.start_mark.line == node.end_mark.line:
        width = node.end_mark.column - node.start_mark.column
        quotes = 2 if node.style in ("'", '"') else 0
        if width == len(node.value) + quotes:  # nothing was escaped, so columns count
            exact = column + quotes // 2
    return Spot(line, column, exact)
