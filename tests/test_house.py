"""The house keeps its own rules: what no reader of a change can be trusted to see every time.

Each guard says how many files it looked at (the end of a run lists them) and fails when that is none: a guard
that looks nowhere passes for ever.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "lanbi"
LANGUAGES = ("ht", "fr", "es", "en")
CONTRACTS_TIMEOUT_S = 60
TEXT_BYTES_MAX = 2_000_000


def none_of(hits: Iterable[str]) -> None:
    """Fail with every hit on a line of its own, so that one run shows all there is to mend."""
    lines = list(hits)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} found:", *lines]), pytrace=False)


Looked = Callable[[str, int], None]


@pytest.fixture
def looked(record_property: Callable[[str, object], None]) -> Looked:
    """`looked("modules", 43)`: say how much was looked at; nothing at all is a failure."""

    def say(what: str, count: int) -> None:
        assert count > 0, f"the guard looked at no {what}: it guards nothing"
        record_property("looked_at", f"{count} {what}")

    return say


def ours() -> list[Path]:
    """Every file that is, or is about to be, in git."""
    words = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout
    return [ROOT / name for name in sorted(set(names.split("\0"))) if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file that is ours, with what it says; lock files have a guard of their own."""
    for path in ours():
        if path.name in ("uv.lock", "package-lock.json") or path.stat().st_size > TEXT_BYTES_MAX:
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8", "replace")


def trees(folder: Path) -> list[tuple[Path, ast.Module]]:
    """Every Python file under `folder`, parsed."""
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted(folder.rglob("*.py"))]


def where(path: Path, line: int = 0) -> str:
    """`src/lanbi/core/time.py:12`."""
    return path.relative_to(ROOT).as_posix() + (f":{line}" if line else "")


def line_of(text: str, position: int) -> int:
    """The line number of a position in a text."""
    return text.count("\n", 0, position) + 1


# ---------------------------------------- what is locked comes from two places


def test_python_locks_name_only_the_public_index(looked: Looked) -> None:
    text = (ROOT / "uv.lock").read_text("utf-8")
    hosts = re.findall(r"[a-z+]+://([^/\"]+)", text)
    looked("addresses in uv.lock", len(hosts))
    assert set(hosts) <= {"pypi.org", "files.pythonhosted.org"}


def test_ui_locks_name_only_the_public_registry(looked: Looked) -> None:
    packages = json.loads((ROOT / "ui" / "package-lock.json").read_text("utf-8"))["packages"]
    looked("packages in ui/package-lock.json", len(packages))
    addresses = [package["resolved"] for package in packages.values() if "resolved" in package]
    none_of([one for one in addresses if not one.startswith("https://registry.npmjs.org/")])
    npmrc = (ROOT / "ui" / ".npmrc").read_text("utf-8").split()
    assert "omit-lockfile-registry-resolved=true" in npmrc, (
        "the next `npm install` would write addresses again"
    )


# ---------------------------------------- nothing of one machine, nothing secret

# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = [re.compile(f"/{folder}/") for folder in ("root", "Users", "home/[a-z]+", "work/[a-z]")]
SECRETS = [
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[opsu]_[A-Za-z0-9]{36}\b"),
    re.compile(r"\bglpat-[A-Za-z0-9_-]{20}"),
    re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    re.compile(r"\bpypi-[A-Za-z0-9_-]{50}"),
    re.compile(r"\bxox[abp]-[0-9A-Za-z-]{20}"),
    re.compile(r"\blanbi_[A-Za-z0-9_-]{32}"),
    re.compile(r"://[^/\s:@\"'{}$<>]+:[^/\s@\"'{}$<>]{6,}@[a-z0-9.-]+\.[a-z]{2}"),
]


def found(patterns: Iterable[re.Pattern[str]], path: Path, text: str) -> list[str]:
    """Where any of the patterns stands in a text."""
    return [
        f"{where(path, line_of(text, match.start()))}: {match.group(0)}"
        for pattern in patterns
        for match in pattern.finditer(text)
    ]


def test_no_file_knows_the_machine_it_was_written_on(looked: Looked) -> None:
    files = list(texts())
    looked("text files", len(files))
    none_of([hit for path, text in files for hit in found(MACHINE_PATHS, path, text)])


def test_no_file_holds_a_secret(looked: Looked) -> None:
    files = list(texts())
    looked("text files", len(files))
    none_of([hit for path, text in files for hit in found(SECRETS, path, text)])


# ---------------------------------------- modules


def test_every_module_says_what_it_is_for(looked: Looked) -> None:
    modules = trees(PACKAGE)
    looked("modules", len(modules))
    none_of([where(path) for path, tree in modules if not (ast.get_docstring(tree) or "").strip()])


