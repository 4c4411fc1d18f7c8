"""Proof: do files, sums, journals and public exits bear each other out?

No key is used, so this proves agreement, not origin: whoever can write the whole data
folder can write all of it anew, the record of exports too. What they cannot change is a
copy elsewhere; `witness` is the line to keep there.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from cityledger.calendar import COUNTY_TIME
from cityledger.errors import OperatorError
from cityledger.files import write_text
from cityledger.release import journal, rules, shelf, signers
from cityledger.release.files.metadata import sha256
from cityledger.release.journal import REVIEWS, Entry, JournalError
from cityledger.release.shelf import Release
from cityledger.release.version import release_id
from cityledger.settings import DataDir
from cityledger.versions import PUBLIC

LIMITS: Final = (
    "以上核对的是文件、流程记录和公众出口彼此相符，不含密钥：能改写整个数据目录的人也能把"
    "记录全部重写。要排除这一点，请把下面这一行与目录以外抄存的比对"
)


def of_release(release: Release, register: Sequence[Entry]) -> list[str]:
    """Return what is wrong with a release's files, sums and journal."""
    links = [p for p in (release.folder, *release.folder.rglob("*")) if p.is_symlink()]
    if links:
        return [f"有链接，应当都是文件：{links[0]}"]
    try:
        wrong = [*_place(release), *_steps(release, register)]
        if release.is_erased:
            # Nothing of its files is shown any more, and one may have been the reason.
            return wrong
        wrong += [f"文件与清单不符：{path}" for path in tampered(release)]
        return wrong + list(_seal(release))
    except OperatorError as error:
        return [str(error)]
    except (ValueError, KeyError, TypeError):
        return ["contents.json 或流程记录缺少应有的内容，被改动过"]


def of_county(folders: DataDir, now: datetime) -> list[str]:
    """Return what is wrong between releases, the record of exports and the exits."""
    try:
        exports, register = journal.read(folders.exits), journal.read(folders.signers)
    except JournalError as error:
        return [str(error)]
    journals = (folders.signers, folders.exits, *_journals(folders))
    wrong = [
        f"{steps} 的最后一步没有收尾：写到一半被中断，或被人添加"
        for steps in journals
        if not journal.is_settled(steps)
    ]
    wrong += [*_unfinished(folders, register), *_strays(folders)]
    wrong += _successions(folders)
    wrong += sorted({line for entry in exports for line in _heads(folders, entry)})
    if any(entry.at > now for entry in (*exports, *register)):
        wrong.append("导出或登记的时间在将来：本机时间倒退过，或记录被改动过")
    try:
        return wrong + list(_exits(folders, exports))
    except (OperatorError, OSError, duckdb.Error):
        return [*wrong, "公众出口无法与流程记录核对：读不出来"]


def witness(folders: DataDir) -> str:
    """Return the line to be kept outside: it stands for everything shown so far."""
    known = journal.digests(folders.exits)
    return f"导出记录 第 {len(known)} 次 {known[-1]}" if known else "还没有导出过"


def exported(folders: DataDir, site: Path, now: datetime) -> Entry:
    """Record what an export showed, and how far each journal had come by then."""
    sums = "".join(f"{digest}  {path}\n" for path, digest in _listed(site).items())
    write_text(_site_sums(folders), sums)
    releases = shelf.decided(folders)
    public = folders.published / PUBLIC
    details = {
        "site": site.name,
        "site_sums": journal.digest(_site_sums(folders)),
        "public": sha256(public) if public.exists() else "",
        "journals": {r.folder.name: journal.digests(r.steps)[-1] for r in releases},
        "signers": (journal.digests(folders.signers) or [""])[-1],
    }
    return journal.append(
        folders.exits, Entry(0, "导出", signers.SYSTEM, now, details=details)
    )


