"""Numbers by which people, firms, ships and wallets are known: read, checked, and compared. They beat names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bongsu.names.lookalikes import lookalikes

# What the reader calls a kind, and what people call it.
KINDS: Final = {
    "imo": "IMO number",
    "mmsi": "MMSI",
    "passport": "passport number",
    "id": "identity or registration number",
    "wallet": "wallet address",
    "swift": "SWIFT code",
    "lei": "LEI",
}
# Each State numbers these by itself, so that two States may give one number and a number tells one document only
# together with the State.
ISSUED_BY_STATES: Final = frozenset({"passport", "id"})
_IMO: Final = re.compile(r"(?:IMO\s*(?:No\.?|number)?\s*:?\s*)?(\d{7})", re.IGNORECASE | re.ASCII)
_MMSI: Final = re.compile(r"(?:MMSI\s*:?\s*)?([2-7]\d{8})", re.IGNORECASE | re.ASCII)
# Bitcoin (base58check and bech32), Ethereum, Tron, Litecoin, Monero: by form only.
_WALLET: Final = re.compile(
    r"0x[0-9a-fA-F]{40}|bc1[02-9ac-hj-np-z]{11,71}|[13LMT][1-9A-HJ-NP-Za-km-z]{25,34}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}",
    re.ASCII,
)
# What a spreadsheet makes of a long number: 3.8131E+08 has lost its last digits, 381310014.0 none but zeros before it.
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d*)?E\+\d+", re.IGNORECASE | re.ASCII)
_AS_FIGURE: Final = re.compile(r"(\d+)[.,]0+", re.ASCII)
_STATION: Final = re.compile(r"\d{9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One number of one kind.

    Args:
        kind: one of `KINDS`.
        value: as printed.
        sound: False where a check digit shows it to be false; such a number is a lead, for someone uses it.
        issuer: the State that issued it, as an ISO 3166-1 alpha-2 code in lower case; None where nobody says.
    """

    kind: str
    value: str
    sound: bool = True
    issuer: str | None = None

    @property
    def key(self) -> str:
        """By which two are the same: the kind and the number without blanks, signs and, but for wallets, case.

        Letters of every script count, those that look alike as one (the series АВ of a passport may be typed AB), and
        figures of every script are the same.
        """
        text = plain(self.value)
        if self.kind == "wallet":
            return f"wallet:{text.lower() if text.startswith('0x') else text}"
        bare = "".join(filter(str.isalnum, text)).upper()
        if not bare.isascii():
            bare = "".join(lookalikes().latin.get(letter, letter) for letter in bare)
        return f"{self.kind}:{bare.removeprefix('IMO').removeprefix('MMSI') or text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNumber:
    """What came of a printed number: the identifier, and what is wrong with it, in words; both None for a dash."""

    identifier: Identifier | None
    problem: str | None = None


def plain(printed: str) -> str:
    """A number in one form of letters and figures (`３８` is 38), without blanks at its ends."""
    text = printed.strip()
    if text.isascii():
        return text
    return "".join(_figure(letter) for letter in unicodedata.normalize("NFKC", text)).strip()


def _figure(letter: str) -> str:
    figure = unicodedata.decimal(letter, None)
    return letter if figure is None else str(figure)


def read_number(kind: str, printed: str, *, issuer: str | None = None) -> ReadNumber:
    """A number as people and spreadsheets write it.

    Args:
        kind: one of `KINDS`.
        printed: as written.
        issuer: the State that issued it, where one says.

    Returns:
        The identifier to ask about, as printed where nothing is wrong with it; None where what is left of it is no
        number any more. The problem is told wherever the number is not what it ought to be.
    """
    text, what = plain(printed), KINDS[kind]
    as_figure = _AS_FIGURE.fullmatch(text)
    if not any(map(str.isalnum, text)):
        return ReadNumber(identifier=None)
    if kind == "wallet":
        return ReadNumber(identifier=Identifier(kind=kind, value=printed))
    if _ROUNDED.fullmatch(text):
        return ReadNumber(
            identifier=None, problem=f"the {what} {printed} was rounded by a spreadsheet, which lost its last figures"
        )
    if as_figure is not None:
        made = read_number(kind, as_figure[1], issuer=issuer)
        told = f"the {what} {printed} went through a spreadsheet, and zeros before it may be lost"
        return ReadNumber(identifier=made.identifier, problem=told if made.problem is None else made.problem)
    return _read_imo(text, printed) if kind == "imo" else _read_other(kind, printed, issuer)


