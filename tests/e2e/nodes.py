"""A real `lanbi` as another process, and machines that speak to it over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

LANBI = [sys.executable, "-m", "lanbi"]
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
CLI_TIMEOUT_S = 60.0
ASK_TIMEOUT_S = 20.0
STEP_S = 0.02
PASSWORD = "legliz dèyè mòn nan"


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lanbi(
    *words: str | Path, lang: str = "en", given: str = "", timeout_s: float = CLI_TIMEOUT_S
) -> "subprocess.CompletedProcess[str]":
    """Runs one verb to its end. `given`: what stands on its standard input."""
    return subprocess.run(
        [*LANBI, *map(str, words)],
        input=given,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        env={**os.environ, "LANBI_LANG": lang, "COLUMNS": "200", "NO_COLOR": "1"},
    )


class Machine:
    """Speaks to a node with a token; every answer that is no success fails the test with its sentence."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base, token
        self._client = httpx.Client(
            base_url=f"{base}/api/v1",
            headers={"authorization": f"Bearer {token}", "accept-language": "en"},
            timeout=ASK_TIMEOUT_S,
            trust_env=False,
        )

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """The bare response; header names are written with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.request(method, path, json=body, headers=named)

    def get(self, path: str) -> Any:
        return self._good(self.ask("GET", path))

    def post(self, path: str, body: Any = None) -> Any:
        return self._good(self.ask("POST", path, {} if body is None else body))

    def everything(self, path: str) -> list[Any]:
        """All rows of a list, page after page, in the order in which it gives them."""
        rows: list[Any] = []
        cursor: str | None = None
        while True:
            join = "&" if "?" in path else "?"
            page = self.get(f"{path}{join}limit=200{f'&cursor={cursor}' if cursor else ''}")
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows

    def entries(self, subject: str = "") -> list[Any]:
        """The journal, oldest first, of one subject or whole."""
        return self.everything(f"/journal{f'?subject={subject}' if subject else ''}")[::-1]

    def kinds(self, subject: str = "") -> list[str]:
        return [entry["kind"] for entry in self.entries(subject)]

    def close(self) -> None:
        self._client.close()

    @staticmethod
    def _good(response: httpx.Response) -> Any:
        assert response.is_success, f"{response.request.method} {response.request.url}: {response.text}"
        return response.json()


class NodeProcess:
    """`lanbi serve` or `lanbi demo` on a folder and a port; may be ended and begun again there."""

    def __init__(self, data: Path, *, verb: str = "serve", store: str | None = None, port: int = 0) -> None:
        self.data = data
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = data.with_name(data.name + ".log")
        self._words = [verb, "--data", str(data), "--port", str(self.port)]
        if store is not None:
            self._words += ["--store", store]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "start it first"
        return self._process.pid

    def start(self) -> None:
        """Returns when it answers; fails with what it said when it does not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*LANBI, *self._words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "LANBI_LANG": "en", "NO_COLOR": "1"},
            )
        end = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                if httpx.get(f"{self.base}/api/v1/healthz", timeout=2, trust_env=False).is_success:
                    return
            except httpx.TransportError:
                pass
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"the node did not start:\n{self.log.read_text()[-3000:]}")
            with suppress(subprocess.TimeoutExpired):  # a node that dies meanwhile is noticed at once
                self._process.wait(STEP_S)

    def end(self, sign: int) -> int:
        """Sends a signal and waits for the end → the exit status."""
        process = self._process
        assert process is not None, "start it first"
        self._process = None
        if process.poll() is None:
            process.send_signal(sign)
        try:
            return process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(
                f"no end {STOP_TIMEOUT_S} s after signal {sign}:\n{self.log.read_text()[-3000:]}"
            ) from None

    def stop(self) -> int:
        """In good order."""
        return self.end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self.end(signal.SIGKILL)

    def close(self) -> None:
        """Whatever state it is in, it is gone afterwards."""
        if self._process is not None and self._process.poll() is None:
            self.stop()
        self._process = None


ENDED = ("cleared", "cancelled", "preempted", "replaced")
SEATS = (
    # login, name, role, language
    ("plas1", "Plas 1", "call_taker", "ht"),
    ("plas2", "Plas 2", "dispatcher", "ht"),
    ("plas3", "Plas 3", "dispatcher", "fr"),
    ("chef", "Jan Batis", "commander", "fr"),
    ("odite", "Oditè", "auditor", "en"),
)
AMBULANCE = {"kind": "ambulance", "capabilities": ["ambulance_basic"], "crew": 2}
UNITS = (
    {"callsign": "M21", **AMBULANCE, "at": (18.5590, -72.2995)},
    {"callsign": "M22", **AMBULANCE, "at": (18.5433, -72.3380)},
    {"callsign": "M23", **AMBULANCE, "at": (18.5125, -72.2853)},
    {
        "callsign": "E2",
        "kind": "fire_engine",
        "capabilities": ["fire_engine"],
        "crew": 5,
        "at": (18.5440, -72.3405),
    },
)
LANDMARKS = (
    {"name": "Église Saint-Michel", "names": {"ht": "Legliz Sen Michèl"}, "kind": "landmark",
     "lat": 18.5585, "lon": -72.2985, "radius_m": 100},
    {"name": "Champ de Mars", "names": {"ht": "Channmas"}, "kind": "landmark",
     "lat": 18.5433, "lon": -72.3380, "radius_m": 250},
)  # fmt: skip
CHURCH = {
    "lat": 18.5585,
    "lon": -72.2985,
    "radius_m": 100,
    "source": "landmark",
    "confidence": "likely",
    "words": "Legliz Sen Michèl",
}


