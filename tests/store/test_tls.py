"""A store over TLS: who may be trusted, and a clear sentence when nobody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from router.store.connection import UNREACHABLE, connect
from router.store.embedded import StoreUnavailable
from router.store.trouble import trouble
from tests.support.encrypted import Authority, EncryptedStore, needs_tls
from tests.support.stores import StoreServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def authority(short_path: Path) -> Authority:
    """Give an authority."""
    return Authority(short_path)


@pytest.fixture
def stranger(short_path: Path) -> Authority:
    """Give another one."""
    return Authority(short_path, "stranger")


async def said(url: str) -> str:
    """Return what is the matter with the store at an address, or that it answers."""
    client = connect(url)
    try:
        await client.ping()
    except UNREACHABLE as error:
        return trouble(error, url)
    finally:
        await client.aclose()
    return "answers"


@needs_tls
class TestEncrypted:
    """A server with TLS alone."""

    @pytest.fixture
    def store(self, short_path: Path, authority: Authority) -> Iterator[EncryptedStore]:
        """Give a store with a good certificate."""
        server = EncryptedStore(short_path, authority, authority.signs("store"))
        server.start()
        yield server
        server.kill()

    async def test_a_trusted_store_answers(self, store: EncryptedStore) -> None:
        """A certificate for this host, by an authority that is named, is enough."""
        assert "answers" == await said(store.url)

    async def test_nobody_is_trusted_unasked(
        self, store: EncryptedStore, stranger: Authority
    ) -> None:
        """A store that another authority speaks for is not talked to, named or not."""
        refused = "shows a certificate that is not accepted: self-signed certificate in certificate"

        assert (await said(store.trusting(stranger).url)).startswith(refused)
        assert (await said(store.url.partition("?")[0])).startswith(refused)

    async def test_without_tls_it_hangs_up(self, store: EncryptedStore) -> None:
        """Whoever speaks plainly to such a store is told what it may want."""
        assert "wants TLS (rediss://)" in await said(f"redis://127.0.0.1:{store.port}/0")

    async def test_a_missing_file_is_told_at_once(
        self, store: EncryptedStore, short_path: Path
    ) -> None:
        """A file that is not there is no store that is away."""
        away = f"rediss://127.0.0.1:{store.port}/0?ssl_ca_certs={short_path}/gone.pem"

        with pytest.raises(StoreUnavailable, match=r"ssl_ca_certs \(no such file or directory\)"):
            connect(away)

    async def test_a_key_of_another_certificate_is_told_at_once(
        self, store: EncryptedStore, authority: Authority
    ) -> None:
        """A certificate goes with its own key."""
        one, other = authority.signs("one"), authority.signs("other")
        store.trusting(authority, type(one)(one.file, other.key))

        with pytest.raises(StoreUnavailable, match=r"ssl_keyfile \(key values mismatch\)"):
            connect(store.url)


@needs_tls
@pytest.mark.parametrize(
    ("host", "expired", "why"),
    [
        ("elsewhere.example", False, "IP address mismatch, certificate is not valid for"),
        ("127.0.0.1", True, "certificate has expired"),
    ],
)
async def test_the_wrong_certificate_is_refused(
    short_path: Path, authority: Authority, host: str, why: str, *, expired: bool
) -> None:
    """A certificate of another host, or of another time, ends in a sentence."""
    shown = authority.signs("store", host, expired=expired)
    server = EncryptedStore(short_path, authority, shown)
    server.launch().wait_for("Ready to accept connections")

    assert why in await said(server.url)
    server.kill()


@needs_tls
async def test_a_store_may_ask_who_we_are(
    short_path: Path, authority: Authority, stranger: Authority
) -> None:
    """A store that asks for certificates gets ours, and says what it misses."""
    ours = authority.signs("worker", "worker.example")
    server = EncryptedStore(short_path, authority, authority.signs("store"), asks=True)
    server.trusting(authority, ours).start()

    assert "answers" == await said(server.url)
    assert "ssl_certfile" in await said(server.trusting(authority).url)
    theirs = stranger.signs("thief", "worker.example")
    assert "ssl_certfile" in await said(server.trusting(authority, theirs).url)
    server.kill()


async def test_a_store_without_tls_is_no_hang(short_path: Path, authority: Authority) -> None:
    """A server that does not speak TLS is given up within seconds."""
    server = StoreServer(short_path, tcp=True).start()

    told = await said(f"rediss://127.0.0.1:{server.port}/0?ssl_ca_certs={authority.file}")

    assert told.startswith(("does not answer", "closes the connection", "does not get through TLS"))
    server.kill()
