"""A report as a mail to one recipient: HTML, text and the attached sheet."""

from functools import partial

from sharetrail.mail import message
from sharetrail.report import page_paths
from sharetrail.report.mailing import csv_sheet, mail_templates, mail_words
from sharetrail.report.report import Report
from sharetrail.words.speech import speaking


def compose(report: Report, to: str, unsubscribe_url: str, page_url: str) -> message.Mail:
    """The report's mail to one recipient, in its language, with their own address of its page; the
    short one where nothing was seen.

    BadRecipient for an address that is none, ValueError for a link that is not plain http(s).
    """
    with speaking(report.language):
        return _composed(report, to, unsubscribe_url, page_url)


def _composed(report: Report, to: str, unsubscribe_url: str, page_url: str) -> message.Mail:
    kind = "empty" if report.is_empty else "report"
    words = mail_words.empty(report) if report.is_empty else mail_words.full(report)
    words |= {
        "to": message.checked_address(to),
        "unsubscribe_url": unsubscribe_url,
        "url": partial(page_paths.under, message.checked_url(page_url)),
    }
    return message.Mail(
        to=to,
        subject=words["subject"],
        html=mail_templates.html(kind, words),
        text=mail_templates.text(kind, words),
        attachments=(_sheet(report),) if csv_sheet.has_rows(report) else (),
        unsubscribe_url=unsubscribe_url,
    )


def _sheet(report: Report) -> message.Attachment:
    return message.Attachment(csv_sheet.filename(report), csv_sheet.influencers(report))
