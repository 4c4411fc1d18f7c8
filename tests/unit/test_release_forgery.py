"""Whoever can write the folder, and knows how, is told apart from who was let to.

Each forgery rewrites sums, chain and end as the program would; none rewrites the record
of exports with them, which is what an unkeyed chain can still hold against it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from released_county import (
    CHECKER,
    NOW,
    SIGNER,
    Night,
    cleared,
    drafted,
    publish,
    released,
    settings_in,
    usual_cases,
)

from cityledger.release import (
    corrections,
    export,
    journal,
    proof,
    shelf,
    workflow,
)
from cityledger.release.files.metadata import sha256
from cityledger.release.shelf import Release
from cityledger.release.workflow import Decision
from cityledger.settings import DataDir, Settings
from cityledger.versions import PUBLIC

LATER = NOW + timedelta(days=1)
SOON = LATER + timedelta(hours=1)
FIRST, SECOND = "2025-06-v1.0.0", "2025-06-v1.0.1"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with a release in force and a newer one that was withdrawn."""
    settings = settings_in(tmp_path_factory.mktemp("shown"))
    publish(settings, Night())
    released(settings, "首次公开")
    export.export(settings, NOW + timedelta(hours=1))
    cases = usual_cases()
    cases["甲镇", "2025-05"] = (40, 40)
    publish(settings, Night(cases=cases, edition=2))
    second = released(settings, "补录")
    export.export(settings, NOW + timedelta(hours=2))
    workflow.withdraw(settings, second, Decision(SIGNER, "", "数据源有误"), LATER)
    export.export(settings, LATER)
    assert wrong(settings.folders) == []
    return settings.data_dir


@pytest.fixture
def folders(shown: Path, tmp_path: Path) -> DataDir:
    """The same county in a folder of its own, to be forged."""
    root = tmp_path / "data"
    shutil.copytree(shown, root, symlinks=True)
    return DataDir(root)


def wrong(folders: DataDir) -> list[str]:
    """Return everything that the verb would complain of."""
    register = journal.read(folders.signers)
    opened = shelf.draft(folders)
    found = [
        line
        for release in shelf.decided(folders) + ([opened] if opened else [])
        for line in proof.of_release(release, register)
    ]
    found += proof.of_county(folders, SOON)
    return found or (["到时"] if export.is_due(folders, SOON) else [])


def place(folders: DataDir, name: str) -> Path:
    return folders.releases / "published" / name


def write(path: Path, text: str) -> None:
    path.chmod(0o644)
    path.write_text(text, encoding="utf-8")


def rechain(steps: Path) -> None:
    """Number and chain a journal anew, and write its end."""
    previous = ""
    entries = [json.loads(p.read_text()) for p in sorted(steps.glob("*.json"))]
    for old in steps.glob("*.json"):
        old.unlink()
    for number, entry in enumerate(entries, start=1):
        entry |= {"number": number, "previous_sha256": previous}
        path = steps / f"{number:04d}.json"
        path.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n")
        previous = sha256(path)
    end = f"{previous}  {steps.name}/{len(entries):04d}.json\n"
    steps.with_name(f"{steps.name}.sha256").write_text(end)


def reseal(folder: Path) -> None:
    """Compute every sum of a release anew, and let every step name the new content."""
    release = Release(folder)
    contents = json.loads((release.object / shelf.CONTENTS).read_text())
    for listed in [*contents["files"], *(f for d in contents["datasets"]
                                         for f in d["files"])]:  # fmt: skip
        listed["sha256"] = sha256(release.object / listed["path"])
    text = json.dumps(contents, ensure_ascii=False, indent=1)
    write(release.object / shelf.CONTENTS, text + "\n")
    for path in release.steps.glob("*.json"):
        entry = json.loads(path.read_text())
        entry["content_sha256"] = sha256(release.object / shelf.CONTENTS)
        path.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n")
    rechain(release.steps)
    at = Release(folder).published_at
    assert at
    write(release.object / shelf.MANIFEST, proof.manifest(Release(folder), at))
    files = sorted(p for p in release.object.rglob("*")
                   if p.is_file() and p.name != shelf.SUMS)  # fmt: skip
    sums = [f"{sha256(p)}  {p.relative_to(release.object)}\n" for p in files]
    write(release.object / shelf.SUMS, "".join(sums))


def step(folder: Path, name: str) -> Path:
    """Return the file of the last step of a name."""
    found = [
        path
        for path in sorted((folder / "steps").glob("*.json"))
        if json.loads(path.read_text())["step"] == name
    ]
    return found[-1]


