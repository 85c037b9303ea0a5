"""The mail with a new link to the report page, to whom it was made for."""

import tomllib

from sharetrail.mail import message
from sharetrail.merchants.profile import Merchant
from sharetrail.report.keeping.page_links import PageLink
from sharetrail.report.mailing import mail_templates
from sharetrail.words import names, speech
from sharetrail.words.speech import say, sentence, speaking
from sharetrail.words.writing import Writing

SENTENCES: dict[str, str] = tomllib.loads(
    (mail_templates.FOLDER / "new_link.toml").read_text("utf-8")
)


def compose(link: PageLink, unsubscribe_url: str) -> message.Mail:
    """In the shop's language. BadRecipient for an address that is none."""
    with speaking(link.merchant.language):
        return _composed(link, unsubscribe_url)


def _composed(link: PageLink, unsubscribe_url: str) -> message.Mail:
    merchant = link.merchant
    shop = names.own_name(merchant.name)
    subject = _told("subject", shop=speech.isolated(shop))
    words = {
        **mail_templates.direction(),
        "subject": subject,
        "preview": _told("title"),
        "shop": shop,
        "words": {name: sentence(it) for name, it in SENTENCES.items()},
        "page_url": message.checked_url(link.url),
        "yours": _told("yours", **_days(merchant, link)),
        "to": message.checked_address(link.recipient),
        "unsubscribe_url": unsubscribe_url,
    }
    return message.Mail(
        to=link.recipient,
        subject=subject,
        html=mail_templates.html("new_link", words),
        text=mail_templates.text("new_link", words),
        unsubscribe_url=unsubscribe_url,
    )


def _told(name: str, /, **gaps: str) -> str:
    return say(SENTENCES[name], **gaps)


def _days(merchant: Merchant, link: PageLink) -> dict[str, str]:
    """Until when it is good for what, in the shop's own days."""
    day, zone = Writing.of(merchant).day, merchant.tz
    return {
        "reads_until": day(link.reads_until.astimezone(zone).date()),
        "acts_until": day(link.acts_until.astimezone(zone).date()),
    }
