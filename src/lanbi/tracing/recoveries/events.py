"""Facts of taking in files of recoveries. What they say stands in the statements, each on the record
itself."""

from typing import ClassVar

from lanbi.core.events import Event


class FileTaken(Event, frozen=True, kw_only=True):
    """A file's rows are in: `digest` is the SHA-256 of its bytes, `mapping` how it was read, `made` how many
    entities it told of for the first time, `stated` how many it said more about, `known` how many it did
    not."""

    about: ClassVar[str] = "tracing_import"
    kind: ClassVar[str] = "tracing.file_taken"
    digest: str
    mapping: str
    rows: int
    bad: int
    made: int
    stated: int
    known: int
