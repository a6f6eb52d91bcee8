"""The screener: the same hits as comparing all, identifiers before names, and no verdicts."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import UsageError
from bongsu.names import Entity, Identifier, ListedName, Query, Screener, explain, similarity
from bongsu.names.atoms import asked_run_atoms, run_atoms, word_atoms
from bongsu.names.identifiers import imo, read_identifier
from bongsu.names.romanisation import IMPOSSIBLE, readings_of, spellings
from bongsu.names.runs import MOST_COST, least_cost
from bongsu.names.screener import LEAST_SCORE, kind_of
from bongsu.names.several import MOST_NAMES, asked_of, names_in, parts_in
from bongsu.names.words import alike

EVALUATION = Path(__file__).parents[2] / ".." / "shared" / "data" / "eval"


def entity(number: int, schema: str, *names: str, **more: tuple[str, ...]) -> Entity:
    identifiers = tuple(Identifier(kind="imo", value=value) for value in more.pop("imos", ()))
    return Entity(
        id=f"sandbox:{number}",
        schema=schema,
        caption=names[0],
        names=tuple(ListedName(text=name) for name in names),
        identifiers=identifiers,
        birth_dates=more.pop("born", ()),
        sandbox=True,
    )


SHIP = entity(1, "Vessel", "SANDBOX MOK DAE 1", imos=("9074729",))
PERSON = entity(2, "Person", "RI Mok-dae", "Rhee Mok Tae", born=("1961-02-03",))
FIRM = entity(3, "Company", "Korea Mokdae Trading Corporation", "조선목대무역회사")
REGISTER = Screener([SHIP, PERSON, FIRM])


def test_each_entity_is_found_once_by_the_name_that_fits_best() -> None:
    (hit,) = REGISTER.screen(Query(name="LEE Mok Dae", schema="Person"))
    assert (hit.entity, hit.name) == (PERSON, "RI Mok-dae")
    assert hit.reasons[0] == "lee and ri are the same surname (리)"


def test_without_a_kind_all_three_are_asked() -> None:
    assert [hit.entity.id for hit in REGISTER.screen(Query(name="Mokdae Trading"))] == [FIRM.id]


def test_an_imo_number_alone_finds_the_ship_whatever_its_name() -> None:
    for asked in ("9074729", "IMO 9074729", "imo no. 9074729"):
        (hit,) = REGISTER.screen(Query(name=asked))
        assert (hit.entity, hit.name, hit.score) == (SHIP, None, 1.0)
        assert hit.reasons == ("the same IMO number: 9074729",)


def test_numbers_in_letters_of_other_scripts_are_not_the_same_for_having_no_latin_ones() -> None:
    one, other, wide = (Identifier(kind="passport", value=value) for value in ("ЖЩ12", "ЮЯ12", "１２"))
    assert len({one.key, other.key, wide.key}) == 3
    assert wide.key == Identifier(kind="passport", value="1-2").key
    assert Identifier(kind="id", value="?").key != Identifier(kind="id", value="-").key


def test_an_imo_number_in_wide_figures_is_one() -> None:
    assert [hit.entity for hit in REGISTER.screen(Query(name="IMO ９０７４７２９"))] == [SHIP]


def test_the_series_of_a_passport_is_the_same_in_letters_that_look_alike() -> None:
    assert Identifier(kind="passport", value="АВ 12").key == Identifier(kind="passport", value="ab12").key


def test_another_imo_number_beats_the_same_name() -> None:
    other = Query(name="SANDBOX MOKDAE 1", schema="Vessel", identifiers=(Identifier(kind="imo", value="8133530"),))
    assert REGISTER.screen(other, min_score=0.5) == ()
    assert REGISTER.screen(Query(name="SANDBOX MOKDAE 1", schema="Vessel"))[0].score == 1.0


def test_a_false_imo_number_is_a_lead_and_says_so() -> None:
    false = imo("9074720")
    assert false is not None
    assert not false.sound
    ship = Entity(
        id="sandbox:9", schema="Vessel", caption="SANDBOX", names=(ListedName(text="SANDBOX"),), identifiers=(false,)
    )
    (hit,) = Screener([ship]).screen(Query(name="9074720"))
    assert hit.score == 0.9
    assert "check digit is wrong" in hit.reasons[0]


@pytest.mark.parametrize(
    ("asked", "held", "born", "score"),
    [
        ("kp", "kp", "1990", 1.0),
        (None, "kp", "1961", 0.9),
        ("kp", None, "1961", 0.9),
        (None, None, "1990", 0.7),
        ("us", "kp", "1961", None),
    ],
)
def test_a_passport_number_proves_no_more_than_its_issuing_state(
    asked: str | None, held: str | None, born: str, score: float | None
) -> None:
    person = Entity(
        id="sandbox:8",
        schema="Person",
        caption="SANDBOX",
        names=(ListedName(text="SANDBOX"),),
        identifiers=(Identifier(kind="passport", value="900000001", issuer=held),),
        birth_dates=("1961-02-03",),
    )
    passport = Identifier(kind="passport", value="900 000 001", issuer=asked)
    hits = Screener([person]).screen(Query(name="Roe", identifiers=(passport,), birth_dates=(born,)))
    assert [hit.score for hit in hits] == ([] if score is None else [score])
    for hit in hits:
        assert ("two States may issue the same number" in hit.reasons[0]) == (score != 1.0)
        assert ("the birth dates differ" in hit.reasons) == (born == "1990")


def test_birth_dates_that_differ_lower_a_hit_and_a_year_agrees_with_a_day() -> None:
    def score(born: str) -> float:
        return REGISTER.screen(Query(name="RI Mok-dae", schema="Person", birth_dates=(born,)), min_score=0.5)[0].score

    assert score("1961-02-03") == score("1961") == 1.0
    assert score("1962") == 0.75


def test_a_weak_alias_counts_for_less() -> None:
    weak = Entity(id="sandbox:7", schema="Person", caption="X", names=(ListedName(text="RI Mok-dae", weak=True),))
    assert Screener([weak]).screen(Query(name="RI Mok-dae"))[0].score == 0.95


def test_hits_come_by_score_and_then_by_id_and_no_more_than_asked() -> None:
    twins = Screener([entity(number, "Person", "RI Mok-dae") for number in (5, 3, 4)])
    assert [hit.entity.id for hit in twins.screen(Query(name="RI Mok-dae"))] == ["sandbox:3", "sandbox:4", "sandbox:5"]
    assert len(twins.screen(Query(name="RI Mok-dae"), limit=2)) == 2


@pytest.mark.parametrize(
    "asked",
    [
        "RI Mok-dae aka KIM",
        "RI Mok-dae (a.k.a. KIM Su)",
        "KIM Su / RI Mok-dae",
        "KIM Su/RI Mok-dae",
        "KIM Su; RI Mok-dae",
        "김수, 일명 리목대",
        "KIM Su, also known as: Lee Mok Dae",
    ],
)
def test_of_several_names_in_one_cell_each_is_asked(asked: str) -> None:
    (hit,) = REGISTER.screen(Query(name=asked, schema="Person"))
    assert hit.entity == PERSON
    assert hit.reasons[0].startswith("of the names asked, ")


@pytest.mark.parametrize(
    "asked",
    [
        "RI Mok-dae & KIM Su",
        "KIM Su&RI Mok-dae",
        "RI Mok-dae and KIM Su",
        "Mr KIM Su + Mrs RI Mok-dae",
        "RI Mok-dae\nKIM Su",
        "KIM Su\r\nRI Mok-dae",
        "KIM Su | RI Mok-dae",
        "KIM Su, RI Mok-dae",
        "김수、리목대",
        "김수・리목대",
        "김수 및 리목대",
        "리목대 외 1명",
        "리목대외 2인",
        "RI Mok-dae et al.",
        "RI Mok-dae and 2 others",
        "KIM Su or RI Mok-dae",
        "RI Mok-dae - KIM Su",
        "리목대와 김수",
        "김수 와 리목대",
        "Sandbox Ltd: RI Mok-dae",
        'Sandbox "RI Mok-dae"',
        "Estate of RI Mok-dae",
        "RI Mok-dae c/o Sandbox",
        "Sandbox Ltd c/o RI Mok-dae",
        "Sandbox Ltd (RI Mok-dae)",
        "Sandbox Ltd [attn: RI Mok-dae",
        "Sandbox Ltd (KIM Su & RI Mok-dae)",
    ],
)
@pytest.mark.parametrize("schema", ["Person", None])
def test_one_of_several_in_a_cell_is_found(asked: str, schema: str | None) -> None:
    assert PERSON in [hit.entity for hit in REGISTER.screen(Query(name=asked, schema=schema))]


@pytest.mark.parametrize(
    "asked",
    [
        "Sandbox Ltd (Korea Mokdae Trading Corporation)",
        "Sandbox Peony Ltd and Korea Mokdae Trading Corporation",
        "KIM Su c/o Korea Mokdae Trading",
        "조선목대무역회사 외 1개사",
    ],
)
def test_one_of_several_firms_in_a_cell_is_found(asked: str) -> None:
    assert [hit.entity for hit in REGISTER.screen(Query(name=asked, schema="Company"))] == [FIRM]


def test_many_blanks_between_names_cost_no_time() -> None:
    """Split as they stand, so many would take hours."""
    assert names_in("RI Mok-dae" + " " * 20_000 + "aka KIM" + "\n" * 20_000 + "PAK") == ("RI Mok-dae", "KIM", "PAK")


def test_a_firm_of_two_partners_is_asked_whole() -> None:
    partners = entity(4, "Company", "Mokdae & Sandbox")
    (hit,) = Screener([partners]).screen(Query(name="MOKDAE AND SANDBOX LTD", schema="Company"))
    assert (hit.entity, hit.score > 0.9) == (partners, True)


@pytest.mark.parametrize("asked", ["Sandbox Science & Technology Co. Ltd.", "Sandbox Ministry of Defence and Support"])
def test_what_a_firm_does_is_no_firm_of_its_own(asked: str) -> None:
    listed = [entity(5, "Company", "Technology LLC"), entity(6, "Organization", "Ministry of Defence")]
    assert Screener(listed).screen(Query(name=asked)) == ()


def test_a_given_name_behind_a_comma_is_no_name_of_its_own() -> None:
    assert parts_in("SANDBOX, Mok Dae") == ()
    assert parts_in("RI Mok - dae") == ()
    assert parts_in("SANDBOX Mokdae") == ()


def test_other_names_are_asked_too_and_a_number_among_them_is_one() -> None:
    (hit,) = REGISTER.screen(Query(name="Nobody Atall", other_names=("LEE Mok Dae",), schema="Person"))
    assert (hit.entity, hit.reasons[0]) == (PERSON, "of the names asked, LEE Mok Dae")
    assert [hit.entity for hit in REGISTER.screen(Query(name="C001", other_names=("IMO 9074729",)))] == [SHIP]


@pytest.mark.parametrize("others", [6, MOST_NAMES - 1])
def test_the_last_of_many_names_in_one_cell_is_asked_too(others: int) -> None:
    asked = "; ".join([*(f"Nobody {number}" for number in range(others)), "RI Mok-dae"])
    assert [hit.entity for hit in REGISTER.screen(Query(name=asked, schema="Person"))] == [PERSON]


def test_more_names_than_are_asked_are_refused_and_none_is_dropped() -> None:
    with pytest.raises(UsageError, match="holds 101 names, more than 100"):
        REGISTER.screen(Query(name="; ".join(f"Nobody {number}" for number in range(MOST_NAMES + 1))))


@pytest.mark.parametrize(
    "printed", ["SANDBOX S/A", "A/S Sandbox", "c/o Sandbox", "M/V SANDBOX", "SANDBOX 1/2", "Aka Ltd"]
)
def test_a_slash_within_a_name_parts_none(printed: str) -> None:
    assert names_in(printed) == (printed,)


@given(
    names=st.lists(
        st.sampled_from(["RI Mok-dae", "Korea Mokdae Bank", "김수대", "Sandbox Co. Ltd."]), min_size=1, unique=True
    ),
    sign=st.sampled_from([" / ", " aka ", " a.k.a. ", "; ", ", formerly known as ", " AKA: "]),
)
def test_the_names_in_a_cell_come_back_in_their_order(names: list[str], sign: str) -> None:
    assert names_in(sign.join(names)) == tuple(names)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("SANDBOX PEONY", "Sandbox Moran"),
        ("모란", "PEONY CO LTD"),
        ("Eastern Mokdae", "Vostochnaya Mokdae"),
        ("XUEHUA TRADE", "Solhwa Trading"),
        ("SMTB", "Sandbox Mokdae Trading Bureau"),
        ("KOREAN PEOPLE'S ARMY", "Korean kansanarmeija"),
    ],
)
def test_the_index_finds_translations_readings_and_initials_both_ways(asked: str, listed: str) -> None:
    for one, other in ((asked, listed), (listed, asked)):
        (hit,) = Screener([entity(1, "Company", other)]).screen(Query(name=one, schema="Company"))
        assert hit.score == pytest.approx(similarity(one, other, "Company"))


def test_a_korean_name_of_a_person_is_found_among_names_that_are_none() -> None:
    """Two Korean names meet by their syllables alone, a Korean one and another by their words."""
    register = Screener([entity(1, "Person", "Xavier Pak"), entity(2, "Person", "PAK Su-dae")])
    assert [hit.entity.id for hit in register.screen(Query(name="Su Dae Pak", schema="Person"))] == ["sandbox:2"]
    assert [hit.entity.id for hit in register.screen(Query(name="Pak Xavier", schema="Person"))] == ["sandbox:1"]


@pytest.mark.parametrize("score", [0.0, 0.49, 1.01])
def test_a_score_that_the_index_does_not_hold_is_refused(score: float) -> None:
    with pytest.raises(UsageError):
        REGISTER.screen(Query(name="x"), min_score=score)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_hides_every_hit_is_refused(limit: int) -> None:
    with pytest.raises(UsageError, match="would hide all of them"):
        REGISTER.screen(Query(name="RI Mok-dae"), limit=limit)


@pytest.mark.parametrize("schema", ["person", "PERSON", "Person"])
def test_a_kind_is_known_in_any_case(schema: str) -> None:
    (hit,) = REGISTER.screen(Query(name="Lee Mok Dae", schema=schema))
    assert hit.entity == PERSON


@pytest.mark.parametrize("schema", ["", "human", "Individual", "CryptoWallet"])
def test_a_kind_that_is_not_known_is_refused_by_name(schema: str) -> None:
    with pytest.raises(UsageError, match=f"'{schema}' is no kind"):
        REGISTER.screen(Query(name="RI Mok-dae", schema=schema))


@pytest.mark.parametrize(
    ("asked", "schema", "found"),
    [("RI MOK DAE", "Company", PERSON), ("Mok Dae Ri", "Vessel", PERSON), ("Sandbox Mok Dae 1", "Person", SHIP)],
)
def test_a_wrong_kind_hides_no_exact_name(asked: str, schema: str, found: Entity) -> None:
    hits = {hit.entity: hit for hit in REGISTER.screen(Query(name=asked, schema=schema))}
    assert hits[found].score == 0.95
    assert hits[found].reasons[0].startswith("asked about as a")
    assert hits[found].reasons[0].endswith("listed as a ship" if found is SHIP else "listed as a person")


def test_a_name_that_is_only_alike_is_not_shown_under_another_kind() -> None:
    assert REGISTER.screen(Query(name="LEE Mok Dae", schema="Vessel")) == ()


def test_many_queries_are_answered_one_by_one() -> None:
    endless = (Query(name="RI Mok-dae", schema="Person") for _ in iter(int, 1))
    answers = REGISTER.screen_many(endless)
    assert [len(next(answers)[1]) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("text", ["123", "씨", "Dr.", "-" * 500 + "a", "가" * 500, "x\x00"])
def test_no_text_breaks_the_screener(text: str) -> None:
    REGISTER.screen(Query(name=text), min_score=0.5)


CP949 = "리목대".encode("cp949").decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CP949, "no text: some of its bytes are not UTF-8 .*CP949"),
        (f"RI {CP949}", "no text"),
        ("RI \ufffd\ufffd", "letters of the name were lost"),
        ("", "neither a name nor a number"),
        (" \t", "neither a name nor a number"),
        *(
            (text, "no letter or figure")
            for text in ("?!", "()", "\x00", "-" * 500, "\u200b\u2060", "\u3164", "\u2800")
        ),
    ],
)
def test_what_is_no_name_is_refused_and_never_answered_with_no_hit(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        REGISTER.screen(Query(name=text))
    if text.strip():
        with pytest.raises(UsageError, match=says):
            REGISTER.screen(Query(name="RI Mok-dae", other_names=(text,)))


def test_what_cannot_be_seen_within_a_name_is_not_read() -> None:
    assert [hit.entity for hit in REGISTER.screen(Query(name="\ufeffRI Mok\u200b-dae\u200e", schema="Person"))] == [
        PERSON
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "Kim ",
        "ri-",
        "yo",
        "yong won ",
        "김 ",
        "水",
        "AB. ",
        "Korea ",
        "x(",
        "1 ",
        "가-",
        "Co ",
        "nanang",
        "xianan ",
        "태평양",
    ],
)
def test_a_hostile_name_costs_no_more_than_a_long_one(piece: str) -> None:
    """Each of these would have more readings than there are atoms, were they all made."""
    long = piece * 3000
    for schema in ("Person", "Organization", "Vessel"):
        assert similarity(long, long, schema) > 0
        assert similarity(long, "Ri Mok-dae", schema) < LEAST_SCORE
        assert similarity(long, "ccccccz", schema) < LEAST_SCORE  # seven letters that no beginnings make up
        explain(long, piece * 2999, schema)
    listed = Entity(id="sandbox:8", schema="Person", caption="X", names=(ListedName(text=long),))
    with pytest.raises(UsageError, match="longer than 600 letters or 40 words"):
        Screener([listed]).screen(Query(name=long), min_score=0.5)


@pytest.mark.parametrize("remark", ["x" * 600, "so on " * 40])
def test_a_name_behind_more_than_is_read_is_refused_not_left_unread(remark: str) -> None:
    with pytest.raises(UsageError, match="the rest would not be read"):
        REGISTER.screen(Query(name=f"{remark} RI Mok-dae"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9074729", "imo"),
        ("440123456", "mmsi"),
        ("0x" + "ab" * 20, "wallet"),
        ("RI Mok-dae", None),
        ("90747291", None),
    ],
)
def test_an_identifier_is_told_from_a_name(text: str, kind: str | None) -> None:
    read = read_identifier(text)
    assert (None if read is None else read.kind) == kind


written = st.sampled_from(sorted(spellings()))
runs = st.lists(written, min_size=1, max_size=4).map(tuple)


@st.composite
def two_readings(draw: st.DrawFn) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A run, and the same sounds written otherwise, one syllable perhaps near only."""
    one = draw(runs)
    by_reading = draw(st.lists(st.integers(0, 10**6), min_size=len(one), max_size=len(one)))
    other = []
    for syllable, pick in zip(one, by_reading, strict=True):
        readings = sorted(readings_of(syllable))
        other.append(readings[pick % len(readings)])
    return one, tuple(other)


