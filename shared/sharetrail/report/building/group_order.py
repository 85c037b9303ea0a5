"""In which order networks, products and campaigns stand, in mail and page. Pure."""

from sharetrail.report.lines import GroupLine


def place(line: GroupLine, *, is_named: bool = True) -> tuple[object, ...]:
    """Who was credited most stands first. Of equals those with a name of the shop's: anybody can
    make links that say they are of some product, and click on them. Then by clicks, then by name.
    """
    return -line.revenue, not is_named, -line.clicks, line.name
