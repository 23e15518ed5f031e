"""Rules that go by value: what becomes of a text in which personal data was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from router.decide.detect.clean import LONGEST, MOST
from router.decide.detect.finder import compile_finder
from router.decide.detect.numbers import kind_of_number
from router.decide.policy.hints import SILENT
from router.decide.policy.walk import GONE, Changed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from router.decide.detect.manner import Manner
    from router.decide.detect.spans import Span
    from router.decide.policy.actions import Action
    from router.decide.policy.hints import Hint

_SMALLEST_NUMBER = 10**5
KEPT = "keep"
DROPPED = "drop"


class Detection:
    """The kinds that are looked for, each with its action (or KEPT, or DROPPED)."""

    def __init__(self, actions: Mapping[str, Action | str], hint: Hint = SILENT) -> None:
        self.actions = dict(actions)
        kinds = frozenset(actions) - hint.without
        manner = hint.manner._replace(named=hint.manner.named & kinds)
        self._finder = compile_finder(kinds, manner)
        self.clean = self._finder.clean
        self.is_harmless = self._finder.is_harmless
        """Tells of most texts, by something true, that the rules leave them."""
        self.in_value = self._compile(kinds, manner)
        """Returns a value as the rules leave it: itself, GONE or Changed; KEPT if they keep it."""
        self._hinted: dict[Hint, Detection] = {SILENT: self} if hint is SILENT else {}

    def under(self, hint: Hint) -> Detection:
        """Return the same rules as they search where a hint holds."""
        hint = hint._replace(value=None)
        if hint not in self._hinted:
            self._hinted[hint] = Detection(self.actions, hint)
        return self._hinted[hint]

    def _compile(self, kinds: frozenset[str], manner: Manner) -> Callable[[Any], Any]:
        is_harmless, searched, in_number = self.is_harmless, self.searched, self._in_number
        clean, add = self.clean, self.clean.add  # noting a text is not worth a call

        def in_value(value: Any) -> Any:
            kind = type(value)
            if kind is str:
                if value in clean:
                    return value
                if "@" in value or not is_harmless(value):  # no harmless piece has an @
                    found = searched(value)
                    if found is not value or len(value) > LONGEST:
                        return found
                if len(clean) >= MOST:
                    clean.forget()
                add(value)
                return value
            if (kind is int or kind is float) and value >= _SMALLEST_NUMBER:
                return in_number(value, kind_of_number(value, kinds, manner))
            return value

        return in_value

    def searched(self, text: str) -> Any:
        """Return what the rules leave of a text that is not told harmless, as `in_value` does."""
        spans = self._finder.search(text)
        return self._without(text, spans) if spans else text

    def in_id(self, value: Any, actions: Mapping[str, Action | str]) -> Any:
        """Return an id: it changes as a whole, since half an id is nobody's."""
        if type(value) is not str or value in self.clean:
            return value
        spans = self._finder.find(value)
        if not spans:
            self.clean.note(value)
            return value
        wanted = [actions[span.kind] for span in spans]
        if DROPPED in wanted:
            return GONE
        for action in wanted:
            if callable(action):
                return Changed(action(value, "email" if spans[0].kind == "email" else None))
        return KEPT

    def shows_in_key(self, key: str) -> bool:
        """Tell whether a key itself holds what may not be shown; it goes, with all below it."""
        return any(self.actions[span.kind] != KEPT for span in self._finder.find(key))

    def _without(self, text: str, spans: Sequence[Span]) -> Any:
        pieces: list[str] = []
        end = 0
        for span in spans:
            action = self.actions[span.kind]
            if action == DROPPED:
                return GONE
            if not callable(action):
                continue
            pieces += text[end : span.start], str(action(span.plain, span.kind))
            end = span.end
        if not pieces:
            return KEPT
        whole = end == len(text) and len(spans) == 1 and spans[0].start == 0
        return Changed("".join((*pieces, text[end:])), in_part=not whole)

    def _in_number(self, value: float, kind: str | None) -> Any:
        if kind is None:
            return value
        action = self.actions[kind]
        if action == DROPPED:
            return GONE
        return Changed(action(str(int(value)), kind)) if callable(action) else KEPT
