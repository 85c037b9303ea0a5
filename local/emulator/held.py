"""What the emulator's queues hold, asked in one question: most are empty, most of the time."""

import json
import urllib.request
from urllib.parse import urlencode

from local.emulator.clients import client
from local.template.names import ACCOUNT, REGION

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def by_queues() -> set[str]:
    """The names of those that hold messages, seen or hidden."""
    asked = urlencode({"account": ACCOUNT, "region": REGION})
    url = f"{client('sqs').meta.endpoint_url}/_ministack/sqs/messages?{asked}"
    with _direct.open(url) as answer:
        held = json.load(answer)["messages"].get(ACCOUNT, {}).get(REGION, {})
    return {address.rpartition("/")[2] for address, messages in held.items() if messages}
