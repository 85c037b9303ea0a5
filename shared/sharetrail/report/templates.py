"""How the templates of mail and pages are read: a name that is not given is a fault, and HTML is
escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


def in_folders(*folders: Path) -> Environment:
    """Of templates of the same name that of the first folder."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
