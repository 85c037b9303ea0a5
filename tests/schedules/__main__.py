"""Lives schedules again, by their numbers, and says what is wrong in them."""

import sys

from local.template import reader
from tests.conftest import PARAMETERS
from tests.schedules.schedules import town


def main() -> int:
    with town(reader.load(parameters=PARAMETERS)) as there:
        found = {number: there.differences(int(number)) for number in sys.argv[1:]}
    for number, lines in found.items():
        told = "".join(f"\n  {line}" for line in lines)
        sys.stdout.write(f"schedule {number}: {len(lines) or 'nothing'} wrong{told}\n")
    for what, times in sorted(there.happened.items()):
        sys.stdout.write(f"  {times} × {' '.join(what)}\n")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