def test_no_module_is_a_drawer_for_everything(looked: Looked) -> None:
    drawers = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?)$")
    modules = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "ui" / "src").rglob("*.ts")])
    looked("modules", len(modules))
    parts = {path: [path.name.split(".")[0], path.parent.name] for path in modules}
    none_of([where(path) for path, names in parts.items() if any(drawers.search(name) for name in names)])


# ---------------------------------------- sentences


class _Blanks(Visitor):
    """The `$names` that a message fills in."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.names.add(node.id.name)


def sentences(folder: Path) -> dict[str, set[str]]:
    """Every message and attribute in the .ftl files of one language, with its blanks. Junk is a failure."""
    found_here: dict[str, set[str]] = {}
    for path in sorted(folder.glob("**/*.ftl")):
        for entry in FluentParser(with_spans=True).parse(path.read_text("utf-8")).body:
            if isinstance(entry, ftl.Junk):
                pytest.fail(f"{where(path)}: not Fluent: {entry.content!r}")
            if not isinstance(entry, ftl.Message | ftl.Term):
                continue
            name = ("-" if isinstance(entry, ftl.Term) else "") + entry.id.name
            named = [(f"{name}.{attribute.id.name}", attribute.value) for attribute in entry.attributes]
            if entry.value is not None:
                named.append((name, entry.value))
            for key, value in named:
                if key in found_here:
                    pytest.fail(f"{where(path)}: {key} is there twice")
                blanks = _Blanks()
                blanks.visit(value)
                found_here[key] = blanks.names
    return found_here


@pytest.mark.parametrize("folder", ["src/lanbi/locales", "ui/src/i18n"])
def test_every_sentence_exists_in_every_language(folder: str, looked: Looked) -> None:
    said = {language: sentences(ROOT / folder / language) for language in LANGUAGES}
    looked(f"sentences in {folder}", sum(map(len, said.values())))
    every = set().union(*said.values())
    none_of(f"{language}: no {key}" for language, keys in said.items() for key in sorted(every - set(keys)))
    none_of(
        f"{language}: {key} asks for ${blank}, which the English sentence does not"
        for language, keys in said.items()
        for key, blanks in keys.items()
        for blank in sorted(blanks - said["en"][key])
    )


def refusals() -> set[str]:
    """The names of the error classes in core/errors.py."""
    tree = ast.parse((PACKAGE / "core" / "errors.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def codes(tree: ast.Module, names: set[str]) -> Iterator[tuple[int, str]]:
    """(line, code) of every refusal made in a module; a code put together at run time ends in `*`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in names:
            continue
        first = node.args[0]
        for part in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield node.lineno, part.value
            elif isinstance(part, ast.JoinedStr) and part.values and isinstance(part.values[0], ast.Constant):
                yield node.lineno, f"{part.values[0].value}*"


def test_every_refusal_has_its_sentence_and_its_next_step(looked: Looked) -> None:
    names = refusals()
    raised = [(path, *code) for path, tree in trees(PACKAGE) for code in codes(tree, names)]
    looked("refusals", len(raised))
    known = set(sentences(PACKAGE / "locales" / "en"))

    def is_known(code: str, tail: str) -> bool:
        if code.endswith("*"):
            return any(key.startswith(code[:-1]) and key.endswith(tail) for key in known)
        return code + tail in known

    none_of(
        sorted(
            {
                f"{code}{tail} ({where(path, line)})"
                for path, line, code in raised
                for tail in ("", ".hint")
                if not is_known(code, tail)
            }
        )
    )


# ---------------------------------------- tests


def test_no_test_sleeps(looked: Looked) -> None:
    """A sleep is too long on a good day and too short on a bad one: wait for what is awaited."""
    tests = [(path, tree) for path, tree in trees(ROOT / "tests") if path.name != "conftest.py"]
    looked("test modules", len(tests))
    naps = []
    for path, tree in tests:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            words = ast.unparse(node.func)
            zero = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
            if words.split(".")[-1] in ("sleep", "wait_for_timeout") and not zero:
                naps.append(f"{where(path, node.lineno)}: {ast.unparse(node)}")
    none_of(naps)


def test_no_test_asserts_how_fast_this_machine_is(looked: Looked) -> None:
    """Speed is measured by `make bench`; a test that fails on a busy machine teaches people to ignore it."""
    tests = [(path, tree) for path, tree in trees(ROOT / "tests") if path != Path(__file__)]
    looked("test modules", len(tests))
    timed = []
    for path, tree in tests:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {(node.module or "").split(".")[0]}
            else:
                imported = set()
            clock = isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).endswith("perf_counter")
            if "bench" in imported or clock:
                timed.append(where(path, node.lineno))
    none_of(timed)


# ---------------------------------------- documents


def documents() -> list[tuple[Path, str]]:
    """Every Markdown file that is ours."""
    return [(path, path.read_text("utf-8")) for path in ours() if path.suffix == ".md"]


