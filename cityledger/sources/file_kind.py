"""File kind: what a file really is that is not what its name says."""

import codecs
import contextlib
from collections.abc import Collection
from typing import BinaryIO, Final

_HEAD: Final = 65_536
_ZIP: Final = b"PK\x03\x04"
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ADVICE: Final = {
    ".xlsx": "请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再交",
    ".csv": "请用表格软件打开，另存为“CSV UTF-8（逗号分隔）”后再交",
}
_BY_MAGIC: Final = (
    (_ZIP, "Excel 工作簿（.xlsx）或其他压缩包"),
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x1f\x8b", "压缩包（gzip）"),
    (b"Rar!", "压缩包（RAR）"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包（7z）"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"SQLite format 3\0", "SQLite 数据库"),
    # Excel 2 to 4 wrote no container.
    (b"\x09\x00\x04\x00", "旧版 Excel 工作簿（.xls）"),
    (b"\x09\x02\x06\x00", "旧版 Excel 工作簿（.xls）"),
    (b"\x09\x04\x06\x00", "旧版 Excel 工作簿（.xls）"),
)
_BY_MARK: Final = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "“XML 电子表格 2003”"),
    (b'progid="excel.sheet"', "“XML 电子表格 2003”"),
    (b"mime-version:", "单个文件网页（MHTML）表格"),
    (b"<html", "网页（HTML）表格"),
    (b"<!doctype html", "网页（HTML）表格"),
    (b"<table", "网页（HTML）表格"),
    (b"<meta", "网页（HTML）表格"),
)
_BY_PART: Final = (
    ("xl/workbook.bin", "二进制工作簿（.xlsb）"),
    ("word/document.xml", "Word 文档（.docx）"),
    ("ppt/presentation.xml", "演示文稿（.pptx）"),
    ("content.xml", "OpenDocument 表格（.ods）"),
)


def why_no_workbook(file: BinaryIO) -> str | None:
    """Say what a file is that does not even begin like a workbook, and what to do."""
    head = _head(file)
    if not head:
        return "文件为空（0 字节），请重新发送"
    if head.startswith(_ZIP):
        return None
    kind = _container(file, head) or _magic(head) or _marked(head)
    if kind is None and _is_text(head):
        kind = "文本（CSV）文件"
    if kind is None:
        return f"不是 Excel 工作簿，也认不出是什么文件；{_ADVICE['.xlsx']}"
    return _misnamed(kind, ".xlsx")


def why_no_csv(file: BinaryIO) -> str | None:
    """Say what a file is that is no text with separated cells, and what to do."""
    head = _head(file)
    if not head:
        return "文件为空（0 字节），请重新发送"
    kind = _container(file, head) or _magic(head) or _marked(head)
    return kind and _misnamed(kind, ".csv")


def why_no_package(parts: Collection[str]) -> str:
    """Say what a ZIP file is that holds no workbook, and what to do."""
    kinds = (kind for part, kind in _BY_PART if part in parts)
    return _misnamed(next(kinds, "压缩包（ZIP），里面没有工作簿"), ".xlsx")


def _misnamed(kind: str, ending: str) -> str:
    return f"这是{kind}，只是文件名写成 {ending}；{_ADVICE[ending]}"


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    return head


def _container(file: BinaryIO, head: bytes) -> str | None:
    """Tell an encrypted workbook from one of Excel 97: both are OLE2 containers."""
    if not head.startswith(_OLE2):
        return None
    file.seek(0)
    if _ENCRYPTED in file.read():
        return "加了打开密码的工作簿（请先取消密码）"
    return "旧版 Excel 97-2003 工作簿（.xls）或其他旧版文档"


def _magic(head: bytes) -> str | None:
    return next((kind for magic, kind in _BY_MAGIC if head.startswith(magic)), None)


def _marked(head: bytes) -> str | None:
    """Look for the marks of a markup language; all of them are ASCII."""
    plain = head.replace(b"\0", b"") if head.startswith(_UTF16) else head
    text = plain.lstrip(codecs.BOM_UTF8 + b"\xff\xfe \t\r\n").lower()
    if not text.startswith((b"<", b"mime-version:")):
        return None
    return next((kind for mark, kind in _BY_MARK if mark in text), "XML 文件")


_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _is_text(head: bytes) -> bool:
    encodings = ("utf-16",) if head.startswith(_UTF16) else ("utf-8", "gb18030")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = codecs.getincrementaldecoder(encoding)().decode(head)
            return not any(c < " " and c not in "\t\r\n\f" for c in text)
    return False
