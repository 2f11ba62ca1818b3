"""Who may do what: the shipped policies, asked as the code asks them."""

import ast
import re
from pathlib import Path

import pytest

import lanbi
from lanbi.accounts.policy import CedarGate
from lanbi.core.access import ROLES, SYSTEM, Actor
from lanbi.core.errors import Forbidden, Malformed
from stores import POLICIES

SOURCE = Path(lanbi.__file__).parent
ACTION = re.compile(r"[a-z]+\.[a-z_]+")
NAMED = re.compile(r'Lanbi::Action::"([^"]+)"')

# What each role lives by, and what it must not touch.
ALLOWED = {
    "call_taker": ["calls.answer", "calls.read_words", "calls.reveal", "incidents.open", "promises.make"],
    "dispatcher": ["assignments.make", "assignments.preempt", "incidents.close", "calls.answer"],
    "commander": ["units.commission", "journal.see", "assignments.replace", "calls.reveal"],
    "field_unit": ["units.see", "observations.report", "places.see"],
    "analyst": ["incidents.see", "tracks.history", "observations.see"],
    "auditor": ["journal.see", "accounts.see", "calls.see", "promises.see"],
    "administrator": ["accounts.manage", "tokens.manage", "units.commission", "journal.see"],
}
FORBIDDEN = {
    "call_taker": ["assignments.make", "accounts.manage", "journal.see", "units.commission"],
    "dispatcher": ["accounts.manage", "journal.see", "units.commission", "tokens.manage"],
    "commander": ["accounts.manage", "tokens.manage"],
    "field_unit": ["calls.see", "incidents.see", "calls.reveal", "assignments.make", "journal.see"],
    "analyst": ["calls.see", "calls.reveal", "calls.read_words", "incidents.read_words", "tracks.see"],
    "auditor": ["calls.read_words", "calls.reveal", "incidents.read_words", "incidents.note", "tracks.see"],
    "administrator": ["calls.see", "calls.reveal", "incidents.see", "observations.read_words", "tracks.see"],
}
OWN = ["assignments.status", "tracks.report", "units.crew", "units.availability"]


def actor(role: str) -> Actor:
    return Actor(id="x", name="x", role=role, unit_id="u1" if role == "field_unit" else None)


@pytest.fixture(scope="module")
def gate() -> CedarGate:
    return CedarGate(POLICIES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_it_lives_by_and_no_more(gate: CedarGate, role: str) -> None:
    for action in ALLOWED[role]:
        gate.require(actor(role), action)
    for action in FORBIDDEN[role]:
        with pytest.raises(Forbidden) as refused:
            gate.require(actor(role), action)
        assert refused.value.args_by_name == {"action": action, "role": role}


@pytest.mark.parametrize("action", OWN)
def test_a_crew_moves_its_own_unit_only(gate: CedarGate, action: str) -> None:
    crew = actor("field_unit")
    assert gate.allows(crew, action, own=True)
    assert not gate.allows(crew, action, own=False)
    assert not gate.allows(crew, action)


def test_a_role_that_nobody_named_may_nothing(gate: CedarGate) -> None:
    for action in named(POLICIES):
        assert not gate.allows(Actor(id="x", name="x", role="visitor"), action)
        assert gate.allows(SYSTEM, action)


def test_an_action_that_nobody_named_is_for_nobody(gate: CedarGate) -> None:
    for role in ROLES:
        assert not gate.allows(actor(role), "calls.burn")
        assert not gate.allows(actor(role), 'calls.see" , action == Lanbi::Action::"calls.see')


def test_the_same_question_has_the_same_answer(gate: CedarGate) -> None:
    asked = [
        (role, action, own)
        for role in ("commander", "field_unit")
        for action in named(POLICIES)
        for own in (True, False)
    ]
    first = [gate.allows(actor(role), action, own=own) for role, action, own in asked]
    assert [gate.allows(actor(role), action, own=own) for role, action, own in asked] == first
    fresh = CedarGate(POLICIES)
    assert [fresh.allows(actor(role), action, own=own) for role, action, own in asked] == first


# ---------------------------------------- policies and code speak of the same actions


def named(folder: Path) -> set[str]:
    return {name for file in folder.glob("*.cedar") for name in NAMED.findall(file.read_text("utf-8"))}


def asked() -> tuple[dict[str, str], set[str]]:
    """The actions that are put to the gate, with where; and every text in the code that may be one."""
    found: dict[str, str] = {}
    texts: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and ACTION.fullmatch(str(node.value)):
                texts.add(str(node.value))
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "action")]
            if called in ("require", "allows", "LiveKind"):
                for value in given:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        found[value.value] = f"{path.relative_to(SOURCE)}:{node.lineno}"
    return found, texts


def test_every_action_that_the_code_asks_is_in_the_policies() -> None:
    questions, _ = asked()
    assert len(questions) > 20
    missing = {action: where for action, where in questions.items() if action not in named(POLICIES)}
    assert missing == {}, "nobody will ever be allowed these"


def test_every_action_in_the_policies_is_asked_by_the_code() -> None:
    _, texts = asked()
    assert named(POLICIES) <= texts, "these permits permit nothing"


# ---------------------------------------- a site's own folder


def test_a_site_can_forbid(tmp_path: Path) -> None:
    rule = (
        'forbid (principal in Lanbi::Role::"call_taker", action == Lanbi::Action::"calls.reveal", resource);'
    )
    (tmp_path / "own.cedar").write_text(rule, encoding="utf-8")
    strict = CedarGate(POLICIES, tmp_path)
    assert not strict.allows(actor("call_taker"), "calls.reveal")
    assert strict.allows(actor("dispatcher"), "calls.reveal")
    assert strict.allows(actor("call_taker"), "calls.answer")


def test_a_folder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert CedarGate(POLICIES, tmp_path / "none").allows(actor("call_taker"), "calls.answer")


@pytest.mark.parametrize("text", ["permit (", "let everybody in", "permit (principal, action)"])
def test_a_file_that_is_not_cedar_stops_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.cedar").write_text(text, encoding="utf-8")
    with pytest.raises(Malformed) as refused:
        CedarGate(POLICIES, tmp_path)
    assert refused.value.code == "policies-unreadable"


def test_no_policies_at_all_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as refused:
        CedarGate(tmp_path)
    assert refused.value.code == "policies-unreadable"