def edit(path: Path, **values: object) -> None:
    entry = json.loads(path.read_text()) | values
    path.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n")


def add(folder: Path, **values: object) -> None:
    """Add a step of the forger's own, as much like a true one as can be."""
    last = sorted((folder / "steps").glob("*.json"))[-1]
    entry = json.loads(last.read_text())
    entry |= {"outcome": "", "article": "", "details": {}, "at": str(SOON)} | values
    path = folder / "steps" / f"{entry['number'] + 1:04d}.json"
    path.write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n")
    rechain(folder / "steps")


def sums_are_computed_anew(folders: DataDir) -> None:
    folder = place(folders, FIRST)
    figures = folder / "object" / "data" / "indicator_values.json"
    write(figures, figures.read_text().replace("95.4", "99.4"))
    reseal(folder)


def the_withdrawal_is_taken_out(folders: DataDir) -> None:
    step(place(folders, SECOND), "撤回").unlink()
    rechain(place(folders, SECOND) / "steps")


def a_withdrawal_is_added(folders: DataDir) -> None:
    add(place(folders, FIRST), step="撤回", by=SIGNER, comment="x",
        details={"erase": False})  # fmt: skip


def a_withdrawal_is_added_without_an_end(folders: DataDir) -> None:
    end = place(folders, FIRST) / "steps.sha256"
    before = end.read_text()
    a_withdrawal_is_added(folders)
    end.write_text(before)


def a_stranger_withdraws(folders: DataDir) -> None:
    add(place(folders, FIRST), step="撤回", by="nobody", comment="x",
        details={"erase": False})  # fmt: skip
    record_the_export_anew(folders)


def an_approval_is_replayed_with_an_empty_digest(folders: DataDir) -> None:
    edit(step(place(folders, FIRST), "签发"), content_sha256="")
    rechain(place(folders, FIRST) / "steps")
    record_the_export_anew(folders)


def the_checker_signs_off(folders: DataDir) -> None:
    edit(step(place(folders, FIRST), "签发"), by=CHECKER)
    rechain(place(folders, FIRST) / "steps")
    record_the_export_anew(folders)


def a_review_is_left_out(folders: DataDir) -> None:
    step(place(folders, FIRST), "保密审查").unlink()
    rechain(place(folders, FIRST) / "steps")
    record_the_export_anew(folders)


def a_page_is_edited(folders: DataDir) -> None:
    page = folders.site / "current" / "index.html"
    write(page, page.read_text().replace("城市", "城 市"))


def a_page_is_added(folders: DataDir) -> None:
    (folders.site / "current" / "more.html").write_text("<p>")


def a_page_is_edited_with_its_sums(folders: DataDir) -> None:
    a_page_is_edited(folders)
    sums, page = folders.releases / "site.sha256", folders.site / "current/index.html"
    lines = [
        f"{sha256(page)}  index.html" if line.endswith("  index.html") else line
        for line in sums.read_text().splitlines()
    ]
    sums.write_text("\n".join(lines) + "\n")


def the_public_file_is_edited(folders: DataDir) -> None:
    with duckdb.connect(str((folders.published / PUBLIC).resolve())) as connection:
        connection.execute("update indicator_values set value = 99")


def a_release_is_copied(folders: DataDir) -> None:
    shutil.copytree(place(folders, FIRST), place(folders, "2025-07-v1.1.0"))


def an_older_copy_is_put_back(folders: DataDir) -> None:
    last = sorted((place(folders, FIRST) / "steps").glob("*.json"))[-1]
    last.unlink()
    rechain(place(folders, FIRST) / "steps")


def a_draft_is_moved_to_the_published(folders: DataDir) -> None:
    for name in ("manifest.json", "SHA256SUMS"):
        (place(folders, SECOND) / "object" / name).unlink()
    step(place(folders, SECOND), "撤回").unlink()
    step(place(folders, SECOND), "发布").unlink()
    rechain(place(folders, SECOND) / "steps")


def a_release_is_gone(folders: DataDir) -> None:
    shutil.rmtree(place(folders, SECOND))


def the_contents_are_gone(folders: DataDir) -> None:
    (place(folders, SECOND) / "object" / shelf.CONTENTS).unlink()


def the_site_link_is_swapped(folders: DataDir) -> None:
    older = folders.site / "20250101T000000000000"
    shutil.copytree((folders.site / "current").resolve(), older)
    (folders.site / "current").unlink()
    (folders.site / "current").symlink_to(older.name)


def the_public_link_is_swapped(folders: DataDir) -> None:
    elsewhere = folders.root / "elsewhere.duckdb"
    shutil.copyfile((folders.published / PUBLIC).resolve(), elsewhere)
    (folders.published / PUBLIC).unlink()
    (folders.published / PUBLIC).symlink_to(elsewhere)


