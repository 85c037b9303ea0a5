"""User agents as they come: people's browsers, honest programs, previews of chats and feeds."""

from random import Random

_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) " + _WEBKIT
_CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0{} Safari/537.36"
_WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 15; {}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
PEOPLE = (
    f"{_IPHONE.format('18_6')} Version/18.6 Mobile/15E148 Safari/604.1",
    f"{_IPHONE.format('26_0')} Version/26.0 Mobile/15E148 Safari/604.1",
    _CHROME.format("Linux; Android 15; Pixel 9", 141, " Mobile"),
    _CHROME.format("Linux; Android 14; SM-S921B", 140, " Mobile"),
    _CHROME.format("Windows NT 10.0; Win64; x64", 141, ""),
    _CHROME.format("Macintosh; Intel Mac OS X 10_15_7", 140, ""),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
)
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "python-requests/2.32.3",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "curl/8.9.1",
)
_CHAT_PREVIEW = "TelegramBot (like TwitterBot)"
_CARD = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
PREVIEWS = {
    "whatsapp": "WhatsApp/2.25.24.77 A",
    "device": "WhatsApp/2.25.24.77 A",
    "telegram": _CHAT_PREVIEW,
    "facebook": _CARD,
    "instagram": _CARD,
    "threads": _CARD,
    "x": "Twitterbot/1.0",
    "linkedin": "LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)",
    "pinterest": "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "sms": _CARD,
    "other": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "copy": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
}
_APPS = {
    "instagram": (
        f"{_IPHONE.format('18_6')} Mobile/15E148 Instagram 401.0.0.30.69 (iPhone15,2; iOS 18_6)",
        f"{_WEBVIEW.format('SM-S921B')} Instagram 401.0.0.48.79 Android (35/15; 480dpi; samsung)",
    ),
    "tiktok": (
        f"{_IPHONE.format('18_6')} Mobile/15E148 musical_ly_42.1.0 JsSdk/2.0 BytedanceWebview/d8a2",
        f"{_WEBVIEW.format('SM-S921B')} trill_420103 AppName/musical_ly BytedanceWebview/d8a21c6",
    ),
    "facebook": (
        f"{_IPHONE.format('18_6')} Mobile/15E148 [FBAN/FBIOS;FBAV/533.0.0;FBDV/iPhone15,2]",
        f"{_WEBVIEW.format('SM-S921B')} [FB_IAB/FB4A;FBAV/533.0.0.45.105;]",
    ),
    "threads": (f"{_IPHONE.format('26_0')} Mobile/15E148 Barcelona 401.0.0 (iPhone15,2)",),
    "pinterest": (f"{_IPHONE.format('26_0')} Mobile/15E148 [Pinterest/iOS]",),
    "snapchat": (f"{_IPHONE.format('26_0')} Mobile/15E148 Snapchat/13.60.0.40 (like Safari/604)",),
    "linkedin": (f"{_IPHONE.format('18_6')} Mobile/15E148 [LinkedInApp]/9.31.1234",),
}
"""What networks' own browsers call themselves: most people meet a link in one."""
REFERRERS = {
    "facebook": "l.facebook.com",
    "x": "t.co",
    "pinterest": "www.pinterest.com",
    "linkedin": "www.linkedin.com",
    "reddit": "www.reddit.com",
    "threads": "l.threads.net",
    "bluesky": "go.bsky.app",
}
_HOSTS = {
    **REFERRERS,
    "instagram": "l.instagram.com",
    "tiktok": "www.tiktok.com",
    "youtube": "www.youtube.com",
    "whatsapp": "web.whatsapp.com",
    "telegram": "org.telegram.messenger",
    "email": "mail.google.com",
    "sms": "com.google.android.apps.messaging",
    "other": "discord.com",
}
_TELLS = {"whatsapp": 0.15, "telegram": 0.3, "email": 0.5, "sms": 0.2, "other": 0.4}
"""How many of a network's clicks say where they come from: chats hand a link to the browser, which
is told nothing. Of the others nine in ten do."""
_PASSED_ON = {
    "device": ("whatsapp", "whatsapp", "instagram", "facebook", "telegram", "sms", "email"),
    "copy": ("whatsapp", "email", "other", "facebook", "reddit", "x"),
}
"""Where links go that name no network themselves."""


def of_person(chance: Random, network: str) -> tuple[str, str]:
    """Somebody's user agent and referring host, on the way from a link that was shared there."""
    place = chance.choice(_PASSED_ON.get(network, (network,)))
    if chance.random() > _TELLS.get(place, 0.9):
        return chance.choice(PEOPLE), ""
    host = _HOSTS.get(place, "")
    if place in _APPS and chance.random() < 0.6:
        return chance.choice(_APPS[place]), chance.choice((host, ""))
    return chance.choice(PEOPLE), host
