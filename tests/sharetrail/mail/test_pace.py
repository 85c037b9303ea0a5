import itertools

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.mail.pace import INSTANCES, Pace

pauses = st.lists(st.floats(min_value=0, max_value=3), max_size=30)


class Instance:
    """A clock that goes on while one sleeps."""

    def __init__(self) -> None:
        self.now = 5.0
        self.pace = Pace(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    def send(self, per_second: float) -> float:
        self.pace.wait(per_second)
        return self.now


@given(pauses, st.floats(min_value=1, max_value=500))
def test_between_two_mails_of_an_instance_lies_its_part_of_a_second(
    pauses: list[float], per_second: float
) -> None:
    instance, sent = Instance(), list[float]()
    for pause in pauses:
        instance.now += pause
        sent.append(instance.send(per_second))
    gaps = [after - before for before, after in itertools.pairwise(sent)]
    assert all(gap >= INSTANCES / per_second - 1e-9 for gap in gaps)


def test_whoever_comes_late_waits_for_nobody() -> None:
    instance = Instance()
    assert instance.send(2) == 5.0
    instance.now += 10
    assert instance.send(2) == 15.0
    assert instance.send(2) == 16.0
