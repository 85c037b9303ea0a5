"""What the shop sells."""

from dataclasses import dataclass

BRAND = "Gull & Kettle"
CARD_SIZE = 1_200, 630
"""Width and height in pixels: what Facebook, X and LinkedIn show large and uncut."""


@dataclass(frozen=True, kw_only=True)
class Product:
    """`price` in minor units of the shop's currency, `art` a path on the shop's origin."""

    id: int
    title: str
    price: int
    slug: str
    note: str
    facts: tuple[str, ...]
    grams: int

    @property
    def variant(self) -> int:
        """What a cart holds: each product comes in one variant."""
        return self.id + 40_000_000_000_000

    @property
    def sku(self) -> str:
        return f"GK-{self.slug.upper()}"

    @property
    def path(self) -> str:
        return f"/shop/products/{self.slug}"

    @property
    def art(self) -> str:
        return f"/shop/art/{self.slug}.svg"

    @property
    def card(self) -> str:
        """The picture that networks show of it: they draw no SVG. Of CARD_SIZE."""
        return f"/shop/art/{self.slug}.png"


PRODUCTS = (
    Product(
        id=8_100_200_300_101,
        title="Lighthouse Kettle",
        price=48_00,
        slug="lighthouse-kettle",
        note="A proper stovetop kettle with a harbour light on its belly. It boils fast, pours "
        "without a drip and looks good left out.",
        facts=("Holds 1.6 litres", "Any hob, induction too", "Beech handle, oiled by hand"),
        grams=1_150,
    ),
    Product(
        id=8_100_200_300_102,
        title="Gull Mug",
        price=18_00,
        slug="gull-mug",
        note="Light in the rucksack, tough on the pier wall. One gull flies round each mug, and "
        "no two turned out alike.",
        facts=("Holds 350 ml", "Rolled steel rim", "Fine over a campfire"),
        grams=210,
    ),
    Product(
        id=8_100_200_300_103,
        title="Kelp Bowl",
        price=22_00,
        slug="kelp-bowl",
        note="Deep enough for chowder and wide enough for salad, with kelp that sways around "
        "the outside.",
        facts=("22 cm across", "Oven safe to 270 °C", "Stacks inside the next one"),
        grams=420,
    ),
    Product(
        id=8_100_200_300_104,
        title="Tide Plate",
        price=16_00,
        slug="tide-plate",
        note="The tide comes in across this plate. Eat quickly and it goes out again.",
        facts=("26 cm across", "Raised rim for gravy", "Dishwasher friendly"),
        grams=380,
    ),
    Product(
        id=8_100_200_300_105,
        title="Beacon Milk Pan",
        price=34_00,
        slug="beacon-milk-pan",
        note="For cocoa, porridge and one good egg. It pours from both sides, so left hands are "
        "welcome too.",
        facts=("Holds 1 litre", "Pours left and right", "Any hob, induction too"),
        grams=640,
    ),
)
HERO = PRODUCTS[0]


def by_slug(slug: str) -> Product | None:
    return next((each for each in PRODUCTS if each.slug == slug), None)


def by_variant(variant: int) -> Product | None:
    """A product's own id is understood as well."""
    return next((each for each in PRODUCTS if variant in (each.variant, each.id)), None)