def manifest(release: Release, published_at: datetime) -> str:
    """Return the manifest: the contents, and who cleared them by the journal."""
    document: dict[str, Any] = {
        **release.contents,
        "contents_sha256": sha256(release.object / shelf.CONTENTS),
        "published_at": published_at.replace(tzinfo=COUNTY_TIME).isoformat(
            timespec="seconds"
        ),
        "reviews": [
            {
                "step": step,
                "role": journal.ROLES[step],
                "outcome": entry.outcome,
                "at": entry.at.replace(tzinfo=COUNTY_TIME).isoformat(
                    timespec="seconds"
                ),
            }
            for step in REVIEWS
            if (entry := release.last(step))
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def tampered(release: Release) -> list[str]:
    """Return the files of an object that are not what the contents say."""
    contents = release.contents
    named = [f for entry in contents["datasets"] for f in entry["files"]]
    listed = {f["path"]: f["sha256"] for f in [*named, *contents["files"]]}
    there = _listed(release.object)
    own = {shelf.CONTENTS, shelf.MANIFEST, shelf.SUMS}
    return _differing(listed, {k: v for k, v in there.items() if k not in own})


def _place(release: Release) -> Iterator[str]:
    """A release lies under its own name; a copy has another, or lies elsewhere."""
    named = release_id(release.contents["period"], release.version)
    if release.release_id != named:
        yield f"编号 {release.release_id} 与周期、版本不符，应为 {named}"
    if release.folder.name != named:
        yield f"{release.folder.name} 中是 {named}：被复制或改名"


def _steps(release: Release, register: Sequence[Entry]) -> Iterator[str]:
    """Take every step again by the rules that it was taken by."""
    contents = sha256(release.object / shelf.CONTENTS)
    entries = release.entries
    if not entries:
        yield "没有流程记录"
        return
    for number, entry in enumerate(entries):
        said = f"第 {entry.number} 步（{entry.step}）"
        if entry.content_sha256 != contents:
            yield f"{said}没有写明审的内容，或审的不是现在的内容"
        try:
            signers.require_among(register, entry.by, entry.step, entry.at)
            rules.require_next(entries[:number], entry.step, entry.by)
        except OperatorError as error:
            yield f"{said}不该有：{error}"
    drafted = datetime.fromisoformat(release.contents["drafted_at"])
    if drafted.replace(tzinfo=None) != entries[0].at.replace(microsecond=0):
        yield "编制的时间与内容清单不符"
    if rules.last(entries, "作废") and _is_published(release):
        yield "作废的草案放进了已发布的目录"


def _is_published(release: Release) -> bool:
    return release.folder.parent.name == "published"


def _seal(release: Release) -> Iterator[str]:
    """Look at what publication added: the manifest and the sums."""
    published = release.last("发布")
    if not published:
        if _is_published(release):
            yield "放进了已发布的目录，却没有发布的记录"
        return
    at = datetime.fromisoformat(published.details["published_at"])
    if at < published.at:
        yield "公开时间早于发布的时间"
    own, sums = (release.object / name for name in (shelf.MANIFEST, shelf.SUMS))
    if not own.exists() or not sums.exists():
        yield "缺少 manifest.json 或 SHA256SUMS"
        return
    there = _listed(release.object)
    del there[shelf.SUMS]
    yield from (f"校验值不符：{path}" for path in _differing(_sums(sums), there))
    if own.read_text(encoding="utf-8") != manifest(release, at):
        yield "manifest.json 与内容清单或流程记录不符"


def _unfinished(folders: DataDir, register: Sequence[Entry]) -> Iterator[str]:
    """Read the journals of drafts that came to nothing, too."""
    for release in shelf.closed(folders):
        try:
            wrong = list(_steps(release, register))
        except (OperatorError, ValueError, KeyError, TypeError) as error:
            wrong = [str(error)]
        yield from (f"{release.folder.name}：{line}" for line in wrong)


def _strays(folders: DataDir) -> Iterator[str]:
    for name, known in (
        ("published", shelf.decided(folders)),
        ("closed", shelf.closed(folders)),
    ):
        listed = {release.folder for release in known}
        there = (folders.releases / name).glob("*")
        yield from (f"{path} 不是发布版" for path in there if path not in listed)
    drafts = sorted((folders.releases / "draft").glob("*"))
    yield from (f"{path} 是多出的草案" for path in drafts[1:])


def _successions(folders: DataDir) -> Iterator[str]:
    """Each release says which one it follows, and that one says so too."""
    known = {release.folder.name: release for release in shelf.decided(folders)}
    said = {
        (name, str(entry.details.get("by_release")))
        for name, release in known.items()
        for entry in _entries(release)
        if entry.step in ("更正", "归档")
    }
    due: set[tuple[str, str]] = {
        (release.contents["previous"], name)
        for name, release in known.items()
        if release.contents["previous"]
    }
    for before, after in sorted(due - said):
        yield f"{before} 的流程记录缺少由 {after} 接替的一步"
    for before, after in sorted(said - due):
        yield f"{before} 的流程记录说由 {after} 接替，但没有这一版"


def _heads(folders: DataDir, export: Entry) -> Iterator[str]:
    """What was exported then is still in the journals, with all that came before."""
    for name, head in sorted(export.details["journals"].items()):
        steps = folders.releases / "published" / name / "steps"
        if head not in journal.digests(steps):
            yield f"{name} 在导出时有过的步骤现在没有了，或被改动过"
    head = export.details["signers"]
    if head and head not in journal.digests(folders.signers):
        yield "导出时有过的签认人登记现在没有了，或被改动过"


def _exits(folders: DataDir, exports: Sequence[Entry]) -> Iterator[str]:
    """Compare site and public file with the last export."""
    shown, public = folders.site / "current", folders.published / PUBLIC
    if not exports:
        if shown.exists() or (public.exists() and _told(public)):
            yield "没有导出记录，却有公众网站或公众文件"
        return
    last = exports[-1].details
    if not shown.is_symlink() or str(shown.readlink()) != last["site"]:
        yield f"公众网站指向的不是最后一次导出的 {last['site']}"
    else:
        yield from _site(folders, last)
    inside = (folders.current / PUBLIC).resolve()
    if not public.exists() and not last["public"]:
        return  # exported before the first night
    if (
        not public.is_symlink()
        or public.resolve() != inside
        or inside.parent.parent != folders.versions.resolve()
    ):
        yield "公众文件的链接指到了别处"
    elif last["public"] and sha256(inside) != last["public"]:
        yield f"公众文件 {PUBLIC} 与导出时不同"
    elif _told(inside) != {
        (r.folder.name, sha256(r.object / shelf.MANIFEST), bool(r.withdrawal))
        for r in shelf.public(folders, exports[-1].at)
    }:
        yield f"公众文件 {PUBLIC} 中的版本和撤回与流程记录不符"


def _site(folders: DataDir, last: dict[str, Any]) -> Iterator[str]:
    sums = _site_sums(folders)
    if not sums.exists() or journal.digest(sums) != last["site_sums"]:
        yield "公众网站的校验清单 site.sha256 与导出时不同"
        return
    site = folders.site / last["site"]
    links = [p for p in (site, *site.rglob("*")) if p.is_symlink()]
    yield from (f"公众网站中有链接：{path}" for path in links)
    wrong = _differing(_sums(sums), _listed(site))
    yield from (f"公众网站的文件与导出时不同：{path}" for path in wrong[:20])


def _told(public: Path) -> set[tuple[str, str, bool]]:
    """Return which releases the public file tells of, and which as withdrawn."""
    with duckdb.connect(str(public), read_only=True) as connection:
        return set(
            connection.execute(
                "select release_id, manifest_sha256, withdrawn_at is not null "
                "from releases"
            ).fetchall()
        )


def _journals(folders: DataDir) -> list[Path]:
    opened = shelf.draft(folders)
    known = [*shelf.decided(folders), *shelf.closed(folders)]
    return [r.steps for r in known + ([opened] if opened else [])]


def _entries(release: Release) -> list[Entry]:
    try:
        return release.entries
    except JournalError:
        return []  # said of the release itself


def _site_sums(folders: DataDir) -> Path:
    return folders.releases / "site.sha256"


def _listed(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _sums(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (one.partition("  ") for one in lines)}


def _differing(listed: dict[str, str], there: dict[str, str]) -> list[str]:
    every = sorted(listed.keys() | there.keys())
    return [path for path in every if listed.get(path) != there.get(path)]
