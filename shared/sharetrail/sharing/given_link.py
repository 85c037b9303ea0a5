"""Links that not everybody is given: to networks without a button, and by codes of one's choice."""

from sharetrail.merchants.keys.api_keys import Forbidden
from sharetrail.merchants.keys.callers import Caller
from sharetrail.problems import Problem
from sharetrail.sharing.link import OTHER
from sharetrail.sharing.networks import NETWORKS
from sharetrail.sharing.share_request import ShareBody


class Unlabelled(Problem):
    """A link to a network of another name that does not say which."""

    status = 422
    title = "The network has no name"


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
