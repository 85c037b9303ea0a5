"""An address as a QR code (ISO/IEC 18004), for whatever is printed. Pure."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from segno import QRCode

Level = Literal["L", "M", "Q", "H"]
"""Of whose modules 7, 15, 25 or 30 of a hundred may be lost."""
QUIET_ZONE = 4
"""Modules of margin that the standard asks for."""
LEAST_CONTRAST = 3
"""WCAG's of what is drawn; phones read less, on paper and in the dark not always."""


@dataclass(frozen=True, kw_only=True)
class Look:
    size: int = 512
    """Pixels of a side, its margin included."""
    margin: int = QUIET_ZONE
    """Modules."""
    dark: str = "000000"
    light: str = "ffffff"
    level: Level = "M"

    @property
    def contrast(self) -> float:
        """1 to 21, as WCAG 2.2 defines it; below 1 where dark is the lighter one."""
        return (_luminance(self.light) + 0.05) / (_luminance(self.dark) + 0.05)


def as_svg(address: str, look: Look) -> str:
    qr, text = _drawn(address, look), io.BytesIO()
    qr.save(text, kind="svg", xmldecl=False, nl=False, omitsize=True, **_colours(look))
    side = f'width="{look.size}" height="{look.size}" shape-rendering="crispEdges"'
    return text.getvalue().decode().replace("<svg ", f"<svg {side} ", 1)


def as_png(address: str, look: Look) -> bytes:
    """Each module a whole number of pixels, so that edges stay sharp: the side is the most that
    fits into the size."""
    qr, picture = _drawn(address, look), io.BytesIO()
    (modules, _) = qr.symbol_size(border=look.margin)
    qr.save(picture, kind="png", scale=max(look.size // modules, 1), **_colours(look))
    return picture.getvalue()


def _drawn(address: str, look: Look) -> "QRCode":
    import segno  # the API's other resources draw nothing

    return segno.make(address, error=look.level, micro=False, boost_error=False)


def _colours(look: Look) -> "dict[str, str | int]":
    return {"border": look.margin, "dark": f"#{look.dark}", "light": f"#{look.light}"}


def _luminance(colour: str) -> float:
    """Relative, of sRGB: 0 is black, 1 white."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
