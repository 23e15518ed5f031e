"""What a key says about its value: Segment's red and yellow matchers, read as words.

`firstName`, `first_name` and `First Name` are the same words. Red values are dropped, yellow ones
become tokens. A bare `name` is personal only where its owner is a person (`traits.name`), so that
the names of events, pages, products, apps and companies stay.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache


class Colour(Enum):
    """How personal the value below a key is."""

    RED = "red"
    YELLOW = "yellow"
    CONTACT = "contact"
    """Yellow, but true and false say nothing personal (`email_verified`)."""
    NAME = "name"
    """Yellow where the owner is a person."""
    PERSON = "person"
    """Its value is an object that tells of a person."""
    PLAIN = "plain"


def phrases(text: str) -> frozenset[str]:
    """Read a list of phrases, parted by commas, as `phrases_of` a key returns them."""
    return frozenset("".join(_bare(phrase).split()) for phrase in text.split(","))


def _bare(text: str) -> str:
    """Write letters without accents, however they were put together: many people do."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare)


RED = phrases("""social security number, social security, ssn, password, passwd, passphrase, visa,
    veteran, disability, credit card, card number, cvv, cvc, passport, token, secret, api key,
    national id, national identity, national identification, national insurance, identity number,
    identity card, identity document, id card, tax id, tax number, tax identification, taxpayer id,
    taxpayer number, nhs number, medicare number, citizen id, cpf, curp, dni, nif, nino, aadhaar,
    aadhar, pesel, bsn, personnummer, hetu, codice fiscale, steuernummer, steuer id, pwd, otp,
    one time password, bank account, account number, routing number, sort code, private key,
    debit card, card no, cc number, cc num, security code, pin number, social insurance,
    national number, personal id, taxid, itin, tfn, mbi, nhs no, codice fiscale, kennitala, cuit,
    cuil, cnp, egn, oib, cpr, ppsn, amka, ahv, svnr, nric, mykad, rrn, isikukood, henkilötunnus,
    rijksregisternummer, niss, insz, kimlik, tckn, rodné číslo, reisepass, personalausweis,
    personalausweisnummer, fødselsnummer, fodselsnummer, emšo, emso, jmbg, teudat zehut""")
RED_ALONE = phrases("sin, tin, nir, nie, nik, rut, avs")
"""Red as a whole key; in others the same words say other things (`avs_result`, `sin_gluten`)."""
# Advertising ids are pseudonyms as `anonymousId` is, and stay: a rule with keys takes them.
YELLOW = phrases("""race, birthdate, birth date, birthday, date of birth, dob, gender, ethnicity,
    citizenship, nationality, certificate, license, licence, identification, serial, salary,
    religion, sex, sexual orientation, medication, allergy, condition, diagnosis, procedure,
    iban, latitude, longitude, lat, lng, lon, birth, born, geburtsdatum, geburtstag,
    fecha de nacimiento, date de naissance, data di nascita, data de nascimento,
    imei, udid, blood type, biometric, fingerprint, diagnose, ethnic, marital status""")
CONTACT = phrases("""phone, telephone, telefon, tel, fax, msisdn, mobile number, mobile phone,
    address, street, city, zip, zipcode, zip code, postal, postalcode, postcode, email, e mail,
    mail, ip, mac, photo, avatar, picture, first name, firstname, last name, lastname, middle name,
    full name, fullname, given name, family name, surname, maiden name, nick name, nickname,
    user name, username, screen name, legal name, contact name, customer name, recipient name,
    billing name, shipping name, cardholder name, patient name, guest name, passenger name,
    forename, fname, lname, holder name, account holder, cardholder, card holder, payer name,
    sender name, beneficiary name, contact person, addr, address line, house number, apartment,
    pincode, pin code, cellphone, cell phone, cell number, mobile phone number, whatsapp,
    vorname, nachname, strasse, straße, hausnummer, adresse, anschrift, ort, wohnort, stadt, plz,
    postleitzahl, handy, handynummer, rufnummer, prénom, prenom, nom de famille, rue, ville,
    code postal, apellido, dirección, direccion, calle, ciudad, código postal, codigo postal,
    correo, teléfono, telefono, celular, cognome, indirizzo, città, citta, telefone, endereço,
    endereco, cidade, sobrenome, telefonnummer, telefoon, telefoonnummer, mobilnummer, puhelin,
    voornaam, achternaam, förnamn, efternamn, fornavn, etternavn, efternavn, etunimi, sukunimi,
    imię, nazwisko, soyad, adres, straat, huisnummer, woonplaats, gata, osoite, ulica, miasto,
    kod pocztowy, hometown, телефон, адрес, фамилия, почта, 電話, 電話番号, 電話號碼, 电话, 手机,
    手机号, 住所, 氏名, 地址, 姓名, 邮箱, 邮政编码, 전화번호, 주소, 이메일""")
NAMES = phrases(
    "name, names, displayname, nom, nombre, nome, naam, namn, navn, nimi, имя, 名前, 이름"
)
PERSONS = phrases("""traits, user, users, customer, customers, person, people, contact, contacts,
    profile, profiles, patient, employee, lead, owner, member, members, recipient, recipients,
    passenger, passengers, guest, guests, sender, author, billing, shipping, device""")
COUNTRY = phrases("country, country code, currency, locale, language, time zone, timezone")
"""What an address may say beside what is personal about it."""
NO_ADDRESS = phrases("version, build")
"""Below such a key four numbers with dots are a version."""

_LONGEST_PHRASE = 3
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")


@lru_cache(maxsize=4096)
def words_of(key: str) -> tuple[str, ...]:
    """Return the words of a key, bare, in lower case: `shippingZIPCode2` → shipping, zip, code."""
    return tuple(word.lower() for word in _WORD.findall(_bare(key[:200])))


@lru_cache(maxsize=4096)
def phrases_of(key: str) -> frozenset[str]:
    """Return the words of a key, and up to three in a row as one, without a plural's end."""
    words = words_of(key)
    said = {
        _singular("".join(words[start : start + length]))
        for length in range(1, _LONGEST_PHRASE + 1)
        for start in range(len(words) - length + 1)
    }
    return frozenset((*said, "".join(words)))


@lru_cache(maxsize=4096)
def colour_of(key: str) -> Colour:
    """Return how personal the value below a key is."""
    said = phrases_of(key)
    for colour, matching in _BY_PHRASE:
        if not matching.isdisjoint(said):
            return colour
    joined = "".join(words_of(key))
    if joined in RED_ALONE:
        return Colour.RED
    if joined in NAMES:
        return Colour.NAME
    return Colour.PERSON if joined in PERSONS else Colour.PLAIN


@lru_cache(maxsize=4096)
def is_version(key: str) -> bool:
    """Tell whether a key speaks of a version."""
    return not NO_ADDRESS.isdisjoint(words_of(key))


def _singular(word: str) -> str:
    """Drop the end of a plural: `emails` are as personal as one; `address` stays."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


_BY_PHRASE = ((Colour.RED, RED), (Colour.YELLOW, YELLOW), (Colour.CONTACT, CONTACT))
