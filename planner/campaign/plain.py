"""What people named or wrote, as text for what would read more into it.

A name may look like a picture in Markdown or a link in HTML; whoever shows it must not fetch it.
"""

import html
import re

_MARKDOWN = re.compile(
    r"[\\`*\[\]$~<&|]"  # anywhere
    r"|(?<!\w)_|_(?!\w)"  # at the end of a word: within one it means nothing
    r"|:(?=\w)"  # :red[...], :smile:
    r"|(?<=^)[#>+\-=]|(?<=^\d)[.)]",  # at the beginning of a line: headings, lists
    re.MULTILINE,
)


def plain(text: object) -> str:
    """Text that Markdown shows letter by letter: a parameter may be called ``J_c*``.

    Only what Markdown would take is escaped: labels are also read by screen readers, as they are.

    >>> plain("![x](//elsewhere.example)")
    '!\\\\[x\\\\](//elsewhere.example)'
    """
    return _MARKDOWN.sub(r"\\\g<0>", str(text))


def drawn(text: object) -> str:
    """Text that plotly draws letter by letter: it takes some HTML, and ``%{...}`` where the cursor
    is.

    >>> drawn("<a href='//elsewhere.example'>x</a> %{x}")
    "&lt;a href='//elsewhere.example'&gt;x&lt;/a&gt; %&#123;x}"
    """
    return html.escape(str(text), quote=False).replace("%{", "%&#123;")
