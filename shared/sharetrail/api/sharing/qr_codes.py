"""GET /v1/links/{code}/qr.svg and .png: a link's QR code."""

import base64
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


def _drawn(content_type: str) -> dict[int, OpenAPIResponse]:
    picture = {"type": "string", "format": "binary"}
    return {200: {"description": "The picture.", "content": {content_type: {"schema": picture}}}}


@router.get("/v1/links/<code>/qr.svg", responses=_drawn("image/svg+xml"))
def draw_svg(
    code: str,
    size: Size = 512,
    margin: Margin = QUIET_ZONE,
    dark: Colour = "000000",
    light: Colour = "ffffff",
    level: Level = "M",
) -> Response[str]:
    """The link's QR code as SVG, which can be printed in any size."""
    look = _look(size, margin, dark, light, level)
    link = links.find_own(merchant_of(router).id, code)
    body = qr_code.as_svg(links.short_url(link), look)
    return Response(200, "image/svg+xml", body, _named(f"{link.code}.svg"))


@router.get("/v1/links/<code>/qr.png", responses=_drawn("image/png"))
def draw_png(
    code: str,
    size: Size = 512,
    margin: Margin = QUIET_ZONE,
    dark: Colour = "000000",
    light: Colour = "ffffff",
    level: Level = "M",
) -> Response[str]:
    """The same as PNG, of at most that size."""
    look = _look(size, margin, dark, light, level)
    link = links.find_own(merchant_of(router).id, code)
    body = qr_code.as_png(links.short_url(link), look)
    headers = _named(f"{link.code}.png")
    response = Response(200, "image/png", base64.b64encode(body).decode(), headers)
    response.base64_encoded = True  # by Powertools itself only what its types take for text
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


def _named(filename: str) -> dict[str, str]:
    return {"content-disposition": f'inline; filename="{filename}"'}
