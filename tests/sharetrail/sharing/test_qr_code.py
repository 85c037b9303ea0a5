"""QR codes: what a decoder that is not ours reads in them."""

import re

import pytest

from sharetrail.sharing.link_codes import qr_code
from sharetrail.sharing.link_codes.qr_code import Level, Look
from tests.pictures import codes_in, grey_of

ADDRESS = "https://go.shop.example/ana-b"
LONGEST = f"https://{'a' * 60}.example/{'b' * 40}"


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize("address", [ADDRESS, LONGEST])
def test_a_decoder_reads_the_address(address: str, level: Level) -> None:
    assert codes_in(qr_code.as_png(address, Look(level=level))) == [address]


@pytest.mark.parametrize(
    "look",
    [
        Look(size=100),
        Look(size=2_048),
        Look(margin=0),
        Look(margin=16),
        Look(dark="7a1f2b", light="fff4e0"),
        Look(dark="000080", light="ffd700", level="H"),
    ],
)
def test_a_decoder_reads_it_in_every_look(look: Look) -> None:
    assert codes_in(qr_code.as_png(ADDRESS, look)) == [ADDRESS]


@pytest.mark.parametrize("size", [100, 333, 512, 2_048])
def test_a_picture_is_never_larger_than_asked_and_its_modules_are_whole(size: int) -> None:
    width, height, _ = grey_of(qr_code.as_png(LONGEST, Look(size=size, margin=16, level="H")))
    assert width == height <= size


def test_svg_has_the_size_and_the_colours_asked_for_and_draws_what_png_does() -> None:
    look = Look(size=300, margin=2, dark="102030", light="fefefe")
    svg = qr_code.as_svg(ADDRESS, look)
    assert 'width="300" height="300"' in svg
    assert {"#102030", "#fefefe"} <= set(re.findall(r"#[0-9a-f]{6}", svg))
    (modules,) = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
    pixels, _, _ = grey_of(qr_code.as_png(ADDRESS, Look(size=int(modules) * 3, margin=2)))
    assert pixels == int(modules) * 3


@pytest.mark.parametrize(
    ("dark", "light", "contrast"),
    [("000000", "ffffff", 21), ("ffffff", "ffffff", 1), ("767676", "ffffff", 4.54)],
)
def test_contrast_is_as_wcag_defines_it(dark: str, light: str, contrast: float) -> None:
    assert Look(dark=dark, light=light).contrast == pytest.approx(contrast, abs=0.01)
