"""What the linter finds about the network: addresses that egress refuses, doors too wide."""

from __future__ import annotations

import pytest

from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import one


@pytest.mark.parametrize(
    ("url", "allow", "expected"),
    [
        ("https://a.test/", "[]", None),
        ("https://8.8.8.8/", "[]", None),
        ("http://a.test/", "[]", "http_unencrypted"),
        ("http://8.8.8.8/", "[]", "http_unencrypted"),
        ("http://127.0.0.1:9001/", "[]", "egress_refused"),
        ("http://localhost:9001/", "[]", "egress_refused"),
        ("http://169.254.169.254/", "[]", "egress_metadata_host"),
        ("http://localhost:9001/", "[127.0.0.0/8]", None),
        ("https://10.1.2.3/", "[127.0.0.0/8]", "egress_refused"),
        ("https://10.1.2.3/", "[10.0.0.0/8]", None),
        ("http://[::1]:80/", "['::1']", None),
        ("http://[fe80::1]/", "[]", "egress_refused"),
        ("http://[::ffff:127.0.0.1]:9001/", "[]", "egress_refused"),
        ("http://2130706433:9001/", "[]", "egress_refused"),
        ("http://0x7f000001/", "[]", "egress_refused"),
        ("http://127.0.0.1:99999/", "[127.0.0.0/8]", "url_port"),
        ("https://[nonsense/", "[]", None),
        ("https://a..test/", "[]", "url_host"),
    ],
)
def test_addresses(url: str, allow: str, expected: str | None) -> None:
    """What egress will refuse is told before the first event meets it."""
    text = one(FINE, settings=f"{{url: '{url}'}}") + f"egress: {{allow: {allow}}}\n"

    assert [expected] * (expected is not None) == [each.code for each in found(text)]


@pytest.mark.parametrize(
    ("network", "level", "code"),
    [
        ("0.0.0.0/0", "error", "egress_open"),
        ("::/0", "error", "egress_open"),
        ("169.254.0.0/16", "warning", "egress_metadata"),
        ("10.0.0.0/7", "warning", "egress_wide"),
    ],
)
def test_open_doors(network: str, level: str, code: str) -> None:
    """A network that lets anything through is an error, a wide one a warning."""
    assert [(level, code, 7)] == told(one(FINE) + f"egress: {{allow: ['{network}']}}\n")
