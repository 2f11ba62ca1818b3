"""Calls and promises over HTTP, on a whole node."""

from stores import Web

NUMBER = "+509 3456 0142"
SAID = "Gen dife nan mache a, vit vit! 🔥"
HERE = {"lat": 18.5392, "lon": -72.335, "radius_m": 300, "source": "landmark", "confidence": "heard"}
NOWHERE = "00000000-0000-7000-8000-000000000000"


def ring(web: Web, **given) -> dict:
    answer = web.post("/calls", {"channel": "voice", "number": NUMBER} | given)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer) -> tuple[int, str]:
    body = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert body["detail"]
    assert body["hint"]
    return answer.status_code, body["code"]


def test_a_call_goes_its_whole_way(web: Web) -> None:
    call = ring(web, name="Wideline", words=SAID, lang="ht", area=HERE | {"words": "anndan mache a"})
    assert set(call) == {
        *("id", "version", "number", "channel", "state", "offered_at", "answered_at", "ended_at"),
        *("line", "lang", "area", "taken_by", "incident_id", "words", "callback"),
        *("claimed_by", "claimed_until", "held_at", "answers"),
    }
    assert (call["state"], call["line"], call["words"]) == ("offered", "+509 ·· ·· 01 42", SAID)
    path = f"/calls/{call['id']}"
    taken = web.post(f"{path}/answer").json()
    assert (taken["state"], taken["taken_by"]["id"]) == ("answered", "token:call-taker")
    assert refused(web.post(f"{path}/answer", role="dispatcher")) == (409, "call-taken")
    assert web.post(f"{path}/language", {"lang": "fr"}).json()["lang"] == "fr"
    assert web.post(f"{path}/words", {"words": "Le feu au marché", "lang": "fr"}).json()["words"] == SAID
    incident = web.post("/incidents", {"call_id": call["id"], "type": "market_fire"}).json()
    assert (incident["calls"], set(incident["clocks"]) >= {"ring", "answer"}) == (1, True)
    assert web.post(f"{path}/end").json()["state"] == "ended"
    whole = web.get(path).json()
    assert [(piece["words"], piece["lang"]) for piece in whole["all_words"]] == [
        (SAID, "ht"),
        ("Le feu au marché", "fr"),
    ]
    assert whole["incident_id"] == incident["id"]
    log = web.get(f"{path}/log?limit=3").json()
    assert [line["kind"] for line in log["items"]] == ["call.ended", "call.joined", "call.words_added"]
    rest = web.get(f"{path}/log?cursor={log['next']}").json()
    assert [line["kind"] for line in rest["items"]] == ["call.language_set", "call.answered", "call.offered"]
    assert rest["next"] is None
    assert NUMBER[-4:] not in web.get("/journal", role="auditor").text


