"""The grammar of filters (FQL as Segment documents it): a text becomes a tree, errors a column.

    expression  = conjunction { "or" conjunction }
    conjunction = negation { "and" negation }
    negation    = "!" negation | comparison
    comparison  = operand [ ( "=" | "!=" | ">" | ">=" | "<" | "<=" | "in" ) operand ]
    operand     = string | number | "true" | "false" | "null" | list | call | path
                | "(" expression ")"
    list        = "[" [ operand { "," operand } ] "]"
    call        = name "(" [ operand { "," operand } ] ")"

`!` takes the whole comparison behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from router.decide.filters.foreign import advice
from router.decide.filters.tokens import FilterError, constant, keys_of, tokens_of

if TYPE_CHECKING:
    from router.decide.filters.tokens import Token

LONGEST = 10_000
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the text."""

    value: Any
    column: int


@dataclass(frozen=True, slots=True)
class Path:
    """A place in the event."""

    keys: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list; its items may be any operands."""

    items: tuple[Tree, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with its operands."""

    name: str
    operands: tuple[Tree, ...]
    column: int


Tree: TypeAlias = Literal | Path | Items | Call

COMPARISONS = frozenset({"=", "!=", ">", ">=", "<", "<=", "in"})
_CONSTANTS = {"true": True, "false": False, "null": None}
_WORDS = frozenset({"and", "or", "in", *_CONSTANTS})


def parse_filter(text: str) -> Tree:
    """Return the tree of a filter; raises FilterError."""
    if len(text) > LONGEST:
        raise FilterError(f"a filter has at most {LONGEST} characters", LONGEST)
    return _Parser(text).parse()


class _Parser:
    """Descends the grammar, one method a rule."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens_of(text)
        self.position = 0
        self.depth = 0

    def parse(self) -> Tree:
        if self.peek().kind == "end":
            raise FilterError("an empty filter", 1)
        tree = self.expression()
        token = self.peek()
        if token.kind != "end":
            before, after = (self.tokens[self.position + by].text for by in (-1, 1))
            raise FilterError(
                f"expected `and`, `or` or the end, found `{token.text}`"
                + advice(f"{token.text} {after}", token.text, before),
                token.column,
            )
        return tree

    def peek(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        token = self.peek()
        return self.take() if token.text in texts and token.kind in ("path", "sign") else None

    def expect(self, text: str) -> None:
        if self.accept(text) is None:
            token = self.peek()
            found = f"`{token.text}`" if token.text else "the end"
            how = advice(text + token.text)
            raise FilterError(f"expected `{text}`, found {found}{how}", token.column)

    def expression(self) -> Tree:
        return self.chain("or", self.conjunction)

    def conjunction(self) -> Tree:
        return self.chain("and", self.negation)

    def chain(self, word: str, part: Any) -> Tree:
        first = self.peek()
        self.depth += 1
        if self.depth > DEEPEST * 2:
            raise FilterError(f"nested deeper than {DEEPEST} levels", first.column)
        parts = [part()]
        while self.accept(word):
            parts.append(part())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Call(word, tuple(parts), first.column)

    def negation(self) -> Tree:
        signs = []
        while (sign := self.accept("!")) is not None:
            signs.append(sign)
        tree = self.comparison()
        for sign in reversed(signs[: 1 if len(signs) % 2 else 2]):
            tree = Call("!", (tree,), sign.column)
        return tree

    def comparison(self) -> Tree:
        left = self.operand()
        operator = self.accept(*COMPARISONS)
        if operator is None:
            return left
        right = self.operand()
        if operator.text == "in" and isinstance(right, Literal):
            raise FilterError("`in` wants a list on its right", right.column)
        return Call(operator.text, (left, right), operator.column)

    def operand(self) -> Tree:
        token = self.take()
        match token.kind, token.text:
            case "string" | "number", _:
                return Literal(constant(token), token.column)
            case "sign", "[":
                return Items(self.operands("]"), token.column)
            case "sign", "(":
                tree = self.expression()
                self.expect(")")
                return tree
            case "path", text if text in _CONSTANTS:
                return Literal(_CONSTANTS[text], token.column)
            case "path", text if text not in _WORDS:
                called = self.accept("(")
                operands = self.operands(")") if called else ()
                return (Call(text, operands, token.column) if called
                        else Path(keys_of(text), token.column))  # fmt: skip
            case _:
                found = f"`{token.text}`" if token.text else "the end"
                before = self.tokens[self.position - 2].text if self.position > 1 else ""
                raise FilterError(
                    f"expected a value or a path, found {found}{advice(before + token.text)}",
                    token.column,
                )

    def operands(self, closing: str) -> tuple[Tree, ...]:
        if self.accept(closing):
            return ()
        operands = [self.expression()]
        while self.accept(","):
            operands.append(self.expression())
        self.expect(closing)
        return tuple(operands)
