"""The small pages that people, not programs, get to see."""

from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; --ink: #1d2433; --paper: #f6f4ef; --soft: #5a6275; }}
  @media (prefers-color-scheme: dark) {{
    :root {{ --ink: #eef0f5; --paper: #171a21; --soft: #a9b0c0; }}
  }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
    box-sizing: border-box; background: var(--paper); color: var(--ink);
    font: 1.125rem/1.6 system-ui, sans-serif; }}
  main {{ max-width: 30rem; text-align: center; }}
  svg {{ width: 6rem; margin-bottom: 1rem; }}
  h1 {{ font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance; }}
  p {{ margin: 0 0 1.5rem; color: var(--soft); text-wrap: pretty; }}
  button {{ font: inherit; font-weight: 600; padding: .75rem 1.5rem; border: 0;
    border-radius: 999px; background: #2f5bd8; color: #fff; cursor: pointer; }}
  button:focus-visible {{ outline: 3px solid #2f5bd8; outline-offset: 3px; }}
</style>
<main>
  <svg viewBox="0 0 96 48" fill="none" stroke="currentColor" stroke-width="3"
    stroke-linecap="round" aria-hidden="true"><path d="M4 40C20 40 22 10 38 10s14 24 28 24"
    stroke-dasharray="1 8"/><circle cx="80" cy="34" r="8"/></svg>
  <h1>{title}</h1>
  <p>{text}</p>
  {form}
</main>
</html>
"""


def message(title: str, text: str) -> str:
    """A page that says one thing."""
    return _PAGE.format(title=escape(title), text=escape(text), form="")


def question(title: str, text: str, button: str) -> str:
    """A page that asks for one press of a button, posted to the page's own address."""
    form = f'<form method="post"><button>{escape(button)}</button></form>'
    return _PAGE.format(title=escape(title), text=escape(text), form=form)