def test_cards_are_fetched_once_and_then_only_when_they_change(web: Web) -> None:
    whole = web.get("/cards")
    tag = whole.headers["etag"]
    assert whole.status_code == 200
    assert {"code", "labels", "questions", "rules", "advice"} <= set(whole.json()[0])
    assert len(whole.json()) >= 24
    again = web.get("/cards", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert web.get("/cards", if_none_match='"other"').status_code == 200


def test_a_call_is_claimed_held_and_asked_about(web: Web) -> None:
    call = ring(web)
    path = f"/calls/{call['id']}"
    claimed = web.post(f"{path}/claim").json()
    assert claimed["claimed_by"]["id"] == "token:call-taker"
    assert claimed["claimed_until"] is not None
    assert refused(web.post(f"{path}/claim", role="dispatcher")) == (409, "call-claimed")
    assert web.post(f"{path}/answer").json()["claimed_by"] is None
    assert web.post(f"{path}/hold").json()["held_at"] is not None
    assert web.post(f"{path}/resume").json()["held_at"] is None
    given = {"card": "road_accident", "question": "trapped", "answer": "yes", "lang": "ht"}
    (answer,) = web.post(f"{path}/answers", given).json()["answers"]
    assert (answer["question"], answer["answer"]) == ("trapped", "yes")
    assert refused(web.post(f"{path}/answers", given | {"answer": "wi"})) == (422, "card-answer-unknown")
    because = {"card": "road_accident", "rule": "trapped"}
    opening = {"call_id": call["id"], "type": "road_accident_trapped", "priority": "P1"}
    assert refused(web.post("/incidents", opening | {"because": {"card": "road"}})) == (422, "card-unknown")
    incident = web.post("/incidents", opening | {"because": because}).json()
    log = web.get(f"/incidents/{incident['id']}/log?limit=50").json()["items"]
    said = {line["kind"]: line["body"] for line in log}
    assert said["incident.opened"]["because"] == because
    assert said["call.card_answered"]["number"] == 2


def test_two_screens_that_edit_at_once_are_told(web: Web) -> None:
    call = ring(web)
    path, tag = f"/calls/{call['id']}", f'"{call["version"]}"'
    assert web.post(f"{path}/locate", {"area": HERE}, if_match=tag).status_code == 200
    second = web.post(f"{path}/locate", {"area": HERE | {"radius_m": 50}}, if_match=tag)
    assert refused(second) == (412, "edited-meanwhile")
    assert web.post(f"{path}/language", {"lang": "es"}, if_match=tag).status_code == 200


def test_a_missed_call_is_owed(web: Web) -> None:
    call = ring(web)
    path = f"/calls/{call['id']}"
    assert web.post(f"{path}/abandon").json()["callback"]["attempts"] == 0
    assert [row["id"] for row in web.get("/calls?state=owed").json()["items"]] == [call["id"]]
    assert web.post(f"{path}/callback", {"outcome": "no_answer"}).json()["callback"]["attempts"] == 1
    assert web.post(f"{path}/callback", {"outcome": "reached"}).json()["callback"]["settled_at"]
    assert refused(web.post(f"{path}/callback", {"outcome": "reached"})) == (409, "callback-settled")
    assert web.get("/calls?state=owed").json()["items"] == []


def test_a_text_comes_in_by_the_same_door(web: Web) -> None:
    text = web.post("/calls/texts", {"channel": "sms", "words": SAID, "number": NUMBER})
    assert (text.status_code, text.json()["channel"], text.json()["state"]) == (201, "sms", "offered")
    assert web.post("/calls/texts", {"channel": "voice", "words": SAID}).status_code == 422
    assert refused(web.post("/calls/texts", {"channel": "web", "words": " "})) == (422, "text-empty")


def test_a_number_is_opened_for_a_purpose(web: Web) -> None:
    path = f"/calls/{ring(web)['id']}/reveal"
    opened = web.post(path, {"field": "number", "purpose": "call_back"})
    assert opened.json() == {"value": "+50934560142"}
    assert refused(web.post(path, {"field": "number", "purpose": "curiosity"})) == (422, "unknown-term")
    assert refused(web.post(path, {"field": "number", "purpose": ""})) == (422, "purpose-missing")
    assert refused(web.post(path, {"field": "name", "purpose": "audit"})) == (404, "sealed-none")
    assert web.post(path, {"field": "words", "purpose": "audit"}).status_code == 422
    by_auditor = web.post(path, {"field": "number", "purpose": "audit"}, role="auditor")
    assert refused(by_auditor) == (403, "not-allowed")
    read = web.get("/journal?kind=sealed.read", role="auditor").json()["items"]
    assert [(entry["actor"], entry["purpose"]) for entry in read] == [("token:call-taker", "call_back")]


def test_who_may_not_read_words_gets_none(web: Web) -> None:
    call = ring(web, words=SAID, area=HERE | {"words": "lakay Mari"})
    web.post("/promises", {"call_id": call["id"], "kind": "news", "words": "n ap rele w"})
    for path in (f"/calls/{call['id']}", "/calls", f"/calls/{call['id']}/log", "/promises"):
        seen = web.get(path, role="auditor")
        assert seen.status_code == 200
        assert call["id"] in seen.text
        assert not [words for words in (SAID, "lakay Mari", "n ap rele w") if words in seen.text]
    assert refused(web.get(f"/calls/{call['id']}", role="analyst")) == (404, "call-none")
    assert refused(web.get("/calls", role="analyst")) == (403, "not-allowed")


def test_a_call_is_joined_and_unjoined(web: Web) -> None:
    call, incident = ring(web), web.post("/incidents", {}).json()
    path = f"/calls/{call['id']}"
    assert web.post(f"{path}/join", {"incident_id": incident["id"]}).json()["incident_id"] == incident["id"]
    assert [row["id"] for row in web.get(f"/calls?incident_id={incident['id']}").json()["items"]] == [
        call["id"]
    ]
    assert web.post(f"{path}/unjoin").json()["incident_id"] is None
    assert refused(web.post(f"{path}/unjoin")) == (409, "call-not-joined")
    assert refused(web.post(f"{path}/join", {"incident_id": NOWHERE})) == (404, "incident-none")


def test_promises_are_made_listed_and_settled(web: Web) -> None:
    call = ring(web)
    made = web.post("/promises", {"call_id": call["id"], "kind": "unit_coming", "words": "yo nan wout"})
    assert made.status_code == 201
    promise = made.json()
    assert set(promise) == {
        *("id", "version", "call_id", "incident_id", "kind", "words", "owner", "made_at", "due_at"),
        *("settled_at", "outcome"),
    }
    web.post("/promises", {"call_id": call["id"], "kind": "news", "due_in_s": 60})
    first = web.get("/promises?limit=1").json()
    second = web.get(f"/promises?limit=1&cursor={first['next']}").json()
    assert ([row["id"] for row in second["items"]], second["next"]) == ([promise["id"]], None)
    settled = web.post(f"/promises/{promise['id']}/settle", {"outcome": "kept"}).json()
    assert settled["outcome"] == "kept"
    assert refused(web.post(f"/promises/{promise['id']}/settle", {"outcome": "broken"})) == (
        409,
        "promise-settled",
    )
    assert [row["kind"] for row in web.get("/promises?state=open").json()["items"]] == ["news"]
    assert refused(web.post("/promises", {"kind": "news"})) == (422, "promise-to-nobody")
    nobody = web.post("/promises", {"call_id": call["id"], "kind": "news", "owner": "nobody"})
    assert refused(nobody) == (404, "account-none")
    due = {"call_id": call["id"], "kind": "news", "due_at": "2020-01-01T00:00:00Z"}
    assert refused(web.post("/promises", due)) == (422, "due-impossible")


def test_what_cannot_be_read_is_refused_and_never_breaks(web: Web) -> None:
    for path, body in (
        ("/calls", {"channel": "voice", "surprise": 1}),
        ("/calls", {"channel": 5}),
        ("/calls", {"channel": "voice", "number": "x" * 10_000}),
        ("/calls", {"channel": "voice", "offered_at": "yesterday"}),
        ("/calls", {"channel": "voice", "offered_at": "2099-01-01T00:00:00Z"}),
        ("/calls", {"channel": "voice", "area": {"lat": 1e308, "lon": 0, "radius_m": 1}}),
        ("/calls", []),
        ("/calls/nothing/answer", {}),
        (f"/calls/{'9' * 36}/answer", {}),
        ("/promises", {"kind": "news", "call_id": "x"}),
        ("/promises", {"kind": "news", "call_id": NOWHERE, "due_in_s": 10**40}),
    ):
        assert web.post(path, body).status_code in (400, 422), (path, body)
    for path in ("/calls?limit=0", "/calls?limit=201", "/calls?cursor=x", "/calls?state=lost", "/calls/x"):
        assert web.get(path).status_code in (400, 422), path
    assert refused(web.get(f"/calls/{NOWHERE}")) == (404, "call-none")
    assert web.get("/calls").json()["items"] == []


def test_the_same_command_sent_twice_happens_once(web: Web) -> None:
    body = {"channel": "voice", "number": NUMBER}
    first = web.post("/calls", body, idempotency_key="k1")
    assert web.post("/calls", body, idempotency_key="k1").json() == first.json()
    assert len(web.get("/calls").json()["items"]) == 1


def test_an_opened_number_is_not_kept_for_repeats_and_each_reading_is_an_entry(web: Web) -> None:
    path = f"/calls/{ring(web)['id']}/reveal"
    for _ in range(2):
        opened = web.post(path, {"field": "number", "purpose": "call_back"}, idempotency_key="k2")
        assert opened.json() == {"value": "+50934560142"}
    kept = web.node.store.read_now(lambda reader: reader.rows("SELECT body FROM once"))
    assert not [body for (body,) in kept if b"34560142" in bytes(body)]
    read = web.get("/journal?kind=sealed.read", role="auditor").json()["items"]
    assert len(read) == 2
