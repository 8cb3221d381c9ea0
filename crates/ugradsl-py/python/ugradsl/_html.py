"""HTML that notebooks show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def facts(title: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A table of two columns."""
    return table(title, None, [(name, value) for name, value in pairs])


def table(title: str, heading: Sequence[str] | None, rows: Iterable[Sequence[str]]) -> str:
    """A table with a title above it."""
    head = f"<thead><tr>{_cells('th', heading)}</tr></thead>" if heading else ""
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return f"<p><b>{escape(title)}</b></p><table>{head}<tbody>{body}</tbody></table>"


def _cells(tag: str, row: Sequence[str]) -> str:
    return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)


def preformatted(text: str) -> str:
    """Text as it stands."""
    return f"<pre>{escape(text)}</pre>"


def page(text: str) -> str:
    """A page within another, which its style does not affect."""
    return (
        f'<iframe srcdoc="{escape(text, quote=True)}" style="width:100%;height:32em;border:1px solid #ccc" '
        'sandbox=""></iframe>'
    )
