"""Fan-out as tutorials teach it: a list of sockets, JSON made for each, `await send` one after another.

Nothing is stored: what it must do is less than a node does.
"""

import json
import sys
import time
from typing import Any

import uvicorn

Send = Any


class Broadcaster:
    """A bare ASGI application: WebSockets at any path, `POST /change/{id}` tells all of them."""

    def __init__(self) -> None:
        self.open: list[Send] = []
        self.seq = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._listen(receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    async def _listen(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.open.append(send)
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            self.open.remove(send)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        content = b""
        while True:
            message = await receive()
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["method"] == "POST":
            await self._change(scope["path"].rpartition("/")[2], json.loads(content)["title"])
        body = b'{"ok":true}'
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _change(self, incident_id: str, title: str) -> None:
        self.seq += 1
        for send in list(self.open):
            row = {
                "kind": "incident",
                "id": incident_id,
                "version": self.seq,
                "row": incident(incident_id, self.seq, title),
            }
            text = json.dumps({"t": "rows", "seq": self.seq, "now": time.time(), "rows": [row]})
            await send({"type": "websocket.send", "text": text})


def incident(incident_id: str, version: int, title: str) -> dict[str, Any]:
    """A row of the size that a node sends."""
    at = "2026-11-22T03:47:12.345678Z"
    clock = {"at": at, "source": "automatic", "by": "bench"}
    return {
        "id": incident_id,
        "version": version,
        "number": version,
        "type": "bleeding",
        "title": title,
        "priority": "P1",
        "state": "open",
        "area": {
            "lat": 18.54,
            "lon": -72.33,
            "radius_m": 150.0,
            "source": "map",
            "confidence": "likely",
            "words": "",
            "place_id": None,
        },
        "opened_at": at,
        "opened_by": "bench",
        "closed_at": None,
        "disposition": None,
        "clocks": {"entered": clock, "type_known": clock, "location_known": clock},
        "links": [],
        "calls": 0,
        "needs": [{"capability": "medical", "count": 1}],
    }


if __name__ == "__main__":
    uvicorn.run(
        Broadcaster(),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
    )
