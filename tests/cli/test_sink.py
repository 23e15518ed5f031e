"""`router sink`: what it says when it cannot listen."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from router.cli import main
from router.cli.failure import Exit


@pytest.mark.parametrize("port", [None, 99_999])
def test_a_port_that_cannot_be_had(port: int | None) -> None:
    """A port that is taken, or none, is told in a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = str(port or taken.getsockname()[1])
        result = CliRunner().invoke(main, ["sink", "--port", where])

    assert Exit.ERROR == result.exit_code
    assert f"127.0.0.1:{where} cannot be listened at: " in result.stderr
