"""What the vocabulary promises: to the person who reads a label, and to the site that adds its own."""

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanbi.core.access import LANGUAGES, ROLES
from lanbi.core.errors import Malformed, TooLarge
from lanbi.core.vocabulary import (
    CODE_CHARS_MAX,
    FILE_BYTES_MAX,
    FIXED,
    LABEL_CHARS_MAX,
    TABLES,
    TERMS_MAX,
    Vocabulary,
    load,
)

SHIPPED = load()

OPEN_TABLES = sorted(set(TABLES) - FIXED)

# What GET /vocabulary owes to its readers, by the contract of the API.
API_FIELDS = {
    "incident_types": {"code", "labels", "priority", "needs", "group"},
    "priorities": {"code", "labels", "meaning"},
    "capabilities": {"code", "labels"},
    "unit_kinds": {"code", "labels", "prefix", "capabilities"},
    "dispositions": {"code", "labels"},
    "languages": {"code", "labels"},
    "channels": {"code", "labels"},
    "relations": {"code", "labels"},
    "availability_reasons": {"code", "labels"},
    "promise_kinds": {"code", "labels", "due_in_s"},
    "assignment_statuses": {"code", "labels", "letter", "order", "next", "radio"},
    "clocks": {"code", "labels"},
    "norms": {"code", "labels", "seconds", "share", "from", "to", "priorities", "source", "checked"},
    "purposes": {"code", "labels"},
    "observation_kinds": {"code", "labels"},
    "area_sources": {"code", "labels"},
    "confidences": {"code", "labels"},
}


def four(text: str) -> str:
    return "\n".join(f'{lang} = "{text} {lang}"' for lang in LANGUAGES)


def site(folder: Path, **contents: str) -> Vocabulary:
    """The vocabulary of a site whose folder holds these files."""
    for name, text in contents.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load(folder)


# -- what is shipped ---------------------------------------------------------------------------


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_shipped_table_has_terms_that_nobody_can_confuse(table: str) -> None:
    terms = SHIPPED.tables[table].values()
    assert terms, "an empty table is a list with nothing to choose"
    for lang in LANGUAGES:
        labels = [term.labels[lang].casefold() for term in terms]
        assert len(set(labels)) == len(labels), f"two terms of {table} read the same in {lang}"
        assert all(0 < len(label) <= LABEL_CHARS_MAX for label in labels)


def test_kreyol_keeps_to_the_official_orthography() -> None:
    # Letters and signs that the spelling of 1979 does not have; capitals stand for acronyms (SMS, AVC).
    foreign = re.compile(r"['’]|[qx]|c(?!h)|[éêëâîïôûùç]|(?<![o])u(?!i)")
    texts = [
        text
        for table in SHIPPED.tables.values()
        for term in table.values()
        for text in (term.labels["ht"], getattr(term, "meaning", {}).get("ht", ""))
    ]
    assert len(texts) > 300
    assert [text for text in texts if foreign.search(text)] == []


def test_labels_use_the_typographic_apostrophe() -> None:
    labels = [
        term.labels[lang]
        for table in SHIPPED.tables.values()
        for term in table.values()
        for lang in LANGUAGES
    ]
    assert len(labels) > 1_200
    assert [label for label in labels if "'" in label] == []


def test_incident_types_cover_what_the_floor_is_called_for() -> None:
    types = SHIPPED.tables["incident_types"]
    assert len(types) >= 40
    used = {SHIPPED.term("incident_types", code).group for code in types}
    assert used == set(SHIPPED.tables["incident_groups"]), "no group is empty, none is missing"
    assert {SHIPPED.term("incident_types", code).priority for code in types} == {"P0", "P1", "P2", "P3", "P4"}


def test_an_assignment_runs_forward_and_always_can_end() -> None:
    statuses = {
        code: SHIPPED.term("assignment_statuses", code) for code in SHIPPED.tables["assignment_statuses"]
    }
    ended = {code for code, status in statuses.items() if not status.next}
    assert ended == {"cleared", "cancelled", "preempted", "replaced"}
    for code, status in statuses.items():
        assert all(statuses[after].order > status.order for after in status.next), f"{code} leads backwards"
        assert (status.letter == "") == (code in ended)

    def can_clear(code: str) -> bool:
        return "cleared" in statuses[code].next or any(can_clear(after) for after in statuses[code].next)

    assert all(can_clear(code) for code in statuses if code not in ended)


