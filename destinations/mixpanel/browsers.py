"""The browser and its version, read from a user agent."""

from __future__ import annotations

import re
from functools import lru_cache

_LONGEST = 512
"""A longer user agent is nobody's browser; the bound also bounds the cache."""
_MARKS = (
    ("Edg/", "Microsoft Edge"), ("EdgA/", "Microsoft Edge"), ("EdgiOS/", "Microsoft Edge"),
    ("Edge/", "Microsoft Edge"), ("OPR/", "Opera"), ("OPiOS/", "Opera"), ("OPT/", "Opera"),
    ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex"), ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"), ("FBAV/", "Facebook Mobile"), ("CriOS/", "Chrome iOS"),
    ("FxiOS/", "Firefox iOS"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"),
    ("Chromium/", "Chrome"), ("Firefox/", "Firefox"), ("MSIE ", "Internet Explorer"),
)  # fmt: skip
"""Tried in this order: most browsers also name the ones they descend from."""
_VERSION = re.compile(r"\d[\d.]*")


@lru_cache(maxsize=1024)
def _browser(user_agent: str) -> tuple[str, str] | None:
    for mark, name in _MARKS:
        start = user_agent.find(mark)
        if start >= 0:
            return name, _version(user_agent, start + len(mark))
    if "Trident/" in user_agent:
        return "Internet Explorer", _version(user_agent, user_agent.find("rv:") + len("rv:"))
    start = user_agent.find("Version/")
    if start >= 0 and "Safari/" in user_agent:
        name = "Mobile Safari" if "Mobile/" in user_agent else "Safari"
        return name, _version(user_agent, start + len("Version/"))
    return None


def browser_of(user_agent: str) -> tuple[str, str] | None:
    """Return a browser's name as Mixpanel spells it with its version ("" if unsaid), or None."""
    return _browser(user_agent) if len(user_agent) <= _LONGEST else None


def _version(user_agent: str, start: int) -> str:
    found = _VERSION.match(user_agent, start)
    return found.group() if found else ""