@given(pair=two_readings())
def test_two_runs_that_match_share_an_atom(pair: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    one, other = pair
    if least_cost([one], [other], MOST_COST) <= MOST_COST < IMPOSSIBLE:
        assert asked_run_atoms([one]) & run_atoms([other])


@given(one=runs, other=runs)
def test_two_runs_that_are_near_share_an_atom_that_is_asked_for(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    if least_cost([one], [other], MOST_COST) <= MOST_COST:
        assert asked_run_atoms([one]) & run_atoms([other])


@given(word=st.text(alphabet="abcdefgijknoruy", min_size=1, max_size=14), data=st.data())
def test_two_words_that_are_alike_share_an_atom(word: str, data: st.DataObject) -> None:
    letters = list(word)
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(letters)))
        match data.draw(st.sampled_from(["add", "drop", "swap", "change"])):
            case "add":
                letters.insert(place, data.draw(st.sampled_from("abcdefgijknoruy")))
            case "drop" if place < len(letters):
                del letters[place]
            case "swap" if place + 1 < len(letters):
                letters[place], letters[place + 1] = letters[place + 1], letters[place]
            case "change" if place < len(letters):
                letters[place] = data.draw(st.sampled_from("abcdefgijknoruy"))
    other = "".join(letters)
    if other and alike(word, other) > 0:
        assert word_atoms(word) & word_atoms(other)