def test_board_letters_and_radio_digits_say_the_same_for_unit_and_assignment() -> None:
    letters = {code: SHIPPED.term("unit_states", code).letter for code in SHIPPED.tables["unit_states"]}
    assert letters == {
        "available": "A", "assigned": "D", "en_route": "R", "on_scene": "S", "transporting": "T",
        "at_destination": "H", "out_of_service": "X",
    }  # fmt: skip
    for code in ("assigned", "en_route", "on_scene", "transporting", "at_destination"):
        state, status = SHIPPED.term("unit_states", code), SHIPPED.term("assignment_statuses", code)
        assert (state.letter, state.radio, state.labels) == (
            status.letter, status.radio, status.labels | {"fr": state.labels["fr"], "es": state.labels["es"]},
        )  # fmt: skip
    digits = [SHIPPED.term("unit_states", code).radio for code in letters]
    said = [digit for digit in digits if digit is not None]
    assert len(set(said)) == len(said) == 6


def test_every_role_of_the_policies_has_a_name() -> None:
    assert set(SHIPPED.tables["roles"]) == {*ROLES, "system"}


def test_norms_of_the_status_line_are_the_four_that_the_floor_shows() -> None:
    norms = [SHIPPED.term("norms", code) for code in SHIPPED.tables["norms"]]
    assert [(norm.from_, norm.to, norm.seconds, norm.share) for norm in norms if norm.shown] == [
        ("ring", "answer", 15, 0.9),
        ("answer", "notified", 60, 0.9),
        ("notified", "acknowledged", 30, 0.9),
        ("notified", "on_scene", 540, 0.9),
    ]
    assert {norm.code for norm in norms if not norm.checked} == {
        "turnout_ems", "turnout_fire", "travel_first", "arrival_urban", "arrival_suburban", "arrival_rural",
    }  # fmt: skip


def test_json_has_the_shape_of_the_api_and_survives_the_wire() -> None:
    answer = json.loads(json.dumps(SHIPPED.as_json()))
    assert set(answer) == set(TABLES)
    for table, fields in API_FIELDS.items():
        for term in answer[table]:
            assert fields <= set(term), f"{table}/{term['code']}"
            assert set(term["labels"]) == set(LANGUAGES)
    trapped = next(term for term in answer["incident_types"] if term["code"] == "road_accident_trapped")
    assert trapped["needs"] == [
        {"capability": "ambulance_basic", "count": 2},
        {"capability": "fire_engine", "count": 1},
        {"capability": "extrication", "count": 1},
    ]


# -- looking up --------------------------------------------------------------------------------


def test_a_known_code_is_found_and_an_unknown_one_is_refused_with_the_nearest() -> None:
    assert SHIPPED.term("incident_types", "road_accident").labels["ht"] == "Aksidan wout"
    with pytest.raises(Malformed) as refused:
        SHIPPED.term("incident_types", "road_acident")
    assert refused.value.code == "unknown-term"
    args = refused.value.args_by_name
    assert (args["table"], args["code"]) == ("incident_types", "road_acident")
    assert str(args["nearest"]).split(", ")[0] == "road_accident"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("aksidan wout", "road_accident"), ("akouchemen", "childbirth"), ("incendio de mercado", "market_fire")],
)
def test_nearest_understands_a_label_in_any_language(typed: str, meant: str) -> None:
    assert SHIPPED.nearest("incident_types", typed).split(", ")[0] == meant


def test_nothing_near_suggests_nothing() -> None:
    assert SHIPPED.nearest("incident_types", "zzzzzzzzzzzz") == ""
    assert SHIPPED.nearest("incident_types", "") == ""


def test_a_retired_term_labels_old_rows_but_not_new_ones(tmp_path: Path) -> None:
    own = site(tmp_path, own="[incident_types.noise]\nretired = true\n")
    assert own.term("incident_types", "noise").labels == SHIPPED.term("incident_types", "noise").labels
    assert own.usable("incident_types", "fight").code == "fight"
    with pytest.raises(Malformed) as refused:
        own.usable("incident_types", "noise")
    assert refused.value.code == "retired-term"
    assert "noise" not in own.nearest("incident_types", "noise").split(", ")


# -- a site's own folder -----------------------------------------------------------------------


def test_a_site_without_a_folder_has_what_is_shipped(tmp_path: Path) -> None:
    assert load(tmp_path / "absent") == SHIPPED
    assert load(tmp_path) == SHIPPED


