"""The usual stack doing the same work: FastAPI, SQLAlchemy 2 async, SQLite through aiosqlite.

A note on an incident is the note's row, the incident's row with its new version, an
entry chained by SHA-256, and the idempotency row with the answer, in one transaction
in WAL with synchronous=FULL. Written to be fast within the idiom: one process with
uvloop and httptools, inserts in bulk through the ORM's session, settings on each
connection, `BEGIN IMMEDIATE` so that no transaction fails half way, and one writing
transaction at a time behind a lock: without it SQLite's busy handler sleeps, which
gave no more requests a second and a p99 of seconds.
"""

import asyncio
import hashlib
import json
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, Float, LargeBinary, String, event, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

GENESIS = b"\0" * 32
INCIDENTS = 100


class Base(DeclarativeBase):
    pass


class Incident(Base):
    __tablename__ = "incident"
    id: Mapped[str] = mapped_column(String, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String)
    version: Mapped[int] = mapped_column(BigInteger)


class Note(Base):
    __tablename__ = "note"
    id: Mapped[str] = mapped_column(String, primary_key=True)
    incident_id: Mapped[str] = mapped_column(String, index=True)
    words: Mapped[str] = mapped_column(String)
    at: Mapped[int] = mapped_column(BigInteger)


class Entry(Base):
    __tablename__ = "journal"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String)
    subject: Mapped[str] = mapped_column(String, index=True)
    kind: Mapped[str] = mapped_column(String, index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(String)
    body: Mapped[str] = mapped_column(String)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Once(Base):
    __tablename__ = "once"
    key: Mapped[str] = mapped_column(String, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String)
    status: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(String)
    at: Mapped[int] = mapped_column(BigInteger)


class Position(Base):
    __tablename__ = "position"
    unit_id: Mapped[str] = mapped_column(String, primary_key=True)
    at: Mapped[str] = mapped_column(String, primary_key=True)
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    accuracy_m: Mapped[float] = mapped_column(Float)
    speed_mps: Mapped[float | None] = mapped_column(Float)
    course_deg: Mapped[float | None] = mapped_column(Float)
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class NoteBody(BaseModel):
    words: Annotated[str, Field(min_length=1, max_length=10_000)]


class IncidentRow(BaseModel):
    id: str
    number: int
    title: str
    version: int


class PositionBody(BaseModel):
    unit_id: str
    at: str
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float, Field(ge=0)]
    speed_mps: float | None = None
    course_deg: float | None = None


class BatchBody(BaseModel):
    positions: Annotated[list[PositionBody], Field(min_length=1, max_length=1_000)]


class Stored(BaseModel):
    stored: int
    seq: int


def make_engine(path: Path) -> AsyncEngine:
    """SQLite as ours is set: WAL, every commit on the disk before it is answered."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(engine.sync_engine, "connect")
    def settings(connection: Any, _record: Any) -> None:
        # SQLAlchemy's own recipe: let it emit BEGIN, not the driver.
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "cache_size=-32768"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def create_app(folder: Path) -> FastAPI:
    """The application; its database is `folder`/peer.sqlite."""
    engine = make_engine(folder / "peer.sqlite")
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    writing = asyncio.Lock()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with sessions.begin() as session:
            if await session.scalar(select(Incident.id).limit(1)) is None:
                session.add_all(
                    Incident(id=str(uuid.uuid4()), number=number, title=f"incident {number}", version=0)
                    for number in range(1, INCIDENTS + 1)
                )
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    async def chain(session: Any, subject: str, kind: str, body: dict[str, Any], at: int) -> Entry:
        last = (
            await session.execute(select(Entry.seq, Entry.hash).order_by(Entry.seq.desc()).limit(1))
        ).first()
        seq, before = (1, GENESIS) if last is None else (last.seq + 1, last.hash)
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        entry_id = str(uuid.uuid4())
        digest = hashlib.sha256(
            before + f"{seq}\n{entry_id}\n{subject}\n{kind}\n{at}\nbench\n{text}\n".encode()
        ).digest()
        return Entry(
            seq=seq, id=entry_id, subject=subject, kind=kind, at=at, actor="bench", body=text, hash=digest
        )

    @app.get("/healthz")
    async def healthz() -> dict[str, bool]:
        return {"ok": True}

    @app.get("/incidents")
    async def incidents() -> list[IncidentRow]:
        async with sessions() as session:
            found = await session.scalars(select(Incident).order_by(Incident.number))
            return [IncidentRow.model_validate(one, from_attributes=True) for one in found]

    @app.post("/incidents/{incident_id}/note", response_model=IncidentRow)
    async def note(
        incident_id: str, data: NoteBody, idempotency_key: Annotated[str, Header(max_length=64)]
    ) -> Response:
        fingerprint = hashlib.sha256(f"{incident_id}\n{data.words}".encode()).hexdigest()
        async with writing, sessions.begin() as session:
            kept = await session.get(Once, idempotency_key)
            if kept is not None:
                if kept.fingerprint != fingerprint:
                    raise HTTPException(409, "another command has this key")
                return Response(kept.body, kept.status, media_type="application/json")
            incident = await session.get(Incident, incident_id)
            if incident is None:
                raise HTTPException(404, "no such incident")
            at = time.time_ns() // 1000
            note_id = str(uuid.uuid4())
            commitment = hashlib.sha256(note_id.encode() + data.words.encode()).hexdigest()
            subject = f"incident/{incident_id}"
            entry = await chain(
                session, subject, "incident.noted", {"note": note_id, "words": commitment}, at
            )
            incident.version = entry.seq
            answer = IncidentRow.model_validate(incident, from_attributes=True).model_dump_json()
            session.add_all(
                [
                    Note(id=note_id, incident_id=incident_id, words=data.words, at=at),
                    entry,
                    Once(key=idempotency_key, fingerprint=fingerprint, status=200, body=answer, at=at),
                ]
            )
        return Response(answer, media_type="application/json")

    @app.post("/tracks/batch")
    async def batch(data: BatchBody) -> Stored:
        rows = [position.model_dump() for position in data.positions]
        digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
        async with writing, sessions.begin() as session:
            at = time.time_ns() // 1000
            body = {"count": len(rows), "digest": digest}
            entry = await chain(session, f"track_batch/{uuid.uuid4()}", "track.batch_stored", body, at)
            session.add(entry)
            await session.execute(insert(Position), [{**row, "seq": entry.seq} for row in rows])
        return Stored(stored=len(rows), seq=entry.seq)

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(Path(sys.argv[1])),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )
