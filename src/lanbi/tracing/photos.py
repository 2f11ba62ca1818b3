"""Photographs of markings: what is no image is refused, what is one is kept as it came."""

import hashlib
import io

import msgspec

from lanbi.core.errors import Malformed, NotFound, TooLarge
from lanbi.core.ports import Reader, Tx

PHOTO_BYTES_MAX = 12_000_000
PHOTO_PIXELS_MAX = 60_000_000
SMALL_PIXELS = 480
MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

ADD = """
INSERT INTO tracing_photo (digest, media, width, height, bytes, small, taken_in_at)
VALUES (:digest, :media, :width, :height, :bytes, :small, :at) ON CONFLICT (digest) DO NOTHING
"""
WHOLE = "SELECT media, bytes FROM tracing_photo WHERE digest = :digest"
SMALL = "SELECT 'image/jpeg', small FROM tracing_photo WHERE digest = :digest"


class Photo(msgspec.Struct, frozen=True):
    """What a photograph turned out to be."""

    digest: str
    media: str
    width: int
    height: int
    small: bytes


def read_photo(data: bytes) -> Photo:
    """Decodes every pixel, since a header alone proves nothing.

    Raises `TooLarge("photo-too-large")` over 12 MB or 60 megapixels,
    `Malformed("photo-unreadable")` for what is
    no JPEG, PNG or WebP, or one that is cut short.
    """
    from PIL import Image  # only who takes in photographs pays for it

    if len(data) > PHOTO_BYTES_MAX:
        raise TooLarge("photo-too-large", limit=PHOTO_BYTES_MAX // 1_000_000, given=len(data))
    try:
        with Image.open(io.BytesIO(data), formats=tuple(MEDIA)) as image:
            width, height = image.size
            if width * height > PHOTO_PIXELS_MAX:
                raise TooLarge("photo-too-large", limit=PHOTO_PIXELS_MAX // 1_000_000, given=width * height)
            media = MEDIA[str(image.format)]
            image.load()
            thumbnail = image.convert("RGB")
            thumbnail.thumbnail((SMALL_PIXELS, SMALL_PIXELS))
            small = io.BytesIO()
            thumbnail.save(small, "JPEG", quality=82)  # without the camera's place and time
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Malformed("photo-unreadable", reason=type(error).__name__) from error
    return Photo(hashlib.sha256(data).hexdigest(), media, width, height, small.getvalue())


def keep_photo(tx: Tx, data: bytes) -> Photo:
    """Keeps the bytes as they came, once, and a small picture without the camera's own notes."""
    found = read_photo(data)
    tx.run(
        ADD,
        digest=found.digest,
        media=found.media,
        width=found.width,
        height=found.height,
        bytes=data,
        small=found.small,
        at=tx.now,
    )
    return found


def photo(reader: Reader, digest: str, *, small: bool) -> tuple[str, bytes]:
    """(media type, bytes); raises `NotFound("photo-none")`."""
    row = reader.row(SMALL if small else WHOLE, digest=digest)
    if row is None:
        raise NotFound("photo-none")
    return row[0], bytes(row[1])
