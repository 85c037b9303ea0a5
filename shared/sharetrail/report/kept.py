"""What is kept of reports, of who gets them, and of what they did with them."""

from datetime import timedelta

from sharetrail.personal import ERASED, Kept, expires, removed, retained
from sharetrail.report.keeping import reports, sent_mails
from sharetrail.report.keeping.page_links import READS_FOR
from sharetrail.report.page.acts.acts import KEPT_FOR
from sharetrail.report.page.new_link import LIFETIME

_ONCE = "Each report is mailed once to each recipient."
_SNAPSHOT = ("tasks", "influencers", "quiet", "tree", "returns", "campaigns", "reason")
_TOLD = "What was mailed can be read again as it was, and a later correction is told."
_SPAN = "{merchant} / {day|week|month|quarter}#{first}"
_ACT = "{merchant} / act#{id...}"

KEPT = (
    Kept(
        table="merchants",
        row="merchant#{id} / reports#{recipient}",
        attributes=("sk", "rhythms"),
        whose="recipient",
        what="which reports an address is to get; of who is off the list a keyed hash of it",
        why="Everybody gets what they chose.",
        until=ERASED,
    ),
    Kept(
        table="reports",
        row="page#{sha256} / link",
        attributes=("pk", "recipient"),
        whose="recipient",
        what="a recipient's address, by a code of their link to the report's page",
        why="Who has the link sees the report for five weeks, and is told for as long that it is "
        "over.",
        until=expires(2 * READS_FOR, "the link was made"),
    ),
    Kept(
        table="reports",
        row=_SPAN,
        attributes=("to",),
        whose="recipient",
        what="keyed hashes of the addresses that a report was built for",
        why=_ONCE,
        until=expires(reports.LIFETIME, "it was built"),
    ),
    Kept(
        table="reports",
        row=f"{_SPAN}#{{recipient}}",
        attributes=("sk", "message"),
        whose="recipient",
        what="a keyed hash of a recipient's address, and the mail's number at SES",
        why=_ONCE,
        until=expires(sent_mails.LIFETIME, "it was sent"),
    ),
    Kept(
        table="reports",
        row="{merchant} / new-link#{recipient}",
        attributes=("sk",),
        whose="recipient",
        what="a keyed hash of the address of who asked for a new link",
        why="Nobody is mailed more than one an hour.",
        until=expires(LIFETIME, "it was asked for"),
    ),
    Kept(
        table="reports",
        row=_ACT,
        attributes=("recipient", "key_name"),
        whose="recipient",
        what="who changed something on the report's page, or the name of the key that did",
        why="The shop sees who did what, and can undo it.",
        until=expires(KEPT_FOR, "the act"),
    ),
    Kept(
        table="reports",
        row=_ACT,
        attributes=("about", "label", "part", "before", "after", "was", "became"),
        whose="influencer",
        what="what was changed, and what stood: names, tags, whose a code is, a decision; of a "
        "recipient's choice their address",
        why="The shop sees who did what, and can undo it.",
        until=expires(KEPT_FOR, "the act"),
    ),
    *(
        Kept(
            table="reports bucket",
            row=row,
            attributes=_SNAPSHOT,
            whose="influencer",
            what="a report as it was built: names of people, what they brought, what to do",
            why=_TOLD,
            until=until,
        )
        for row, until in (
            ("{merchant}/{first}/{hash}.json", removed(timedelta(days=760))),
            ("days/{merchant}/{first}/{hash}.json", removed(timedelta(days=430))),
        )
    ),
    *(
        Kept(
            table="reports bucket",
            row=row,
            attributes=("held_orders", "older_held"),
            whose="shopper",
            what="numbers of orders whose credit was in doubt, and why",
            why=_TOLD,
            until=until,
            leaves="an order's number stays, since its amounts do",
        )
        for row, until in (
            ("{merchant}/{first}/{hash}.json", removed(timedelta(days=760))),
            ("days/{merchant}/{first}/{hash}.json", removed(timedelta(days=430))),
        )
    ),
    *(
        Kept(
            table="reports bucket",
            row=row,
            attributes=("undeliverable",),
            whose="recipient",
            what="addresses of recipients who could be sent none, masked but for the first letter "
            "and the host; until 2026-12 as they were",
            why="The others are told, who can mend it.",
            until=until,
        )
        for row, until in (
            ("{merchant}/{first}/{hash}.json", removed(timedelta(days=760))),
            ("days/{merchant}/{first}/{hash}.json", removed(timedelta(days=430))),
        )
    ),
    Kept(
        table="reports bucket",
        row="sent-orders/{merchant}/{first}/{hash}",
        attributes=("body",),
        whose="shopper",
        what="ids and numbers of a report's orders, and what they came to",
        why="What has changed since is told order by order.",
        until=removed(timedelta(days=400)),
        leaves="it ends by itself, and an order's id stays",
    ),
    Kept(
        table="quarantine bucket",
        row="sent/{merchant}/{recipient}/{span}",
        attributes=("key", "body"),
        whose="recipient",
        what="a mail as it was sent, with the recipient's address and the names in its report; "
        "encrypted under the shop's name",
        why="What is sent at a second attempt is what was sent at the first, and a recipient "
        "reads again what they were mailed.",
        until=removed(sent_mails.LIFETIME),
    ),
    Kept(
        table="mails queue",
        row="message",
        attributes=("to",),
        whose="recipient",
        what="the address that a report is to be mailed to",
        why="A mail that SES did not take is tried again.",
        until=retained(timedelta(days=14)),
        leaves="it ends by itself, and who is no recipient any more is mailed nothing",
    ),
)
