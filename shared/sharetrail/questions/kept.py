"""What is kept while a question is worked on, and of its answer."""

from sharetrail.personal import Kept, removed
from sharetrail.questions.question import LIFETIME

KEPT = (
    Kept(
        table="quarantine bucket",
        row="questions/{merchant}/{id}",
        attributes=("body",),
        whose="shopper",
        what="a question and the export that it is about, as the shop uploaded it: buyers' names "
        "and addresses, where it has such columns; encrypted under the shop's name",
        why="The shop's own books are compared with what was told; it is deleted once answered.",
        until=removed(LIFETIME),
        leaves="it ends by itself",
    ),
    Kept(
        table="quarantine bucket",
        row="results/{merchant}/{id}",
        attributes=("body",),
        whose="influencer",
        what="an answer, in which people who share and orders are named; encrypted",
        why="The shop reads what it asked.",
        until=removed(LIFETIME),
        leaves="it ends by itself",
    ),
)
