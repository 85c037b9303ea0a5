"""What kind of device a user agent says it is. Pure."""

from functools import lru_cache
from typing import Literal

Device = Literal["phone", "tablet", "desktop", "other"]
_DESKTOPS = ("windows nt", "macintosh", "x11; ", "cros ")


@lru_cache(maxsize=4_096)
def device_of(agent: str) -> Device:
    """An iPad that asks for desktop pages says Macintosh, and counts as one."""
    said = agent.lower()
    if "ipad" in said or "tablet" in said or ("android" in said and "mobile" not in said):
        return "tablet"
    if "mobile" in said or "iphone" in said:
        return "phone"
    return "desktop" if any(token in said for token in _DESKTOPS) else "other"
