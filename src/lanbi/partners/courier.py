"""The courier: carries what waits for other sites over the connection that there is, and tries again.

Each partner is served by itself, its letters one after the other in the order in which they were written; at
most a few partners at once. A letter stays until its receipt is here, signed. The queue is the outbox, in the
store; what is held in memory is one letter for each partner being served.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Protocol

import msgspec

from lanbi.core.errors import Busy, LanbiError
from lanbi.core.ports import Store
from lanbi.core.time import SECOND, Clock
from lanbi.partners.inbox import Inbox
from lanbi.partners.model import Link, backoff_s
from lanbi.partners.outbox import Outbox

IN_FLIGHT_MAX = 4
LETTERS_A_TURN_MAX = 200
IDLE_S = 30.0
CONNECT_TIMEOUT_S = 10.0
# A satellite link carries eight megabytes in some minutes; each read and write makes progress or ends.
IO_TIMEOUT_S = 60.0
ANSWER_TIMEOUT_S = 300.0
ANSWER_BYTES_MAX = 256 * 1024
STOP_TIMEOUT_S = 15.0
INBOX = "/api/v1/partners/inbox"
REASON_CHARS_MAX = 60

log = logging.getLogger("lanbi.partners")


class UnreachedError(Exception):
    """A letter was not carried. `code`: of a sentence in the catalogues; `args`: its blanks."""

    def __init__(self, code: str, /, **args: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.args_by_name = args


class Post(Protocol):
    """How bytes get to another site: `url` is the site's address; returned is what it answered."""

    def __call__(self, url: str, data: bytes) -> bytes:
        """Raises `UnreachedError`."""
        ...


class Courier:
    """One process's courier. `start` it once, `stop` it in the end; `wake` it when something was written."""

    def __init__(
        self,
        outbox: Outbox,
        inbox: Inbox,
        store: Store,
        clock: Clock,
        post: Post,
        *,
        chance: Callable[[], float],
        in_flight_max: int = IN_FLIGHT_MAX,
    ) -> None:
        """`chance`: a number from 0 to 1, new each time; it spreads the sites that wait for the same link."""
        self._outbox = outbox
        self._inbox = inbox
        self._store = store
        self._clock = clock
        self._post = post
        self._chance = chance
        self._in_flight_max = in_flight_max
        self._links: dict[str, Link] = {}
        self._due_s: dict[str, float] = {}
        self._serving: dict[str, Future[None]] = {}
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None

    @property
    def links(self) -> dict[str, Link]:
        """By partner, those that were tried since the process began."""
        with self._lock:
            return dict(self._links)

    def start(self) -> None:
        """Begins, on threads of its own."""
        self._stopping.clear()
        self._pool = ThreadPoolExecutor(self._in_flight_max, thread_name_prefix="lanbi-courier")
        self._thread = threading.Thread(target=self._run, name="lanbi-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after the letters that are under way; twice is once."""
        self._stopping.set()
        self._bell.set()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)
            self._thread = None
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def wake(self, _head: int = 0) -> None:
        """Something may wait. Returns at once: the store's writer calls it after every commit."""
        self._bell.set()

    def hurry(self, code: str) -> None:
        """Tries a partner now, however long it was to rest: somebody says that the link is back."""
        with self._lock:
            self._due_s.pop(code, None)
        self._bell.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                rest_s = self._look()
            except Busy:
                rest_s = IDLE_S  # the store is away, and says so elsewhere
            except Exception:
                log.exception("the courier could not look round")
                rest_s = IDLE_S
            self._bell.wait(rest_s)

    def _look(self) -> float:
        """Sends for whoever is due; returns how long nothing else will be, in seconds."""
        waiting = self._store.read_now(self._outbox.to_serve)
        now_s, rest_s = self._clock.monotonic(), IDLE_S
        with self._lock:
            self._serving = {code: task for code, task in self._serving.items() if not task.done()}
            for code in waiting:
                if code in self._serving:
                    continue
                ahead_s = self._due_s.get(code, now_s) - now_s
                if ahead_s > 0:
                    rest_s = min(rest_s, ahead_s)
                elif len(self._serving) < self._in_flight_max and self._pool is not None:
                    task = self._serving[code] = self._pool.submit(self.serve, code)
                    task.add_done_callback(lambda _: self._bell.set())
        return rest_s

    def step(self) -> None:
        """One round on this thread: everybody who is due, one after the other."""
        now_s = self._clock.monotonic()
        for code in self._store.read_now(self._outbox.to_serve):
            if self._due_s.get(code, now_s) <= now_s:
                self.serve(code)

    def serve(self, code: str) -> None:
        """Carries what waits for one partner, until nothing does or something goes wrong."""
        for _ in range(LETTERS_A_TURN_MAX):
            if self._stopping.is_set():
                return
            letter = self._store.read_now(lambda reader: self._outbox.next_letter(reader, code))
            if letter is None:
                return
            try:
                answer = self._post(letter.url, letter.data)
                self._inbox.settle(self._store, code, letter.letter, answer)
            except UnreachedError as error:
                self._failed(code, error.code, error.args_by_name)
                return
            except LanbiError as error:
                # Somebody answered who is not the partner, or our own store cannot write it down.
                self._failed(code, error.code, {})
                return
            except Exception:
                if self._stopping.is_set():
                    return  # what it stood on was closed under it; the letter waits
                log.exception("a letter to %s could not be carried", code)
                self._failed(code, "link-fault", {})
                return
            self._reached(code)

    def _failed(self, code: str, reason: str, args: dict[str, str | int]) -> None:
        now = self._clock.now()
        with self._lock:
            before = self._links.get(code, Link())
            failures = before.failures + 1
            wait_s = backoff_s(failures, self._chance())
            self._due_s[code] = self._clock.monotonic() + wait_s
            self._links[code] = Link(
                reached_at=before.reached_at,
                failing_since=now if before.failing_since is None else before.failing_since,
                failures=failures,
                next_at=now + round(wait_s * SECOND),
                reason=reason,
                args=args,
            )

    def _reached(self, code: str) -> None:
        with self._lock:
            self._links[code] = Link(reached_at=self._clock.now())
            self._due_s.pop(code, None)


