"""A picture is drawn anew: what is kept is only what is seen."""

import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from desk.attachments.pictures import LARGEST_FILE, LONGEST_SIDE, clean_picture
from desk.errors import DeskError, TooLarge, WrongInput
from tests.desk.attachments.drawing import jpeg, photo_from_a_phone, saved_as


def test_where_when_and_with_what_it_was_taken_is_not_kept() -> None:
    sent = photo_from_a_phone()
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    kept = clean_picture(sent)
    with Image.open(BytesIO(kept.content)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    assert b"Model 9" not in kept.content


def test_picture_stands_upright_as_it_was_taken() -> None:
    kept = clean_picture(photo_from_a_phone(turned=True))
    assert (kept.width, kept.height) == (480, 640)


def test_large_photo_is_kept_smaller() -> None:
    kept = clean_picture(jpeg(6000, 4000))
    assert (kept.width, kept.height) == (LONGEST_SIDE, 1365)
    assert kept.kind == "image/jpeg"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_kinds_are_read(kind: str) -> None:
    kept = clean_picture(saved_as(kind, "P" if kind == "GIF" else "RGB"))
    assert kept.kind == ("image/jpeg" if kind == "WEBP" else "image/png")
    assert (kept.width, kept.height) == (40, 30)


def test_what_is_see_through_becomes_white() -> None:
    with Image.open(BytesIO(clean_picture(saved_as("PNG", "RGBA")).content)) as image:
        assert image.getpixel((0, 0)) == (255, 255, 255)


def test_script_hidden_behind_a_picture_is_left_behind() -> None:
    sent = jpeg() + b"<script>alert(1)</script><?php system('id'); ?>"
    kept = clean_picture(sent).content
    assert b"<script" not in kept
    assert b"<?php" not in kept


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7 not a picture",
        b"\x89PNG\r\n\x1a\n",
        jpeg()[:300],
        saved_as("BMP"),
        saved_as("TIFF"),
    ],
)
def test_what_is_no_picture_of_these_kinds_is_refused(sent: bytes) -> None:
    with pytest.raises(WrongInput):
        clean_picture(sent)


def test_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(TooLarge):
        clean_picture(b"\xff\xd8" + bytes(LARGEST_FILE))


def test_small_file_with_endless_pixels_is_refused_before_it_is_drawn() -> None:
    head = b"IHDR" + (60_000).to_bytes(4) + (60_000).to_bytes(4) + b"\x08\x02\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4)
    with pytest.raises(DeskError):
        clean_picture(bomb)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_file_is_refused_or_read_but_never_an_error_of_ours(data: st.DataObject) -> None:
    sent = bytearray(data.draw(st.sampled_from([photo_from_a_phone(), saved_as("PNG"), saved_as("GIF", "P"), saved_as("WEBP")])))
    for _ in range(data.draw(st.integers(1, 8))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    with suppress(TooLarge, WrongInput):
        assert clean_picture(bytes(sent)).content
