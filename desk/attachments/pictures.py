"""What becomes of a picture that was sent: drawn anew, so that only the picture is left.

Position, camera and time (EXIF), comments, and whatever else was hidden in the file stay behind; a file that is no picture
never gets through.
"""

import hashlib
import struct
import threading
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from desk.errors import TooLarge, WrongInput

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of a picture as it is sent."""
LONGEST_SIDE = 2048
"""Pixels of the longer side as it is kept."""
MOST_PIXELS = 40_000_000
MOST_JPEG_PIXELS = 220_000_000
"""A JPEG can be read at an eighth of its size, whatever a phone's camera makes of it."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ACCEPTED = "JPEG, PNG, WebP or GIF"
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error)
"""Pillow's many ways to say it."""
_AT_ONCE = threading.Semaphore(2)  # drawing takes memory: a crowd of pictures waits its turn


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be kept and shown."""

    kind: str  # image/jpeg or image/png
    width: int
    height: int
    content: bytes
    digest: str


def clean_picture(sent: bytes) -> Picture:
    """The picture in these bytes, drawn anew. Raises TooLarge, WrongInput."""
    if len(sent) > LARGEST_FILE:
        raise TooLarge("A picture may have at most %(most)s MB.", most=LARGEST_FILE // 2**20)
    if not sent:
        raise WrongInput("The picture is empty.")
    try:
        with _AT_ONCE, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about broken EXIF, which stays behind anyway
            return _draw_anew(sent)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise WrongInput("That is no picture we can read. Send it as %(accepted)s.", accepted=ACCEPTED) from error
    except _BROKEN as error:
        raise WrongInput("The picture is damaged. Take or save it once more, and send that.") from error


def _draw_anew(sent: bytes) -> Picture:
    with Image.open(BytesIO(sent), formats=FORMATS) as image:
        pixels = image.width * image.height
        if pixels > (MOST_JPEG_PIXELS if image.format == "JPEG" else MOST_PIXELS):
            raise TooLarge("That picture has too many pixels. Send a smaller copy of it.")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read at half, a quarter or an eighth
        if image.width * image.height > MOST_PIXELS:
            raise TooLarge("That picture has too many pixels. Send a smaller copy of it.")
        upright = ImageOps.exif_transpose(image)  # as it was held; a moving picture's first frame
        keeps_png = image.format in ("PNG", "GIF")
    drawn = _on_white(upright)
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    fresh = Image.new("RGB", drawn.size)
    fresh.paste(drawn)
    out = BytesIO()
    if keeps_png and drawn.width * drawn.height <= 1_000_000:  # a screen's sharp letters
        fresh.save(out, "PNG", optimize=False)
    else:
        fresh.save(out, "JPEG", quality=85, optimize=True)
        keeps_png = False
    kind = "image/png" if keeps_png else "image/jpeg"
    return Picture(kind, fresh.width, fresh.height, out.getvalue(), hashlib.sha256(sent).hexdigest())


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency: what was see-through is white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        see_through = image.convert("RGBA")
        white = Image.new("RGBA", see_through.size, "white")
        return Image.alpha_composite(white, see_through).convert("RGB")
    return image.convert("RGB")
