"""Render: write the whole site from the releases that may be seen."""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cityledger.release import shelf
from cityledger.release.corrections import Correction
from cityledger.release.shelf import Release
from cityledger.release.site import feeds, history, indicator_page, pages
from cityledger.release.site.edition import Edition
from cityledger.release.site.words import menu, words
from cityledger.settings import Settings
from cityledger.text import printable

_HERE: Final = Path(__file__).parent
CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)
_ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" '
    'height="32" rx="6" fill="#17436b"/><path fill="#fff" '
    'd="M7 23h4V13H7zm7 0h4V8h-4zm7 0h4v-7h-4z"/></svg>'
)


@dataclass(frozen=True)
class View:
    """One reading of the site: a language, and letters of a size."""

    language: str
    folder: str
    mode: str = ""

    @property
    def code(self) -> str:
        """The language as HTML names it."""
        return "zh-CN" if self.language == "zh" else "en"


NORMAL: Final = View("zh", "")
ENGLISH: Final = View("en", "en/")
LARGE: Final = View("zh", "large/", "large")
VIEWS: Final = (NORMAL, ENGLISH, LARGE)


class Site:
    """A site being written into a folder."""

    def __init__(
        self, folder: Path, settings: Settings, releases: list[Release]
    ) -> None:
        self.folder = folder
        self.base = settings.public_url.rstrip("/")
        self.reach = settings.public_contact
        self.releases = releases
        self.latest = shelf.latest(releases)
        self.written: list[str] = []
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_visible,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(  # noqa: PLR0913 - a page has that many sides
        self,
        view: View,
        path: str,
        template: str,
        values: dict[str, Any],
        *,
        section: str = "",
        below: str = "",
        edition: Edition | None = None,
        notice: dict[str, Any] | None = None,
    ) -> None:
        """Write one page; `below` is the release's folder when it belongs to one."""
        place = f"{view.folder}{below}{path}"
        up = "../" * place.count("/")
        home = up + view.folder
        # Releases have no large letters of their own.
        root = up if view.mode else home
        html = self._jinja.get_template(template).render(
            **{
                "t": words(view.language),
                "lang": view.language,
                "lang_code": view.code,
                "mode": view.mode,
                "csp": CSP,
                "up": up,
                "home": home,
                "root": root,
                "here": home + below,
                "downloads": f"{up}{below or 'latest/'}",
                "absolute": f"{self.base}/{place}",
                "alternates": self._alternates(below + path),
                "tools": self._tools(view, up, below + path, bool(below)),
                "menu": menu(view.language),
                "section": section,
                "edition": edition,
                "notice": notice,
            }
            | values
        )
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html, encoding="utf-8")
        self.written.append(place)

    def _alternates(self, page: str) -> list[tuple[str, str]]:
        return [(v.code, f"{self.base}/{v.folder}{page}") for v in (NORMAL, ENGLISH)]

    def _tools(
        self, view: View, up: str, page: str, is_release: bool
    ) -> list[tuple[str, str, str]]:
        """Offer the same page in the other language, and in the other size."""
        found = []
        if view.language == "zh":
            found.append(("English", f"{up}{ENGLISH.folder}{page}", "en"))
        else:
            found.append(("中文", f"{up}{page}", "zh-CN"))
        if view.language == "zh" and not is_release:
            found.append(
                ("标准版", f"{up}{page}", "")
                if view.mode
                else ("大字版", f"{up}{LARGE.folder}{page}", "")
            )
        return found


def render(
    folder: Path,
    releases: list[Release],
    register: list[Correction],
    settings: Settings,
    now: datetime,
) -> int:
    """Write every page, file and feed; return how many pages there are."""
    site = Site(folder, settings, releases)
    shutil.copyfile(_HERE / "site.css", folder / "site.css")
    (folder / "icon.svg").write_text(_ICON, encoding="utf-8")
    (folder / "robots.txt").write_text(
        f"User-agent: *\nAllow: /\nSitemap: {site.base}/sitemap.xml\n", encoding="utf-8"
    )
    editions = {r.release_id: Edition(r) for r in releases if not r.is_erased}
    seen = history.of(editions.values())
    public_register = pages.published_corrections(register, editions.values())
    latest = editions.get(site.latest.release_id) if site.latest else None
    shown = {row["indicator_id"] for row in latest.indicators} if latest else set()
    known = {r["indicator_id"]: r for e in editions.values() for r in e.indicators}
    for view in VIEWS:
        _write_latest(site, view, latest, seen, public_register)
        for code in sorted(known.keys() - shown):
            pages.write_gone(site, view, latest, known[code])
        pages.write_standing(site, view, latest, public_register)
    for release in releases:
        for view in (NORMAL, ENGLISH):
            _write_release(site, view, release, editions, seen, public_register)
        if not release.is_erased:
            _link_files(release.object, folder / "releases" / release.release_id)
    if latest:
        _link_files(latest.release.object, folder / "latest")
    history.write(seen, folder / "history")
    for view, name in ((NORMAL, "feed.xml"), (ENGLISH, "feed-en.xml")):
        feeds.write_atom(folder / name, releases, site.base, view.language)
    feeds.write_sitemap(folder / "sitemap.xml", site.written, site.base)
    return len(site.written)


def _visible(value: Any) -> Any:  # noqa: ANN401 - whatever a template shows
    """Mark what cannot be seen in what a page shows."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value


def as_json(document: dict[str, Any]) -> Markup:
    """Return JSON that cannot close the element it stands in."""
    text = json.dumps(document, ensure_ascii=False).replace("</", "<\\/")
    return Markup(text)  # noqa: S704 - escaped in the line above


def _write_latest(
    site: Site,
    view: View,
    latest: Edition | None,
    seen: history.History,
    register: list[Correction],
) -> None:
    pages.write_overview(site, view, latest)
    for row in latest.indicators if latest else ():
        assert latest  # noqa: S101 - asked in the line above
        indicator_page.write(site, view, latest, row, seen, register)


def _write_release(
    site: Site,
    view: View,
    release: Release,
    editions: dict[str, Edition],
    seen: history.History,
    register: list[Correction],
) -> None:
    notice = pages.notice(site, view, release)
    below = f"releases/{release.release_id}/"
    edition = editions.get(release.release_id)
    if edition is None:
        pages.write_tombstone(site, view, release, notice, below)
        return
    pages.write_overview(site, view, edition, below=below, notice=notice)
    for row in edition.indicators:
        indicator_page.write(
            site, view, edition, row, seen, register, below=below, notice=notice
        )


def _link_files(source: Path, target: Path) -> None:
    """Put a release's files under the site; hard links, so that they stay the same."""
    for path in sorted(source.rglob("*")):
        if path.is_dir():
            continue
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, place)
        except OSError:
            shutil.copyfile(path, place)
