"""Access: what the county's list grants, and what it does not."""

from pathlib import Path

import pytest

from dashboards.leaders import access
from dashboards.leaders.access import Reader


def listed(tmp_path: Path, text: str) -> dict[str, Reader]:
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    return access.readers(path)


def test_an_address_is_granted_its_role_whatever_its_case(tmp_path: Path) -> None:
    granted = listed(tmp_path, '[[readers]]\nemail="A@x.cn"\nrole="领导"\n')

    assert granted == {"a@x.cn": Reader("A@x.cn", "领导")}


@pytest.mark.parametrize(
    "entry",
    [
        'email="a@x.cn"\nrole="部门"',
        'email="a@x.cn"\nrole="承包商"\nscope=""',
        'email="a@x.cn"\nrole="局长"',
        'email="a@x.cn"',
        'email=""\nrole="领导"',
        'role="领导"',
    ],
)
def test_an_entry_that_is_not_whole_grants_nothing(tmp_path: Path, entry: str) -> None:
    assert listed(tmp_path, f"[[readers]]\n{entry}\n") == {}


def test_without_a_list_nobody_is_granted_anything(tmp_path: Path) -> None:
    assert access.readers(None) == {}
    assert access.readers(tmp_path / "missing.toml") == {}


@pytest.mark.parametrize(
    ("reader", "role", "code", "may"),
    [
        (Reader("a", "领导"), "部门", "0203", True),
        (Reader("a", "部门", "0203"), "部门", "0203", True),
        (Reader("a", "部门", "0203"), "部门", "0204", False),
        (Reader("a", "部门", "0203"), "承包商", "0203", False),
        (Reader("a", "承包商", "HW01"), "承包商", "HW02", False),
        (Reader("a", "承包商", "HW01"), "承包商", None, False),
    ],
)
def test_a_scope_is_one_department_or_one_contractor(
    reader: Reader, role: str, code: str | None, may: bool
) -> None:
    assert reader.may_see(role, code) is may


def test_an_unknown_role_opens_no_page() -> None:
    assert not any(Reader("a", "无").may_open(page) for page in access.EVERY_PAGE)
