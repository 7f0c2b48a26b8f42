"""spelling    dashes, letter case, slugs and dates, spelt one way."""

from __future__ import annotations

import re
import unicodedata

DASHES = re.compile(r"\s*[\u2012\u2015\u2212]\s*")
HYPHENS = re.compile(r"[\u2010\u2011]")
APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'"})
LOOK_ALIKE = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
MONTHS = {name: f"{at:02d}" for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
CODES = frozenset("aegis asi atv eos esa eva iss isro jaxa kari lok nasa noaa ops usa".split())
VOWELS = re.compile(r"[aeiouyäöüéèô]")
SMALL = frozenset("of the and for in on to by at from with a an de la du des und für".split())
TRANSLITERATED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "đ": "d", "ı": "i"})


def tidy(text: str) -> str:
    """One spelling of dashes, apostrophes and spaces: an en dash joins two names."""
    text = DASHES.sub("\u2013", HYPHENS.sub("-", unicodedata.normalize("NFC", text)))
    return " ".join(text.translate(APOSTROPHES).split())


def folded(text: str) -> str:
    """The form in which two spellings of one name are equal: letters and digits only."""
    plain = unicodedata.normalize("NFKD", text.translate(TRANSLITERATED))
    if re.search(r"[A-Za-z]", plain):
        plain = plain.translate(LOOK_ALIKE)
    return "".join(letter for letter in plain.casefold() if letter.isalnum())


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; empty when the text has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text.translate(TRANSLITERATED).replace("'", ""))
    plain = plain.translate(LOOK_ALIKE).replace("+", " plus ").replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", "-", _ascii(plain)).strip("-")


def capitalised(text: str) -> str:
    """A label that came in lower case, with capitals: codes whole, other words in front."""
    return " ".join(_capitalised_word(word, at) for at, word in enumerate(text.split()))


def is_acronym(text: str) -> bool:
    """Whether a name is written in capitals and digits only."""
    return bool(re.fullmatch(r"[A-Z][A-Z0-9&/-]{1,9}", text)) and sum(letter.isalpha() for letter in text) > 1


def initials(text: str) -> set[str]:
    """The acronyms that the words of a name spell, with and without the small words."""
    words = [word for word in re.split(r"[\s\-\u2013/]+", text) if word and word[0].isalpha()]
    large = [word for word in words if word.casefold() not in SMALL]
    return {"".join(word[0] for word in kept).upper() for kept in (words, large) if len(kept) > 1}


def date(text: str) -> tuple[str, str]:
    """A date of GCAT or ISO 8601 as (value, datatype) in its own precision; two empty strings if there is none."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?", text):
        return "-".join(found.groups()), "xsd:date"
    if found := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return text, "xsd:gYearMonth"
    if found := re.match(r"(\d{4}) ([A-Z][a-z]{2})\s+(\d{1,2})(?!\d)", text):
        return f"{found[1]}-{MONTHS[found[2]]}-{int(found[3]):02d}", "xsd:date"
    if found := re.match(r"(\d{4}) ([A-Z][a-z]{2})", text):
        return f"{found[1]}-{MONTHS[found[2]]}", "xsd:gYearMonth"
    if found := re.fullmatch(r"(\d{4})\??", text):
        return found[1], "xsd:gYear"
    return "", ""


def _ascii(text: str) -> str:
    return "".join(letter if letter.isascii() else _gap(letter) for letter in text).casefold()


def _gap(letter: str) -> str:
    return "" if unicodedata.combining(letter) else " "


def _capitalised_word(word: str, at: int) -> str:
    if at and word in SMALL:
        return word
    plain = VOWELS.search(word) and len(word) > 2 and word not in CODES
    code = not plain or any(letter.isdigit() for letter in word)
    return word.upper() if code and word.isascii() else word[:1].upper() + word[1:]
