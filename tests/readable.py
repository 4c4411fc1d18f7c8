"""Readable: what another user of this machine can read below a folder."""

from pathlib import Path

_READ, _PASS = 0o004, 0o001


def readable_by_others(folder: Path) -> set[Path]:
    """Return the files that are open to others, and whose folders let them through."""
    found = set()
    for path in folder.iterdir() if folder.stat().st_mode & _PASS else ():
        if path.is_symlink():
            continue
        if path.is_dir():
            found |= readable_by_others(path)
        elif path.stat().st_mode & _READ:
            found.add(path.resolve())
    return found
