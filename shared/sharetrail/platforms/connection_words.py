"""How a shop is connected, in words for whoever runs it: what is the matter, and what to do."""

from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms.trouble import Trouble, TroubleKind
from sharetrail.words.speech import listed, mark, say

SYSTEMS: dict[Vendor, str] = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "stripe": "Stripe",
}
_OF_ANY: dict[TroubleKind, str] = {
    "not_installed": mark("{system} says that it is not installed. Install it, then check again."),
    "other_organisation": mark("The key is another shop's. Connect with this shop's own."),
    "credentials": mark("{system} refused the key. Copy it again and connect once more."),
    "permission": mark(
        "The key may not do all that is needed. Give it this permission: {detail}. Then check"
        " again."
    ),
    "elsewhere": mark(
        "The shop sends calls on to another address: {detail}. Connect once more and name that one."
    ),
    "not_public": mark(
        "{detail} leads to an address inside a network. Nothing was sent there. Correct the shop's"
        " DNS, then check again."
    ),
    "no_shop": mark("Nothing at {detail} answers as {system} does. Is the address right?"),
    "refused": mark("{system} refused what we asked for ({detail}). We try again tomorrow."),
    "busy": mark("{system} is busy and asks us to wait. We try again tomorrow."),
    "away": mark("{system} did not answer three times. We try again tomorrow."),
}
_OF_ONE: dict[tuple[Vendor, TroubleKind], str] = {
    ("shopify", "credentials"): mark(
        "Shopify refused the client ID or the secret. Copy both again from the Dev Dashboard (your"
        " app → Settings) and connect once more."
    ),
    ("shopify", "not_installed"): mark(
        "The app is not installed in this shop. Install it from the Dev Dashboard, then check"
        " again."
    ),
    ("shopify", "other_organisation"): mark(
        "The app belongs to another organisation than the shop. Make one in the Dev Dashboard of"
        " the shop's own organisation, and connect with that."
    ),
    ("shopify", "permission"): mark(
        "The app may not do all that is needed. Add this access scope in the Dev Dashboard:"
        " {detail}. Release the version, accept it in the shop, then check again."
    ),
    ("woocommerce", "credentials"): mark(
        "WooCommerce refused the key. Make a new one as an administrator (WooCommerce → Settings →"
        " Advanced → REST API) and connect once more."
    ),
    ("woocommerce", "permission"): mark(
        "The key's user may not do all that is needed. Make a key for an administrator, with the"
        " permission {detail}, and connect once more."
    ),
    ("woocommerce", "no_shop"): mark(
        "Nothing at {detail} answers as WooCommerce does. Is WooCommerce active, does"
        " Settings → Permalinks say something else than “Plain”, and does no firewall refuse us?"
    ),
    ("stripe", "credentials"): mark(
        "Stripe refused the key. Copy it again (Developers → API keys) and connect once more."
    ),
    ("stripe", "permission"): mark(
        "The restricted key may not do all that is needed. Give it this permission in Stripe"
        " (Developers → API keys): {detail}. Then check again."
    ),
}


def sentence_of(platform: Vendor, trouble: Trouble) -> str:
    """What is the matter, and what to do about it."""
    text = _OF_ONE.get((platform, trouble.kind)) or _OF_ANY[trouble.kind]
    return say(text, system=SYSTEMS[platform], detail=trouble.detail)


def advice_on(platform: Vendor, old_version: str, untold: tuple[str, ...]) -> list[str]:
    """What works, and could be better."""
    advice = []
    if old_version:
        advice.append(
            say(
                "Webhooks come in the shape of version {version}, which has ended. Choose the"
                " newest stable one in your app's settings (Webhooks API version).",
                version=old_version,
            )
        )
    disputes = [each for each in untold if each.startswith("disputes/")]
    if disputes:
        advice.append(
            say(
                "Nobody tells us when a buyer's bank takes money back. Add the access scope"
                " {scope} to your app, and we hear of it.",
                scope="read_shopify_payments_disputes",
            )
        )
    if others := [each for each in untold if each not in disputes]:
        advice.append(
            say(
                "{system} does not let us hear of {topics} at once. We read your orders once a day"
                " instead.",
                system=SYSTEMS[platform],
                topics=listed(others),
            )
        )
    return advice
