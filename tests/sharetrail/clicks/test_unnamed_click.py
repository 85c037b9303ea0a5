import json
from dataclasses import replace

import pytest

from sharetrail.aws.items import dump
from sharetrail.clicks.click import Click
from sharetrail.clicks.device import device_of
from sharetrail.clicks.seen_on import network_of
from sharetrail.clicks.unnamed_click import unnamed
from sharetrail.clicks.verdict import judge_agent
from sharetrail.clicks.visitor import Visitor, new_click
from tests.machines import NOON
from tests.shops import BROWSER, PHONE

TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1"
IN_AN_APP = PHONE.replace(" Safari/604.1", " Instagram 380.0.0.28.80 (iPhone17,1; iOS 18_5; de_DE)")
TELEVISION = "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120"
AGENTS = [BROWSER, PHONE, TABLET, IN_AN_APP, TELEVISION, "curl/8.0", "WhatsApp/2.24", ""]
REFERRERS = ["", "m.facebook.com", "ann-secretperson.example", "com.instagram.android", "slack.com"]


def clicked(agent: str, referrer: str) -> Click:
    who = Visitor(hash="00ff", address="0042", agent=agent, referrer=referrer, country="DE")
    return new_click("m_1", "0123456789", who, NOON)


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("referrer", REFERRERS)
def test_our_rules_say_the_same_of_it(agent: str, referrer: str) -> None:
    click = clicked(agent, referrer)
    stand_in = unnamed(click)
    kind = judge_agent(agent).kind
    assert judge_agent(stand_in.agent).kind == kind
    assert replace(stand_in, agent=agent, referrer=referrer) == click
    if kind == "human":  # of which alone more is counted
        assert device_of(stand_in.agent) == device_of(agent)
        seen_on = network_of(stand_in.referrer, stand_in.agent)
        assert seen_on == network_of(referrer, agent)


def test_nobody_s_own_words_are_left() -> None:
    click = unnamed(clicked(f"{PHONE} of ann@mail.example", "ann-secretperson.example"))
    told = json.dumps(dump(click))
    assert "ann" not in told
    assert "18_5" not in told
