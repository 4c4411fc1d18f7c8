"""Every file of a release says the same, to readers that are not ours."""

import csv
import io
import json
import zipfile
from pathlib import Path

import docx
import duckdb
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from rdflib import Graph
from released_county import Night, drafted, publish, settings_in

from cityledger.release import wording
from cityledger.release.files import data
from cityledger.release.files.metadata import sha256
from cityledger.release.shelf import Release
from cityledger.release.site import charts
from cityledger.release.tables import Field, Table

DCAT = "http://www.w3.org/ns/dcat#"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    settings = settings_in(tmp_path_factory.mktemp("files"))
    publish(settings, Night(toilet_name="=HYPERLINK(1)"))
    return drafted(settings)


def rows_of_csv(path: Path, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding=encoding))))


def test_csv_json_xlsx_and_parquet_hold_the_same_rows(release: Release) -> None:
    folder = release.object / "data"
    plain = rows_of_csv(folder / "indicator_values.csv", "utf-8")
    excel = rows_of_csv(folder / "indicator_values-excel.csv", "utf-8-sig")
    document = json.loads((folder / "indicator_values.json").read_text())
    sheets = CalamineWorkbook.from_path(str(folder / "indicator_values.xlsx"))
    parquet = duckdb.read_parquet(str(folder / "indicator_values.parquet")).fetchall()

    assert plain == excel
    assert len(plain) == len(document["data"]) == len(parquet) > 0
    assert sheets.sheet_names == ["数据", "字段说明", "口径与版本"]
    sheet = sheets.get_sheet_by_name("数据").to_python()
    column = sheet[0].index("value")
    values = [row[column] if row[column] != "" else None for row in sheet[1:]]
    assert values == [row["value"] for row in document["data"]]
    assert [float(r["value"]) if r["value"] else None for r in plain] == values


def test_a_csv_for_excel_begins_with_a_mark_and_lines_end_as_the_rfc_says(
    release: Release,
) -> None:
    folder = release.object / "data"

    assert (folder / "indicators-excel.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not (folder / "indicators.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in (folder / "indicators.csv").read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_text_that_a_spreadsheet_would_compute_is_guarded(
    text: str, tmp_path: Path
) -> None:
    table = Table(
        "t", "D0", "表", "T", "", "", "月", ("a",),
        (Field("a", "string", ""), Field("b", "double", "")), [{"a": text, "b": -1.5}],
    )  # fmt: skip
    data.write_csv(table, tmp_path / "t.csv")
    data.write_xlsx(table, tmp_path / "t.xlsx", [])

    (row,) = rows_of_csv(tmp_path / "t.csv", "utf-8")
    assert row == {"a": f"'{text}", "b": "-1.5"}, "a number stays a number"
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_planted_formula_is_guarded_in_every_spreadsheet(release: Release) -> None:
    folder = release.object / "data"

    for row in rows_of_csv(folder / "toilet_stars.csv", "utf-8"):
        assert row["toilet_name"] == "'=HYPERLINK(1)"


def test_the_catalogue_is_dcat_that_an_rdf_reader_understands(release: Release) -> None:
    catalogue = Graph().parse(release.object / "catalogue.jsonld", format="json-ld")
    found = catalogue.query(
        f"select ?url ?size ?sum where {{ ?d a <{DCAT}Distribution>; "
        f"<{DCAT}downloadURL> ?url; <{DCAT}byteSize> ?size; "
        "<http://spdx.org/rdf/terms#checksum>/"
        "<http://spdx.org/rdf/terms#checksumValue> ?sum }"
    )
    distributions = [(str(url), int(size), str(total)) for url, size, total in found]

    assert len(distributions) == len(list((release.object / "data").iterdir()))
    for url, size, total in distributions:
        file = release.object / url.split(f"{release.release_id}/")[1]
        assert (file.stat().st_size, sha256(file)) == (size, total)


def test_csvw_describes_the_columns_there_are(release: Release) -> None:
    folder = release.object / "data"
    described = json.loads((folder / "indicator_values.csv-metadata.json").read_text())
    header = (folder / "indicator_values.csv").read_text().splitlines()[0]

    names = [c["name"] for c in described["tableSchema"]["columns"]]
    assert ",".join(names) == header
    assert all(c["dc:description"] for c in described["tableSchema"]["columns"])


def test_every_field_of_every_dataset_is_in_the_dictionary(release: Release) -> None:
    rows = rows_of_csv(release.object / "dictionary.csv", "utf-8")

    assert all(row["中文描述"] for row in rows), [r for r in rows if not r["中文描述"]]
    titles = {entry["title_zh"] for entry in release.contents["datasets"]}
    assert {row["数据集"] for row in rows} == titles


def test_the_bulletin_can_be_searched_in_chinese(release: Release) -> None:
    pdf = PdfReader(release.object / "bulletin.pdf")
    text = "".join(page.extract_text() for page in pdf.pages)
    document = docx.Document(str(release.object / "bulletin.docx"))

    assert "城市管理指标公报" in text
    assert "占道及时查处率" in text
    assert "2025 年 6 月" in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    paragraphs = [p.text for p in document.paragraphs]
    assert "竹山县城市管理指标公报" in paragraphs
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "I05 占道及时查处率" in cells
    assert document.tables[0].rows[0].cells[2].text == "数值"


def test_a_chart_of_shares_ends_at_the_whole() -> None:
    points = [charts.Point("24-09", 85.7), charts.Point("24-10", 72.7)]
    line = charts.Line("查处率", "两期", "%", points, 90.0, "目标 ≥ 90")

    drawn = charts.line_chart(line)

    assert ">100%<" in drawn
    assert ">110%<" not in drawn


@pytest.mark.parametrize(
    ("value", "unit", "ends", "shown"),
    [
        (69.6969, "%", (), "69.70"),
        (90.165, "%", (), "90.17"),
        (97.996, "%", (98.0, None), "97.99"),
        (98.0, "%", (98.0, None), "98.00"),
        (99.996, "%", (), "99.99"),
        (5.004, "km", (5.0,), "5.01"),
        (35.001, "%", (30.0, 35.0), "35.01"),
        (1234.5, "件", (), "1,234"),
    ],
)
def test_a_value_is_rounded_half_up_but_never_onto_a_target_it_misses(
    value: float, unit: str, ends: tuple[float | None, ...], shown: str
) -> None:
    assert wording.number(value, unit, *ends) == shown
