"""GET /v1/links/{code}/qr.svg and .png: a link's QR code."""

import base64
from collections.abc import Callable
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from sharetrail.api.frame.resolver import merchant_of
from sharetrail.problems import Malformed
from sharetrail.sharing import links
from sharetrail.sharing.link_codes import qr_code
from sharetrail.sharing.link_codes.qr_code import LEAST_CONTRAST, QUIET_ZONE, Level, Look

router = Router()
Size = Annotated[int, Query(ge=100, le=2_048)]
"""Pixels: no code of ours has a hundred modules, so each has a pixel at least."""
Margin = Annotated[int, Query(ge=0, le=16)]
Colour = Annotated[str, Query(pattern=r"^[0-9A-Fa-f]{6}$")]
"""As in CSS, without the `#` that an address ends at."""


def _drawing(
    ending: str, about: str, media: str, draw: Callable[[str, Look], str | bytes]
) -> Callable[..., Response[str]]:
    """A route's function: the options are every picture's."""

    def drawing(
        code: str,
        size: Size = 512,
        margin: Margin = QUIET_ZONE,
        dark: Colour = "000000",
        light: Colour = "ffffff",
        level: Level = "M",
    ) -> Response[str]:
        look = _look(size, margin, dark, light, level)
        link = links.find_own(merchant_of(router).id, code)
        picture = draw(links.short_url(link), look)
        return _answer(picture, media, f"{link.code}.{ending}")

    drawing.__name__, drawing.__doc__ = f"draw_{ending}", about
    return drawing


def _drawn(media: str) -> dict[int, OpenAPIResponse]:
    picture = {"type": "string", "format": "binary"}
    return {200: {"description": "The picture.", "content": {media: {"schema": picture}}}}


def _answer(picture: str | bytes, media: str, filename: str) -> Response[str]:
    is_text = isinstance(picture, str)
    body = picture if isinstance(picture, str) else base64.b64encode(picture).decode()
    response = Response(200, media, body, {"content-disposition": f'inline; filename="{filename}"'})
    response.base64_encoded = not is_text  # by Powertools itself only what its types take for text
    return response


def _look(size: int, margin: int, dark: str, light: str, level: Level) -> Look:
    """Malformed where phones could not tell dark from light."""
    look = Look(size=size, margin=margin, dark=dark, light=light, level=level)
    if look.contrast < LEAST_CONTRAST:
        why = f"is not dark enough on light: the contrast is {max(look.contrast, 0.1):.1f}"
        raise Malformed(
            f"Phones read a code with a contrast of {LEAST_CONTRAST} and more.",
            errors={"dark": why},
        )
    return look


_SVG = "The link's QR code as SVG, which can be printed in any size."
_PNG = "The same as PNG, of at most that size."
_PATH = "/v1/links/<code>/qr"
draw_svg = router.get(f"{_PATH}.svg", responses=_drawn("image/svg+xml"))(
    _drawing("svg", _SVG, "image/svg+xml", qr_code.as_svg)
)
draw_png = router.get(f"{_PATH}.png", responses=_drawn("image/png"))(
    _drawing("png", _PNG, "image/png", qr_code.as_png)
)
