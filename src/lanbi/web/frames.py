"""WebSocket frames made once and written to many (RFC 6455 section 5.2).

A server's frames carry no mask, so the bytes for a thousand screens are the same
bytes. `LiveProtocol` lets the live picture write them to a connection's
transport without a task or an await per screen.
"""

import asyncio
import struct

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TRANSPORT = "lanbi.transport"
"""Key of the scope's extension that holds the connection's transport."""
FAREWELL = "farewell"
"""Key in that extension of the frame to send when the server stops."""

_TEXT = 0x81  # FIN and opcode 1
_CLOSE = 0x88  # FIN and opcode 8
REASON_BYTES_MAX = 123


def text_frame(payload: bytes) -> bytes:
    """One whole text message as one frame; `payload` is UTF-8."""
    size = len(payload)
    if size < 126:
        return bytes((_TEXT, size)) + payload
    if size < 65_536:
        return struct.pack("!BBH", _TEXT, 126, size) + payload
    return struct.pack("!BBQ", _TEXT, 127, size) + payload


def close_frame(code: int, reason: str) -> bytes:
    """A close frame with its code and a reason cut to fit."""
    payload = struct.pack("!H", code) + reason.encode()[:REASON_BYTES_MAX]
    return bytes((_CLOSE, len(payload))) + payload


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own protocol, whose transport the application can reach."""

    async def run_asgi(self) -> None:
        extensions = self.scope.setdefault("extensions", {})
        if extensions is not None:
            extensions[TRANSPORT] = {"transport": self.transport}
        await super().run_asgi()

    def shutdown(self) -> None:
        """The server stops: the last word that the application left is said, then 1012 follows."""
        scope = getattr(self, "scope", None)
        held = (scope.get("extensions") or {}).get(TRANSPORT) if scope is not None else None
        if held is not None and FAREWELL in held and not self.transport.is_closing():
            self.transport.write(held[FAREWELL])
        super().shutdown()


def leave_farewell(scope: dict[str, object], frame: bytes) -> None:
    """Leaves the frame that is sent last when the server stops under an open connection."""
    extensions = scope["extensions"]
    extensions[TRANSPORT][FAREWELL] = frame  # pyright: ignore[reportIndexIssue]


def transport_of(scope: dict[str, object]) -> asyncio.Transport:
    """The transport that `LiveProtocol` put into the scope."""
    extensions = scope["extensions"]
    return extensions[TRANSPORT]["transport"]  # pyright: ignore[reportIndexIssue]
