"""XLSX package: the ZIP file of a workbook, its parts found by their relations.

Nothing is inflated but what is asked for, piece by piece, and never more than the
directory declares; what that adds up to is limited before the first byte.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final, NoReturn
from xml.parsers import expat

from cityledger.sources.file_content import RefusedFileError
from cityledger.sources.file_kind import why_no_package

MOST_UNPACKED: Final = 1 << 30
_PIECE: Final = 1 << 18
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1
_CONTENT_TYPES: Final = "[content_types].xml"
_OFFICE: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OUT_OF_MEMORY: Final = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]

Started = Callable[[str, dict[str, str]], None]
Ended = Callable[[str], None]
Read = Callable[[str], None]


@dataclass(frozen=True)
class Relation:
    """What one part says of another: its kind, without the standard's address."""

    kind: str
    target: str


class Package:
    """A ZIP file that is a workbook, or so it seems."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file)
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            if self._parts.setdefault(name, info) is not info:
                damaged(f"压缩包内有两个 {name}")
        if sum(info.file_size for info in self._parts.values()) > MOST_UNPACKED:
            raise RefusedFileError("解压后超过 1 GB，不读取；请检查文件来源")

    def related(self, part: str) -> dict[str, Relation]:
        """Return what a part is related to, by id; "" is the package itself."""
        folder, name = posixpath.split(part)
        found: dict[str, Relation] = {}

        def start(tag: str, given: dict[str, str]) -> None:
            if (
                tag != f"{_PACKAGE} Relationship"
                or given.get("TargetMode") == "External"
            ):
                return
            target = posixpath.join("/", folder, given.get("Target", ""))
            found[given.get("Id", "")] = Relation(
                _kind(given.get("Type", "")), posixpath.normpath(target).lstrip("/")
            )

        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations.lower() in self._parts:
            self.parse(relations, start)
        return found

    def workbook(self) -> str:
        """Return the part that holds the list of sheets."""
        office = (r for r in self.related("").values() if r.kind == "officeDocument")
        part = next(office, Relation("", "xl/workbook.xml")).target
        if part.lower() not in self._parts or not part.lower().endswith(".xml"):
            raise RefusedFileError(why_no_package(self._parts))
        return part

    def parse(
        self,
        part: str,
        start: Started,
        end: Ended | None = None,
        text: Read | None = None,
    ) -> None:
        """Read a part's XML through handlers; names come as `namespace name`."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        # Entities are what XML bombs are made of; no workbook declares any.
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for piece in self._pieces(part):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code == _OUT_OF_MEMORY:
                raise MemoryError from None
            damaged(f"{part} 不是完整的 XML")

    def _pieces(self, part: str) -> Iterator[bytes]:
        info = self._parts.get(part.lower())
        if info is None:
            damaged(f"压缩包内缺少 {part}")
        if info.flag_bits & _ENCRYPTED:
            raise RefusedFileError("压缩包加了密码，请取消密码后再交")
        if info.compress_type not in _METHODS:
            damaged(f"{part} 的压缩方式不属于工作簿")
        with self._zip.open(info) as opened:
            while piece := opened.read(_PIECE):
                yield piece


@contextmanager
def opened_package(file: BinaryIO) -> Iterator[Package]:
    """Open a workbook's ZIP file; whatever is broken in it refuses the file."""
    try:
        yield Package(file)
    except zipfile.BadZipFile as error:
        if "not a zip file" in str(error):
            damaged("后半部分缺失，可能没有传完")
        damaged(f"压缩包校验不符：{error}")
    except (zlib.error, NotImplementedError, EOFError, OSError) as error:
        damaged(f"压缩包无法展开：{error}")


def damaged(why: str) -> NoReturn:
    """Refuse a file that no program of the office can have written like this."""
    raise RefusedFileError(f"文件损坏：{why}；请重新导出并发送")


def _kind(address: str) -> str:
    standard, _, kind = address.rpartition("/")
    return kind if standard in _OFFICE else address


def _refuse_doctype(*_: object) -> NoReturn:
    damaged("含有 DOCTYPE 声明，工作簿里不会有")
