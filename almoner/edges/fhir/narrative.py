"""The narrative of a resource: only what R4 allows in its XHTML, nothing that acts."""

from html.parser import HTMLParser

# R4, Narrative: the basic formatting elements of HTML 4.0 chapters 7-11 and 15, anchors and images.
TAGS = frozenset(
    {
        "a", "abbr", "acronym", "b", "big", "blockquote", "br", "caption", "cite", "code", "col",
        "colgroup", "dd", "dfn", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
        "i", "img", "li", "ol", "p", "pre", "q", "samp", "small", "span", "strong", "sub", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "kbd", "del",
        "ins", "address", "bdo",
    }
)  # fmt: skip
ATTRIBUTES = frozenset(
    {
        "abbr", "accept", "align", "alt", "axis", "bgcolor", "border", "cellhalign", "cellpadding",
        "cellspacing", "cellvalign", "char", "charoff", "charset", "cite", "class", "colspan",
        "compact", "coords", "dir", "frame", "headers", "height", "href", "hreflang", "hspace",
        "id", "lang", "longdesc", "name", "nowrap", "rel", "rev", "rowspan", "rules", "scope",
        "shape", "span", "src", "start", "style", "summary", "tabindex", "title", "type", "valign",
        "value", "vspace", "width", "xml:lang", "xmlns", "xmlns:xsi",
    }
)  # fmt: skip
ADDRESSES = frozenset({"href", "src", "longdesc", "cite"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.first = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.first = self.first or tag
        if tag not in TAGS:
            self.faults.append(f"<{tag}> is not allowed in a narrative")
        for name, value in attrs:
            target = "".join((value or "").split()).casefold()
            if name not in ATTRIBUTES:
                self.faults.append(f"the attribute {name} is not allowed in a narrative")
            elif name in ADDRESSES and target.startswith(("javascript:", "vbscript:", "data:text")):
                self.faults.append(f"{name} may not hold a script")

    def handle_pi(self, _data: str) -> None:
        self.faults.append("processing instructions are not allowed in a narrative")

    def handle_decl(self, _decl: str) -> None:
        self.faults.append("a document type is not allowed in a narrative")


def faults(div: str) -> list[str]:
    """What R4 does not allow in this narrative; it is never shown by us, nor kept."""
    reader = _Reader()
    reader.feed(div)
    reader.close()
    if reader.first != "div":
        reader.faults.insert(0, "a narrative is one <div>")
    return reader.faults