class Room(NodeProcess):
    """A node with its seats taken, its units on duty and its landmarks known; no demo, nothing by chance."""

    def __init__(self, data: Path, *, store: str | None = None) -> None:
        super().__init__(data, store=store)
        self.store = store
        self._machines: list[Machine] = []

    def begin(self) -> None:
        """Makes and furnishes the room, and leaves it running."""
        kept = [] if self.store is None else ["--store", self.store]
        key = lanbi("token", "--data", self.data, "--role", "administrator", "--lang", "en", *kept)
        assert key.returncode == 0, key.stderr
        self.start()
        self.keeper = self._machine(key.stdout.strip())
        for login, name, role, lang in SEATS:
            self.seat(login, name, role, lang)
        self.radio = self.machine("dispatcher")
        self.line = self.machine("call_taker")
        self.audit = self.machine("auditor")
        for place in LANDMARKS:
            self.line.post("/places", place)
        self.units: dict[str, str] = {}
        for unit in UNITS:
            lat, lon = unit["at"]
            asked = {name: value for name, value in unit.items() if name != "at"}
            self.units[unit["callsign"]] = self.keeper.post("/units", asked)["id"]
            self.seen(unit["callsign"], lat, lon)

    def seat(self, login: str, name: str, role: str, lang: str) -> None:
        """One more account."""
        self.keeper.post(
            "/accounts", {"login": login, "name": name, "role": role, "lang": lang, "password": PASSWORD}
        )

    def machine(self, role: str) -> Machine:
        """A machine with a fresh token of that role."""
        name = f"{role.replace('_', '-')}-{len(self._machines)}"
        return self._machine(self.keeper.post("/tokens", {"name": name, "role": role, "lang": "en"})["token"])

    def person(self, login: str) -> Machine:
        """Somebody with an account, who asks without a browser: what no machine may do."""
        answer = httpx.post(
            f"{self.base}/api/v1/session",
            json={"account": login, "password": PASSWORD},
            timeout=ASK_TIMEOUT_S,
            trust_env=False,
        )
        assert answer.is_success, answer.text
        return self._machine(answer.cookies["lanbi_session"])

    def _machine(self, token: str) -> Machine:
        self._machines.append(Machine(self.base, token))
        return self._machines[-1]

    def seen(self, callsign: str, lat: float, lon: float) -> None:
        """The unit reports where it is, now."""
        self.radio.post(
            "/tracks",
            {
                "unit_id": self.units[callsign],
                "at": datetime.now(UTC).isoformat(),  # two in one second are two positions
                "lat": lat,
                "lon": lon,
                "accuracy_m": 8,
            },
        )

    def ring(self, **told: Any) -> Any:
        """A call that rings now."""
        return self.line.post("/calls", {"channel": "voice", "number": "+509 00 00 01 42", **told})

    def incident(self, **told: Any) -> Any:
        """An open incident, without a call."""
        return self.radio.post(
            "/incidents",
            {"type": "road_accident", "title": "Aksidan devan legliz la", "area": CHURCH, **told},
        )

    def tidy(self) -> None:
        """Nothing rings, nobody is on the road, nothing is owed, every alarm is seen: the next test finds a
        quiet room."""
        for sent in self.radio.everything("/assignments"):
            if sent["status"] not in ENDED:
                self.radio.post(f"/assignments/{sent['id']}/cancel", {"reason": "no_longer_needed"})
        for incident in self.radio.everything("/incidents?state=open"):
            self.radio.post(f"/incidents/{incident['id']}/close", {"disposition": "resolved"})
        for call in self.line.everything("/calls?state=offered"):
            self.line.post(f"/calls/{call['id']}/answer")
        for call in self.line.everything("/calls?state=answered"):
            self.line.post(f"/calls/{call['id']}/end")
        for call in self.line.everything("/calls?state=owed"):
            self.line.post(f"/calls/{call['id']}/callback", {"outcome": "settled"})
        for promise in self.line.everything("/promises"):
            if promise["settled_at"] is None:
                self.line.post(f"/promises/{promise['id']}/settle", {"outcome": "released"})
        unseen = [alarm["id"] for alarm in self.radio.everything("/alarms?state=unseen")]
        if unseen:
            self.radio.post("/alarms/take", {"ids": unseen})

    def close(self) -> None:
        for machine in self._machines:
            machine.close()
        super().close()
