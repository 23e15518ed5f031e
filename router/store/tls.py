"""The files of TLS, read before anything is connected.

Later a file that is missing would look like a store that is away: it would be waited for.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from router.store.embedded import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def check_files(options: Mapping[str, object]) -> None:
    """Read what a connection's options name, in the words of redis-py.

    Raises StoreUnavailable with the word whose file cannot be used, and why.
    """
    context = ssl.create_default_context()
    if trusted := options.get("ssl_ca_certs"):
        _try("ssl_ca_certs", lambda: context.load_verify_locations(str(trusted)))
    certificate, key = options.get("ssl_certfile"), options.get("ssl_keyfile")
    if certificate and key:
        _try("ssl_certfile with ssl_keyfile",
             lambda: context.load_cert_chain(str(certificate), str(key), password=""))  # fmt: skip


def _try(words: str, read: Callable[[], None]) -> None:
    try:
        read()
    except OSError as error:
        said = error.reason if isinstance(error, ssl.SSLError) else error.strerror
        why = str(said or "not readable").lower().replace("_", " ")
        raise StoreUnavailable(
            f"`redis:` names a file of TLS that cannot be used: {words} ({why})"
        ) from error
