"""Influencers of an erased shop, whoever shared without a name among them: there may be a million,
so that they are deleted in pieces, each with what is kept under their id."""

from collections.abc import Callable
from functools import partial
from itertools import chain

from sharetrail.analysis.score import score_history
from sharetrail.aws import removals
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.privacy import pieces
from sharetrail.sharing import coupon_codes


def delete_all(merchant_id: str, is_over: Callable[[], bool]) -> int:
    """How many rows, until it is over: of who owns a code and never shared, too."""
    owners = {each.influencer for each, _ in coupon_codes.ownerships(merchant_id, "")}
    shared = (row["sk"] for row in INFLUENCERS.query(merchant_id, only=["sk"]))
    ids = chain(sorted(filter(None, owners)), shared)
    return pieces.total(partial(_delete_influencer, merchant_id), ids, is_over)


def _delete_influencer(merchant_id: str, influencer_id: str) -> int:
    """Their row last: by it they are found again."""
    scores = removals.partition(INFLUENCERS, score_history.partition_of(merchant_id, influencer_id))
    return scores + removals.rows(INFLUENCERS, [{"pk": merchant_id, "sk": influencer_id}])
