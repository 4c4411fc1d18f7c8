"""Files: writes found whole or not at all, and read by nobody who must not.

Everything is private but the site and the public file, which a web server of another
user serves: those are opened one by one.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Final

_LONGEST_NAME: Final = 40
_LOOKS_MARKED: Final = re.compile(r"-[0-9a-f]{8}$")
PRIVATE: Final = 0o077
_PASS, _READ, _LIST = 0o011, 0o044, 0o055


def keep_private() -> None:
    """Let nobody else read what this process writes from now on, nor its children."""
    os.umask(PRIVATE)


def open_to_all(path: Path) -> None:
    """Let everybody read a file, or a folder with all that is in it."""
    for each in (path, *path.rglob("*")) if path.is_dir() else (path,):
        if not each.is_symlink():
            _allow(each, _LIST if each.is_dir() else _READ)


def let_through(*folders: Path) -> None:
    """Let everybody pass folders on the way to what is open, and see nothing else."""
    for folder in folders:
        _allow(folder, _PASS)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode & 0o7777 | bits)


def write_text(path: Path, text: str) -> None:
    """Replace a small file's content in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def name_for(text: str) -> str:
    """Return a file name that says who, and no two for one: signs may differ alone."""
    plain = re.sub(r"[^\w.-]", "_", text)[:_LONGEST_NAME]
    if plain == text and not _LOOKS_MARKED.search(text):
        return text
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain}-{mark[:8]}"


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(link: Path, target: str) -> None:
    """Make a symbolic link point elsewhere; it never points nowhere meanwhile."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)
    sync(link.parent)
