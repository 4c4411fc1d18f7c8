"""Files: writes that a reader, or a power cut, finds whole or not at all."""

import hashlib
import os
import re
from pathlib import Path
from typing import Final

_LONGEST_NAME: Final = 40
_LOOKS_MARKED: Final = re.compile(r"-[0-9a-f]{8}$")


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
