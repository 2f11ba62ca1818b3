"""Every verb as a person runs it: another process, its words, its exit status, what is on the disk after."""

import re
import signal
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.nodes import LANBI, PASSWORD, Machine, NodeProcess, lanbi
from lanbi.core.access import LANGUAGES
from lanbi.locales import hint, say

ROOT = Path(__file__).resolve().parents[2]
VERBS = (
    "serve", "demo", "token", "account", "verify", "backup", "restore", "checkpoint",
    "import places", "import map", "import calls",
)  # fmt: skip
GAZETTEER = (
    "code,kind,name,name_ht,lat,lon,radius_m\n"
    "legliz,church,Église Saint-Michel,Legliz Sen Michèl,18.5585,-72.2985,100\n"
)
MONTGOMERY = (
    "lat,lng,desc,zip,title,timeStamp,twp,addr,e\n"
    '40.2978759,-75.5812935,"REINDEER CT & DEAD END;  NEW HANOVER; Station 332; 2015-12-10 @ 17:10:52;",'
    "19525,EMS: BACK PAINS/INJURY,2015-12-10 17:10:52,NEW HANOVER,REINDEER CT & DEAD END,1\n"
    '40.2580614,-75.2646799,"BRIAR PATH & WHITEMARSH LN;  HATFIELD TOWNSHIP; 2015-12-10 @ 17:29:21;",'
    "19446,Fire: GAS-ODOR/LEAK,2015-12-10 17:29:21,HATFIELD TOWNSHIP,BRIAR PATH & WHITEMARSH LN,1\n"
)


def flat(text: str) -> str:
    """The text in one line, with single plain spaces."""
    return " ".join(text.split())


def told(done: "subprocess.CompletedProcess[str]") -> str:
    """What a verb said on its error stream, in one line."""
    return flat(done.stderr)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[NodeProcess]:
    """A node that is not started yet; whatever becomes of it, it is gone in the end."""
    made = NodeProcess(tmp_path / "node")
    yield made
    made.close()


def machine(data: Path, base: str, role: str) -> Machine:
    """A machine with a key that the command line made."""
    key = lanbi("token", "--data", data, "--role", role)
    assert key.returncode == 0, key.stderr
    assert re.fullmatch(r"lanbi_\S+\n", key.stdout), "the key stands alone on its line"
    return Machine(base, key.stdout.strip())


# -- help --------------------------------------------------------------------------------


