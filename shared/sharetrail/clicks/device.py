"""What kind of device a user agent says it is. Pure."""

from functools import lru_cache
from typing import Literal

from sharetrail.clicks.patterns import Patterns

Device = Literal["phone", "tablet", "desktop", "other"]
# Televisions and what stands under them, consoles, watches, headsets, cars: many of them say that
# they are Android, Windows or Linux as well.
_OTHER = Patterns(
    r"tv\b|bravia|web0s|\baft[a-z0-9]{1,5}\b|crkey|chromecast|roku|viera|netcast|playstation"
    r"|nintendo|xbox|\bwatch|\bsm-r\d|oculusbrowser|\bquest \d|tesla|qtcarbrowser"
)
# Amazon's are KF…; Windows wrote "Tablet PC" on every machine with a certain update.
_TABLET = Patterns(
    r"ipad|tablet(?! pc)|kindle|\bkf[a-z]{3,5}\b|silk/|kobo|playbook|touchpad|\bsm-[tpx]\d{3}"
)
_PHONE = Patterns(
    r"mobile|iphone|ipod|opera m(?:ini|obi)|windows phone|blackberry|symbian|series ?60|midp|kaios"
    r"|^\[fb"
)
_DESKTOP = Patterns(r"windows|macintosh|x11; |cros |linux x86_64|\(pc;")


@lru_cache(maxsize=4_096)
def device_of(agent: str) -> Device:
    """By what it calls itself: an iPad that asks for desktop pages says Macintosh and counts as
    one, and what an unfolded phone says is up to its browser.
    """
    said = agent.lower()
    if _OTHER.stand_in(said):
        return "other"
    if _TABLET.stand_in(said):
        return "tablet"
    if _PHONE.stand_in(said):
        return "phone"
    if "android" in said:  # Chrome writes "Mobile" on phones alone
        return "tablet"
    return "desktop" if _DESKTOP.stand_in(said) else "other"
