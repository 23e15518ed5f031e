"""Which privacy rules leave nothing for later ones. When in doubt, a later rule still acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.policy.keys import Colour, colour_of, words_of
from router.decide.policy.named import PRESETS, Named, named
from router.decide.policy.paths import Steps, Wild, parse_path

if TYPE_CHECKING:
    from router.config.sections.privacy import Matcher, Privacy

EVERYWHERE = "**"


def hidden_by(privacy: Privacy, place: int) -> tuple[int, ...]:
    """Return the places of the earlier rules that take everything a rule matches, or none."""
    rule = privacy.rules[place]
    later = rule.matcher
    kinds: set[str] = set()
    taking = []
    drops = privacy.default == "drop" or any(
        each.do == "drop" and not each.matcher.detect for each in privacy.rules
    )
    for number, other in enumerate(privacy.rules[:place]):
        earlier = other.matcher
        if not takes(earlier, later):
            continue
        if not earlier.detect:
            return (number,)
        # Of a value that is dropped otherwise, only rules that keep are asked.
        in_force = not drops or rule.do != "keep" or other.do == "keep"
        if in_force and not kinds.issuperset(earlier.detect):
            kinds.update(earlier.detect)
            taking.append(number)
    return tuple(taking) if later.detect and kinds.issuperset(later.detect) else ()


def takes(earlier: Matcher, later: Matcher) -> bool:
    """Tell whether one matches at every place where another does, whatever they look for."""
    if earlier.keys:
        return _keys_take(earlier.keys, later)
    if earlier.path is None:
        return True
    return covers(earlier.path, later.path or EVERYWHERE)


def covers(wide: str, narrow: str) -> bool:
    """Tell whether a rule for `wide` takes every value that one for `narrow` would.

    A path stands for all that is under it, and lists that it does not mention are looked
    through. When in doubt, no.
    """
    return _covers(parse_path(wide), parse_path(narrow))


def _covers(wide: Steps, narrow: Steps) -> bool:
    if not wide:
        return True
    if wide[0] is Wild.DEEP:
        return any(_covers(wide[1:], narrow[start:]) for start in range(len(narrow) + 1))
    if not narrow or narrow[0] is Wild.DEEP:
        return False
    if narrow[0] is Wild.EACH or isinstance(narrow[0], int):
        taken = wide[0] in (Wild.EACH, Wild.ANY, narrow[0])
        looked_through = wide[0] is Wild.ANY or isinstance(wide[0], str)
        return (taken and _covers(wide[1:], narrow[1:])) or (
            looked_through and _covers(wide, narrow[1:])
        )
    return wide[0] in (Wild.ANY, narrow[0]) and _covers(wide[1:], narrow[1:])


def _keys_take(keys: tuple[str, ...], later: Matcher) -> bool:
    if later.keys:
        return all(_takes_key(keys, key) for key in later.keys)
    if later.path is None:
        return False
    way = named(keys)
    return all(_meets(way, start, later.path) for start in (way.start, way.group_start))


def _takes_key(keys: tuple[str, ...], key: str) -> bool:
    if key in keys:
        return True
    if key in PRESETS:
        return False
    own = [each for each in keys if each not in PRESETS]
    if own and Named(phrases=own).advance(Named.start, key) == (Named.end,):
        return True
    colour = colour_of(" ".join(words_of(key)))
    if colour is Colour.RED:
        return "red" in keys
    return colour in (Colour.YELLOW, Colour.CONTACT) and set(keys) >= PRESETS


def _meets(way: Named, position: int, path: str) -> bool:
    """Tell whether a path must go through a key that matches."""
    for step in parse_path(path):
        position = way.advance(position, step)[0] if isinstance(step, str) else way.start
        if position == way.end:
            return True
    return False