def test_every_verb_says_what_it_does_with_an_example_that_names_itself() -> None:
    asked = {
        verb: subprocess.Popen(
            [*LANBI, *verb.split(), "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for verb in VERBS
    }
    for verb, process in asked.items():
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, (verb, err)
        assert f"Example: lanbi {verb} " in flat(out), verb


def test_the_list_of_verbs_is_whole_and_a_version_is_told() -> None:
    whole = lanbi("--help").stdout
    inside = lanbi("import", "--help").stdout
    for verb in VERBS:
        assert verb.split()[-1] in (inside if verb.startswith("import") else whole), verb
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", lanbi("--version").stdout)


def test_a_verb_that_does_not_exist_is_refused() -> None:
    done = lanbi("sevre")
    assert done.returncode != 0
    assert "sevre" in done.stdout + done.stderr


# -- refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_a_sentence_and_a_next_step_on_the_error_stream(lang: str, tmp_path: Path) -> None:
    gone = tmp_path / "none.sqlite"
    done = lanbi("restore", gone, "--data", tmp_path / "new", lang=lang)
    assert done.returncode == 1
    assert done.stdout == ""
    assert flat(say(lang, "cli-file-none", file=str(gone))) in told(done)
    assert flat(hint(lang, "cli-file-none")) in told(done)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "code", "args"),
    [
        (("backup", "--data", "{none}", "--to", "{new}"), "store-none", {"file": "{none}/lanbi.sqlite"}),
        (("checkpoint", "--data", "{none}"), "cli-file-none", {"file": "{none}/lanbi.sqlite"}),
        (("import", "places", "{new}", "--data", "{none}"), "cli-file-none", {"file": "{new}"}),
        (("import", "map", "{new}", "--data", "{none}"), "cli-file-none", {"file": "{new}"}),
        (
            ("import", "calls", "{new}", "--as", "montgomery", "--data", "{none}"),
            "cli-file-none",
            {"file": "{new}"},
        ),
        (
            ("serve", "--data", "{none}", "--host", "0.0.0.0"),  # noqa: S104 - that it is refused is the point
            "cli-tls-missing",
            {"host": "0.0.0.0"},  # noqa: S104
        ),
        (("token", "--data", "{made}", "--role", "king"), "role-unknown", None),
        (("account", "Plas Un", "--data", "{made}", "--role", "call_taker"), "login-unusable", None),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_each_verb_refuses_with_a_sentence_of_its_own(
    tmp_path: Path, words: tuple[str, ...], code: str, args: dict[str, str] | None
) -> None:
    paths = {name: str(tmp_path / name) for name in ("none", "new", "made")}
    done = lanbi(*(word.format(**paths) for word in words), given=f"{PASSWORD}\n", lang="fr")
    assert done.returncode == 1, done.stdout
    if args is not None:
        named = {name: value.format(**paths) for name, value in args.items()}
        assert flat(say("fr", code, **named)) in told(done)
    step = flat(hint("fr", code)).split(":")[0]
    assert step in told(done), told(done)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists(), "a refused verb leaves no folder behind"


def test_a_short_password_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    data = tmp_path / "node"
    done = lanbi("account", "plas1", "--data", data, "--role", "call_taker", given="kout\n", lang="ht")
    assert done.returncode == 1
    assert flat(say("ht", "password-length", least=12, most=256)) in told(done)
    assert not data.exists()


def test_a_second_account_of_one_login_is_refused(tmp_path: Path) -> None:
    words = ("account", "plas1", "--data", tmp_path / "node", "--role", "call_taker")
    made = lanbi(*words, given=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    assert "plas1" in made.stdout
    again = lanbi(*words, given=f"{PASSWORD}\n", lang="es")
    assert again.returncode == 1
    assert flat(say("es", "login-taken", login="plas1")) in told(again)


# -- a node ------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = lanbi("serve", "--data", tmp_path / "node", "--port", str(port), lang="es")
    assert done.returncode == 1
    assert flat(say("es", "cli-port-taken", port=port)) in told(done)
    assert flat(hint("es", "cli-port-taken", port=port)) in told(done)


def test_two_nodes_on_one_folder_are_refused_and_the_first_goes_on(node: NodeProcess) -> None:
    node.start()
    for words in (
        ("serve", "--data", node.data, "--port", "0"),
        ("token", "--data", node.data, "--role", "auditor"),
        ("account", "plas9", "--data", node.data, "--role", "auditor"),
    ):
        done = lanbi(*words, given=f"{PASSWORD}\n", lang="fr")
        assert done.returncode == 1, words
        assert flat(say("fr", "store-in-use", folder=str(node.data))) in told(done), words
        assert flat(hint("fr", "store-in-use")) in told(done), words
    assert node.stop() == 0


def test_a_node_tells_where_it_is_and_stops_cleanly_with_a_signed_checkpoint(node: NodeProcess) -> None:
    keeper = machine(node.data, node.base, "auditor")
    line = machine(node.data, node.base, "call_taker")
    node.start()
    shown = node.log.read_text()
    assert node.base in shown
    assert str(node.data) in shown
    line.post("/calls", {"channel": "voice", "number": "+509 00 00 01 42"})
    size = keeper.entries()[-1]["seq"]
    assert node.stop() == 0
    assert "Traceback" not in node.log.read_text()

    printed = lanbi("checkpoint", "--data", node.data)
    assert printed.returncode == 0, printed.stderr
    kind, _site, signed, *_rest = printed.stdout.splitlines()
    assert kind == "lanbi-checkpoint/1"
    assert int(signed) >= size, "all that was written is signed"
    held = lanbi("verify", node.data / "lanbi.sqlite")
    assert held.returncode == 0, held.stdout
    assert "0 entries after the last checkpoint" in flat(held.stdout)
    for one in (keeper, line):
        one.close()


def test_control_c_stops_a_node_as_cleanly(node: NodeProcess) -> None:
    node.start()
    assert node.end(signal.SIGINT) in (0, 130)
    assert "Traceback" not in node.log.read_text()


# -- keeping -----------------------------------------------------------------------------


def incidents(of: Machine) -> list[Any]:
    return sorted(of.everything("/incidents"), key=lambda row: row["number"])


def test_a_backup_under_load_is_verified_and_restored_to_the_same_incidents(
    node: NodeProcess, tmp_path: Path
) -> None:
    radio = machine(node.data, node.base, "dispatcher")
    node.start()
    enough, stop = threading.Event(), threading.Event()
    opened: list[Any] = []

    def work() -> None:
        busy = Machine(node.base, radio.token)
        while not stop.is_set():
            opened.append(busy.post("/incidents", {"type": "house_fire", "title": f"Dife {len(opened)}"}))
            if len(opened) >= 40:
                enough.set()
        busy.close()

    copy = tmp_path / "copy.sqlite"
    hand = threading.Thread(target=work)
    hand.start()
    try:
        assert enough.wait(60)
        before = len(opened)
        kept = lanbi("backup", "--data", node.data, "--to", copy)
        assert kept.returncode == 0, kept.stderr
    finally:
        stop.set()
        hand.join()
    assert not copy.with_name(copy.name + ".part").exists()
    assert copy.stat().st_mode & 0o077 == 0, "for its owner's eyes only"
    held = lanbi("verify", copy)
    assert held.returncode == 0, held.stdout
    again = lanbi("backup", "--data", node.data, "--to", copy, lang="ht")
    assert again.returncode == 1
    assert flat(say("ht", "backup-exists", file=str(copy))) in told(again)
    original = incidents(radio)
    node.stop()
    radio.close()

    back = NodeProcess(tmp_path / "back")
    restored = lanbi("restore", copy, "--data", back.data, "--key", node.data / "site.key")
    assert restored.returncode == 0, restored.stderr
    occupied = lanbi("restore", copy, "--data", back.data, lang="fr")
    assert occupied.returncode == 1
    assert flat(say("fr", "restore-occupied", folder=str(back.data))) in told(occupied)
    assert flat(hint("fr", "restore-occupied")) in told(occupied)
    try:
        back.start()
        there = Machine(back.base, radio.token)
        found = incidents(there)
        assert len(found) >= before, "all that was answered before the copy began"
        assert found == original[: len(found)]
        there.post("/incidents", {"type": "house_fire", "title": "Lavi kontinye"})
        there.close()
    finally:
        back.close()
    assert lanbi("verify", back.data / "lanbi.sqlite").returncode == 0


def test_an_altered_copy_is_named_by_its_entry_and_never_restored(node: NodeProcess, tmp_path: Path) -> None:
    node.start()
    node.stop()
    copy = tmp_path / "copy.sqlite"
    assert lanbi("backup", "--data", node.data, "--to", copy).returncode == 0
    base = sqlite3.connect(copy)
    seq = base.execute("SELECT MAX(seq) FROM journal").fetchone()[0]
    base.execute("UPDATE journal SET actor = 'somebody' WHERE seq = ?", (seq,))
    base.commit()
    base.close()
    broken = lanbi("verify", copy)
    assert broken.returncode == 1
    assert f"#{seq}" in broken.stdout
    refused = lanbi("restore", copy, "--data", tmp_path / "new", lang="en")
    assert refused.returncode == 1
    assert flat(say("en", "backup-broken", file=str(copy), entry=seq)) in told(refused)
    assert not (tmp_path / "new" / "lanbi.sqlite").exists()


# -- taking in ---------------------------------------------------------------------------


def test_places_come_in_once_and_are_found_in_kreyol(node: NodeProcess, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(GAZETTEER, encoding="utf-8")
    dry = lanbi("import", "places", file, "--data", node.data, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    first = lanbi("import", "places", file, "--data", node.data, lang="fr")
    assert first.returncode == 0, first.stderr
    assert say("fr", "cli-places-imported", added=1, changed=0, unchanged=0, refused=0) in first.stdout
    second = lanbi("import", "places", file, "--data", node.data)
    assert say("en", "cli-places-imported", added=0, changed=0, unchanged=1, refused=0) in second.stdout
    line = machine(node.data, node.base, "call_taker")
    node.start()
    [found] = line.get("/places?q=deye legliz sen michel&limit=1")["items"]
    assert (found["lat"], found["lon"]) == (18.5585, -72.2985)
    line.close()


def test_a_bad_row_is_named_by_its_line_in_the_readers_language(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(GAZETTEER + "swapped,church,Legliz,,-72.29,18.55,100\n", encoding="utf-8")
    done = lanbi("import", "places", file, "--data", tmp_path / "node", lang="ht")
    assert say("ht", "cli-places-imported", added=1, changed=0, unchanged=0, refused=1) in done.stdout
    assert say("ht", "cli-bad-row", line=3, reason="").rstrip(" .") in done.stdout
    assert done.returncode == 1, "a script must see that something was refused"


# -- the README --------------------------------------------------------------------------


def commands() -> list[str]:
    """The lines of the README's block of commands, without their comments."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## Commands\n+```sh\n(.*?)```", text, re.DOTALL)
    assert block is not None
    lines = [line.split("#")[0].strip() for line in block.group(1).splitlines()]
    return [line for line in lines if line]


def write_extract(file: Path) -> None:
    """A street and a hospital as an OpenStreetMap extract."""
    osmium = pytest.importorskip("osmium")
    from osmium.osm import mutable

    with osmium.SimpleWriter(str(file)) as writer:
        for number, (lat, lon) in enumerate([(18.55, -72.30), (18.56, -72.29), (18.57, -72.28)], start=1):
            tags = {"amenity": "hospital", "name": "Lopital"} if number == 3 else {}
            writer.add_node(mutable.Node(id=number, location=(lon, lat), tags=tags))
        writer.add_way(mutable.Way(id=1, nodes=[1, 2, 3], tags={"highway": "primary", "name": "Dèlma 33"}))


def test_every_command_of_the_readme_runs(tmp_path: Path) -> None:
    data, new = tmp_path / "node", tmp_path / "new"
    files = {
        "lanbi import calls": tmp_path / "911.csv",
        "lanbi import places": tmp_path / "places.csv",
        "lanbi import map": tmp_path / "haiti.osm.pbf",
        "lanbi backup": tmp_path / "copy.sqlite",
    }
    files["lanbi import calls"].write_text(MONTGOMERY)
    files["lanbi import places"].write_text(GAZETTEER, encoding="utf-8")
    write_extract(files["lanbi import map"])
    serve, *others = commands()
    assert serve.startswith("lanbi serve --data DIR")
    assert {" ".join(line.split()[:2]) for line in others} >= {
        "lanbi account", "lanbi token", "lanbi import", "lanbi backup", "lanbi restore", "lanbi verify",
    }  # fmt: skip
    node = NodeProcess(data)
    try:
        node.start()
    finally:
        node.close()
    for line in others:
        verb = next((verb for verb in files if line.startswith(verb)), "lanbi backup")
        # Another centre's calls bring that centre's ground with them: they want a folder of their own.
        folder = tmp_path / "county" if "import calls" in line else data
        spelled = line.replace("FILE.osm.pbf", "FILE").replace("NEWDIR", str(new)).replace("DIR", str(folder))
        words = spelled.replace("FILE", str(files[verb])).split()
        done = lanbi(*words[1:], given=f"{PASSWORD}\n", timeout_s=120)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    back = NodeProcess(new)
    try:
        back.start()
    finally:
        back.close()
