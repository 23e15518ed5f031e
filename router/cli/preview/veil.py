"""A veil over secrets: what is shown of a request to whoever may not see the credentials in it."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HIDDEN = "***"
SHORT = 6
"""Characters; a shorter secret is hidden where it stands as a word of its own."""
CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"}
)
"""Headers that hold nothing but a credential, whatever it was made from."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


class Veil:
    """Hides secrets in texts, URLs and headers: as they are, escaped, and inside base64."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {part for secret in secrets for part in _parts(secret) if part.strip()}
        self._plain = known
        in_urls = {part for secret in known for part in _places(secret)}
        self._in_host = _compiled({secret for secret in known if "://" not in secret})
        self._in_text = _compiled(known | {part for part in in_urls if len(part) > SHORT})
        self._in_path = _compiled(known | in_urls)

    def text(self, text: str) -> str:
        """Return a text without the secrets."""
        return _BASE64.sub(self._decoded, self._in_text.sub(HIDDEN, text))

    def url(self, url: str) -> str:
        """Return a URL without the secrets; the host of a secret URL stays."""
        scheme, mark, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        shown = _BASE64.sub(self._decoded, self._in_path.sub(HIDDEN, path))
        return f"{scheme}{mark}{self._in_host.sub(HIDDEN, host)}{slash}{shown}"

    def header(self, name: str, value: str) -> str:
        """Return the value of a header without the secrets."""
        if name.lower() not in CREDENTIALS:
            return self.text(value)
        scheme, space, rest = value.partition(" ")
        return f"{scheme} {HIDDEN}" if space and rest else HIDDEN

    def value(self, value: Any) -> Any:
        """Return a JSON value without the secrets, in keys or texts or as numbers."""
        if isinstance(value, dict):
            return {self.text(key): self.value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        if isinstance(value, str):
            return self.text(value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return HIDDEN if number and str(value) in self._plain else value

    def _decoded(self, found: re.Match[str]) -> str:
        """Hide a text in base64 that holds a secret (`Basic` joins a user name to it)."""
        text = found[0]
        try:
            padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
            inside = b64decode(padded.replace("-", "+").replace("_", "/")).decode()
        except ValueError:
            return text
        return HIDDEN if self._in_text.search(inside) else text


def _parts(secret: str) -> Iterator[str]:
    """Yield a secret, and the credential in one that names its scheme (`Bearer abcdef`)."""
    yield secret
    scheme, _, credential = secret.partition(" ")
    if scheme.isalpha() and len(credential) >= SHORT:
        yield credential


def _places(secret: str) -> Iterator[str]:
    """Yield what of a secret URL may stand in another one: its path and its query."""
    if secret.startswith(("https://", "http://")):
        parts = urlsplit(secret)
        yield from (part for part in (parts.path.strip("/"), parts.query) if part)


def _compiled(secrets: set[str]) -> re.Pattern[str]:
    """Return what finds each spelling of the secrets, the longest first."""
    spellings = {
        spelling
        for secret in secrets
        for spelling in (
            *(secret, quote(secret, safe=""), quote(secret), quote_plus(secret)),
            json.dumps(secret)[1:-1],
        )
    }
    ordered = sorted(spellings, key=len, reverse=True)
    return re.compile("|".join(map(_pattern, ordered)) or r"(?!)", re.IGNORECASE)


def _pattern(spelling: str) -> str:
    exact = re.escape(spelling)
    return exact if len(spelling) >= SHORT else rf"(?<!\w){exact}(?!\w)"
