"""Writes shared/sharetrail/aws/fast/amazon_roots.pem: the authorities behind AWS's own endpoints.

`make roots`. They are taken from the bundle that botocore brings, by the names that
https://www.amazontrust.com/repository/ lists.
"""

import re
from pathlib import Path

import botocore

TARGET = Path(__file__).parents[2] / "shared/sharetrail/aws/fast/amazon_roots.pem"
NAMES = (
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
)
_ORIGIN = "# Of Mozilla's bundle: Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/\n"
_LABEL_AND_PEM = re.compile(
    r'^# Label: "(?P<name>[^"]+)"$.*?(?P<pem>^-----BEGIN.*?^-----END CERTIFICATE-----$)',
    re.DOTALL | re.MULTILINE,
)


def pem() -> str:
    """The five, each under its name, below whose list they are of."""
    bundle = (Path(botocore.__file__).parent / "cacert.pem").read_text()
    by_name = {each["name"]: each["pem"] for each in _LABEL_AND_PEM.finditer(bundle)}
    return _ORIGIN + "".join(f"# {name}\n{by_name[name]}\n" for name in NAMES)


if __name__ == "__main__":
    TARGET.write_text(pem())
    print(f"{TARGET.name}: {len(NAMES)} authorities")
