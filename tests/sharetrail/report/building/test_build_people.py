"""In which order people stand, in the mail, on the page and in the sheet."""

from itertools import permutations

from sharetrail.report.building.build_people import rank
from tests.reports import an_influencer


def test_everybody_is_ranked_by_the_score_and_below_by_what_was_credited() -> None:
    best = an_influencer(0, id="best", score=900, revenue=100)
    next_best = an_influencer(0, id="next", score=800, revenue=90_000)
    equal = an_influencer(0, id="equal", score=800, revenue=80_000)
    unscored = an_influencer(0, id="unscored", score=None, revenue=70_000)
    less = an_influencer(0, id="anon_1", score=None, revenue=60_000)
    in_order = [best, next_best, equal, unscored, less]
    for shuffled in permutations(in_order):
        assert sorted(shuffled, key=lambda line: rank(line, has_sold=True)) == in_order


def test_who_never_sold_stands_below_who_did_and_strangers_below_them() -> None:
    seller = an_influencer(0, id="anon_9", score=1, revenue=1)
    known = an_influencer(0, id="ana", score=5)
    stranger = an_influencer(0, id="anon_1", score=900_000)
    keys = [
        rank(seller, has_sold=True),
        *(rank(each, has_sold=False) for each in (known, stranger)),
    ]
    assert keys == sorted(keys)


def test_of_who_has_no_score_what_nobody_paid_for_lifts_nobody() -> None:
    sold = an_influencer(0, id="ana", score=None, revenue=500)
    unpaid = an_influencer(0, id="anon_1", score=None, revenue=50_100, unpaid=50_000)
    assert rank(sold, has_sold=True) < rank(unpaid, has_sold=True)
