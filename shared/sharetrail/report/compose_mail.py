"""The weekly report as a mail to one recipient: HTML, text and the attached sheet."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from sharetrail.mail import message
from sharetrail.report import csv_sheet, mail_words
from sharetrail.report.weekly_report import WeeklyReport

_FOLDER = Path(__file__).parent / "templates"
# Gmail cuts a mail off behind 102 KB; a test keeps the largest report below.


def compose(report: WeeklyReport, to: str, unsubscribe_url: str) -> message.Mail:
    """The week's mail to one recipient; the short one where nothing was seen.

    BadRecipient for an address that is none, ValueError for a link that is not plain http(s).
    """
    kind = "empty" if report.is_empty else "report"
    words = mail_words.empty(report) if report.is_empty else mail_words.full(report)
    words |= {"to": message.checked_address(to), "unsubscribe_url": unsubscribe_url}
    return message.Mail(
        to=to,
        subject=words["subject"],
        html=_templates().get_template(f"{kind}.html").render(words),
        text=_templates().get_template(f"{kind}.txt").render(words),
        attachments=(_sheet(report),) if report.influencers else (),
        unsubscribe_url=unsubscribe_url,
    )


def _sheet(report: WeeklyReport) -> message.Attachment:
    return message.Attachment(csv_sheet.filename(report), csv_sheet.influencers(report))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
