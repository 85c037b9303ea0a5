"""Which webhooks are made, mended and removed: by what there is, and what is ours of it."""

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.platforms.subscription import Repair, Subscription, Wanted, plan

HERE, THERE = "https://go.shop.example/v1/webhooks/woocommerce/m_1", "https://other.example/"
TOPICS = ("order.created", "order.updated")
WANTED = Wanted(topics=TOPICS, address=HERE, signature="new")


def one(name: str, topic: str, address: str = HERE, is_active: bool = True) -> Subscription:
    return Subscription(id=name, topics=frozenset([topic]), address=address, is_active=is_active)


def test_where_there_is_nothing_everything_is_made() -> None:
    assert plan(WANTED, []) == Repair(make=TOPICS)


def test_what_is_right_stays() -> None:
    found = [one("1", TOPICS[0]), one("2", TOPICS[1])]
    signed = {"1": "new", "2": "new"}
    assert plan(WANTED, found, signed) == Repair(stay=tuple(found))


def test_what_is_paused_leads_elsewhere_or_signs_by_an_old_secret_is_mended() -> None:
    wrong = (one("1", TOPICS[0], THERE), one("2", TOPICS[1], is_active=False))
    assert plan(WANTED, wrong, {"1": "new", "2": "new"}).mend == wrong
    assert plan(WANTED, [one("1", TOPICS[0])], {"1": "old"}).mend == (one("1", TOPICS[0]),)


def test_of_duplicates_the_one_that_is_right_stays() -> None:
    paused, right = one("1", TOPICS[0], is_active=False), one("2", TOPICS[0])
    repair = plan(WANTED, [paused, right], {"2": "new"})
    assert (repair.stay, repair.remove) == ((right,), (paused,))


def test_nobody_elses_is_touched() -> None:
    others = [one("1", TOPICS[0], THERE), one("2", TOPICS[1], THERE, is_active=False)]
    assert plan(WANTED, others) == Repair(make=TOPICS)


def test_a_topic_that_we_do_not_read_stays_whoever_made_it() -> None:
    assert plan(WANTED, [one("1", "product.created")]) == Repair(make=TOPICS)


SOME = st.lists(
    st.builds(
        one,
        st.integers(0, 9).map(str),
        st.sampled_from([*TOPICS, "product.created"]),
        st.sampled_from([HERE, THERE]),
        st.booleans(),
    ),
    unique_by=lambda each: each.id,
)


@given(SOME, st.dictionaries(st.integers(0, 9).map(str), st.sampled_from(["new", "old"])))
def test_after_a_repair_there_is_nothing_to_repair(
    found: list[Subscription], signed: dict[str, str]
) -> None:
    repair = plan(WANTED, found, signed)
    left = [each for each in found if each not in (*repair.remove, *repair.mend)]
    mended = [one(each.id, *each.topics) for each in repair.mend]
    made = [one(f"made {topic}", topic) for topic in repair.make]
    ours = [each.id for each in (*mended, *made, *repair.stay)]
    then = plan(WANTED, [*left, *mended, *made], {**signed, **dict.fromkeys(ours, "new")})
    assert (then.make, then.mend, then.remove) == ((), (), ())
    others = [each for each in found if each.address == THERE and each.id not in signed]
    assert all(each in left for each in others)