def test_a_site_adds_a_type_with_its_own_capability(tmp_path: Path) -> None:
    own = site(
        tmp_path,
        own=f"""
[capabilities.helicopter]
{four("elikoptè")}

[incident_types.cruise_ship]
{four("Kwazyè")}
group = "sea"
priority = "P2"
needs = {{ boat = 2, helicopter = 1 }}
""",
    )
    added = own.term("incident_types", "cruise_ship")
    assert [(need.capability, need.count) for need in added.needs] == [("boat", 2), ("helicopter", 1)]
    assert set(own.tables["incident_types"]) == {*SHIPPED.tables["incident_types"], "cruise_ship"}


def test_a_site_rewords_one_language_and_keeps_the_others(tmp_path: Path) -> None:
    own = site(tmp_path, own='[incident_types.shooting]\nht = "Kout zam"\npriority = "P0"\n')
    shipped, reworded = (v.term("incident_types", "shooting") for v in (SHIPPED, own))
    assert reworded.labels == {**shipped.labels, "ht": "Kout zam"}
    assert (reworded.priority, reworded.needs) == ("P0", shipped.needs)


def test_a_site_rewords_a_fixed_table_but_cannot_rearrange_it(tmp_path: Path) -> None:
    own = site(tmp_path, own='[clocks.ring]\nht = "Telefòn sonnen"\n[priorities.P1]\nmeaning.ht = "Kouri."\n')
    assert own.term("clocks", "ring").labels["ht"] == "Telefòn sonnen"
    assert own.term("priorities", "P1").meaning["ht"] == "Kouri."
    assert own.term("priorities", "P1").meaning["fr"] == SHIPPED.term("priorities", "P1").meaning["fr"]
    for text in (
        f"[clocks.coffee]\n{four('Kafe')}",
        "[clocks.ring]\nretired = true",
        '[assignment_statuses.cleared]\nnext = ["assigned"]',
    ):
        with pytest.raises(Malformed) as refused:
            site(tmp_path, own=text)
        assert refused.value.code == "vocabulary-fixed"


CRUISE = 'group = "sea"\npriority = "P2"'


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("[incident_types.cruise", "vocabulary-unreadable", {}),
        (
            f"[incident_type.cruise]\n{four('Kwazyè')}",
            "vocabulary-unknown-table",
            {"table": "incident_type", "nearest": "incident_types, incident_groups"},
        ),
        (
            f"[capabilities.helicopter]\n{four('x')}".replace("es =", "#"),
            "vocabulary-missing",
            {"table": "capabilities", "term": "helicopter", "missing": "es"},
        ),
        ('[capabilities.boat]\nht = " "', "vocabulary-missing", {"term": "boat", "missing": "ht"}),
        (
            f'[capabilities.boat]\nfr = "{"x" * (LABEL_CHARS_MAX + 1)}"',
            "vocabulary-text",
            {"term": "boat", "lang": "fr", "limit": LABEL_CHARS_MAX},
        ),
        ('[capabilities.boat]\nfr = "a\\nb"', "vocabulary-text", {"term": "boat"}),
        ('[priorities.P0]\nmeaning.pt = "x"', "vocabulary-text", {"term": "P0", "field": "meaning"}),
        (f"[capabilities.Hélico]\n{four('x')}".replace("Hélico", '"Hélico"'), "vocabulary-code", {}),
        (f"[capabilities.{'x' * (CODE_CHARS_MAX + 1)}]\n{four('x')}", "vocabulary-code", {}),
        ('[capabilities.boat]\npt = "lancha"', "vocabulary-field", {"term": "boat"}),
        ('[capabilities.boat]\nlabels = { ht = "x" }', "vocabulary-field", {"term": "boat"}),
        ('capabilities = "boat"', "vocabulary-field", {"table": "capabilities"}),
        ('capabilities.boat = "boat"', "vocabulary-field", {"term": "boat"}),
        (f"[incident_types.cruise]\n{four('x')}", "vocabulary-field", {"term": "cruise"}),
        (
            f"[incident_types.cruise]\n{four('x')}\n{CRUISE}\nneeds = {{ boat = 0 }}",
            "vocabulary-field",
            {"term": "cruise"},
        ),
        (
            f"[incident_types.cruise]\n{four('x')}\n{CRUISE}\nneeds = {{ boatt = 1 }}",
            "vocabulary-dangling",
            {
                "term": "cruise",
                "field": "needs",
                "refers": "boatt",
                "target": "capabilities",
                "nearest": "boat",
            },
        ),
        ('[norms.processing]\nfrom = "lunch"', "vocabulary-dangling", {"field": "from", "refers": "lunch"}),
        ("[norms.processing]\nshare = 90", "vocabulary-field", {"term": "processing"}),
    ],
)
def test_a_faulty_file_is_refused_by_name(
    tmp_path: Path, text: str, code: str, says: dict[str, object]
) -> None:
    with pytest.raises(Malformed) as refused:
        site(tmp_path, own=text)
    assert refused.value.code == code
    args = refused.value.args_by_name
    assert str(args["file"]) == str(tmp_path / "own.toml")
    assert {name: args[name] for name in says} == says


