"""Pictures for tests."""

from io import BytesIO

from PIL import Image


def jpeg(width: int = 640, height: int = 480, *, exif: Image.Exif | None = None, color: str = "teal") -> bytes:
    """A JPEG, with this EXIF."""
    out = BytesIO()
    Image.new("RGB", (width, height), color).save(out, "JPEG", **({"exif": exif} if exif is not None else {}))
    return out.getvalue()


def photo_from_a_phone(*, turned: bool = False) -> bytes:
    """A JPEG that says where, when and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Phone", "Model 9", "2026:11:18 09:00:00"
    if turned:
        exif[0x0112] = 6  # it has to be turned to be upright
    position = exif.get_ifd(0x8825)
    position[1], position[2], position[3], position[4] = "N", (59.0, 19.0, 45.0), "E", (18.0, 4.0, 7.0)
    return jpeg(exif=exif)


def saved_as(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()
