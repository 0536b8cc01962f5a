"""A picture that is handed over is drawn anew, whatever it would unpack to."""

from io import BytesIO

import pytest
from PIL import Image

from almoner.ground.pictures import NotAPicture, encoded_anew

UPSIDE = 6  # EXIF: to be turned by a quarter


def made(kind, size, *, mode="RGB", turned=False, **facts):
    out = BytesIO()
    exif = Image.Exif()
    if turned:
        exif[0x0112] = UPSIDE
    Image.new(mode, size).save(out, kind, exif=exif, **facts)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright_and_small(kind):
    picture = encoded_anew(made(kind, (4000, 3000), turned=True))

    assert (picture.width, picture.height) == (1200, 1600)
    with Image.open(BytesIO(picture.jpeg)) as again:
        assert (again.size, dict(again.getexif())) == ((1200, 1600), {})


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA"])
def test_a_picture_of_any_colours_is_drawn(mode):
    assert encoded_anew(made("PNG", (2000, 1000), mode=mode)).width == 1600


def test_a_photograph_of_fifty_million_pixels_is_taken_and_unpacked_in_part():
    picture = encoded_anew(made("JPEG", (8160, 6120)))

    assert (picture.width, picture.height) == (1600, 1200)


@pytest.mark.parametrize(
    ("kind", "size", "facts"),
    [
        ("PNG", (5000, 4000), {}),
        ("WEBP", (5000, 4000), {}),
        ("JPEG", (5000, 4000), {"progressive": True}),
        ("JPEG", (40_000, 1_000), {}),
        ("JPEG", (9000, 6000), {}),
    ],
)
def test_a_small_file_that_would_fill_the_memory_is_refused(kind, size, facts):
    upload = made(kind, size, **facts)
    assert len(upload) < 1_000_000

    with pytest.raises(NotAPicture):
        encoded_anew(upload)