def test_two_files_of_a_site_may_not_argue_about_one_term(tmp_path: Path) -> None:
    text = '[capabilities.boat]\nht = "kannòt"\n'
    assert site(tmp_path, a=text).term("capabilities", "boat").labels["ht"] == "kannòt"
    with pytest.raises(Malformed) as refused:
        site(tmp_path, b=text)
    assert refused.value.code == "vocabulary-twice"
    assert refused.value.args_by_name["other"] == str(tmp_path / "a.toml")


def test_bytes_that_are_not_utf8_and_files_beyond_the_limits_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes("[capabilities.boat]\nht = 'kannòt'".encode("latin-1"))
    with pytest.raises(Malformed, match="vocabulary-unreadable"):
        load(tmp_path)
    file.write_bytes(b"#" * (FILE_BYTES_MAX + 1))
    with pytest.raises(TooLarge, match="vocabulary-too-large"):
        load(tmp_path)
    file.write_text("".join(f"[capabilities.c{n}]\n" for n in range(TERMS_MAX + 1)), encoding="utf-8")
    with pytest.raises(TooLarge, match="vocabulary-too-many"):
        load(tmp_path)


label = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=LABEL_CHARS_MAX).filter(
    lambda text: text.isprintable() and text == text.strip()
)
plain_tables = st.sampled_from([name for name in OPEN_TABLES if TABLES[name].__struct_fields__ == (
    "code", "labels", "retired",
)])  # fmt: skip
shipped_terms = st.sampled_from([(name, code) for name, table in SHIPPED.tables.items() for code in table])
new_codes = st.from_regex(r"site_[a-z][a-z0-9]{0,10}", fullmatch=True)


@settings(deadline=None, max_examples=60)
@given(
    reworded=st.dictionaries(
        shipped_terms, st.dictionaries(st.sampled_from(LANGUAGES), label, min_size=1), max_size=6
    ),
    added=st.dictionaries(
        st.tuples(plain_tables, new_codes), st.fixed_dictionaries(dict.fromkeys(LANGUAGES, label)), max_size=6
    ),
)
def test_a_site_changes_what_it_names_and_nothing_else(
    reworded: dict[tuple[str, str], dict[str, str]], added: dict[tuple[str, str], dict[str, str]]
) -> None:
    lines: list[str] = []
    for (table, code), labels in {**reworded, **added}.items():
        lines.append(f'[{table}."{code}"]')
        lines += [f"{lang} = {json.dumps(text, ensure_ascii=False)}" for lang, text in labels.items()]
    with tempfile.TemporaryDirectory() as folder:
        own = site(Path(folder), own="\n".join(lines))
    for name, table in SHIPPED.tables.items():
        codes = list(own.tables[name])
        assert codes[: len(table)] == list(table), "shipped terms stay, in their order"
        assert set(codes[len(table) :]) == {code for where, code in added if where == name}
        for code, term in table.items():
            given_labels = reworded.get((name, code), {})
            assert own.tables[name][code].labels == {**term.labels, **given_labels}
            if not given_labels:
                assert own.tables[name][code] == term
    for (name, code), labels in added.items():
        assert own.tables[name][code].labels == labels


# -- the guide ---------------------------------------------------------------------------------


def test_every_example_of_the_guide_loads_and_every_table_is_in_it(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "vocabulary.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    own = site(tmp_path, **{f"example{n}": example for n, example in enumerate(examples)})
    assert own.term("incident_types", "crane_accident").group == "rescue"
    assert own.term("incident_types", "noise").retired
    assert own.term("norms", "processing_ours").shown
    rows = re.findall(r"^\| (`.*?) \| (yes|reword only) \|", guide, re.MULTILINE)
    said = {table: answer for names, answer in rows for table in re.findall(r"`(\w+)`", names)}
    assert said == {table: "reword only" if table in FIXED else "yes" for table in TABLES}
