"""The networks: one list, of which the script has its own looks, and clicks their own signs."""

import re

import pytest

from local.template.reader import TEMPLATE
from sharetrail.clicks.seen_on import network_of
from sharetrail.sharing.link import OTHER
from sharetrail.sharing.networks import NETWORKS, name_of, share_url

SCRIPT = TEMPLATE.parent / "functions/serve_script/sharetrail.js"
BUTTONS = [each for each, network in NETWORKS.items() if not network.is_given]


def test_the_script_has_a_button_for_every_network_that_is_not_given_and_for_no_other() -> None:
    (table,) = re.findall(r"const NETWORKS = \{(.+?)\n  \};", SCRIPT.read_text(), re.DOTALL)
    assert re.findall(r"^    (\w+): \[", table, re.MULTILINE) == BUTTONS


def test_what_no_address_opens_is_given() -> None:
    given = {each for each, network in NETWORKS.items() if network.is_given}
    assert given == {"instagram", "tiktok", "youtube", "snapchat", OTHER}
    assert not any(NETWORKS[each].opens for each in given)


@pytest.mark.parametrize(
    ("shared_on", "name"),
    [
        ("instagram", "Instagram"),
        ("coupon", "Coupon code"),
        ("device", "Phone’s share sheet"),
        ("other:Twitch", "Twitch (other)"),
        ("other:Instagram", "Instagram (other)"),
        ("other:a: b", "a: b (other)"),
        ("myspace", "myspace"),
    ],
)
def test_a_network_reads_as_people_call_it(shared_on: str, name: str) -> None:
    assert name_of(shared_on) == name


def test_a_click_says_networks_of_the_same_list() -> None:
    signs = ("l.instagram.com", "com.slack", "mail.google.com", "com.google.android.youtube")
    assert {network_of(sign, "") for sign in signs} <= NETWORKS.keys()


def test_a_message_reaches_the_programs_of_both_kinds_of_phone() -> None:
    """Android reads what follows `?`, iOS what follows `&`."""
    address = share_url("sms", "https://go.shop.example/abc", "Mug & Bean")
    assert address == "sms:?&body=Mug%20%26%20Bean%20https%3A%2F%2Fgo.shop.example%2Fabc"
