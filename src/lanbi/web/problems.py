"""Errors as problem details (RFC 9457), in the reader's language, each with the next step."""

import logging
import secrets

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from lanbi.core.errors import Busy, LanbiError, TooMany
from lanbi.locales import hint, language, say

MEDIA_TYPE = "application/problem+json"
DETAIL_CHARS_MAX = 500
BUSY_RETRY_AFTER_S = 1

log = logging.getLogger("lanbi.web")


def problem(request: Request, status: int, code: str, args: dict[str, object]) -> Response[bytes]:
    """The response for an error code."""
    lang = request.scope.get("lanbi.lang") or language(request.headers.get("accept-language", ""))
    body = {
        **args,
        "type": f"urn:lanbi:{code}",
        "title": say(lang, code, **args),
        "status": status,
        "code": code,
        "detail": say(lang, code, **args),
        "hint": hint(lang, code, **args),
    }
    headers = {"content-language": lang}
    if "retry_after_s" in args:
        headers["retry-after"] = str(args["retry_after_s"])
    elif status == Busy.status:
        headers["retry-after"] = str(BUSY_RETRY_AFTER_S)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(body, enc_hook=str), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def on_lanbi_error(request: Request, error: LanbiError) -> Response[bytes]:
    if isinstance(error, Busy) and not isinstance(error, TooMany):
        log.warning("busy: %s", error)
    return problem(request, error.status, error.code, error.args_by_name)


def on_http_error(request: Request, error: HTTPException) -> Response[bytes]:
    """What the framework itself refuses: unreadable bodies, unknown paths, wrong methods, oversize."""
    if isinstance(error, ValidationException):
        return problem(request, 422, "body-invalid", {"what": _what(error)})
    if isinstance(error, NotFoundException):
        return problem(request, 404, "path-none", {"path": request.url.path[:200]})
    if isinstance(error, MethodNotAllowedException):
        return problem(request, 405, "method-none", {"method": request.method})
    if error.status_code == 413:
        return problem(request, 413, "body-too-large", {})
    if isinstance(error, ClientException):
        return problem(request, 400, "body-unreadable", {"what": str(error.detail)[:DETAIL_CHARS_MAX]})
    return problem(
        request, error.status_code, "request-refused", {"what": str(error.detail)[:DETAIL_CHARS_MAX]}
    )


def _what(error: ValidationException) -> str:
    extra = error.extra
    if isinstance(extra, list) and extra:
        parts = [f"{item.get('key', '')}: {item.get('message', '')}".strip(": ") for item in extra]
        return "; ".join(parts)[:DETAIL_CHARS_MAX]
    return str(error.detail)[:DETAIL_CHARS_MAX]


def on_fault(request: Request, error: Exception) -> Response[bytes]:
    """A fault of ours: the person gets a reference, the log gets the whole of it under the same one."""
    reference = secrets.token_hex(4)
    log.error("fault %s on %s %s", reference, request.method, request.url.path, exc_info=error)
    return problem(request, 500, "fault", {"reference": reference})
