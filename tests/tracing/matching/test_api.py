"""Private matching over HTTP: what people see of it, and two sites that do it over real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from lanbi.partners.courier import HttpPost
from lanbi.tracing import api as tracing_api
from lanbi.tracing.matching import sql
from lanbi.tracing.matching.api import KNOCKS_MAX, HttpFetch, routes
from lanbi.tracing.matching.service import FetchError
from lanbi.tracing.matching.tokens import HEADER_BYTES, TokenSet
from partners.sites import Asker, Served, app_of, courier_of, partner_routes
from tracing.matching.sites import CASE, WHY, MatchingSite, Two

REGISTER = (("A8C123", "GLOCK"), ("X7Y8Z9", "GLOCK"), ("K44210", "TAURUS"))
BASE = "/tracing/matching"


def app(two: Two, site: MatchingSite) -> Any:
    """The web of one of both, with the housekeeping of matching."""
    handlers = [
        *tracing_api.routes(site.room.tracing, two.clock),
        *routes(site.matching, site.works, site.site.store, two.clock),
        *partner_routes(site.site, two.pair.couriers[site.code]),
    ]
    return app_of(site.site, handlers, more=[site.matching.tidy])


@pytest.fixture
def asks(two: Two) -> Iterator[Asker]:
    """The Haitian site over HTTP."""
    with TestClient(app(two, two.haiti)) as client:
        yield Asker(two.haiti.site, client)


@pytest.fixture
def owns(two: Two) -> Iterator[Asker]:
    """The Dominican site over HTTP."""
    with TestClient(app(two, two.owner)) as client:
        yield Asker(two.owner.site, client)


def body(**given: Any) -> dict[str, Any]:
    return {"purpose": WHY, "case": CASE, **given}


def asked(two: Two, asks: Asker, *serials: str) -> dict[str, Any]:
    """A batch that was asked over HTTP, and what came of it."""
    (offer,) = asks.get(f"{BASE}/offers?side=theirs", role="analyst").json()["items"]
    firearms = [gun.id for gun in two.haiti.firearms(*serials)]
    answer = asks.post(f"{BASE}/queries", body(offer_id=offer["id"], firearms=firearms), role="analyst")
    assert answer.status_code == 201, answer.text
    two.step()
    return asks.get(f"{BASE}/queries/{answer.json()['query']['id']}", role="analyst").json()


# ------------------------------------------------------------------- as screens see it


def test_an_offer_is_approved_made_and_seen_on_both_sides(two: Two, asks: Asker, owns: Asker) -> None:
    register = two.owner.register(*REGISTER)
    made = owns.post(
        f"{BASE}/offers", {"register_id": register.id, "partner": "HT-PAP", "day_queries": 50}, role="analyst"
    )
    assert made.status_code == 201
    row = made.json()
    assert (row["state"], row["side"], row["entries"], row["set"]) == ("building", "ours", None, None)
    two.owner.works.step()
    two.step()
    ours = owns.get(f"{BASE}/offers/{row['id']}", role="commander").json()
    assert (ours["state"], ours["entries"], ours["left_out"], ours["turn"]) == ("offered", 3, 0, 1)
    assert ours["register"] == {"id": register.id, "name": "SYNTHETIC stolen", "kind": "stolen"}
    assert ours["quota"] == {"day": 50, "case": 400, "left_today": 50}
    (theirs,) = asks.get(f"{BASE}/offers", role="analyst").json()["items"]
    assert set(theirs) == {
        "id", "version", "side", "partner", "register", "synthetic", "state", "code", "detail", "hint",
        "turn", "key_id", "entries", "left_out", "quota", "progress", "fetch", "set", "made_at",
        "settled_at", "by",
    }  # fmt: skip
    same = ("key_id", "entries", "register", "turn", "synthetic", "quota")
    assert {name: theirs[name] for name in same} == {name: ours[name] for name in same}
    assert (theirs["side"], theirs["partner"], theirs["state"], theirs["set"]) == (
        "theirs",
        "DO",
        "ready",
        None,
    )
    assert theirs["synthetic"] is True
    assert asks.get(f"{BASE}/offers?side=ours", role="analyst").json()["items"] == []
    wrong = asks.get(f"{BASE}/offers?side=mine", role="analyst")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "matching-side")


def test_why_a_set_is_not_here_stands_beside_its_offer_as_a_sentence(two: Two, asks: Asker) -> None:
    two.road.up = False
    two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    two.step()
    (row,) = asks.get(f"{BASE}/offers", role="analyst").json()["items"]
    assert row["state"] == "announced"
    assert row["fetch"]["detail"] == "The other site cannot be reached."
    assert (row["fetch"]["failures"], row["fetch"]["of"]) == (1, HEADER_BYTES + 3 * 8)
    two.road.up, two.road.twist = True, lambda data: data[:-1] + bytes([data[-1] ^ 1])
    two.clock.advance(3_600)
    two.step()
    (row,) = asks.get(f"{BASE}/offers", role="analyst").json()["items"]
    assert (row["code"], row["detail"]) == (
        "matching-set-damaged",
        "The partner’s set was changed on the way.",
    )
    assert row["hint"]


def test_the_count_comes_first_and_no_route_says_which_hit_until_somebody_opens_them(
    two: Two, asks: Asker
) -> None:
    two.offered(*REGISTER)
    query = asked(two, asks, "ABC123", "NOBODY1", "X7Y8Z9")
    guns = [firearm["id"] for firearm in query["firearms"]]
    assert (query["state"], query["hits"], query["asked"], query["answered"]) == ("answered", 2, 3, 3)
    assert (query["entries"], query["openable"], query["opened_at"]) == (3, True, None)
    reading = [
        asks.get(path, role="analyst").text
        for path in (
            f"{BASE}/offers", f"{BASE}/queries", f"{BASE}/log", f"{BASE}/queries/{query['id']}",
            "/partners/messages", f"/partners/messages/{query['letter']}", "/partners",
        )
    ]  # fmt: skip
    # Only where one batch is asked for do firearms stand, and then all that were asked about, in order.
    assert [text for text in reading if any(gun in text for gun in guns)] == [reading[3]]
    assert [
        gun["id"] for gun in asks.get(f"{BASE}/queries/{query['id']}", role="analyst").json()["firearms"]
    ] == ([firearm.id for firearm in sorted(two_firearms(two), key=lambda one: one.number)])
    opening, here = f"{BASE}/queries/{query['id']}/open", asks.session("analyst", "analyst")
    refused = asks.post(opening, role="analyst", secret=here)
    assert (refused.status_code, refused.json()["code"]) == (409, "tracing-desk-needed")
    desk = asks.post("/tracing/desk", {"purpose": WHY, "case": "24-118"}, role="analyst", secret=here)
    assert desk.status_code == 200, desk.text
    opened = asks.post(opening, role="analyst", secret=here)
    assert opened.status_code == 200, opened.text
    hits = opened.json()["hits"]
    assert [hit["id"] for hit in hits] == [guns[0], guns[2]]
    assert set(hits[0]) == {
        "id", "ref", "make", "model", "calibre", "type", "serial", "trace_state", "recovery",
    }  # fmt: skip
    assert (hits[0]["make"], hits[0]["recovery"]["ref"]) == ("GLOCK", "R-1")
    assert opened.json()["query"]["opened_by"] == "analyst"
    entry = two.haiti.look(
        lambda reader: reader.row("SELECT actor, purpose FROM journal WHERE kind = 'matching.opened'")
    )
    assert entry == ("analyst", WHY)
    # Afterwards too, who wants to see them opens them, and that is another entry.
    after = [asks.get(path, role="analyst").text for path in (f"{BASE}/queries", f"{BASE}/log")]
    assert not [text for text in after if any(gun in text for gun in guns)]


def two_firearms(two: Two) -> list[Any]:
    """All that Haiti holds."""
    return two.haiti.look(
        lambda reader: [
            sql.firearm(reader, row[0])
            for row in reader.rows("SELECT id FROM tracing_firearm ORDER BY number")
        ]
    )


def test_before_asking_it_is_said_what_can_be_asked_and_how_much_is_left(two: Two, asks: Asker) -> None:
    offer = two.offered(*REGISTER, day_queries=5, case_queries=9)
    two.asked(offer, "N1", "N2")
    whole, worn = (*two.haiti.firearms("ABC123"), *two.haiti.firearms("ABC12?"))
    answer = asks.post(
        f"{BASE}/askable", {"firearms": [whole.id, worn.id], "offer_id": offer.id}, role="analyst"
    ).json()
    assert answer == {
        "questions": 1,
        "asked": [{"id": whole.id, "ref": whole.ref}],
        "not_asked": [
            {
                "id": worn.id,
                "ref": worn.ref,
                "code": "serial_unread",
                "detail": "Its serial number is not wholly read.",
            }
        ],
        "left_today": 3,
    }
    made = asks.post(
        f"{BASE}/queries", body(offer_id=offer.id, firearms=[whole.id, worn.id]), role="analyst"
    ).json()
    assert (made["query"]["asked"], made["not_asked"]) == (1, answer["not_asked"])
    none = asks.post(f"{BASE}/queries", body(offer_id=offer.id, firearms=[worn.id]), role="analyst")
    assert (none.status_code, none.json()["code"]) == (422, "matching-batch-empty")


def test_a_refusal_is_read_in_the_language_of_who_asked(two: Two, asks: Asker) -> None:
    two.offered(*REGISTER, day_queries=1, case_queries=9)
    asked(two, asks, "ABC123")
    query = asked(two, asks, "X7Y8Z9")
    assert (query["state"], query["code"], query["hits"]) == ("refused", "matching-quota-day", None)
    assert query["detail"] == "1 asked, 0 left today of 1."
    assert query["hint"].startswith("More from 2026-11-23T03:47:1")
    (first, *_) = asks.get(f"{BASE}/queries?limit=1", role="analyst").json()["items"]
    assert first["id"] == query["id"]


def test_both_logs_can_be_laid_side_by_side_also_by_the_auditors(two: Two, asks: Asker, owns: Asker) -> None:
    two.offered(*REGISTER, day_queries=3, case_queries=9)
    asked(two, asks, "ABC123", "N1")
    asked(two, asks, "X7Y8Z9", "N2")
    mine = asks.get(f"{BASE}/log?side=asked&partner=DO", role="auditor").json()
    theirs = owns.get(f"{BASE}/log?side=was_asked&partner=HT-PAP", role="auditor").json()
    same = ("query", "key_id", "purpose", "case", "asked", "answered", "state", "code", "register")
    lines = [[{name: line[name] for name in same} for line in log["items"]] for log in (mine, theirs)]
    assert lines[0] == lines[1]
    assert [(line["asked"], line["answered"], line["state"]) for line in lines[0]] == [
        (2, None, "refused"),
        (2, 2, "answered"),
    ]
    assert mine["totals"] == theirs["totals"] == {"batches": 2, "asked": 4, "answered": 2}
    assert [line["hits"] for line in mine["items"]] == [None, 1]
    assert [line["hits"] for line in theirs["items"]] == [None, None]
    first = asks.get(f"{BASE}/log?limit=1", role="auditor").json()
    rest = asks.get(f"{BASE}/log?limit=1&cursor={first['next']}", role="auditor").json()
    assert [line["query"] for line in (*first["items"], *rest["items"])] == [
        line["query"] for line in mine["items"]
    ]
    assert rest["next"] is None
    assert asks.get(f"{BASE}/log?side=was_asked", role="auditor").json()["items"] == []


def test_who_may_do_what(two: Two, asks: Asker) -> None:
    offer = two.offered(*REGISTER)
    gun = two.haiti.firearms("ABC123")[0]
    asking = body(offer_id=offer.id, firearms=[gun.id])
    offering = {"register_id": offer.register_id, "partner": "DO"}
    for role in ("auditor", "dispatcher", "administrator"):
        for path, sent in (
            (f"{BASE}/queries", asking), (f"{BASE}/offers", offering),
            (f"{BASE}/askable", {"firearms": [gun.id]}), (f"{BASE}/offers/{offer.id}/withdraw", {}),
            (f"{BASE}/sets", b"x"),
        ):  # fmt: skip
            assert asks.post(path, sent, role=role).status_code == 403, (role, path)
        for path in (f"{BASE}/offers", f"{BASE}/queries"):
            assert asks.get(path, role=role).status_code == 403, (role, path)
    assert asks.get(f"{BASE}/log", role="dispatcher").status_code == 403
    assert asks.get(f"{BASE}/log", role="auditor").status_code == 200
    assert asks.get(f"{BASE}/offers").status_code == 401
    assert asks.post(f"{BASE}/queries", asking, role="commander").status_code == 201


def test_asking_twice_with_one_key_asks_once(two: Two, asks: Asker) -> None:
    offer = two.offered(*REGISTER)
    gun = two.haiti.firearms("ABC123")[0]
    first, second = (
        asks.post(
            f"{BASE}/queries",
            body(offer_id=offer.id, firearms=[gun.id]),
            role="analyst",
            headers={"idempotency_key": "one"},
        ).json()
        for _ in range(2)
    )
    assert first == second
    assert len(two.haiti.log()) == 1


@pytest.mark.parametrize(
    ("path", "sent", "status", "code"),
    [
        ("queries", {"offer_id": "x", "firearms": [], "purpose": WHY, "case": CASE}, 422, "id-unreadable"),
        ("queries/0192f000-0000-7000-8000-000000000001/open", {}, 409, "tracing-desk-needed"),
        ("offers/0192f000-0000-7000-8000-000000000001/withdraw", {}, 404, "matching-offer-none"),
        ("sets", b"", 422, "matching-set-malformed"),
        ("sets", b"lanbiset" + bytes(200), 422, "matching-set-form"),
    ],
)
def test_what_cannot_be_is_refused_with_its_next_step(
    asks: Asker, path: str, sent: Any, status: int, code: str
) -> None:
    answer = asks.post(f"{BASE}/{path}", sent, role="analyst")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["hint"]


# ------------------------------------------------------------------- the file of a set


def test_a_set_is_handed_out_to_whoever_names_its_digest_whole_or_from_a_place(two: Two, owns: Asker) -> None:
    entries = [(f"K{number:05}", "GLOCK") for number in range(400)]
    ours = two.owner.offer(two.owner.register(*entries), two.haiti)
    href = owns.get(f"{BASE}/offers/{ours.id}", role="analyst").json()["set"]["href"].removeprefix("/api/v1")
    whole = owns.get(href)
    assert whole.status_code == 200
    assert TokenSet.load(whole.content).digest.hex() == ours.digest
    assert whole.headers["content-disposition"] == f'attachment; filename="{ours.key_id}.lanbiset"'
    rest = owns.get(href, headers={"range": "bytes=1000-"})
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])
    assert rest.headers["content-range"] == f"bytes 1000-{ours.set_bytes - 1}/{ours.set_bytes}"
    assert owns.get(href, headers={"range": f"bytes={ours.set_bytes}-"}).status_code == 416
    assert owns.get(href, headers={"range": "tokens=1-2"}).content == whole.content


def test_a_set_of_many_pieces_comes_whole_from_any_place(
    two: Two, owns: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lanbi.tracing.matching.sql.PIECE_BYTES", 64)
    monkeypatch.setattr("lanbi.tracing.matching.api.PIECE_BYTES", 64)
    ours = two.owner.offer(two.owner.register(*((f"K{n:05}", "GLOCK") for n in range(50))), two.haiti)
    assert two.owner.count("tracing_matching_piece") == -(-ours.set_bytes // 64)
    whole = owns.get(f"{BASE}/sets/{ours.digest}").content
    assert TokenSet.load(whole).digest.hex() == ours.digest
    for start in (0, 1, 63, 64, 65, 128, ours.set_bytes - 1):
        assert (
            owns.get(f"{BASE}/sets/{ours.digest}", headers={"range": f"bytes={start}-"}).content
            == whole[start:]
        )


def test_nobody_gets_a_set_by_guessing_nor_one_that_is_offered_no_more(two: Two, owns: Asker) -> None:
    ours = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    for digest in ("0" * 64, ours.digest[:-1], ours.digest.upper(), "x"):
        answer = owns.get(f"{BASE}/sets/{digest}")
        assert (answer.status_code, answer.json()["code"]) == (404, "matching-set-none"), digest
    assert owns.get(f"{BASE}/sets/{ours.digest}").status_code == 200
    row = owns.post(f"{BASE}/offers/{ours.id}/withdraw", role="analyst").json()
    assert (row["state"], row["set"]) == ("withdrawn", None)
    assert owns.get(f"{BASE}/sets/{ours.digest}").status_code == 404


def test_a_flood_for_sets_is_told_to_wait(two: Two, owns: Asker) -> None:
    ours = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    codes = [owns.get(f"{BASE}/sets/{'0' * 64}").status_code for _ in range(KNOCKS_MAX)]
    assert set(codes) == {404}
    refused = owns.get(f"{BASE}/sets/{ours.digest}")
    assert (refused.status_code, refused.json()["code"]) == (429, "matching-door-full")
    assert refused.headers["retry-after"] == "1"
    two.clock.advance(1)
    assert owns.get(f"{BASE}/sets/{ours.digest}").status_code == 200


def test_a_set_that_was_carried_by_hand_is_taken_in(two: Two, asks: Asker, owns: Asker) -> None:
    two.road.up = False
    ours = two.owner.offer(two.owner.register(*REGISTER), two.haiti)
    two.step()
    data = owns.get(f"{BASE}/sets/{ours.digest}").content
    row = asks.post(f"{BASE}/sets", data, role="analyst").json()
    assert (row["state"], row["side"], row["key_id"]) == ("ready", "theirs", ours.key_id)
    assert asked(two, asks, "ABC123")["hits"] == 1


# ------------------------------------------------------------------- over real connections


@pytest.fixture
def served(two: Two) -> Iterator[Callable[[MatchingSite], Served]]:
    """Puts a site on a socket of this machine, closed in the end."""
    made: list[Served] = []

    def serve(site: MatchingSite) -> Served:
        made.append(Served(app(two, site)))
        return made[-1]

    yield serve
    for one in made:
        one.close()


@pytest.fixture
def fetch() -> Iterator[HttpFetch]:
    made = HttpFetch()
    yield made
    made.close()


class Cutting:
    """Cuts the first fetch after some bytes, and no other."""

    def __init__(self, fetch: HttpFetch, cut_at: int) -> None:
        self._fetch = fetch
        self._cut_at = cut_at
        self.starts: list[int] = []

    def __call__(self, url: str, digest: str, start: int) -> Iterator[bytes]:
        self.starts.append(start)
        if start:
            yield from self._fetch(url, digest, start)
            return
        yield b"".join(self._fetch(url, digest, 0))[: self._cut_at]
        raise FetchError("link-down")


def test_two_sites_match_over_real_connections(
    two: Two, served: Callable[[MatchingSite], Served], fetch: HttpFetch
) -> None:
    haiti, owner = two.haiti, two.owner
    haiti.fetch = owner.fetch = fetch
    for site in (haiti, owner):
        site.wire()
    for site, other in ((owner, haiti), (haiti, owner)):
        url = served(other).url
        site.site.do(
            lambda tx, site=site, other=other, url=url: site.site.partners.edit(tx, other.code, url=url)
        )
    post = HttpPost()
    try:
        couriers = [courier_of(site.site, post) for site in (haiti, owner)]

        def step() -> None:
            for _ in range(2):
                for courier in couriers:
                    courier.step()
                for site in (haiti, owner):
                    site.works.step()

        entries = [("A8C123", "GLOCK"), *((f"K{number:05}", "GLOCK") for number in range(2_000))]
        owner.offer(owner.register(*entries), haiti)
        step()
        (offer,) = haiti.offers()
        assert (offer.state, offer.entries) == ("ready", 2_001)
        query = haiti.ask(offer, haiti.firearms("ABC123", "K00017", "NOBODY1"))
        step()
        found = haiti.query(query)
        assert (found.state, found.asked, found.answered, found.hits) == ("answered", 3, 3, 2)
        assert [line.answered for line in owner.log()] == [3]
        assert len(haiti.open(found).firearms) == 2
        # A newer set, of which the fetching is cut and goes on.
        owner.offer(owner.register(*entries), haiti)
        couriers[1].step()
        newer = haiti.offers()[-1]
        cut = Cutting(fetch, 500)
        works = haiti.more_works(cut)
        for _ in range(2):
            works.step()
            two.clock.advance(3_600)
        assert cut.starts == [0, 500]
        assert haiti.offers()[-1].state == "ready"
        # Switched off, it hands out nothing.
        owner.site.do(lambda tx: owner.site.partners.enable(tx, "HT-PAP", False))
        with pytest.raises(Exception, match="link-refused"):
            list(fetch(url, newer.digest, 0))
    finally:
        post.close()
