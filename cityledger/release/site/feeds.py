"""Feeds: what changed, for programs: Atom and the sitemap."""

from pathlib import Path
from xml.etree import ElementTree as Xml

from cityledger.calendar import COUNTY_TIME
from cityledger.release.changes import tally
from cityledger.release.public_file import changes_of
from cityledger.release.shelf import Release
from cityledger.release.site.words import words
from cityledger.release.wording import kind
from cityledger.text import printable

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def write_atom(path: Path, releases: list[Release], base: str, language: str) -> None:
    """Write one entry per release, newest first; a withdrawal is an update."""
    Xml.register_namespace("", _ATOM)
    feed = Xml.Element(f"{{{_ATOM}}}feed")
    address = f"{base}/{path.name}"
    for name, text in (
        ("id", address),
        ("title", str(words(language)["site"])),
        ("updated", _newest(releases)),
    ):
        Xml.SubElement(feed, f"{{{_ATOM}}}{name}").text = text
    Xml.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=address)
    author = Xml.SubElement(feed, f"{{{_ATOM}}}author")
    Xml.SubElement(author, f"{{{_ATOM}}}name").text = str(words(language)["publisher"])
    for release in reversed(releases):
        _entry(feed, release, base, language)
    _save(feed, path)


def write_sitemap(path: Path, pages: list[str], base: str) -> None:
    """List every page."""
    Xml.register_namespace("", _SITEMAP)
    root = Xml.Element(f"{{{_SITEMAP}}}urlset")
    for page in sorted(pages):
        url = Xml.SubElement(root, f"{{{_SITEMAP}}}url")
        Xml.SubElement(url, f"{{{_SITEMAP}}}loc").text = f"{base}/{page}"
    _save(root, path)


def _entry(feed: Xml.Element, release: Release, base: str, language: str) -> None:
    entry = Xml.SubElement(feed, f"{{{_ATOM}}}entry")
    folder = "" if language == "zh" else f"{language}/"
    address = f"{base}/{folder}releases/{release.release_id}/index.html"
    withdrawal = release.withdrawal
    if withdrawal:
        gone = "已撤回" if language == "zh" else "withdrawn"
        title, summary = f"{release.release_id} {gone}", f"{gone}：{withdrawal.comment}"
    else:
        told = [
            f"{kind(word, language)} {count}"
            for word, count in tally(changes_of(release)).items()
        ]
        title = " · ".join([release.release_id, *told])
        summary = str(release.contents["reason"])
    for name, text in (
        ("id", address),
        ("title", title),
        ("published", _moment(release)),
        ("updated", _updated(release)),
        ("summary", summary),
    ):
        Xml.SubElement(entry, f"{{{_ATOM}}}{name}").text = text
    Xml.SubElement(entry, f"{{{_ATOM}}}link", href=address)


def _moment(release: Release) -> str:
    at = release.published_at
    return at.replace(tzinfo=COUNTY_TIME).isoformat(timespec="seconds") if at else ""


def _updated(release: Release) -> str:
    entry = release.last("撤回")
    if not entry:
        return _moment(release)
    return entry.at.replace(tzinfo=COUNTY_TIME).isoformat(timespec="seconds")


def _newest(releases: list[Release]) -> str:
    return max((_updated(r) for r in releases), default="1970-01-01T00:00:00+08:00")


def _save(root: Xml.Element, path: Path) -> None:
    for element in root.iter():
        # One such character, in a reason of long ago, makes the feed invalid for good.
        element.text = element.text and printable(element.text)
    Xml.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
