"""Why a touch is what it is, said in the reader's language. Pure.

A click's verdict keeps its reason in English (clicks/verdict.py), and a coupon code's touch its
code: what varies in it is found again, and what is none of these stays as it was kept.
"""

import re

from sharetrail.attribution.touch import CODE_PREFIX, Touch
from sharetrail.words.speech import mark, say

_REASONS: tuple[tuple[str, str], ...] = (
    # For translators: why a click is what it is, in the middle of a sentence, behind a colon.
    ("its user agent says (?P<program>.+)", mark("its user agent says {program}")),
    ("a link preview: (?P<program>.+)", mark("a link preview: {program}")),
    (
        "a page loaded it as (?P<what>.+): nobody followed the link",
        mark("a page loaded it as {what}: nobody followed the link"),
    ),
    (
        r"over (?P<clicks>\d+) clicks of one visitor and link in an hour",
        mark("over {clicks} clicks of one visitor and link in an hour"),
    ),
    (
        r"over (?P<clicks>\d+) clicks of one address and link in an hour",
        mark("over {clicks} clicks of one address and link in an hour"),
    ),
    (
        r"one visitor on more than (?P<links>\d+) links within 30 seconds",
        mark("one visitor on more than {links} links within 30 seconds"),
    ),
)
_PLAIN = (
    mark("a browser's visit"),
    mark("no user agent"),
    mark("its user agent is not written as browsers write theirs"),
    mark("the sharer's own browser, or one like it behind the same address"),
    mark("it calls itself a browser and named no language, as browsers do"),
    mark("the same visitor and link within 30 seconds"),
    mark("more clicks of nobody in particular than of all others in an hour"),
    mark("more different browsers than a shop's visitors have, or than one address has"),
)


def reason_of(touch: Touch) -> str:
    """`its user agent says 'curl'`: as stands behind a colon."""
    if touch.evidence == "code":
        # For translators: behind a colon, with a full stop after it.
        return say("the code {code} was used in the order", code=touch.id.removeprefix(CODE_PREFIX))
    if touch.reason in _PLAIN:
        return say(touch.reason)
    for kept, said in _REASONS:
        if found := re.fullmatch(kept, touch.reason, re.DOTALL):
            return say(said, **found.groupdict())
    return touch.reason
