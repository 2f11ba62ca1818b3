"""The courier: waits longer each time, lets no partner wait for another, carries over a real line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from lanbi.core.time import SECOND
from lanbi.partners.courier import ANSWER_BYTES_MAX, HttpPost, UnreachedError
from partners.sites import Pair, Served, app_of, courier_of, partner_routes, until


@pytest.fixture
def post() -> Iterator[HttpPost]:
    made = HttpPost()
    yield made
    made.close()


class Knocks:
    """A road on which nobody gets through, and which counts who tried."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, url: str, data: bytes) -> bytes:
        self.count += 1
        raise UnreachedError("link-down")


def test_it_waits_longer_after_each_failure_and_not_for_ever(pair: Pair) -> None:
    pair.haiti.send(pair.dominicana)
    road = Knocks()
    courier = courier_of(pair.haiti, road)
    waits = []
    for _ in range(12):
        courier.step()
        link = courier.links["DO"]
        assert link.next_at is not None
        waits.append((link.next_at - pair.haiti.clock.now()) / SECOND)
        courier.step()  # not yet
        pair.haiti.clock.advance(waits[-1])
    assert road.count == 12
    assert waits[:4] == [3.75, 7.5, 15.0, 30.0]
    assert waits[-1] == 675.0
    assert courier.links["DO"].failures == 12


def test_who_says_that_the_link_is_back_is_believed_at_once(pair: Pair) -> None:
    pair.haiti.send(pair.dominicana)
    road = Knocks()
    courier = courier_of(pair.haiti, road)
    courier.step()
    courier.step()
    assert road.count == 1
    courier.hurry("DO")
    courier.step()
    assert road.count == 2


def test_one_partner_that_hangs_keeps_no_other_waiting(pair: Pair) -> None:
    """On threads: the road to one partner ends only after the other's letter has arrived."""
    haiti = pair.haiti
    haiti.do(
        lambda tx: haiti.partners.add(
            tx, code="AA", name="Lwen", key="07" * 32, screening="ok", url="https://aa.example"
        )
    )
    haiti.do(lambda tx: haiti.outbox.send(tx, "AA", "tracing.request", {"n": 1}))
    letter = haiti.send(pair.dominicana)
    arrived, began = threading.Event(), threading.Event()

    def road(url: str, data: bytes) -> bytes:
        if "aa." in url:
            began.set()
            arrived.wait(20)
            raise UnreachedError("link-timeout")
        return pair.road(url, data)

    courier = courier_of(haiti, road)
    courier.start()
    try:
        until(lambda: haiti.letter(letter).state == "delivered", "the other letter is there")
        assert began.is_set()
        arrived.set()
        until(lambda: "AA" in courier.links, "the slow one has ended")
        # What is written later is carried when the store says so.
        later = haiti.send(pair.dominicana)
        courier.wake()
        until(lambda: haiti.letter(later).state == "delivered", "the later letter is there")
    finally:
        arrived.set()
        courier.stop()
    courier.stop()
    assert courier.links["AA"].reason == "link-timeout"


# ------------------------------------------------------------------------ over HTTP


def test_letters_travel_over_a_real_connection_and_after_it_was_cut(both: Pair, post: HttpPost) -> None:
    haiti, dominicana = both.haiti, both.dominicana
    served = Served(app_of(dominicana, partner_routes(dominicana, both.couriers["DO"])))
    try:
        haiti.do(lambda tx: haiti.partners.edit(tx, "DO", url=served.url))
        letters = [haiti.send(dominicana, {"n": n, "words": "é" * 50_000}) for n in range(3)]
        courier = courier_of(haiti, post)
        courier.step()
        assert [arrived.id for arrived in dominicana.worked] == letters
        assert {haiti.letter(letter).state for letter in letters} == {"delivered"}
        dominicana.switch(haiti, False)
        letter = haiti.send(dominicana)
        courier.step()
        assert haiti.letter(letter).state == "waiting"
        assert courier.links["DO"].args == {"status": 403, "reason": "partner-closed"}
        dominicana.switch(haiti, True)
    finally:
        served.close()
    haiti.clock.advance(3_600)
    courier.step()
    assert (haiti.letter(letter).state, courier.links["DO"].reason) == ("waiting", "link-down")
    served = Served(app_of(dominicana, partner_routes(dominicana, both.couriers["DO"])))
    try:
        haiti.do(lambda tx: haiti.partners.edit(tx, "DO", url=served.url))
        haiti.clock.advance(3_600)
        courier.step()
        assert haiti.letter(letter).state == "delivered"
        assert len(dominicana.worked) == 4
    finally:
        served.close()


def answering(status: int, body: bytes, headers: Any = ()) -> Callable[..., Any]:
    """An application that is no site: it answers everybody the same."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app


def receipt_of_another(pair: Pair) -> bytes:
    other = pair.haiti.send(pair.dominicana, {"n": "other"})
    return pair.dominicana.receive(pair.haiti.sealed(pair.dominicana, other)).receipt


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"<html>welcome to the hotel</html>", "envelope-malformed"),
        (200, b"", "envelope-malformed"),
        (302, b"", "link-answer-strange"),
        (404, b"not here", "link-answer-strange"),
        (429, b'{"code":"partners-door-full"}', "link-refused"),
        (503, b'{"code":"store-full"}', "link-refused"),
        (200, b"x" * (ANSWER_BYTES_MAX + 1), "link-answer-strange"),
        (401, msgspec.json.encode({"code": "y" * 5_000}), "link-answer-strange"),
    ],
)
def test_who_answers_and_is_not_the_partner_settles_nothing(
    pair: Pair, post: HttpPost, status: int, body: bytes, reason: str
) -> None:
    headers = [(b"location", b"https://elsewhere.example/")] if status == 302 else []
    served = Served(answering(status, body, headers))
    try:
        pair.haiti.do(lambda tx: pair.haiti.partners.edit(tx, "DO", url=served.url))
        letter = pair.haiti.send(pair.dominicana)
        courier = courier_of(pair.haiti, post)
        courier.step()
    finally:
        served.close()
    assert pair.haiti.letter(letter).state == "waiting"
    assert courier.links["DO"].reason == reason


def test_a_receipt_for_another_letter_settles_nothing(pair: Pair, post: HttpPost) -> None:
    body = receipt_of_another(pair)
    served = Served(answering(200, body))
    try:
        pair.haiti.do(lambda tx: pair.haiti.partners.edit(tx, "DO", url=served.url))
        letter = pair.haiti.send(pair.dominicana)
        courier = courier_of(pair.haiti, post)
        courier.step()
        # The first that waited is the other one, and it is its receipt; the second gets the same.
        assert courier.links["DO"].reason == "receipt-malformed"
    finally:
        served.close()
    assert pair.haiti.letter(letter).state == "waiting"


def test_a_stopped_courier_carries_nothing(pair: Pair) -> None:
    pair.haiti.send(pair.dominicana)
    courier = courier_of(pair.haiti, pair.road)
    courier.start()
    courier.stop()
    before = len(pair.road.passed)
    pair.haiti.send(pair.dominicana)
    courier.wake()
    courier.serve("DO")
    assert len(pair.road.passed) == before