def code_in(text: str) -> str:
    """What stands in a document as code: fenced blocks and spans, one per line."""
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return "\n".join([*fenced, *spans])


def test_docs_link_to_what_exists(looked: Looked) -> None:
    files = documents()
    looked("documents", len(files))
    broken = []
    for path, text in files:
        for match in re.finditer(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            target = match.group(1)
            if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
                broken.append(f"{where(path, line_of(text, match.start()))}: {target}")
    none_of(broken)


def test_docs_name_only_make_targets_that_exist(looked: Looked) -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = [
        (path, target)
        for path, text in documents()
        for target in re.findall(r"^\s*(?:\$ )?make ([a-z][a-z0-9-]*)", code_in(text), re.M)
    ]
    looked("make targets in documents", len(named))
    none_of([f"{where(path)}: make {target}" for path, target in named if target not in targets])


def test_docs_name_only_verbs_that_lanbi_has(looked: Looked) -> None:
    if not (PACKAGE / "cli.py").exists():
        pytest.skip("src/lanbi/cli.py is not there")
    named = [
        (path, verb)
        for path, text in documents()
        for verb in re.findall(
            r"^\s*(?:\$ )?(?:uvx --from \S+ |uv run |\.venv/bin/)?lanbi ([a-z][a-z-]*)", code_in(text), re.M
        )
    ]
    looked("lanbi verbs in documents", len(named))
    said = subprocess.run(
        [str(Path(sys.executable).parent / "lanbi"), "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "COLUMNS": "200"},
    ).stdout
    verbs = set(re.findall(r"^[\s│|]*([a-z][a-z-]*)(?:\s{2,}|\s*[│|]|$)", said, re.M))
    none_of([f"{where(path)}: lanbi {verb}" for path, verb in named if verb not in verbs])


# ---------------------------------------- who may import whom

# "calls", and "crisis/plan": a large domain has parts with the same rooms.
DOMAINS = tuple(sorted(path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("service.py")))
ROOMS = (
    *("cli.py", "bootstrap.py", "config.py", "core/time.py", "record/journal.py", "places/model.py"),
    *("store/store.py", "web/app.py", "bus/memory.py", "demo/night.py", "adapters/cad_csv/codec.py"),
    *(f"{domain}/{room}.py" for domain in DOMAINS for room in ("api", "service", "sql", "model", "events")),
)


def contracts(folder: Path, plant: dict[str, str]) -> tuple[int, str]:
    """Judge a house of empty rooms, with `plant` (file → import) in it, by pyproject's contracts."""
    for room in dict.fromkeys((*ROOMS, *plant)):
        path = folder / "lanbi" / room
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plant.get(room, ""))
        for parent in path.parents:
            if parent == folder:
                break
            (parent / "__init__.py").touch()
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "lint-imports"),
            *("--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=CONTRACTS_TIMEOUT_S,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_import_contracts_let_a_good_house_stand(tmp_path: Path, looked: Looked) -> None:
    looked("rooms", len(ROOMS))
    status, said = contracts(tmp_path, {"calls/service.py": "from lanbi.incidents import events"})
    assert status == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize(
    ("room", "imports", "broken"),
    [
        ("core/time.py", "import lanbi.record.journal", "The house"),
        ("record/journal.py", "import lanbi.places.model", "The house"),
        ("web/app.py", "import lanbi.store.store", "The house"),
        ("demo/night.py", "import lanbi.config", "The house"),
        ("calls/model.py", "import lanbi.web.app", "The house"),
        ("surprises/model.py", "", "The house"),
        ("calls/service.py", "import lanbi.incidents.service", "Domains meet"),
        ("tracks/events.py", "import lanbi.dispatch.model", "Domains meet"),
        ("calls/model.py", "import lanbi.calls.service", "Inside a domain"),
        ("incidents/drawer.py", "", "Inside a domain"),
        ("crisis/service.py", "import lanbi.crisis.plan.service", "Inside a domain"),
        ("crisis/papers/forms.py", "import lanbi.crisis.papers.service", "Inside a domain"),
    ],
)
def test_the_import_contracts_break_on_a_planted_fault(
    room: str, imports: str, broken: str, tmp_path: Path
) -> None:
    status, said = contracts(tmp_path, {room: imports})
    assert status == 1, said
    assert re.search(rf"^{broken}.* BROKEN", said, re.M), said


def test_every_package_stands_in_the_contracts(looked: Looked) -> None:
    """The rooms above are the house as it is, so that the planted faults stay faults of this house."""
    with (ROOT / "pyproject.toml").open("rb") as handle:
        layers = tomllib.load(handle)["tool"]["importlinter"]["contracts"][0]["layers"]
    named = set(re.findall(r"[a-z_]+", " ".join(layers)))
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    looked("packages", len(packages))
    assert packages <= named
