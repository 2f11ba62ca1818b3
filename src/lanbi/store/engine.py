"""What a database engine gives to the store; SQLite and PostgreSQL each have one."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Connection(Protocol):
    """One connection, used by one thread at a time. Speaks the house's SQL subset."""

    def rows(self, sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        ...

    def run(self, sql: str, params: Mapping[str, Any]) -> int:
        """Executes, and says how many rows it changed."""
        ...

    def run_many(self, sql: str, params: Sequence[Mapping[str, Any]]) -> None:
        """Executes once for each set."""
        ...

    def begin_write(self) -> None:
        """Opens the writing transaction; on a shared server it also waits for its turn."""
        ...

    def begin_read(self) -> None:
        """Opens a view that stays consistent until `commit`."""
        ...

    def commit(self) -> None:
        """Ends the transaction; returns when it is on the disk."""
        ...

    def rollback(self) -> None:
        """Ends the transaction with nothing kept; harmless when none is open."""
        ...

    def savepoint(self) -> None: ...

    def release(self) -> None: ...

    def rollback_to_savepoint(self) -> None: ...

    def close(self) -> None: ...


class Engine(Protocol):
    """Opens connections, and knows its driver's errors."""

    name: str
    remote: bool
    """Whether a server stands behind it, which may be restarted while the node runs."""

    def connect(self) -> Connection:
        """A connection for the writer."""
        ...

    def connect_reader(self) -> Connection:
        """A connection that can only read."""
        ...

    def explain(self, error: Exception) -> Exception:
        """The house's error for a driver's error; any other error comes back as it is."""
        ...

    def is_engine_failure(self, error: Exception) -> bool:
        """Whether the connection itself failed (disk full, server away), not one statement."""
        ...

    def close(self) -> None: ...
