"""One small tree of errors. Each says what, where and what next, in the reader's language.

An error carries a code and its arguments; the sentence and its hint stand in
`locales/<lang>/*.ftl` under that code (the hint as the attribute `.hint`). So a
model can refuse without knowing who reads it.
"""


class LanbiError(Exception):
    """A refusal or failure that a person can understand.

    `code` is the id of the sentence in the catalogues, `args` fill its blanks.
    `status` is the HTTP status that the web answers with.
    """

    status = 500

    def __init__(self, code: str, /, **args: object) -> None:
        super().__init__(code, args)
        self.code = code
        self.args_by_name = args

    def __str__(self) -> str:
        blanks = ", ".join(f"{name}={value!r}" for name, value in self.args_by_name.items())
        return f"{self.code}({blanks})"


class Malformed(LanbiError):
    """What came in cannot be what it says it is; nothing was done."""

    status = 422


class Unauthenticated(LanbiError):
    """Who asks is not known, or no longer."""

    status = 401


class Forbidden(LanbiError):
    """The policies do not let this role do this."""

    status = 403


class NotFound(LanbiError):
    """There is no such thing, or none that this actor may see."""

    status = 404


class Refused(LanbiError):
    """The rules of the work do not allow it now; nothing was done."""

    status = 409


class Conflict(LanbiError):
    """Somebody changed the same thing first; both versions are kept for the person to see."""

    status = 412


class TooLarge(LanbiError):
    """Over a stated limit."""

    status = 413


class TooMany(LanbiError):
    """Asked too often; `retry_after_s` says when again."""

    status = 429


class Busy(LanbiError):
    """The node cannot take this now (queue full, disk full, database away); it may be sent again."""

    status = 503