class HttpPost:
    """Letters over HTTPS. `close()` it in the end."""

    def __init__(self, *, verify: bool | str = True) -> None:
        """`verify`: whether the other side's certificate is checked, or the file of the authorities."""
        import httpx  # only who carries letters pays for it

        self._httpx = httpx
        self._client = httpx.Client(
            timeout=httpx.Timeout(IO_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=2 * IN_FLIGHT_MAX, max_keepalive_connections=IN_FLIGHT_MAX),
            follow_redirects=False,  # where a letter goes is the administrator's word alone
            verify=verify,
        )

    def __call__(self, url: str, data: bytes) -> bytes:
        httpx = self._httpx
        try:
            with self._client.stream(
                "POST", url + INBOX, content=data, headers={"content-type": "application/json"}
            ) as answer:
                found, end_s = bytearray(), monotonic() + ANSWER_TIMEOUT_S
                for piece in answer.iter_bytes():
                    found += piece
                    if len(found) > ANSWER_BYTES_MAX or monotonic() > end_s:
                        raise UnreachedError("link-answer-strange", status=answer.status_code)
        except httpx.TimeoutException as error:
            raise UnreachedError("link-timeout") from error
        except httpx.HTTPError as error:
            raise UnreachedError("link-down") from error
        if answer.status_code == 200:
            return bytes(found)
        raise _problem(answer.status_code, bytes(found))

    def close(self) -> None:
        self._client.close()


class _Problem(msgspec.Struct, frozen=True):
    """What of a problem (RFC 9457) is looked at."""

    code: str


_problem_decoder = msgspec.json.Decoder(_Problem)


def _problem(status: int, data: bytes) -> UnreachedError:
    """An unsigned refusal: it is shown, and the letter goes on waiting, since anybody may have said it."""
    try:
        code = _problem_decoder.decode(data).code
    except (msgspec.MsgspecError, ValueError):
        code = ""
    if 0 < len(code) <= REASON_CHARS_MAX and code.isascii():
        return UnreachedError("link-refused", status=status, reason=code)
    return UnreachedError("link-answer-strange", status=status)