def _read_imo(text: str, printed: str) -> ReadNumber:
    number = imo(text)
    if number is None:
        return ReadNumber(identifier=None, problem=f"{printed!r} is no IMO number")
    wrong = None if number.sound else f"the IMO number {number.value} has a wrong check digit"
    return ReadNumber(identifier=number, problem=wrong)


def _read_other(kind: str, printed: str, issuer: str | None) -> ReadNumber:
    number = Identifier(kind=kind, value=printed, issuer=issuer)
    if not any(map(str.isdigit, number.key)):
        return ReadNumber(identifier=None, problem=f"{printed!r} is no {KINDS[kind]}")
    is_odd = kind == "mmsi" and not _STATION.fullmatch(number.key.removeprefix("mmsi:"))
    return ReadNumber(identifier=number, problem=f"{printed!r} is no MMSI, which has nine figures" if is_odd else None)


def is_same(asked: Identifier, held: Identifier) -> bool:
    """Whether two are one number; those of two States are not, however alike."""
    other_state = asked.issuer is not None and held.issuer is not None and asked.issuer != held.issuer
    return asked.key == held.key and not other_state


def is_proof(asked: Identifier, held: Identifier) -> bool:
    """Whether one number tells who is meant: it is sound and, where States issue it, both sides name the same State."""
    issued = asked.kind not in ISSUED_BY_STATES or (asked.issuer is not None and asked.issuer == held.issuer)
    return asked.sound and issued


def held_as(asked: Identifier, held: Iterable[Identifier]) -> Identifier | None:
    """Which of the numbers held is the one asked about, one that is proof before others; None where none is."""
    same = [each for each in held if is_same(asked, each)]
    return next((each for each in same if is_proof(asked, each)), next(iter(same), None))


def imo(printed: str) -> Identifier | None:
    """The IMO number in a text, or None where there is none; one whose check digit fails is not sound."""
    match = _IMO.fullmatch(printed.strip())
    if match is None:
        return None
    return Identifier(kind="imo", value=match[1], sound=imo_check_digit(match[1]) == int(match[1][6]))


def imo_check_digit(number: str) -> int:
    """What the last digit of an IMO number must be by its first six.

    The last digit of their sum, weighted 7 down to 2 (IMO resolution A.1117(30), annex).
    """
    return sum(weight * int(digit) for weight, digit in zip(range(7, 1, -1), number, strict=False)) % 10


def is_imo_company(printed: str) -> bool:
    """Whether the check digit is that of an IMO company number: the first six digits are weighted 8, 6, 4, 2, 9, 7,
    and the last is that of eleven less the rest of their sum by eleven.

    Args:
        printed: a number as printed; only its digits count.
    """
    digits = [int(letter) for letter in printed if letter.isascii() and letter.isdigit()]
    if len(digits) != 7:
        return False
    total = sum(weight * digit for weight, digit in zip((8, 6, 4, 2, 9, 7), digits[:6], strict=True))
    return (11 - total % 11) % 10 == digits[6]


def read_identifier(text: str) -> Identifier | None:
    """An identifier that stands where a name could: an IMO number, an MMSI, a wallet; None for anything else."""
    written = plain(text)
    number = imo(written)
    if number is not None:
        return number
    station = _MMSI.fullmatch(written)
    if station is not None:
        return Identifier(kind="mmsi", value=station[1])
    return Identifier(kind="wallet", value=written) if _WALLET.fullmatch(written) else None


def identifier_reason(asked: Identifier, held: Identifier) -> str:
    """Why the same number matters, in plain words."""
    what = f"the same {KINDS[asked.kind]}: {asked.value}"
    if not asked.sound:
        return f"{what}, whose check digit is wrong: a false number that someone uses"
    if not is_proof(asked, held):
        return f"{what}; two States may issue the same number, and not both sides say which State issued theirs"
    return what if asked.issuer is None else f"{what}, issued by the same State ({asked.issuer.upper()})"
