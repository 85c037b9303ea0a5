"""Draws the pictures that networks show of the demo's products: `make cards`, which needs Chromium.

Networks draw no SVG, so each product's art becomes a PNG of 1200 × 630, committed beside it.
"""

from string import Template

from playwright.sync_api import sync_playwright

from local.shop.catalogue import BRAND, CARD_SIZE, PRODUCTS
from local.shop.storefront.product_routes import ART

_WIDTH, _HEIGHT = CARD_SIZE
_CARD = Template(
    """<style>
    body { margin: 0; width: ${width}px; height: ${height}px; display: flex; background: #fffdf6;
      color: #14284b; font: 800 76px/1.08 "Noto Sans", "Liberation Sans", sans-serif; }
    .art { width: ${height}px; height: ${height}px; }
    .art svg { display: block; width: 100%; height: 100%; }
    div + div { flex: 1; display: flex; flex-direction: column; justify-content: space-between;
      box-sizing: border-box; padding: 64px 40px 56px 56px; letter-spacing: -.02em;
      border-left: 10px solid; }
    p { margin: 0; display: flex; align-items: center; gap: 20px; font-size: 36px; }
    p svg { width: 76px; height: 76px; }
    </style>
    <div class="art">${art}</div><div>${title}<p>${sign}${brand}</p></div>"""
)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        for product in PRODUCTS:
            page.set_content(
                _CARD.substitute(
                    width=_WIDTH,
                    height=_HEIGHT,
                    art=(ART / f"{product.slug}.svg").read_text(),
                    sign=(ART / "sign.svg").read_text(),
                    title=product.title,
                    brand=BRAND.replace("&", "&amp;"),
                )
            )
            target = ART / f"{product.slug}.png"
            page.screenshot(path=target)
            print(f"cards: {target.name}, {target.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
