"""The page form of a letter, made from its text so that both always say the same."""

from __future__ import annotations

import re
from html import escape

_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
# a line such as "Open the task: https://…" becomes a button
_BUTTON = re.compile(r"(?P<label>[^:\n]{1,60}): (?P<address>https?://\S+)")
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"></head>'
    '<body style="margin:0;padding:24px;{font};font-size:16px;line-height:1.5">'
    '<div style="max-width:600px">{content}</div></body></html>'
)
_BUTTON_STYLE = (
    "display:inline-block;padding:10px 20px;border-radius:8px;background:#0f5c5c;color:#ffffff;"
    "text-decoration:none;font-weight:600"
)


def as_html(text: str, language: str) -> str:
    """Return ``text`` as a complete page: paragraphs, links, and buttons for lines that are a link."""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    content = "".join(_paragraph(part.strip("\n")) for part in paragraphs)
    return _PAGE.format(language=escape(language), font=_FONT, content=content)


def _paragraph(text: str) -> str:
    button = _BUTTON.fullmatch(text)
    if button is not None:
        address = escape(button["address"])
        return f'<p><a href="{address}" style="{_BUTTON_STYLE}">{escape(button["label"])}</a></p>'
    lines = "<br>".join(_line(line) for line in text.split("\n"))
    return f'<p style="margin:0 0 16px">{lines}</p>'


def _line(text: str) -> str:
    pieces, position = [], 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        pieces += [escape(text[position : found.start()]), f'<a href="{address}">{address}</a>']
        position = found.end()
    return "".join([*pieces, escape(text[position:])])
