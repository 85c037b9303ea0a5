"""Other people's attribution: a script each, in an environment of its own under `.cache/peers`.

They want an older Python than ours may be, and large packages.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bench import environments
from bench.environments import NoInterpreter

HOME = environments.CACHE / "peers"
CHANNEL_ATTRIBUTION = "channel_attribution"
EXACT = "exact"
"""The names of the scripts beside this file, and of their environments."""
_SCIENCE = ("numpy==2.4.6", "pandas==3.1.1")
_PACKAGES = {
    CHANNEL_ATTRIBUTION: ("channelattribution==2.2.5", "matplotlib==3.11.2", *_SCIENCE),
    EXACT: (
        "do-attribution==0.0.2",
        "marketing-attribution-models==2.1.1",
        "polars==2.1.0",
        "pyarrow==26.0.1",
        "scipy==1.17.1",
        *_SCIENCE,
    ),
}
_MINOR = "3.11"
"""The newest Python that ChannelAttribution can be built for."""
Result = Mapping[str, Any]
"""What a script prints of a run."""


@cache
def python(name: str) -> Path:
    """The interpreter that can run a script; its packages are installed where they are not."""
    if not (interpreter := environments.interpreter(_MINOR)):
        raise NoInterpreter(f"no Python {_MINOR} on this machine")
    packages = ("--compile-bytecode", *_PACKAGES[name])
    return environments.python(HOME / name, interpreter, *packages)


def command(name: str, file: Path) -> list[str | Path]:
    """Runs a script over rows that `bench.attribution.journeys.dump` wrote."""
    return [python(name), Path(__file__).with_name(f"{name}.py"), file]


def result(command: Sequence[str | Path]) -> Result:
    """What a script says with its last line; before it, some packages advertise."""
    # Caches of theirs stay here.
    variables = {**os.environ, "MPLCONFIGDIR": str(HOME / "matplotlib")}
    root = environments.ROOT
    run = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{command[-2]} broke:\n{run.stderr}")
    last: Result = json.loads(run.stdout.splitlines()[-1])
    return last
