"""A link's code that a merchant chooses: `ana`, which is easier to say and to print. Pure.

The short domain is everybody's: whoever is first has a code, for good.
"""

import re

from sharetrail.sharing.link import (
    CODE_LENGTH,
    LONGEST_CHOSEN,
    SHORTEST_CHOSEN,
    is_chosen_code,
)

LONGEST = LONGEST_CHOSEN
_LOOKS_MADE = re.compile(rf"[0-9a-z]{{{CODE_LENGTH}}}", re.ASCII)
_OURS = "reports sharetrail unsubscribe"
"""Where something of ours answers."""
_SEEM_OURS = """
    account admin api app assets dashboard docs help login logout oauth portal signin signup static
    status support webhooks well-known www"""
_NOTHING = "denied none null undefined"
"""What programs write where there is nothing."""
RESERVED = frozenset(f"{_OURS} {_SEEM_OURS} {_NOTHING}".split())


def chosen(text: str) -> str:
    """The code as it is kept: in small letters. ValueError where it can be none."""
    code = text.lower()
    if code in RESERVED:
        raise ValueError("is kept for ourselves: choose another")
    if _LOOKS_MADE.fullmatch(code):
        raise ValueError(f"has {CODE_LENGTH} letters and digits, as ours have: add a dash")
    if not is_chosen_code(code):
        most = f"{SHORTEST_CHOSEN} to {LONGEST_CHOSEN}"
        raise ValueError(f"has {most} letters a to z, digits, and dashes between them")
    return code
