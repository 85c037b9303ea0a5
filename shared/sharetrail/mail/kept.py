"""What is kept of who wants no mail, or can be sent none."""

from datetime import timedelta

from sharetrail.personal import ERASED, Kept, retained

_WANTS_NONE = "Who wants no mail is sent none, however often their address is named again."

KEPT = (
    Kept(
        table="merchants",
        row="merchant#{id} / suppressed#{recipient}",
        attributes=("sk", "recipient"),
        whose="recipient",
        what="the address of a mailbox that refused a report, or whose owner called one spam; of "
        "who is off the list a keyed hash of it",
        why=_WANTS_NONE,
        until=ERASED,
    ),
    Kept(
        table="merchants",
        row="merchant#{id} / unsubscribed#{recipient}",
        attributes=("sk",),
        whose="recipient",
        what="the address of who wants no reports; of who is off the list a keyed hash of it",
        why=_WANTS_NONE,
        until=ERASED,
    ),
    Kept(
        table="merchants",
        row="unsubscribe#{sha256} / recipient",
        attributes=("pk", "recipient"),
        whose="recipient",
        what="a recipient's address, by a code of the link that unsubscribes them; of who is off "
        "the list a keyed hash of it",
        why="The link in every mail works, however old the mail.",
        until=ERASED,
    ),
    Kept(
        table="bounces queue",
        row="message",
        attributes=("detail",),
        whose="recipient",
        what="what SES tells of a mail: to whom, when, its subject, and what their server said",
        why="Who refuses mail is sent no more.",
        until=retained(timedelta(days=14)),
        leaves="it ends by itself",
    ),
)
