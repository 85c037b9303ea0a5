"""What a user agent says of the program alone. Pure.

Browsers inside apps and on Android also name the phone: its maker, its model, its carrier. Those
are other people's words (CUBOT, "Google TV", "KPN"), so no program is known by them.
"""

import re

# A comment in brackets, which may hold another: `(moto g(7) power; …)`.
_COMMENT = r"\([^()]*(?:\([^()]*\)[^()]*)*(?:\)|$)"
_PHONE = re.compile(
    # Facebook and Messenger; on Android the whole user agent may be nothing else.
    r"\[FB(?:AN|_IAB)/[^\]]*(?:\]|$)"
    # Instagram, Threads, Telegram and Snapchat, behind the browser that they embed.
    rf"|(?<=[ \d])(?:(?:Instagram|Barcelona) [\d.]+(?: Android)?|Telegram-Android/[\d.]+"
    rf"|Snapchat/?[\d.]+) {_COMMENT}"
    # TikTok: the shop that the app came from.
    r"|(?<= )Channel/\S+"
    # Chrome and its WebView. A name with a version is a program's: `Storebot-Google/1.0`.
    r"|(?<=^Mozilla/5\.0 \(Linux; )(?:U; )?Android [\d.]+; (?:[a-z]{2}[-_][A-Za-z]{2}; )?"
    r"(?:[^;/]|(?<= )/)*?(?: Build/[^;)]*)?(?=;|\) AppleWebKit/)"
)


def without_phone(agent: str) -> str:
    """The user agent less what it tells of the phone; empty where it told nothing else."""
    return _PHONE.sub("", agent)
