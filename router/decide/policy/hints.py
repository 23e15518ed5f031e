"""What the keys on the way to a value say about how it is to be searched.

In prose (`message`, `comment`) numbers need less of a form to count; below a key that names a kind
(`phone`, `card_number`) they need none; below one that speaks of a version four numbers are no
address. A form's field (`{"name": "phone", "value": "0151 234567"}`) speaks of its own value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from router.decide.detect.manner import STRICT, Manner
from router.decide.policy.keys import is_version, phrases, phrases_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Hint(NamedTuple):
    """How values are searched at a place of an event."""

    manner: Manner = STRICT
    without: frozenset[str] = frozenset()
    """Kinds that are not looked for here."""
    value: Hint | None = None
    """In a form's field: the hint for its value."""


SILENT = Hint()
"""What most keys say."""

PROSE = phrases("""message, comment, query, note, description, text, search, body, subject,
    feedback, review,
    question, answer, reason, remark, instruction, transcript, chat, bio, about, reply,
    complaint, testimonial, opinion, inquiry, enquiry, request text, free text, nachricht,
    kommentar, bemerkung, notiz, mensaje, mensagem, commentaire, messaggio, content, summary""")
NAMING = {
    "phone": phrases("""
        phone, telephone, telefon, telefone, telefono, telephon, tel, mobile, mobile number, mobile
        phone, cellphone, cell phone, cell number, cell, fax, msisdn, whatsapp, handy, sms,
        rufnummer, contact number, celular, movil, portable, gsm, landline,
        teléfono, téléphone, móvil, telefoon, telefonnummer, telefoonnummer, mobilnummer, puhelin,
        телефон, 電話, 電話番号, 电话, 手机, 手机号, 전화번호
    """),
    "card": phrases("card, card number, credit card, debit card, cc, cc number, pan, kreditkarte"),
    "ssn": phrases("ssn, social security, social security number, social"),
    "national_id": phrases("""
        national id, national identity, national insurance, nino, nif, nie, dni, pesel, aadhaar,
        aadhar, tax id, taxid, tin, itin, passport, passport number, cpf, bsn, personnummer, hetu,
        steuer id, steuernummer, identity number, id number, nhs number, medicare, mbi, sin, tfn,
        curp, rut, cuit, cuil, cnp, egn, oib, cpr, ppsn, pps, amka, ahv, svnr, nric, mykad, nik,
        kennitala, isikukood, rijksregisternummer, niss, insz, my number, national number, id card,
        identity card, personal id, reisepass, personalausweis, passport no, driver license,
        driving licence, rrn, nir, codice fiscale, kimlik, tckn, licence number, license number,
        identification, fødselsnummer, fodselsnummer, emšo, emso, jmbg, teudat zehut,
        rodné číslo
    """),
}  # fmt: skip
_NAMED = {kind: Hint(Manner(named=frozenset({kind}))) for kind in NAMING}
_OTHER = phrases("""
    order id, order no, order number, sku, ean, upc, gtin, isbn, asin, barcode, product id, variant
    id, item id, transaction id, payment id, invoice id, invoice number, cart id, checkout id,
    session id, request id, trace id, tracking number, tracking id, shipment id, event id, campaign
    id, ad id, post id, page id, page id, build, timestamp, created at, updated at, epoch, revenue,
    price, total
""")
_OF_OTHER = Hint(Manner(other=True))
_IN_PROSE = Hint(Manner(prose=True))
_OF_VERSION = Hint(without=frozenset({"ip"}))
_VALUES = frozenset({"value", "values", "val", "answer", "answers", "content", "input", "data"})
is_no_field = _VALUES.isdisjoint
"""Tells quickly that an object has no value that it may be a form's field for."""
_LABELS = ("key", "name", "label", "id", "field", "title", "type", "question", "property", "k")
_ON = frozenset(
    {"value", "number", "primary", "secondary", "home", "work", "private", "office", "raw", "full"}
    | {"national", "international", "formatted", "main", "other"}
)
"""Keys below a place that speak of the same thing as the key above."""


def hint_below(key: str | int, above: Hint) -> Hint:
    """Return the hint for what is below a key (or an index)."""
    if isinstance(key, int):
        return above._replace(value=None) if above.value else above
    if above.value and key in _VALUES:
        return above.value
    own = _hint_of(key)
    if own is SILENT and above.manner.named and key.lower() in _ON:
        return above._replace(value=None)
    return own


def hint_in_form(item: dict[str, Any], hint: Hint) -> Hint:
    """Return the hint for an object that may be a form's field, which says what its value is."""
    for label in labels_of(item):
        below = _hint_of(label)
        if below is not SILENT:
            return hint._replace(value=below)
    return hint


def labels_of(item: dict[str, Any]) -> Iterator[str]:
    """Yield what a form's field is called: the texts under keys such as `name` and `label`."""
    for key in () if is_no_field(item) else _LABELS:
        label = item.get(key)
        if type(label) is str and len(label) <= 64:
            yield label


def is_value(key: Any) -> bool:
    """Tell whether a form's field has its value under this key."""
    return key in _VALUES


@lru_cache(maxsize=4096)
def _hint_of(key: str) -> Hint:
    said = phrases_of(key)
    for kind, naming in NAMING.items():
        if not naming.isdisjoint(said):
            return _NAMED[kind]
    if not PROSE.isdisjoint(said):
        return _IN_PROSE
    version = is_version(key)
    if not _OTHER.isdisjoint(said):
        return _OF_OTHER._replace(without=_OF_VERSION.without) if version else _OF_OTHER
    return _OF_VERSION if version else SILENT
