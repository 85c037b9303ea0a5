"""What a month costs by list, of 10,000 merchants with 1, 10 and 1,000 million clicks and of none:
`python -m bench.bill` prints docs/scale.md's table, of what is kept in counts.json; `--count`
counts that anew, on the product's own functions, for some minutes.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping

from bench.bill import counted
from bench.bill.bill import Bill, bill, followed
from bench.bill.counted import Counts

MERCHANTS = 10_000
MILLIONS = (1, 10, 1_000)


def bills(counts: Counts) -> Mapping[str, Bill]:
    """By what a column is called."""
    none = {"no merchant": bill(counts, [])}
    return none | {
        f"{millions:,} million": bill(counts, followed(MERCHANTS, millions * 1e6))
        for millions in MILLIONS
    }


def table(columns: Mapping[str, Bill]) -> Iterator[str]:
    """Lines of Markdown, the dearest service first."""
    *_, most = columns.values()
    yield _line("clicks a month", columns)
    yield f"|---{'|---:' * len(columns)}|"
    for service in sorted(most, key=lambda each: -most[each]):
        yield _line(service, (_dollars(own.get(service, 0)) for own in columns.values()))
    yield _line("**in all**", (f"**{_dollars(sum(each.values()))}**" for each in columns.values()))


def _line(first: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([first, *cells])} |"


def _dollars(amount: float) -> str:
    return f"${amount:,.2f}" if amount < 100 else f"${amount:,.0f}"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", action="store_true", help="count anew first, four minutes")
    if arguments.parse_args().count:
        counted.write(counted.count())
    print("\n".join(table(bills(counted.read()))))
