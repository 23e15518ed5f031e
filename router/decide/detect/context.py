"""What the words before a number say about it: `call me on`, `order`, `"ssn":`.

Only the few characters before a number are read, so that this costs the same anywhere.
"""

from __future__ import annotations

import re

_NEAR = 40
_JOIN = r"[\"'\]]{0,2}(?:[\s:=#.\-_|>(*,]{0,4}(?:nos?|nr|num|numbers?|numero|numaram|is|are|was|at|on|me|us|:|under|auf|via|to)\b){0,4}" \
    r"[\s:=#.\"'|>*\\(+-]{0,6}$"  # fmt: skip
_CUES = {
    "phone": r"(?:tele)?(?:phone|fon)|tel|telefono|telepono|telefon|telefone|mobile?|mobil|cell(?:phone)?|cellular|fax|handy|cep|gsm"
    r"|call(?:ed|ing|back)?|dial|ring|sms|whats ?app|msisdn|hotline|landline|rufnummer|reach|texte?d?|contact|line|desk|office",
    "card": r"(?:credit|debit|bank)?[ _-]?card|kreditkarte|karte|cc|pan|visa|mastercard|maestro|amex|"
    r"american express|discover|jcb|carte|tarjeta",
    "ssn": r"ssn|ss|social(?:[ _-]?security)?|sozialversicherung",
    "national_id": r"[a-z]{0,12}id|passport|tax(?:payer)?|steuer[ -]?id|idnr|nino|national insurance|nhs|nif|nie|dni|nas|sin|pesel"
    r"|aadhaar|aadhar|tckn|kimlik|tfn|medicare|mbi|personnummer|hetu|cpf|bsn|identity|insurance|steuer",
    "iban": r"iban",
    "imei": r"imei",
}  # fmt: skip
CUES = {
    kind: re.compile(rf"(?<![a-z])(?:{words})(?:s|_?no|_?number|_?nr)?{_JOIN}", re.IGNORECASE)
    for kind, words in _CUES.items()
}
"""What, right before a number, says which kind it is."""
_OTHER = re.compile(
    r"(?:\b(?:orders?|sku|ids?|ref|reference|invoices?|rechnung|bestellung|tickets?|case|tracking|parcel|shipment|isbn|ean|upc|gtin|asin"
    r"|version|build|release|serial|parts?|items?|article|artikel|product|model|batch|lot|codes?|sequence|numbers|zip|plz|postcode"
    r"|amount|total|price|sum|usd|eur|gbp|transaction|trace|session|request|accounts?|konto|booking|confirmation|inventory|timestamp|time"
    r"|date|since|patient|policy|claim|flight|room|token|coupon|voucher|error|status|port|year|barcode|cards?|cc|ssn|iban)"
    rf"|[$€£¥]|\butm_\w{{1,20}}|_id){_JOIN}",
    re.IGNORECASE,
)


def said(kind: str, text: str, start: int) -> bool:
    """Tell whether the words before a place announce a number of this kind."""
    return CUES[kind].search(text[max(0, start - _NEAR) : start]) is not None


def said_other(text: str, start: int) -> bool:
    """Tell whether the words before a place announce a number that is nobody's."""
    return _OTHER.search(text[max(0, start - _NEAR) : start]) is not None
