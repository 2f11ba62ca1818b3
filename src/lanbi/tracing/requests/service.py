"""Trace requests, put together: the asker's side, the asked side, looks, and the letters between them."""

from lanbi.core.ports import Tx
from lanbi.record.events import SealedErased
from lanbi.tracing.requests import sql
from lanbi.tracing.requests.answering import Answering
from lanbi.tracing.requests.asking import Asking
from lanbi.tracing.requests.looks import Looks
from lanbi.tracing.requests.model import TraceRequest
from lanbi.tracing.requests.office import MaySend, Office, Send
from lanbi.tracing.requests.post import Post
from lanbi.tracing.service import Tracing


class Requests:
    """The use cases of trace requests."""

    def __init__(self, tracing: Tracing, *, secret: bytes, send: Send, may_send: MaySend) -> None:
        """`secret`: 32 bytes, for the keys by which partners know our entities. `send`, `may_send`: the
        letters to other sites."""
        office = Office(tracing, secret=secret, send=send, may_send=may_send)
        self.asking = Asking(office)
        self.answering = Answering(office)
        self.looks = Looks(office)
        self.post = Post(office)

    def approve(self, tx: Tx, request_id: str, *, held: int | None = None) -> TraceRequest:
        """A second person lets it leave: a request as it stands, or an answer that names who bought."""
        if sql.get(tx, request_id).prepared is not None:
            return self.answering.let_go(tx, request_id, held=held)
        return self.asking.approve(tx, request_id, held=held)

    def sealed_erased(self, tx: Tx, fact: SealedErased) -> None:
        """Words that were erased leave the stories that showed them."""
        sql.touch_sealed(tx, fact.sealed)
