"""User agents as they come: people's browsers, honest programs, previews of chats and feeds."""

_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) " + _WEBKIT
_CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0{} Safari/537.36"
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
    "telegram": _CHAT_PREVIEW,
    "facebook": _CARD,
    "threads": _CARD,
    "x": "Twitterbot/1.0",
    "linkedin": "LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)",
    "pinterest": "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "sms": _CARD,
    "copy": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
}
REFERRERS = {
    "facebook": "l.facebook.com",
    "x": "t.co",
    "pinterest": "www.pinterest.com",
    "linkedin": "www.linkedin.com",
    "reddit": "www.reddit.com",
    "threads": "l.threads.net",
    "bluesky": "go.bsky.app",
}