def a_file_becomes_a_link(folders: DataDir) -> None:
    path = place(folders, FIRST) / "object" / "bulletin.pdf"
    shutil.move(path, folders.root / "kept.pdf")
    path.symlink_to(folders.root / "kept.pdf")


def a_step_comes_before_the_draft(folders: DataDir) -> None:
    folder = place(folders, FIRST)
    edit(step(folder, "数据核对"), at=str(NOW - timedelta(days=3)))
    rechain(folder / "steps")
    record_the_export_anew(folders)


def a_step_stands_before_the_draft(folders: DataDir) -> None:
    steps = place(folders, FIRST) / "steps"
    shutil.copyfile(step(steps.parent, "数据核对"), steps / "0000.json")
    rechain(steps)
    record_the_export_anew(folders)


def the_clock_goes_back(folders: DataDir) -> None:
    folder = place(folders, SECOND)
    edit(step(folder, "撤回"), at=str(NOW - timedelta(hours=1)))
    rechain(folder / "steps")
    record_the_export_anew(folders)


def the_draft_is_dated_otherwise(folders: DataDir) -> None:
    folder = place(folders, FIRST)
    edit(step(folder, "编制"), at=str(NOW - timedelta(hours=1)))
    rechain(folder / "steps")
    record_the_export_anew(folders)


def the_last_steps_are_removed(folders: DataDir) -> None:
    for name in ("归档", "更正"):
        for path in (place(folders, FIRST) / "steps").glob("*.json"):
            if json.loads(path.read_text())["step"] == name:
                path.unlink()
    rechain(place(folders, FIRST) / "steps")
    record_the_export_anew(folders)


def a_second_draft_is_put_beside(folders: DataDir) -> None:
    for name in ("a", "b"):
        shutil.copytree(place(folders, FIRST), folders.releases / "draft" / name)


def the_record_of_exports_is_cut(folders: DataDir) -> None:
    sorted(folders.exits.glob("*.json"))[-1].unlink()
    rechain(folders.exits)


def the_record_of_exports_is_gone(folders: DataDir) -> None:
    shutil.rmtree(folders.exits)
    folders.exits.with_name("exits.sha256").unlink()


def a_signer_is_let_in_afterwards(folders: DataDir) -> None:
    first = sorted(folders.signers.glob("*.json"))[0]
    edit(first, details={**json.loads(first.read_text())["details"], "name": "某人"})
    rechain(folders.signers)


def a_step_cannot_be_read(folders: DataDir) -> None:
    step(place(folders, FIRST), "签发").write_text("{}")


def record_the_export_anew(folders: DataDir) -> None:
    """Forge the record of exports too: what is left is what the rules say."""
    heads = {
        path.name: sha256(sorted((path / "steps").glob("*.json"))[-1])
        for path in (folders.releases / "published").iterdir()
    }
    for path in folders.exits.glob("*.json"):
        details = json.loads(path.read_text())["details"]
        known = {k: v for k, v in heads.items() if k in details["journals"]}
        edit(path, details={**details, "journals": known})
    rechain(folders.exits)


FORGERIES = (
    sums_are_computed_anew,
    the_withdrawal_is_taken_out,
    a_withdrawal_is_added,
    a_withdrawal_is_added_without_an_end,
    a_stranger_withdraws,
    an_approval_is_replayed_with_an_empty_digest,
    the_checker_signs_off,
    a_review_is_left_out,
    a_page_is_edited,
    a_page_is_added,
    a_page_is_edited_with_its_sums,
    the_public_file_is_edited,
    a_release_is_copied,
    an_older_copy_is_put_back,
    a_draft_is_moved_to_the_published,
    a_release_is_gone,
    the_contents_are_gone,
    the_site_link_is_swapped,
    the_public_link_is_swapped,
    a_file_becomes_a_link,
    a_step_comes_before_the_draft,
    a_step_stands_before_the_draft,
    the_clock_goes_back,
    the_draft_is_dated_otherwise,
    the_last_steps_are_removed,
    a_second_draft_is_put_beside,
    the_record_of_exports_is_cut,
    the_record_of_exports_is_gone,
    a_signer_is_let_in_afterwards,
    a_step_cannot_be_read,
)


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda f: f.__name__)
def test_a_forgery_is_told(folders: DataDir, forge: Callable[[DataDir], None]) -> None:
    assert wrong(folders) == []

    forge(folders)

    assert wrong(folders)


