"""Metadata: the data dictionary, CSVW, the DCAT 3 catalogue and schema.org."""

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cityledger.county import COUNTY, COUNTY_NAME, PUBLISHER, PUBLISHER_EN
from cityledger.release.tables import Table
from cityledger.spreadsheet import inert

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
_XSD: Final = {"double": "double", "integer": "integer", "boolean": "boolean",
               "date": "date", "datetime": "dateTime", "string": "string"}  # fmt: skip
_FREQUENCIES: Final = {
    "月": "MONTHLY", "月/季": "MONTHLY", "月/季/年": "MONTHLY", "季": "QUARTERLY",
}  # fmt: skip
_FREQUENCY_BASE: Final = "http://publications.europa.eu/resource/authority/frequency/"
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class About:
    """What the metadata say of a release as a whole."""

    release_id: str
    version: str
    previous: str | None
    period: str
    first_month: str
    last_month: str
    as_of: str
    reason: str
    base_url: str

    @property
    def address(self) -> str:
        """Its permanent address."""
        return f"{self.base_url.rstrip('/')}/releases/{self.release_id}/"


def sha256(path: Path) -> str:
    """Return a file's fingerprint."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def media_type(path: Path) -> str:
    """Return a file's media type by its name."""
    return MEDIA_TYPES.get(path.suffix, "application/octet-stream")


def write_csvw(table: Table, path: Path) -> None:
    """Describe a CSV for machines (W3C CSV on the Web)."""
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": f"{table.slug}.csv",
        "dc:title": table.title_zh,
        "dc:description": table.about_zh,
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [
                {
                    "name": field.name,
                    "titles": field.name,
                    "dc:description": field.description,
                    "datatype": _XSD[field.kind],
                    "null": "",
                }
                for field in table.fields
            ]
        },
    }
    _write(path, document)


def write_dictionary(tables: list[Table], folder: Path) -> None:
    """Write what every column of every dataset means, as CSV and JSON."""
    names = ["数据集", "英文信息项名", "数据类型", "中文描述"]
    with (folder / "dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names)
        for table in tables:
            for f in table.fields:
                cells = (table.title_zh, f.name, f.kind, f.description)
                writer.writerow([inert(cell) for cell in cells])
    _write(
        folder / "dictionary.json",
        {
            table.slug: {f.name: {"type": f.kind, "description": f.description}
                         for f in table.fields}
            for table in tables
        },
    )  # fmt: skip


def write_catalogue(tables: list[Table], about: About, folder: Path) -> None:
    """Write the DCAT 3 catalogue, with size and checksum of each distribution."""
    document = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "adms": "http://www.w3.org/ns/adms#",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": about.address + "catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": [
            {"@language": "zh", "@value": f"{COUNTY_NAME}城市管理指标公开目录"},
            {"@language": "en", "@value": "Urban management indicators: open data"},
        ],
        "dct:publisher": _publisher(),
        "dcat:dataset": [_dataset(table, about, folder) for table in tables],
    }
    _write(folder / "catalogue.jsonld", document)


def schema_org(
    slug: str, entry: dict[str, Any], about: About, language: str
) -> dict[str, Any]:
    """Describe a dataset of the contents for search engines."""
    title, words = (
        ("title_zh", "about_zh") if language == "zh" else ("title_en", "about_en")
    )
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{about.address}#{slug}",
        "name": entry[title],
        "description": entry[words],
        "inLanguage": "zh-CN" if language == "zh" else "en",
        "version": about.version,
        "license": LICENSE,
        "isAccessibleForFree": True,
        "temporalCoverage": f"{about.first_month}/{about.last_month}",
        "spatialCoverage": COUNTY_NAME,
        "creator": {
            "@type": "GovernmentOrganization",
            "name": PUBLISHER if language == "zh" else PUBLISHER_EN,
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": file["media_type"],
                "contentUrl": about.address + file["path"],
                "contentSize": f"{file['bytes']} B",
            }
            for file in entry["files"]
        ],
    }


def _publisher() -> dict[str, Any]:
    return {
        "@type": "foaf:Organization",
        "foaf:name": [
            {"@language": "zh", "@value": PUBLISHER},
            {"@language": "en", "@value": PUBLISHER_EN},
        ],
    }


def _dataset(table: Table, about: About, folder: Path) -> dict[str, Any]:
    frequency = _FREQUENCIES.get(table.frequency, "IRREG")
    document: dict[str, Any] = {
        "@id": f"{about.address}#{table.slug}",
        "@type": "dcat:Dataset",
        "dct:identifier": table.slug,
        "dct:title": [
            {"@language": "zh", "@value": table.title_zh},
            {"@language": "en", "@value": table.title_en},
        ],
        "dct:description": [
            {"@language": "zh", "@value": table.about_zh},
            {"@language": "en", "@value": table.about_en},
        ],
        "dcat:keyword": ["城市管理", COUNTY_NAME, table.catalogue],
        "dct:publisher": _publisher(),
        "dct:accrualPeriodicity": {"@id": _FREQUENCY_BASE + frequency},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:gYearMonth", "@value": about.first_month},
            "dcat:endDate": {"@type": "xsd:gYearMonth", "@value": about.last_month},
        },
        "dct:spatial": COUNTY[:6],
        "dct:modified": {"@type": "xsd:date", "@value": about.as_of},
        "dct:accessRights": "无条件开放",
        "dct:license": {"@id": LICENSE},
        "dcat:version": about.version,
        "adms:versionNotes": about.reason,
        "dcat:distribution": [
            _distribution(path, about, folder)
            for path in sorted((folder / "data").glob(f"{table.slug}[.-]*"))
        ],
    }
    if about.previous:
        before = about.address.replace(about.release_id, about.previous)
        document["dcat:previousVersion"] = {"@id": f"{before}#{table.slug}"}
    return document


def _distribution(path: Path, about: About, folder: Path) -> dict[str, Any]:
    relative = path.relative_to(folder).as_posix()
    return {
        "@type": "dcat:Distribution",
        "dct:title": path.name,
        "dcat:downloadURL": {"@id": about.address + relative},
        "dcat:mediaType": {
            "@id": "https://www.iana.org/assignments/media-types/" + media_type(path)
        },
        "dcat:byteSize": path.stat().st_size,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": sha256(path),
        },
    }


def _write(path: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
