"""The mail with a new link to the report page, to whom it was made for."""

import tomllib

from sharetrail.mail import message
from sharetrail.merchants.profile import Merchant
from sharetrail.report.keeping.page_links import PageLink
from sharetrail.report.mailing import mail_templates
from sharetrail.words import formats, names
from sharetrail.words.writing import Writing

SENTENCES: dict[str, str] = tomllib.loads(
    (mail_templates.FOLDER / "new_link.toml").read_text("utf-8")
)


def compose(link: PageLink, unsubscribe_url: str) -> message.Mail:
    """BadRecipient for an address that is none."""
    merchant, say = link.merchant, SENTENCES
    shop = names.own_name(merchant.name)
    subject = say["subject"].format(shop=shop)
    words = {
        "lang": formats.english_tag(merchant.language),
        "subject": subject,
        "preview": say["title"],
        "shop": shop,
        "say": say,
        "page_url": message.checked_url(link.url),
        "yours": say["yours"].format(**_days(merchant, link)),
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


def _days(merchant: Merchant, link: PageLink) -> dict[str, str]:
    """Until when it is good for what, in the shop's own days."""
    day, zone = Writing.of(merchant).day, merchant.tz
    return {
        "reads_until": day(link.reads_until.astimezone(zone).date()),
        "acts_until": day(link.acts_until.astimezone(zone).date()),
    }
