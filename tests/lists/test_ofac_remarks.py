"""OFAC's remarks, part by part: what each of the shapes found in the list becomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources.ofac_remarks import NAME_HEADS, PROPERTY_HEADS, PROVISION_HEADS, Remark, read_remark
from bongsu.lists.transcript import Transcript

Read = Callable[..., Reading]
Fact = tuple[str, str, str, str | None]
KINDS = {"Person": "individual", "Organization": "-0- ", "Vessel": "vessel", "Airplane": "aircraft"}
# Whom remarks may be linked to: one name borne once, one borne twice, one that ends in a period, one by apostrophes.
OTHERS = (
    (90101, "SANDBOX MINISTRY"),
    (90102, "SANDBOX TWINS"),
    (90103, "SANDBOX TWINS"),
    (90104, "SANDBOX TRADING CO., LTD."),
    (90105, "SANDBOX 'AL-BAB' CO"),
    (90106, "SANDBOX BOTH"),
    (90107, "SANDBOX BOTH."),
)


@pytest.fixture(scope="module")
def read_remarks(ofac: Read) -> Callable[..., Reading]:
    """Reads a list of one entity with a remark, and a few others it may be linked to."""

    def read(remark: str, schema: str = "Person", title: str = "-0- ") -> Reading:
        lines = io.StringIO()
        writer = csv.writer(lines)
        writer.writerow([90001, "SANDBOX ENTITY", KINDS[schema], "DPRK", title, *["-0- "] * 6, remark])
        writer.writerows([number, name, *["-0- "] * 10] for number, name in OTHERS)
        return ofac(lines.getvalue())

    return read


@pytest.fixture(scope="module")
def facts(read_remarks: Callable[..., Reading]) -> Callable[..., list[Fact]]:
    """What a remark says: schema, property, printed and cleaned, without the frame every entry has."""

    def read(remark: str, schema: str = "Person", title: str = "-0- ") -> list[Fact]:
        rows = [row for row in read_remarks(remark, schema, title).statements if row.listing == "ofac_sdn:90001"]
        frame = {"name", "authority", "authorityId", "program", "holder", "subject", "role", "position"}
        return [(row.schema, row.prop, row.value, row.cleaned) for row in rows if row.prop not in frame]

    return read


@pytest.mark.parametrize(
    ("remark", "prop", "value", "cleaned"),
    [
        ("DOB 18 Feb 1962.", "birthDate", "18 Feb 1962", "1962-02-18"),
        ("DOB Feb 1962.", "birthDate", "Feb 1962", "1962-02"),
        ("DOB 1962.", "birthDate", "1962", "1962"),
        ("alt. DOB 18 Feb 1962.", "birthDate", "18 Feb 1962", "1962-02-18"),
        ("DOB circa 1947.", "birthDate", "circa 1947", None),
        ("DOB 1946 to 1947.", "birthDate", "1946 to 1947", None),
        ("DOB 30 Feb 1962.", "birthDate", "30 Feb 1962", None),
        ("POB Pyongan-Pukto, North Korea.", "birthPlace", "Pyongan-Pukto, North Korea", "Pyongan-Pukto, North Korea"),
        ("alt. POB Sandbox-si.", "birthPlace", "Sandbox-si", "Sandbox-si"),
        ("nationality Korea, North.", "nationality", "Korea, North", "kp"),
        ("citizen Vanuatu.", "citizenship", "Vanuatu", "vu"),
        ("Gender Female.", "gender", "Female", "female"),
        ("Email Address box@sandbox.invalid.", "email", "box@sandbox.invalid", "box@sandbox.invalid"),
        ("EMAIL box@sandbox.invalid.", "email", "box@sandbox.invalid", "box@sandbox.invalid"),
        ("PHONE 850 2 000 0000.", "phone", "850 2 000 0000", "850 2 000 0000"),
        ("Website www.sandbox.invalid.", "website", "www.sandbox.invalid", "www.sandbox.invalid"),
        ("SWIFT/BIC SANDKPPY.", "swiftBic", "SANDKPPY", "SANDKPPY"),
        ("Organization Established Date 15 Apr 1999.", "incorporationDate", "15 Apr 1999", "1999-04-15"),
        ("D-U-N-S Number 00-000-0000.", "dunsCode", "00-000-0000", "00-000-0000"),
        ("all offices worldwide.", "notes", "all offices worldwide", "all offices worldwide"),
        ("arrested 31 Mar 2003.", "notes", "arrested 31 Mar 2003", "arrested 31 Mar 2003"),
    ],
)
def test_a_plain_part_states_one_property(
    remark: str, prop: str, value: str, cleaned: str | None, facts: Callable[..., list[Fact]]
) -> None:
    assert facts(remark) == [("Person", prop, value, cleaned)]


@pytest.mark.parametrize(
    ("remark", "prop", "value", "cleaned"),
    [
        ("Vessel Registration Identification IMO 1000007.", "imoNumber", "IMO 1000007", "IMO1000007"),
        ("Vessel Registration Identification 1000007.", "imoNumber", "1000007", "IMO1000007"),
        ("Identification Number IMO 1000007.", "imoNumber", "IMO 1000007", "IMO1000007"),
        ("Vessel Registration Identification IMO 1000008.", "imoNumber", "IMO 1000008", None),
        ("Vessel Registration Identification IMO 15411.", "imoNumber", "IMO 15411", None),
        ("Vessel Registration Identification IMO Does not exist.", "imoNumber", "IMO Does not exist", None),
        ("MMSI 445000000.", "mmsi", "445000000", "445000000"),
        ("MMSI 12345678.", "mmsi", "12345678", None),
        ("Vessel Flag Togo.", "flag", "Togo", "tg"),
        ("Other Vessel Flag Tanzania.", "flag", "Tanzania", "tz"),
        ("Former Vessel Flag None Identified.", "pastFlags", "None Identified", None),
        (
            "alt. Former Vessel Flag St. Vincent and the Grenadines.",
            "pastFlags",
            "St. Vincent and the Grenadines",
            "vc",
        ),
        ("Vessel Year of Build 1991.", "buildDate", "1991", "1991"),
        ("Vessel Call Sign HMSB.", "callSign", "HMSB", "HMSB"),
        ("Vessel Type General Cargo.", "type", "General Cargo", "General Cargo"),
        ("f.k.a. 'SANDBOX NINE'.", "previousName", "SANDBOX NINE", "SANDBOX NINE"),
    ],
)
def test_a_ships_part_states_one_property(
    remark: str, prop: str, value: str, cleaned: str | None, facts: Callable[..., list[Fact]]
) -> None:
    assert facts(remark, "Vessel") == [("Vessel", prop, value, cleaned)]


def test_a_companys_imo_number_is_no_ships(facts: Callable[..., list[Fact]]) -> None:
    for head in ("Identification Number", "Company Number", "Vessel Registration Identification"):
        assert facts(f"{head} IMO 0000001.", "Organization") == [
            ("Organization", "registrationNumber", "IMO 0000001", "IMO 0000001")
        ]


def test_an_aircrafts_parts_state_its_properties(facts: Callable[..., list[Fact]]) -> None:
    remark = (
        "Aircraft Manufacture Date 1992; Aircraft Model SANDBOX-76; Aircraft Operator SANDBOX AIR; "
        "Aircraft Manufacturer's Serial Number (MSN) 90001; Aircraft Tail Number SB-001; "
        "Aircraft Mode S Transponder Code 5A4DB0."
    )
    assert [(prop, value) for _, prop, value, _ in facts(remark, "Airplane")] == [
        ("buildDate", "1992"),
        ("model", "SANDBOX-76"),
        ("operator", "SANDBOX AIR"),
        ("serialNumber", "90001"),
        ("registrationNumber", "SB-001"),
        ("icaoCode", "5A4DB0"),
    ]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("'SANDBOX'", "SANDBOX"),
        ("'ABU-'UMAR'", "ABU-'UMAR"),
        ("''ABD AL-RAHMAN'", "'ABD AL-RAHMAN"),
        ("'EL PATRON''", "EL PATRON'"),
        ("''THE SANDBOX''", "'THE SANDBOX'"),
        ("'DAR'A, Abu'", "DAR'A, Abu"),
        ("'SANDBOX CO., LTD.'", "SANDBOX CO., LTD."),
        ("SANDBOX BARE", "SANDBOX BARE"),
        ("SANDBOX'S", "SANDBOX'S"),
    ],
)
def test_a_name_loses_its_one_pair_of_quotes_and_keeps_its_apostrophes(
    printed: str, name: str, facts: Callable[..., list[Fact]]
) -> None:
    assert facts(f"DOB 1962; a.k.a. {printed}.")[1:] == [("Person", "weakAlias", name, name)]
    assert facts(f"alt. f.k.a. {printed}; DOB 1962.")[:1] == [("Person", "previousName", name, name)]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("Passport 472310082", {"type": "Passport", "number": "472310082"}),
        (
            "Passport PS 472330208 (Korea, North) expires 04 Jul 2017",
            {"number": "PS 472330208", "country": "Korea, North", "endDate": "04 Jul 2017"},
        ),
        (
            "alt. Passport 381420754 issued 07 Dec 2011 expires 07 Dec 2016",
            {"number": "381420754", "startDate": "07 Dec 2011", "endDate": "07 Dec 2016"},
        ),
        (
            "Passport RL 1794375 (Lebanon) issued Jun 2013 expires 2018",
            {"number": "RL 1794375", "country": "Lebanon", "startDate": "Jun 2013", "endDate": "2018"},
        ),
        ("Passport TR-P 614166 (Turkey)", {"number": "TR-P 614166", "country": "Turkey"}),
        ("Diplomatic Passport 836410063 (Korea, North)", {"type": "Diplomatic Passport", "number": "836410063"}),
    ],
)
def test_a_passport_is_a_thing_of_its_own(
    part: str, expected: dict[str, str], facts: Callable[..., list[Fact]]
) -> None:
    found = {prop: value for schema, prop, value, _ in facts(f"{part}.") if schema == "Passport"}
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("part", "kind", "number", "country"),
    [
        ("National ID No. 900101-1 (Korea, South)", "National ID No.", "900101-1", "Korea, South"),
        ("alt. Tax ID No. 900-01", "Tax ID No.", "900-01", None),
        ("Cedula No. 90001 (Colombia)", "Cedula No.", "90001", "Colombia"),
        ("NIT # 90001-0 (Colombia)", "NIT #", "90001-0", "Colombia"),
        ("C.U.R.P. SAND900101 (Mexico)", "C.U.R.P.", "SAND900101", "Mexico"),
        ("Registration ID HRB 34095 (Germany)", "Registration ID", "HRB 34095", "Germany"),
        ("Driver's License No. 90001", "Driver's License No.", "90001", None),
        ("US FEIN 00-0000000", "US FEIN", "00-0000000", None),
    ],
)
def test_another_document_is_an_identification(
    part: str, kind: str, number: str, country: str | None, facts: Callable[..., list[Fact]]
) -> None:
    found = [(schema, prop, value) for schema, prop, value, _ in facts(f"{part}.", "Organization")]
    expected = [("Identification", "type", kind), ("Identification", "number", number)]
    assert found == expected + ([] if country is None else [("Identification", "country", country)])


def test_wallets_carry_their_currency_with_or_without_alt(facts: Callable[..., list[Fact]]) -> None:
    remark = (
        "Digital Currency Address - XBT 1SANDBOX; alt. Digital Currency Address - ETH 0x5a4d; "
        "Digital Currency Address - USDT TSAND."
    )
    found = [(prop, value) for schema, prop, value, _ in facts(remark) if schema == "CryptoWallet"]
    assert found == [
        ("publicKey", "1SANDBOX"),
        ("currency", "XBT"),
        ("publicKey", "0x5a4d"),
        ("currency", "ETH"),
        ("publicKey", "TSAND"),
        ("currency", "USDT"),
    ]


@pytest.mark.parametrize(
    ("remark", "value", "target"),
    [
        ("Linked To: SANDBOX MINISTRY.", "SANDBOX MINISTRY", "ofac_sdn:90101"),
        ("Linked To: SANDBOX TRADING CO., LTD.", "SANDBOX TRADING CO., LTD", "ofac_sdn:90104"),
        ("Linked To: SANDBOX TRADING CO., LTD.; DOB 1962.", "SANDBOX TRADING CO., LTD.", "ofac_sdn:90104"),
        ("Linked To: SANDBOX 'AL-BAB' CO.", "SANDBOX 'AL-BAB' CO", "ofac_sdn:90105"),
        ("Linked To: SANDBOX TWINS.", "SANDBOX TWINS", None),
        ("Linked To: SANDBOX BOTH.", "SANDBOX BOTH", None),
        ("Linked To: SANDBOX NOBODY.", "SANDBOX NOBODY", None),
        ("Linked To: sandbox ministry.", "sandbox ministry", None),
    ],
)
def test_a_link_is_resolved_only_to_the_one_entry_that_bears_the_name(
    remark: str, value: str, target: str | None, facts: Callable[..., list[Fact]]
) -> None:
    found = [(kept, cleaned) for _, prop, kept, cleaned in facts(remark) if prop == "object"]
    assert found == [(value, target)]


@pytest.mark.parametrize(
    "part",
    [
        "Secondary sanctions risk: North Korea Sanctions Regulations, sections 510.201 and 510.210",
        "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions: section 510.214",
        "Additional Sanctions Information - Subject to Secondary Sanctions",
        "Executive Order 13846 information: invented",
        "CAATSA Section 235 Information: invented",
    ],
)
def test_what_concerns_the_designation_is_said_of_it(part: str, facts: Callable[..., list[Fact]]) -> None:
    assert facts(f"{part}.") == [("Sanction", "provisions", part, part)]


@pytest.mark.parametrize(
    ("title", "remark", "left"),
    [
        ("Minister", "DOB 1962; Minister; POB Sandbox-si.", ["1962", "Sandbox-si"]),
        (
            "Minister; Chairman of SANDBOX",
            "DOB 1962; Minister; Chairman of SANDBOX; POB Sandbox-si.",
            ["1962", "Sandbox-si"],
        ),
        ("Minister", "Minister; DOB 1962.", ["1962"]),
        ("Minister", "DOB 1962; Minister.", ["1962"]),
        ("Minister", "Minister.", []),
        ("Minister (acting) +1", "DOB 1962; Minister (acting) +1.", ["1962"]),
        ("Minister", "DOB 1962; Prime Minister; POB Ministerville.", ["1962", "Prime Minister", "Ministerville"]),
        ("Minister", "DOB 1962; Ministerial aide; Minister.", ["1962", "Ministerial aide"]),
        ("San", "POB Sandbox; a.k.a. 'San'.", ["Sandbox", "San"]),
        ("Minister", "DOB 1962; former Minister; DOB 1963.", ["1962", "former Minister", "1963"]),
    ],
)
def test_the_title_is_taken_out_as_a_whole_part_and_never_from_inside_another(
    title: str, remark: str, left: list[str], facts: Callable[..., list[Fact]]
) -> None:
    assert [value for _, _, value, _ in facts(remark, title=title)] == left


def test_an_unknown_part_is_a_note_word_for_word(facts: Callable[..., list[Fact]]) -> None:
    assert facts("alt. SANDBOX of no known head 42; (Arabic: صندوق).") == [
        ("Person", "notes", "alt. SANDBOX of no known head 42", "alt. SANDBOX of no known head 42"),
        ("Person", "notes", "(Arabic: صندوق)", "(Arabic: صندوق)"),
    ]


def test_every_head_is_reached_by_a_part_of_its_own(facts: Callable[..., list[Fact]]) -> None:
    for head, prop in {**PROPERTY_HEADS, **NAME_HEADS}.items():
        assert [found for _, found, _, _ in facts(f"{head}SANDBOX.")] == [prop], head
    for head in PROVISION_HEADS:
        assert [found for _, found, _, _ in facts(f"{head} SANDBOX.")] == ["provisions"], head


WORDS = st.sampled_from(
    [
        *PROPERTY_HEADS,
        *NAME_HEADS,
        "Passport ",
        "No. 1 ",
        "IMO ",
        "alt. ",
        "; ",
        ". ",
        "(",
        ")",
        "'",
        "1962",
        "SANDBOX ",
    ]
)


def statements_of(text: str, title: str | None, rest: str = "") -> list[Statement]:
    part = Part(name="sdn", exhibit="0" * 64, content=b"")
    comments = Part(name="comments", exhibit="1" * 64, content=b"")
    transcript = Transcript()
    page = transcript.entry(part, listing="ofac_sdn:90001", schema="Person", locator="row=1")
    remark = Remark(text=text, at="row=1", rest=rest, rest_at="row=9", cut=False, title=title)
    read_remark(remark, page, page.on(comments), lambda _: None)
    return transcript.statements


@settings(deadline=None)
@given(
    text=st.lists(WORDS, max_size=30).map("".join), title=st.none() | st.sampled_from(["SANDBOX", "1962", "(", "A; B"])
)
def test_every_word_of_any_remark_is_said_somewhere(text: str, title: str | None) -> None:
    """Nothing of a remark is lost but its heads, its title and its punctuation."""
    heads = {word for head in (*PROPERTY_HEADS, *NAME_HEADS, "alt.") for word in head.split()}
    said = " ".join(row.value for row in statements_of(text, title))
    kept = f"{said} {title or ''}"
    for word in text.split():
        bare = word.strip("'().;")
        assert not bare or bare in kept or word.strip(".;") in heads or word.strip(";") in heads


@given(text=st.lists(WORDS, max_size=20).map("".join), cut=st.integers(0, 200), title=st.none() | st.just("SANDBOX"))
def test_a_continued_remark_says_what_it_would_say_in_one_piece(text: str, cut: int, title: str | None) -> None:
    whole = statements_of(text, title)
    continued = statements_of(text[:cut], title, text[cut:])
    assert [row.id for row in continued] == [row.id for row in whole]


def test_a_part_is_cited_from_the_file_in_which_it_ends() -> None:
    rows = statements_of("DOB 1962; POB Sand", None, "box-si; Gender Male.")
    assert [(row.value, row.exhibit[0], row.locator) for row in rows] == [
        ("1962", "0", "row=1"),
        ("Sandbox-si", "1", "row=9"),
        ("Male", "1", "row=9"),
    ]
