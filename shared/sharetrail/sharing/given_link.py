"""What a link is asked for with; and which are not given to everybody: those to networks without a
button, and by codes of one's choice."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from sharetrail.merchants.keys.api_keys import Forbidden
from sharetrail.merchants.keys.callers import Caller
from sharetrail.problems import Malformed, Problem
from sharetrail.sharing import share_request
from sharetrail.sharing.link import OTHER
from sharetrail.sharing.networks import NETWORKS
from sharetrail.sharing.share_request import ShareBody
from sharetrail.web import bodies, query
from sharetrail.web.http import Request, json_body


class Unlabelled(Problem):
    """A link to a network of another name that does not say which."""

    status = 422
    title = "The network has no name"


def read(request: Request, caller: Caller) -> ShareBody:
    """What is to be shared, by the address that the link leads to. Whatever is wrong with it is
    told in one answer: by the first problem, which names the fields of the others, too."""
    try:
        body = query.none_and_body(ShareBody, request)
    except Malformed as malformed:
        with suppress(Malformed):
            sound = bodies.sound_fields(ShareBody, json_body(request.body))
            malformed.errors = _faults(_problems(sound, caller)) | malformed.errors
        raise
    if found := _problems(vars(body), caller):
        found[0].errors = _faults(found)
        raise found[0]
    return replace(body, url=share_request.destination_of(body.url, body.network, caller))


def _problems(sound: dict[str, Any], caller: Caller) -> list[Problem]:
    """What a link of these fields would be refused for, as far as they tell."""
    checks: list[Callable[[], Any]] = []
    if "network" in sound:
        checks.append(partial(check, ShareBody(**{"url": "", **sound}), caller))
    if "url" in sound:
        url, network = sound["url"], sound.get("network")
        checks.append(partial(share_request.destination_of, url, network, caller))
    found: list[Problem] = []
    for each in checks:
        try:
            each()
        except Problem as problem:
            found.append(problem)
    return found


def _faults(problems: list[Problem]) -> dict[str, str]:
    return {name: why for each in problems for name, why in each.errors.items()}


def check(body: ShareBody, caller: Caller) -> None:
    """Forbidden unless the caller may make links to this network, and may choose a code where one
    is chosen; Unlabelled for `other` without a label.

    Links to networks without a button are given to influencers, so whoever asks must be the shop or
    speak for one by a token: visitors would gain a way to fill tables with networks that they never
    used. The label of `other` is read by the merchant wherever a network's name is, and every label
    is a network of its own: the shop alone writes it. So it is with codes of one's choice, which
    people read, and which nobody else can have any more.
    """
    if body.code is not None and not caller.key.is_secret:
        why = "is chosen with the secret key alone"
        raise Forbidden(f"A link's code {why}.", errors={"code": why})
    network, token = NETWORKS[body.network], body.influencer and body.influencer.token
    if network.is_given and token is None and not caller.key.is_secret:
        why = "is given to influencers: by the secret key, or with an influencer's token"
        raise Forbidden(f"A link to {network.name} {why}.", errors={"network": why})
    if body.network != OTHER:
        return
    if not caller.key.is_secret:
        why = "is made with the secret key alone"
        raise Forbidden(f"A link to another network {why}.", errors={"network": why})
    if not any(map(str.isalnum, body.label)):
        why = "names the network, by a letter or a digit at least"
        raise Unlabelled(f"The label of a link to another network {why}.", errors={"label": why})
