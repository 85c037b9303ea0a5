"""The demo's people: browsers and apps as they come, judged and read as the product does."""

import re
from collections import Counter
from random import Random

import pytest

from local.demo import agents
from local.demo.cast import SHARERS
from local.template.reader import TEMPLATE
from sharetrail.clicks.seen_on import network_of
from sharetrail.clicks.verdict import HUMAN, judge_agent
from sharetrail.sharing.link import OTHER
from sharetrail.sharing.networks import NETWORKS

ROOT = TEMPLATE.parent


@pytest.mark.parametrize("network", agents._APPS)
def test_an_apps_browser_is_a_persons_and_names_its_network(network: str) -> None:
    for agent in agents._APPS[network]:
        assert judge_agent(agent) is HUMAN
        assert network_of("", agent) == network


def test_what_leads_from_a_network_names_it() -> None:
    assert {each: network_of(host, "") for each, host in agents._HOSTS.items()} == {
        each: each for each in agents._HOSTS
    }


@pytest.mark.parametrize("network", ["instagram", "device"])
def test_where_links_are_seen_is_worth_looking_at(network: str) -> None:
    chance = Random(1)
    came = [agents.of_person(chance, network) for _ in range(2_000)]
    seen = Counter(network_of(referrer, agent) for agent, referrer in came)
    if network == "device":
        assert {"whatsapp", "instagram", "facebook", "email"} <= seen.keys()
        assert 0.4 < seen[None] / len(came) < 0.7
    else:
        assert seen.keys() == {"instagram", None}


def test_sharers_share_on_networks_that_are_there_and_name_the_other() -> None:
    for sharer in SHARERS:
        assert NETWORKS.keys() >= set(sharer.networks)
        assert (OTHER in sharer.networks) is bool(sharer.forum)
        given = {each for each in sharer.networks if NETWORKS[each].is_given}
        assert sharer.name or not given, "a visitor is given no link"


def test_the_documents_influencer_is_one_of_them() -> None:
    (ana,) = (sharer for sharer in SHARERS if sharer.id == "ana")
    assert {"instagram", "tiktok", "youtube"} <= set(ana.networks)


def test_whom_the_documents_ask_the_demo_for_is_there() -> None:
    asked = re.compile(r"/v1/influencers/([\w.-]+)|\"influencer\": (?:\{\"id\": )?\"([\w.-]+)\"")
    names = {one or other for one, other in asked.findall((ROOT / "docs/api.md").read_text())}
    people = {name for name in names if not name.startswith("anon_")}
    assert "ana" in people
    assert people <= {sharer.id for sharer in SHARERS}
