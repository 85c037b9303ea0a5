"""What is kept while a question is worked on, and of its answer; and what was asked for persons."""

from datetime import timedelta

from sharetrail.personal import Kept, Whose, removed, retained
from sharetrail.questions.privacy_requests import ERASURE_KEPT
from sharetrail.questions.question import LIFETIME

_OF_WHOM: dict[Whose, str] = {
    "shopper": "whom it is to erase: e-mail address and customer numbers as keyed hashes, and ids "
    "of their orders; encrypted under the shop's name",
    "influencer": "whom it is to erase: an influencer's id; encrypted",
    "recipient": "whom it is to erase: a recipient's address; encrypted under the shop's name",
}

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
    Kept(
        table="quarantine bucket",
        row="results/{merchant}/{id}",
        attributes=("body",),
        whose="shopper",
        what="what is kept of a person, where they asked; encrypted under the shop's name",
        why="The shop hands it to whoever asked.",
        until=removed(LIFETIME),
        leaves="it ends by itself",
    ),
    Kept(
        table="quarantine bucket",
        row="exports/{merchant}/{id}",
        attributes=("body",),
        whose="shopper",
        what="that somebody asked what is kept of them, and whom that is about, as keyed hashes; "
        "encrypted under the shop's name",
        why="It is worked out once, and read as long as the result is there.",
        until=removed(LIFETIME),
        leaves="it ends by itself",
    ),
    *(
        Kept(
            table="quarantine bucket",
            row="erasures/{merchant}/{name}",
            attributes=("body",),
            whose=whose,
            what=what,
            why="What was under way when they were erased, or comes back with a backup, is erased "
            "too.",
            until=removed(ERASURE_KEPT),
            leaves="it is what erases them, and ends by itself after all that could bring them "
            "back",
        )
        for whose, what in _OF_WHOM.items()
    ),
    Kept(
        table="erasures queue",
        row="message",
        attributes=("request", "after"),
        whose="shopper",
        what="which request is to be worked off, as a digest of it, and up to which order of the "
        "shop's it was",
        why="Whoever asks is not kept waiting, and what is long goes on where it was.",
        until=retained(timedelta(days=14)),
        leaves="it ends by itself",
    ),
)
