"""Takes OFAC's remarks apart: birth dates, passports, IMO numbers, wallets and links, each as printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bongsu.lists.cleaning import Cleaned
from bongsu.lists.transcript import Entry

# What a remark's part begins with, and the property of the listed entity it states.
PROPERTY_HEADS: Final = {
    "DOB ": "birthDate",
    "POB ": "birthPlace",
    "nationality ": "nationality",
    "Nationality of Registration ": "country",
    "citizen ": "citizenship",
    "Gender ": "gender",
    "Email Address ": "email",
    "Website ": "website",
    "EMAIL ": "email",
    "Phone Number ": "phone",
    "Telephone ": "phone",
    "PHONE ": "phone",
    "SWIFT/BIC ": "swiftBic",
    "D-U-N-S Number ": "dunsCode",
    "Organization Established Date ": "incorporationDate",
    "MMSI ": "mmsi",
    "Former Vessel Flag ": "pastFlags",
    "Vessel Year of Build ": "buildDate",
    "Vessel Flag ": "flag",
    "Other Vessel Flag ": "flag",
    "Vessel Call Sign ": "callSign",
    "Vessel Type ": "type",
    "Other Vessel Type ": "type",
    "Other Vessel Call Sign ": "callSign",
    "Aircraft Manufacture Date ": "buildDate",
    "Aircraft Model ": "model",
    "Aircraft Operator ": "operator",
    "Aircraft Tail Number ": "registrationNumber",
    "Aircraft Manufacturer's Serial Number (MSN) ": "serialNumber",
    "Aircraft Mode S Transponder Code ": "icaoCode",
}
# What concerns the designation rather than the designated.
PROVISION_HEADS: Final = (
    "Secondary sanctions risk:",
    "Additional Sanctions Information",
    "Transactions Prohibited For",
    "Executive Order ",
    "CAATSA Section ",
    "Subject to ",
)
NAME_HEADS: Final = {"a.k.a. ": "weakAlias", "f.k.a. ": "previousName", "n.k.a. ": "weakAlias"}
_VESSEL_IMO: Final = re.compile(
    r"(?:Vessel Registration Identification (?=\d{7}$|IMO )|(?:Identification|Company) Number (?=IMO ))(.*)"
)
_WALLET: Final = re.compile(r"Digital Currency Address - ([A-Z0-9]+) (\S+)")
_DOCUMENT: Final = re.compile(
    r"(?P<type>(?:[A-Z][^\d;]*? )?(?:Passport|No\.?|Number|ID|Card|#|License|SSN|RTN|FEIN|[A-Z]\.[A-Z.]+)) "
    r"(?P<number>(?=(?:[A-Z]{1,3}(?:-[A-Z])? )?\S*\d)\S.*?)"
    r"(?: \((?P<country>[^()]+)\))?"
    r"(?: issued (?P<issued>\d{1,2} [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{2} \d{4}|\d{4}))?"
    r"(?: expires (?P<expires>\d{1,2} [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{2} \d{4}|\d{4}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark with where it stands.

    Args:
        text: what the main file prints of it.
        at: locator in the main file.
        rest: its continuation in the comments, joined without a blank; empty where there is none.
        rest_at: locator of the continuation; empty where there is none.
        cut: whether the file cut it and the continuation was not there: its last part is then not whole.
        title: the entry's title field, which the remark repeats and which may itself hold semicolons.
    """

    text: str
    at: str
    rest: str
    rest_at: str
    cut: bool
    title: str | None