def test_the_verb_refuses_a_forgery_and_never_promises_more_than_it_knows(
    folders: DataDir,
) -> None:
    sound, said = verify(folders)
    assert sound == 0
    assert "✓" not in said
    assert "能改写整个数据目录的人也能把记录全部重写" in said
    kept = proof.witness(folders)
    assert kept in said

    a_page_is_edited(folders)
    code, said = verify(folders)
    assert code == 3
    assert "公众网站的文件与导出时不同：index.html" in said

    the_site_link_is_swapped(folders)
    a_release_is_copied(folders)
    code, said = verify(folders)
    assert (code, "被复制或改名" in said) == (3, True)


def test_whoever_writes_everything_anew_is_told_by_a_copy_kept_elsewhere(
    folders: DataDir,
) -> None:
    kept = proof.witness(folders)
    the_withdrawal_is_taken_out(folders)
    record_the_export_anew(folders)
    assert wrong(folders) == ["公众文件 public.duckdb 中的版本和撤回与流程记录不符"]

    # The program itself makes the exits anew: nothing in the folder tells any more.
    settings = Settings(data_dir=folders.root)  # type: ignore[call-arg]
    export.export(settings, SOON)
    assert wrong(folders) == []
    assert kept.split()[-1] not in journal.digests(folders.exits)


def test_the_nights_that_follow_change_nothing_that_was_released(
    folders: DataDir,
) -> None:
    settings = Settings(data_dir=folders.root)  # type: ignore[call-arg]

    publish(settings, Night(target=80.0, edition=3))
    drafted(settings, "下一版")

    assert wrong(folders) == []


def test_the_clock_may_not_go_back_between_two_steps(folders: DataDir) -> None:
    settings = Settings(data_dir=folders.root)  # type: ignore[call-arg]
    first = Release(place(folders, FIRST))

    with pytest.raises(journal.JournalError, match="校准本机时间"):
        workflow.withdraw(
            settings, first, Decision(SIGNER, "", "有误"), NOW - timedelta(days=1)
        )

    assert wrong(folders) == []


def test_a_withdrawal_killed_before_its_end_is_vouched_for_by_whoever_returns(
    folders: DataDir,
) -> None:
    settings = Settings(data_dir=folders.root)  # type: ignore[call-arg]
    end = place(folders, FIRST) / "steps.sha256"
    before = end.read_text()
    decision = Decision(SIGNER, "", "有误")
    workflow.withdraw(settings, Release(place(folders, FIRST)), decision, SOON)
    end.write_text(before)
    assert any("没有收尾" in line for line in proof.of_county(folders, SOON))

    with pytest.raises(workflow.WorkflowError, match="已经撤回过"):
        workflow.withdraw(settings, Release(place(folders, FIRST)), decision, SOON)
    export.export(settings, SOON)

    assert wrong(folders) == []


def test_six_who_sign_at_once_leave_one_whole_journal(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, Night(completeness=0.9))
    release = drafted(settings)
    program = "from cityledger.cli import main; main()"
    words = ("release", "sign", "--by", SIGNER, "--comment", "已知")

    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, *words],
            env=os.environ | {"DATA_DIR": str(settings.data_dir)},
            stderr=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    ended = [one.communicate()[1].decode() for one in running]

    assert [one.returncode for one in running] == [0] * 6, ended
    entries = journal.read(release.steps)
    assert [e.step for e in entries] == ["编制", "签认提醒"]
    assert journal.is_settled(release.steps)


def test_six_corrections_at_once_get_six_numbers(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, Night())
    program = "from cityledger.cli import main; main()"
    words = ("release", "correction", "add", "--indicator", "I05", "--action", "flag",
             "--reason", "补充说明", "--by", SIGNER)  # fmt: skip

    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, *words, "--period", f"2025-0{month}"],
            env=os.environ | {"DATA_DIR": str(settings.data_dir)},
        )
        for month in range(1, 7)
    ]

    assert [one.wait() for one in running] == [0] * 6
    known = corrections.read(settings.folders)
    assert [c.correction_id for c in known] == [f"C{n:04d}" for n in range(1, 7)]


def test_whoever_signed_off_may_not_check_afterwards(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, Night())
    draft = cleared(settings, drafted(settings))
    workflow.review(settings, draft, "数据核对", Decision(SIGNER), NOW)

    with pytest.raises(workflow.WorkflowError, match="数据核对人不能签发"):
        workflow.publish(settings, draft, SIGNER, None, NOW)


def verify(folders: DataDir) -> tuple[int, str]:
    program = "from cityledger.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "release", "verify"],
        env=os.environ | {"DATA_DIR": str(folders.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
