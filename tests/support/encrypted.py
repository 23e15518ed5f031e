"""Stores that speak TLS, and the certificates for it, made for one test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.support.stores import StoreServer, speaks_tls

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

needs_tls = pytest.mark.skipif(not speaks_tls(), reason="no redis-server with TLS on the path")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of a certificate and its key."""

    file: Path
    key: Path


class Authority:
    """Somebody who signs certificates, all of them in one folder."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self._folder = folder
        self._signer = trustme.CA()
        self.file = folder / f"{name}.pem"
        self._signer.cert_pem.write_to_path(str(self.file))

    def signs(self, name: str, host: str = "127.0.0.1", *, expired: bool = False) -> Certificate:
        """Return a certificate for a host, valid or valid until yesterday."""
        until = datetime.now(UTC) - timedelta(days=1) if expired else None
        made = self._signer.issue_cert(host, not_after=until)
        signed = Certificate(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        made.cert_chain_pems[0].write_to_path(str(signed.file))
        made.private_key_pem.write_to_path(str(signed.key))
        return signed


class EncryptedStore(StoreServer):
    """A store that speaks nothing but TLS on its port; `user` is what its address bears."""

    def __init__(
        self,
        folder: Path,
        authority: Authority,
        shown: Certificate,
        *,
        asks: bool = False,
        options: Mapping[str, object] | None = None,
    ) -> None:
        tls = {"tls-cert-file": shown.file, "tls-key-file": shown.key,
               "tls-ca-cert-file": authority.file,
               "tls-auth-clients": "yes" if asks else "no"}  # fmt: skip
        super().__init__(folder, "redis", tcp=True, options=tls | dict(options or {}))
        self.options = {**self.options, "port": 0, "tls-port": self.port}
        self.words = {"ssl_ca_certs": authority.file}
        self.user = ""

    @property
    def url(self) -> str:
        """The address for redis-py, with what it needs to trust the store."""
        return self.at(0)

    @property
    def broker(self) -> str:
        """The address for Celery: another database."""
        return self.at(1)

    def at(self, database: int) -> str:
        """Return the address of a database."""
        words = "&".join(f"{word}={text}" for word, text in self.words.items())
        return f"rediss://{self.user}127.0.0.1:{self.port}/{database}?{words}"

    def trusting(self, authority: Authority, ours: Certificate | None = None) -> EncryptedStore:
        """Say whom its address trusts, and which certificate it shows."""
        self.words = {"ssl_ca_certs": authority.file}
        if ours:
            self.words |= {"ssl_certfile": ours.file, "ssl_keyfile": ours.key}
        return self
