"""The local cloud's own pages, from the templates in `html/`."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_VIEWS = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("html")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def render(name: str, **values: Any) -> str:
    return _VIEWS.get_template(name).render(**values)
