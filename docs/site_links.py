"""Look at every link of the built site: `python docs/site_links.py DIRECTORY`.

A link into the site leads to a page and a place in it that are there; what a page loads is in the
site, so that it works without a network.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADED = {"script": "src", "img": "src", "link": "href"}


class Page(HTMLParser):
    """The links and places of a page, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path.resolve()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places = {""}
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag refers to, and what it can be referred to by."""
        values = {name: value for name, value in attrs if value}
        self.places.add(values.get("id", ""))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if _LOADED.get(tag, "") in values:
            self.loaded.append(values[_LOADED[tag]])


def broken(site: Path) -> Iterator[str]:
    """Say which links lead nowhere, and what is loaded from elsewhere."""
    pages = [Page(path) for path in sorted(site.rglob("*.html"))]
    places = {page.path: page.places for page in pages}
    for page in pages:
        for link in (*page.links, *page.loaded):
            url = urlsplit(link)
            if url.scheme or url.netloc:
                if link in page.loaded:
                    yield f"{page.path}: {link} is loaded from elsewhere"
                continue
            target = (page.path.parent / unquote(url.path)).resolve() if url.path else page.path
            if not target.exists() or unquote(url.fragment) not in places.get(target, {""}):
                yield f"{page.path}: {link} leads nowhere"


if __name__ == "__main__":
    found = list(broken(Path(sys.argv[1])))
    sys.exit("\n".join(found) or None)