def read_remark(remark: Remark, entry: Entry, rest_entry: Entry, find: Callable[[str], str | None]) -> None:
    """Write down each part of a remark; a part no rule knows is kept as a note.

    Args:
        remark: the remark.
        entry: the page of the listed entity.
        rest_entry: the same page, continued from the comments: a part that ends there is cited from there.
        find: the listing whose main name is the one given, or None.
    """
    printed = remark.text + remark.rest
    text = printed if remark.title is None else _without_title(printed, remark.title)
    main_end = len(remark.text) - (len(printed) - len(text))
    parts = text.split("; ")
    if remark.cut:
        entry.aside(
            "the remark is cut here; its rest stands in sdn_comments.csv, which does not hold it or was not given",
            field="Remarks",
            value=parts.pop(),
            at=remark.at,
        )
    else:
        parts[-1] = parts[-1].removesuffix(".")
    end = 0
    for part in parts:
        end += len(part)
        page, at = (entry, remark.at) if end <= main_end else (rest_entry, remark.rest_at)
        end += len("; ")
        if part.strip(" .;"):
            _read_part(part.strip(), page, at, find)


def _without_title(text: str, title: str) -> str:
    """A remark without the title it repeats; only a whole part is the title, never a word inside another."""
    return re.sub(rf"(^|; ){re.escape(title)}(?:; |\.?$)", lambda match: match[1], text, count=1)


def _read_part(part: str, entry: Entry, at: str, find: Callable[[str], str | None]) -> None:
    bare = part.removeprefix("alt. ")
    if bare.startswith(PROVISION_HEADS):
        entry.sanction("provisions", part, at=at)
    elif bare.startswith("Linked To: "):
        _link(bare.removeprefix("Linked To: "), entry, at, find)
    elif match := _VESSEL_IMO.fullmatch(bare):
        # Ships and the companies that own or manage them are numbered by two schemes under one name.
        entry.say("imoNumber" if entry.schema == "Vessel" else "registrationNumber", match[1], at=at)
    elif match := _WALLET.fullmatch(bare):
        wallet = entry.sub_entity("wallet", "CryptoWallet", {"publicKey": match[2], "currency": match[1]}, at=at)
        entry.link(wallet, "CryptoWallet", "holder", at=at)
    elif (
        not _read_name(bare, entry, at) and not _read_property(bare, entry, at) and not _read_document(bare, entry, at)
    ):
        entry.say("notes", part, at=at)


def _read_name(part: str, entry: Entry, at: str) -> bool:
    for head, prop in NAME_HEADS.items():
        if part.startswith(head):
            entry.say(prop, _unquoted(part.removeprefix(head)), at=at)
            return True
    return False


def _unquoted(name: str) -> str:
    """A name without the one pair of quotes around it; apostrophes of its own ('ABD AL-RAHMAN) stay."""
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _read_property(part: str, entry: Entry, at: str) -> bool:
    for head, prop in PROPERTY_HEADS.items():
        if part.startswith(head):
            entry.say(prop, part.removeprefix(head), at=at)
            return True
    return False


def _read_document(part: str, entry: Entry, at: str) -> bool:
    match = _DOCUMENT.fullmatch(part)
    if match is None:
        return False
    schema = "Passport" if match["type"].endswith("Passport") else "Identification"
    values = {
        "type": match["type"],
        "number": match["number"],
        "country": match["country"],
        "startDate": match["issued"],
        "endDate": match["expires"],
    }
    entry.link(entry.sub_entity(schema.lower(), schema, values, at=at), schema, "holder", at=at)
    return True


def _link(name: str, entry: Entry, at: str, find: Callable[[str], str | None]) -> None:
    """A link to another entry, named by its main name; a name no entry bears is kept as printed and rejected.

    The period that ends a remark stands for that of the name too: `Linked To: KPD S.A.` means KPD S.A.
    """
    targets = {target for target in (find(name), find(f"{name}.")) if target is not None}
    made = (
        Cleaned.of(*targets) if len(targets) == 1 else Cleaned.no("no single entry of this list bears that main name")
    )
    link = entry.sub_entity(
        "link", "UnknownLink", {"object": name, "role": "Linked To"}, at=at, cleaned={"object": made}
    )
    entry.link(link, "UnknownLink", "subject", at=at)
