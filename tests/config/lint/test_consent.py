"""What the linter finds about consent, and the consent sections that are refused."""

from __future__ import annotations

import pytest

from router.config import ConfigError
from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import one, parsed

PRIVACY = FINE.splitlines()[1]
ADS = "consent: {require: [ads]}\nuses: [sale]"


@pytest.mark.parametrize(
    ("lines", "above", "expected"),
    [
        ("", "", [("warning", "consent_nowhere", 1)]),
        ("uses: [sale]", "", [("warning", "consent_nowhere", 1)]),
        (ADS, "", [("info", "consent_categories_open", 5)]),
        ("consent: {any: [ads]}\nuses: [analytics]", "", [("info", "consent_categories_open", 5)]),
        ("consent: {require: [ads]}", "consent: {categories: [ads]}",
         [("info", "consent_uses_unknown", 2)]),
        ("", "consent: {categories: [ads], missing: allow}",
         [("warning", "consent_undeclared", 2), ("warning", "consent_fails_open", 6),
          ("info", "consent_category_unused", 6)]),
        ("uses: [sale]\nconsent: {tcf: {vendor: 12}}", "",
         [("warning", "consent_tcf_purposeless", 6)]),
        ("uses: [sale]\nconsent: {tcf: {vendor: 12, legitimate_interest: [7]}}", "", []),
        (ADS, "consent: {categories: [ads], compat: segment}",
         [("warning", "consent_compat_open", 8)]),
        ("consent: {require: [ads]}", "consent: {categories: [ads], compat: rudderstack}",
         [("warning", "consent_compat_open", 7)]),
        (ADS, "consent: {categories: [ads], compat: segment, missing: deny}",
         [("warning", "consent_compat_open", 8), ("warning", "consent_missing_unheard", 8)]),
        ("consent: {not_required: why}", "", []),
        ("uses: [analytics]\nconsent:\n  require:\n    - ads\n    - mail\n    - ads",
         "consent: {categories: [ads, mail]}", [("warning", "consent_category_twice", 10)]),
        ("uses: [analytics]\nconsent: {any: [ads, mail, mail]}",
         "consent: {categories: [ads, mail]}", [("warning", "consent_category_twice", 6)]),
    ],
)  # fmt: skip
def test_findings(lines: str, above: str, expected: list[tuple[str, str, int]]) -> None:
    """What is enforced nowhere, open on doubt, undeclared or unused is told where it stands."""
    text = one("\n".join(filter(None, (lines, PRIVACY)))) + f"{above}\n"

    assert expected == told(text)


def test_uses_of_one_make_opt_outs_heeded_by_all() -> None:
    """Who says what it uses data for makes those tell that say nothing."""
    text = one(f"uses: [sale]\n{PRIVACY}") + "  two:\n    type: webhook\n"
    text += "    settings: {url: 'https://b.test/'}\n"

    assert ("info", "consent_uses_unknown", 7) in told(text)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("uses: []",
         "an empty list does not say what data is used for ([analytics])"),
        ("uses: [sales]", 'unknown word "sales" (did you mean "sale"?)'),
        ("consent: {google: [ad_store]}", 'unknown word "ad_store" (did you mean "ad_storage"?)'),
        ("consent: {tcf: {purposes: [1]}}", '"vendor" is missing here'),
        ("consent: {tcf: {vendor: 0}}", '"vendor" must be at least 1'),
        ("consent: {tcf: {vendor: 70000}}", '"vendor" must be at most 65,535'),
        ("consent: {tcf: {vendor: 1, purposes: [1, 12]}}",
         "5:46: TCF has no purpose 12 (they are 1 to 11)"),
        ("consent: {tcf: {vendor: 1, legitimate_interest: [25]}}",
         "TCF has no purpose 25 (they are 1 to 11)"),
        ("consent: {tcf: {vendor: 1, purposes: [0]}}", '"purposes" must be at least 1'),
        ("consent: {tcf: {vendor: 1, purposes: [11], legitimate_interest: [11]}}", None),
        ("consent: {tcf: {vendor: 1, purpose: [1]}}",
         'unknown word "purpose" (did you mean "purposes"?)'),
        ("consent: {tcf: {vendor: 1, legitimate_interest: [3]}}",
         "TCF purpose 3 always needs consent (write it under purposes)"),
        ("consent: {not_required: why, tcf: {vendor: 1}}",
         "not_required cannot stand beside what is required"),
        ("consent: {provider: ketch}",
         "exactly one of require, any and not_required must be given"),
        ("consent: {provider: ketch, google: [ad_storage]}",
         "provider says whose categories these are, and there are none"),
        ("consent: {require: [], google: [ad_storage]}", None),
    ],
)  # fmt: skip
def test_slips(lines: str, message: str | None) -> None:
    """What cannot be meant is refused, with the nearest right word."""
    if message is None:
        parsed(one(lines))
        return
    with pytest.raises(ConfigError) as caught:
        parsed(one(lines))

    assert message in str(caught.value)


def test_compat_is_one_of_two() -> None:
    """A system that nobody copies is refused."""
    with pytest.raises(ConfigError, match=r"did you mean .rudderstack"):
        parsed(one(FINE) + "consent: {compat: ruderstack}\n")


@pytest.mark.parametrize(
    ("lines", "heard"), [("", "of consent"), ("uses: [sale]", "beside opt-outs")]
)
def test_what_is_heard_where_nothing_is_asked(lines: str, heard: str) -> None:
    """Who says what it uses data for heeds opt-outs, also where nobody asks for consent."""
    text = one(f"{lines}\n{PRIVACY}")
    [finding] = [each for each in found(text) if each.code == "consent_nowhere"]

    assert finding.message.endswith(f"whatever it says {heard}")
