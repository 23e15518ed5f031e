"""What the words before a number say about it: `call me on`, `order`, `"ssn":`.

The few characters before a number are read backwards from it, so that the pattern is tried at one
place only and costs the same anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_NEAR = 40
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FILLERS = """no, nos, nr, num, number, numbers, nummer, numero, número, numéro, numarasi,
    numaras\u0131, номер, is, are, was, ist, es, est, at, on, me, us, under, auf, via, to, unter,
    the, code, value"""
_CUES = {
    "phone": """
        phone, ph, telephone, téléphone, fon, telefon, tel, telefono, teléfono, telefone,
        telepono, telefonu, puhelin, matkapuhelin, telefonszám, τηλέφωνο, телефон, тел, 電話, 电话,
        手机, 手机号, 携帯, 전화, mobile, mobil, mobiel, móvil, movil, portable, telemóvel, celular,
        cellulare, cell, cellphone, callto, wa.me/, cellular, fax, handy, cep, gsm, hp, rückruf,
        call, called, calling, callback, dial, ring, sms, whatsapp, whats app, msisdn, hotline,
        landline, rufnummer, reach, text, texted, contact, line, desk, office
    """,
    "card": """card, creditcard, kreditkarte, karte, cc, pan, visa, mastercard, maestro, amex,
        american express, discover, jcb, carte, tarjeta""",
    "ssn": "ssn, social, social security, sozialversicherung",
    "national_id": """
        rsaid, thaiid, passport, tax, taxpayer, steuer id, idnr, tax id, taxpayer id, passport id,
        national id, identity id, resident id, citizen id, voter id, health id, nino, insurance,
        nhs, nif, nie, dni, nas, sin, pesel, aadhaar, aadhar, tckn, tc kimlik, kimlik, tfn,
        medicare, mbi,
        personnummer, hetu, cpf, bsn, identity, steuer, nric, fin, rrn, tnin, nir, document,
        resident, curp, rut, cuit, ahv, avs
    """,
    "person": """
        passport, passport id, passeport, reisepass, ausweis, personalausweis, national id,
        identity id, identity card, id card, citizen id, personal id, taxpayer id, nino, nif, nie,
        dni, pesel, aadhaar, aadhar, tckn, kimlik, personnummer, hetu, cpf, bsn, nric, mykad, ahv,
        curp, cuit, cuil, cnp, egn, oib, cpr, ppsn, pps, amka, svnr, nik, kennitala, isikukood,
        rodné číslo, my number, rijksregister, niss, insz, driving licence, driver license,
        fødselsnummer, fodselsnummer, emšo, emso, jmbg, teudat zehut, steuer id, tax id, identity
    """,
}
_OTHER = """
    order, sku, id, ids, ref, reference, invoice, rechnung, bestellung, ticket, case, tracking,
    parcel, shipment, isbn, ean, upc, gtin, asin, version, build, release, serial, part, item,
    article, artikel, product, model, batch, lot, code, sequence, numbers, zip, plz, postcode,
    amount, total, price, sum, usd, eur, gbp, transaction, trace, session, request, account, konto,
    booking, confirmation, inventory, timestamp, time, date, since, patient, policy, claim, flight,
    room, token, coupon, voucher, error, status, port, year, barcode, card, cc, ssn, iban, utm,
    customer, member, membership, contract, pin, score, seriennummer, kunde, kunden, vertrag,
    auftrag, mitglied, sendung, commande, facture, client, pedido, factura, ordine, fattura,
    commit, bestelling, factuur, zamówienie, dhl, ups, usps, fedex, dpd, gls, hermes
"""


_OWNERS = """
    user, customer, client, member, visitor, campaign, ad, adset, creative, page, event, device,
    app, shop, store, merchant, vendor, message, content, object, group, team, job, task, build
"""
"""Whose ids are no person's national id, beside those of `_OTHER`."""


def _backwards(words: str) -> str:
    """Return a pattern for any of the words, read from their ends."""
    spelled = [re.split(r"\s+", word.strip())[::-1] for word in words.split(",")]
    return "|".join("[ _-]?".join(re.escape(part[::-1]) for part in word) for word in spelled)


def _before(words: str, more: str = "(?!)") -> re.Pattern[str]:
    """Return a pattern for these words right before a number; `more` is read backwards already."""
    filler = rf"(?:{_backwards(_FILLERS)})(?![a-z])[\s:=#.\-_|>(*,\"'\[{{]{{0,6}}+"
    return re.compile(
        rf"[\s:=#.\"'|>*\\(+\-\[{{]{{0,8}}+(?:\]\d{{0,3}}\[)?+\]?+(?:{filler}){{0,4}}"
        r"(?:\]\d{0,3}\[)?+[\"'\]]{0,2}+[\s:#._-]{0,3}+(?:[ _-]?(?:on|rebmun|remmun|rn)[ _-]?)?"
        rf"s?(?:{_backwards(words)}|{more})(?![a-z])"
    )


_BARE_ID = rf"di(?![a-z_\-?&])(?! {{1,2}}(?:{_backwards(_OTHER)}|{_backwards(_OWNERS)})(?![a-z]))"
"""`id`, but that of an order (`order id`), and no parameter (`?id=`, `utm_id=`)."""
CUES = {
    kind: _before(words, _BARE_ID) if kind == "national_id" else _before(words)
    for kind, words in _CUES.items()
}
"""What, right before a number, says which kind it is."""
_NUMBERS = ("phone", "card", "ssn")
_SHORT = [word.strip().upper() for kind in _NUMBERS for word in _CUES[kind].split(",")]
CUES_OF_THREE = sorted({(word + "S")[:3] for word in _SHORT if len(word) in (2, 3)})
"""Whatever says a number's kind and has three letters."""
_ANY_NUMBER = _before(", ".join(_CUES[kind] for kind in _NUMBERS))
_NOBODYS = re.compile(rf"{_before(_OTHER).pattern}|[\s]?[$€£¥]|[\"':= ]{{0,3}}di_")


def said(kind: str, text: str, start: int) -> bool:
    """Tell whether the words before a place announce a number of this kind."""
    return start > 0 and CUES[kind].match(_words_before(text, start)) is not None


def numbers_said(text: str, start: int) -> Collection[str]:
    """Return which of phones, cards and social security numbers the words before announce."""
    before = _words_before(text, start)
    if not before or _ANY_NUMBER.match(before) is None:
        return ()
    return [kind for kind in _NUMBERS if CUES[kind].match(before)]


def said_other(text: str, start: int) -> bool:
    """Tell whether the words before a place announce a number that is nobody's."""
    return start > 0 and _NOBODYS.match(_words_before(text, start)) is not None


def _words_before(text: str, start: int) -> str:
    return _HUMP.sub("_", text[max(0, start - _NEAR) : start])[::-1].lower()