def test_the_index_finds_what_comparing_all_finds_on_real_names() -> None:
    """Every hit at or above the least score, with the same score, for queries of every script and set."""
    if not (EVALUATION / "screen_gallery_dev.csv").is_file():
        pytest.skip("the evaluation files are not here (expected under ../shared/data/eval)")
    gallery: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _rows("screen_gallery_dev.csv"):
        gallery[row["group"], row["schema"]].append(row["name"])
    entities = [
        Entity(id=f"{group}/{schema}", schema=schema, caption=names[0], names=tuple(map(_listed, names)))
        for (group, schema), names in gallery.items()
    ]
    screener = Screener(entities)
    for query in _rows("screen_queries_dev.csv")[::8]:
        found = screener.screen(Query(name=query["query"], schema=query["schema"]), min_score=LEAST_SCORE)
        asked = asked_of(kind_of(query["schema"]), [query["query"]])
        meant = {
            each.id: max(similarity(one, name.text, query["schema"]) for one in asked for name in each.names)
            for each in entities
            if kind_of(each.schema) == kind_of(query["schema"])
        }
        expected = {key: score for key, score in meant.items() if score >= LEAST_SCORE}
        assert {hit.entity.id: hit.score for hit in found} == pytest.approx(expected), query


def _rows(name: str) -> list[dict[str, str]]:
    with (EVALUATION / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _listed(text: str) -> ListedName:
    return ListedName(text=text)
