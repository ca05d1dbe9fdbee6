"""What people named or wrote, as text for what would read more into it.

A name may look like a picture in Markdown, a link in HTML or an address; whoever shows it must
neither fetch nor link it.
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
_ADDRESS = re.compile(r"https?:(?=//)|\bwww(?=\.)|(?<=[\w.+-])@(?=[\w-]+\.)", re.IGNORECASE)
"""Where an address begins of which Markdown would make a link, also where it is escaped."""
_JOINER = "\u2060"
"""Takes no room and is not seen; what is cut by it is no address."""


def plain(text: object) -> str:
    """Text that Markdown shows letter by letter: a parameter may be called ``J_c*``.

    Only what Markdown would take is escaped: labels are also read by screen readers, as they are.

    >>> plain("![x](//elsewhere.example)")
    '!\\\\[x\\\\](//elsewhere.example)'
    >>> [len(plain(x)) - len(x) for x in ("https://e.test", "see www.e.test", "a@e.test", "C@T")]
    [1, 1, 1, 0]
    """
    return _ADDRESS.sub(rf"\g<0>{_JOINER}", _MARKDOWN.sub(r"\\\g<0>", str(text)))


def drawn(text: object) -> str:
    """Text that plotly draws letter by letter: it takes some HTML, and ``%{...}`` where the cursor
    is.

    >>> drawn("<a href='//elsewhere.example'>x</a> %{x}")
    "&lt;a href='//elsewhere.example'&gt;x&lt;/a&gt; %&#123;x}"
    """
    return html.escape(str(text), quote=False).replace("%{", "%&#123;")
