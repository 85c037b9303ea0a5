"""Why a touch is what it is, said in the reader's language."""

from datetime import UTC, datetime

import pytest

from sharetrail.attribution.sentences.touch import reason_of
from sharetrail.attribution.touch import Touch
from sharetrail.clicks import verdict
from sharetrail.clicks.verdict import Verdict, judge_agent
from sharetrail.words.speech import speaking
from tests.pseudo import unsaid, wide

KEPT = [each for each in vars(verdict).values() if isinstance(each, Verdict)]


def a_touch(reason: str, evidence: str = "trail", id_: str = "c1") -> Touch:
    return Touch(
        id=id_,
        at=datetime(2026, 11, 20, tzinfo=UTC),
        link="l",
        influencer="ana",
        name="Ana",
        network="x",
        evidence=evidence,  # type: ignore[arg-type]
        verdict="human",
        reason=reason,
        verdict_version=1,
    )


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.reason[:30])
def test_every_verdict_s_reason_is_said_as_it_was_kept(kept: Verdict, pseudo: str) -> None:
    assert reason_of(a_touch(kept.reason)) == kept.reason
    with speaking(pseudo):
        assert unsaid(reason_of(a_touch(kept.reason))) == []


@pytest.mark.parametrize("agent", ["curl/8.0", "WhatsApp/2.23 A", ""])
def test_what_a_user_agent_says_stays_as_it_is(agent: str, pseudo: str) -> None:
    reason = judge_agent(agent).reason
    assert reason_of(a_touch(reason)) == reason
    with speaking(pseudo):
        assert unsaid(reason_of(a_touch(reason)), "curl", "WhatsApp") == []


def test_a_page_that_loaded_it_and_what_no_rule_of_today_says() -> None:
    kept = "a page loaded it as 'image': nobody followed the link"
    assert reason_of(a_touch(kept)) == kept
    assert reason_of(a_touch("as a rule of then had it")) == "as a rule of then had it"
    assert reason_of(a_touch("its user agent says '{n}'")) == "its user agent says '{n}'"


def test_a_code_is_told_as_the_buyer_entered_it(pseudo: str) -> None:
    coupon = a_touch("", evidence="code", id_="code-ANA10")
    assert reason_of(coupon) == "the code ANA10 was used in the order"
    with speaking(pseudo):
        said = wide("the code {code} was used in the order").format(code="ANA10")
        assert reason_of(coupon) == said
