"""The networks: one list, of which the script has its own looks."""

import re
from typing import get_args

from local.template.reader import TEMPLATE
from sharetrail.sharing.networks import NetworkId

SCRIPT = TEMPLATE.parent / "functions/serve_script/sharetrail.js"


def test_the_script_has_a_button_for_every_network_and_for_no_other() -> None:
    (table,) = re.findall(r"const NETWORKS = \{(.+?)\n  \};", SCRIPT.read_text(), re.DOTALL)
    assert re.findall(r"^    (\w+): \[", table, re.MULTILINE) == [*get_args(NetworkId)]
