"""The tables of `docs/consent.md`: where consent is read, and which sections of GPP."""

from __future__ import annotations

from router.decide.consent.gpp_layout import LAYOUTS
from router.decide.consent.places import WRITTEN

SAYS = {
    "gpc": "Global Privacy Control",
    "usp": "a US Privacy string",
    "tcf": "a TCF string",
    "applies": "whether the GDPR applies",
    "gpp": "a GPP string",
    "sections": "the GPP sections that apply",
    "google": "Google's consent mode",
}


def render_places() -> str:
    """Return the names under which each kind is read."""
    rows = [
        ("what it is", "names"),
        ("---", "---"),
        ("categories, Segment's", "`consent.categoryPreferences`"),
        ("categories, RudderStack's", "`consentManagement`"),
        *((SAYS[kind], ", ".join(f"`{name}`" for name in names.split()))
          for kind, names in WRITTEN.items()),
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def render_sections() -> str:
    """Return the US sections of GPP that are decoded."""
    told = (f"{number} `{layout.name}`" for number, layout in LAYOUTS.items())
    return f"6 `uspv1`, {', '.join(told)}."
