"""A release goes the whole way by different people's hands, or not at all."""

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from released_county import (
    CHECKER,
    COUNTY,
    DRAFTER,
    NOW,
    SIGNER,
    Night,
    cleared,
    drafted,
    publish,
    released,
    settings_in,
    usual_cases,
    verified,
    write_names,
)

from cityledger.errors import OperatorError, UsageError
from cityledger.release import (
    as_of,
    checklist,
    corrections,
    draft,
    export,
    journal,
    public_file,
    shelf,
    workflow,
)
from cityledger.release.corrections import Correction
from cityledger.release.draft import NothingNewError, ReleaseError
from cityledger.release.files.metadata import sha256
from cityledger.release.journal import Entry, JournalError
from cityledger.release.shelf import Release
from cityledger.release.workflow import Decision, WorkflowError
from cityledger.settings import Settings
from cityledger.versions import PUBLIC

LATER = NOW + timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    publish(settings, Night())
    return settings


def late_cases() -> Night:
    """Return a later night in which one more case of May was handled in time."""
    cases = usual_cases()
    cases["甲镇", "2025-05"] = (40, 40)
    reason = "冻结后数据更正：分子 83 → 84"
    return Night(cases=cases, edition=2, reason=reason)


def again(release: Release) -> Release:
    """Return the same release, read anew."""
    return Release(release.folder)


def public(settings: Settings, query: str) -> list[tuple[object, ...]]:
    path = str(settings.folders.published / PUBLIC)
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_draft_shows_final_figures_of_public_columns_alone(
    settings: Settings,
) -> None:
    release = drafted(settings)

    assert release.release_id == "2025-06-v1.0.0"
    assert release.contents["left_out"] == {}
    everything = b"".join(
        path.read_bytes() for path in release.object.rglob("*") if path.is_file()
    )
    assert "内部说明".encode() not in everything
    assert b"640000" not in everything


def test_a_dataset_that_needs_a_column_not_marked_public_is_left_out(
    settings: Settings,
) -> None:
    manifest = settings.folders.state / "dbt" / "target" / "manifest.json"
    described = json.loads(manifest.read_text())
    described["nodes"]["toilet_stars"]["columns"]["stars"]["config"] = {}
    manifest.write_text(json.dumps(described))

    release = drafted(settings)

    assert "toilet_stars" in release.contents["left_out"]
    assert not list((release.object / "data").glob("toilet_stars*"))


def test_anyone_can_verify_a_release_with_sha256sum(settings: Settings) -> None:
    release = released(settings)

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=release.object,
        capture_output=True,
        check=False,
    )

    assert checked.returncode == 0
    assert verified(settings, release) == []
    manifest = json.loads((release.object / "manifest.json").read_text())
    assert [review["role"] for review in manifest["reviews"]] == release.roles
    assert manifest["formula_versions"] == {"I05": "1.0"}


@pytest.mark.parametrize("name", ["data/indicator_values.csv", "manifest.json"])
def test_a_changed_file_is_noticed(settings: Settings, name: str) -> None:
    release = released(settings)
    file = release.object / name
    file.chmod(0o644)
    file.write_bytes(file.read_bytes().replace(b"I05", b"I06"))

    assert verified(settings, release)


@pytest.mark.parametrize(
    ("was", "forged"), [("保密审查人", "签发人"), ("首次公开", "二次公开")]
)
def test_a_forged_manifest_with_new_sums_is_noticed(
    settings: Settings, was: str, forged: str
) -> None:
    release = released(settings, "首次公开")
    manifest, sums = (release.object / n for n in ("manifest.json", "SHA256SUMS"))
    before = sha256(manifest)
    for file in (manifest, sums):
        file.chmod(0o644)
    manifest.write_text(manifest.read_text().replace(was, forged))
    sums.write_text(sums.read_text().replace(before, sha256(manifest)))

    assert verified(settings, release) == ["manifest.json 与内容清单或流程记录不符"]


def test_what_was_tampered_with_does_not_reach_citizens(settings: Settings) -> None:
    release = released(settings)
    export.export(settings, LATER)
    shown = (settings.folders.site / "current").readlink()
    file = release.object / "data" / "indicator_values.parquet"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"0")

    with pytest.raises(OperatorError, match="与公布时不符"):
        export.export(settings, LATER + timedelta(hours=1))

    assert (settings.folders.site / "current").readlink() == shown
    decision = Decision(SIGNER, "", "文件损坏")
    workflow.withdraw(settings, again(release), decision, LATER, erase=True)
    export.export(settings, LATER + timedelta(hours=2))


def test_a_changed_journal_is_noticed(settings: Settings) -> None:
    release = released(settings)
    first, *_, last = sorted(release.steps.glob("*.json"))
    was = first.read_text()
    first.write_text(was.replace(DRAFTER, SIGNER))
    assert "被改动过" in verified(settings, release)[0]
    with pytest.raises(OperatorError, match="被改动过"):
        export.export(settings, LATER)

    first.write_text(was)
    last.unlink()
    assert "缺少最后一步" in verified(settings, release)[0]


def test_a_journal_goes_on_where_it_was_killed_and_nowhere_else(
    tmp_path: Path,
) -> None:
    steps, end = tmp_path / "steps", tmp_path / "steps.sha256"
    for step in ("编制", "数据核对"):
        journal.append(steps, Entry(0, step, CHECKER, NOW))
    before = end.read_text()
    journal.append(steps, Entry(0, "撤回", SIGNER, NOW))
    end.write_text(before)

    assert [e.step for e in journal.read(steps)] == ["编制", "数据核对", "撤回"]

    journal.append(steps, Entry(0, "更正", SIGNER, NOW))
    after = end.read_text()
    (steps / "0004.json").unlink()
    for known in (after, ""):
        end.write_text(known)
        with pytest.raises(JournalError, match="缺少最后一步"):
            journal.append(steps, Entry(0, "归档", SIGNER, NOW))


def test_whoever_drafts_may_not_clear_it(settings: Settings) -> None:
    release = drafted(settings)
    for step in ("数据核对", "个人信息审查"):
        workflow.review(settings, again(release), step, Decision(DRAFTER), NOW)

    for name in (DRAFTER, f"  {DRAFTER} ", "BianZhi"):
        with pytest.raises(WorkflowError, match="编制人不能办理保密审查"):
            workflow.review(settings, again(release), "保密审查", Decision(name), NOW)


def test_steps_are_taken_in_order_and_none_is_left_out(settings: Settings) -> None:
    release = drafted(settings)

    with pytest.raises(WorkflowError, match="之前要先完成数据核对"):
        workflow.review(settings, release, "保密审查", Decision(SIGNER), NOW)
    with pytest.raises(WorkflowError, match="还没有完成"):
        workflow.publish(settings, again(release), SIGNER, None, NOW)


def test_a_refusal_names_its_article_and_ends_the_draft(settings: Settings) -> None:
    release = drafted(settings)
    with pytest.raises(UsageError, match="条款"):
        workflow.review(
            settings, release, "数据核对", Decision(CHECKER, "不予公开"), NOW
        )
    refusal = Decision(CHECKER, "不予公开", "过程性信息", "条例第十六条")
    workflow.review(settings, release, "数据核对", refusal, NOW)

    assert again(release).state(NOW) == "不予公开"
    with pytest.raises(WorkflowError):
        workflow.review(
            settings, again(release), "个人信息审查", Decision(CHECKER), NOW
        )


def test_what_is_sent_up_waits_for_another_outcome(settings: Settings) -> None:
    release = drafted(settings)
    workflow.review(settings, release, "数据核对", Decision(CHECKER, "送审"), NOW)
    assert again(release).state(NOW) == "送审中"

    workflow.review(settings, again(release), "数据核对", Decision(CHECKER), NOW)

    assert again(release).state(NOW) == "审查中"


def test_a_redacted_release_needs_a_redacted_draft(settings: Settings) -> None:
    release = drafted(settings)
    redacted = Decision(CHECKER, "区分处理后公开")
    with pytest.raises(WorkflowError, match="区分处理"):
        workflow.review(settings, release, "数据核对", redacted, NOW)

    redrafted = drafted(
        settings, withhold=("toilet_stars",), article="条例第三十七条", replaces=True
    )

    workflow.review(settings, redrafted, "数据核对", redacted, NOW)
    assert not list((redrafted.object / "data").glob("toilet_stars*"))
    assert len(shelf.closed(settings.folders)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "公厕（联系 13812345678）",
        "公厕 １３８ １２３４ ５６７８",
        "管理员 420323199001011234",
        "停车 鄂C·A1234",
        "新能源 鄂CD12345",
        "投诉人欧阳小明",
        "李明",
    ],
)
def test_a_planted_personal_datum_blocks_until_it_is_mended(
    settings: Settings, planted: str
) -> None:
    write_names(settings.folders, "欧阳小明", "李明")
    publish(settings, Night(toilet_name=planted))
    release = drafted(settings)

    report = checklist.check(settings, release, NOW)
    assert any("公厕名录与星级.toilet_name" in f.text for f in report.personal)
    assert planted not in "".join(checklist.lines(report)), "never in full"
    workflow.review(settings, release, "数据核对", Decision(CHECKER, "送审"), NOW)
    with pytest.raises(WorkflowError):
        workflow.review(settings, again(release), "数据核对", Decision(CHECKER), NOW)

    publish(settings, Night())
    mended = drafted(settings, replaces=True)
    assert checklist.check(settings, mended, NOW).errors == []


def test_a_draft_that_was_changed_after_review_does_not_go_out(
    settings: Settings,
) -> None:
    release = cleared(settings, drafted(settings))
    file = release.object / "data" / "indicator_values.csv"
    file.write_bytes(file.read_bytes() + b"\r\n")

    with pytest.raises(WorkflowError, match="E01"):
        workflow.publish(settings, release, SIGNER, None, NOW)


def test_figures_that_moved_after_the_draft_must_be_drafted_again(
    settings: Settings,
) -> None:
    release = drafted(settings)
    publish(settings, late_cases())

    codes = [f.code for f in checklist.check(settings, release, NOW).errors]

    assert codes == ["E03"]


def test_warnings_are_signed_before_signing_off(settings: Settings) -> None:
    publish(settings, Night(completeness=0.9))
    release = drafted(settings)
    for step, who in (
        ("数据核对", CHECKER),
        ("个人信息审查", CHECKER),
        ("保密审查", SIGNER),
    ):
        workflow.review(settings, again(release), step, Decision(who), NOW)  # type: ignore[arg-type]

    with pytest.raises(WorkflowError, match="签认"):
        workflow.review(settings, again(release), "签发", Decision(SIGNER), NOW)

    workflow.sign_warnings(
        settings, again(release), Decision(SIGNER, comment="知"), NOW
    )
    workflow.review(settings, again(release), "签发", Decision(SIGNER), NOW)


def test_a_second_draft_waits_for_the_first(settings: Settings) -> None:
    drafted(settings)

    with pytest.raises(ReleaseError, match="已有草案"):
        drafted(settings)


def test_without_a_change_there_is_nothing_to_release(settings: Settings) -> None:
    released(settings)

    with pytest.raises(NothingNewError):
        drafted(settings)


def test_a_late_case_makes_a_patch_with_old_and_new_values(settings: Settings) -> None:
    released(settings)
    publish(settings, late_cases())

    second = released(settings, "补录")

    assert second.release_id == "2025-06-v1.0.1"
    changes = public_file.changes_of(second)
    of_county = [c for c in changes if c["area_code"] == COUNTY]
    assert {(c["period"], c["kind"]) for c in of_county} == {
        ("2025-05", "修订"),
        ("2025Q2", "修订"),
    }
    assert of_county[0]["old_value"] == pytest.approx(83 / 87 * 100)
    assert of_county[0]["new_value"] == pytest.approx(84 / 87 * 100)
    assert "83 → 84" in of_county[0]["reason"]


@pytest.mark.parametrize(
    ("night", "version"),
    [
        (Night(formula_version="2.0", edition=2), "2.0.0"),
        (Night(target=95.0, edition=2), "1.0.1"),
        (Night(completeness=0.5, edition=2), "2.0.0"),
    ],
)
def test_the_version_follows_from_the_changes(
    settings: Settings, night: Night, version: str
) -> None:
    released(settings)
    publish(settings, night)

    assert str(drafted(settings).version) == version


def test_a_figure_of_poor_quality_is_withheld(settings: Settings) -> None:
    publish(settings, Night(completeness=0.7))
    rows = draft.read_table(drafted(settings), "indicator_values")

    assert {row["value"] for row in rows} == {None}
    assert "withheld" in {row["null_reason"] for row in rows}


def test_a_correction_is_published_as_such_until_the_source_is_mended(
    settings: Settings,
) -> None:
    released(settings)
    wrong = 83 / 87 * 100
    entry = Correction(
        "", "I05", "2025-05", COUNTY, "override", wrong, 96.0, "录入错误", CHECKER, NOW
    )
    corrections.register(settings.folders, entry)
    second = released(settings, "更正")
    change = next(c for c in public_file.changes_of(second) if c["kind"] == "更正")
    assert (change["old_value"], change["new_value"]) == (pytest.approx(wrong), 96.0)
    assert "录入错误" in change["reason"]

    publish(settings, late_cases())
    third = drafted(settings)
    assert "E04" in [f.code for f in checklist.check(settings, third, NOW).errors]

    corrections.close(settings.folders, "C0001", CHECKER, "源头已改", NOW)
    fourth = drafted(settings, replaces=True)
    assert checklist.check(settings, fourth, NOW).errors == []


def test_a_withdrawal_leaves_a_tombstone_and_what_stood_before(
    settings: Settings,
) -> None:
    first = released(settings)
    publish(settings, late_cases())
    second = released(settings, "补录")

    workflow.withdraw(settings, second, Decision(SIGNER, "", "数据源有误"), NOW)
    export.export(settings, LATER)

    assert public(
        settings,
        "select release_id, withdrawn_at is not null from releases order by version",
    ) == [("2025-06-v1.0.0", False), ("2025-06-v1.0.1", True)]
    assert ("撤回",) in public(settings, "select distinct kind from changes")
    site = settings.folders.site / "current"
    page = (site / "releases" / second.release_id / "index.html").read_text()
    assert "本版已撤回" in page
    assert "数据源有误" in page
    assert "2025-06-v1.0.0" in (site / "index.html").read_text()

    workflow.withdraw(settings, again(first), Decision(SIGNER, "", "口径有误"), LATER)
    export.export(settings, LATER + timedelta(hours=1))
    page = (settings.folders.site / "current" / "indicators" / "I05.html").read_text()
    assert "目前没有公布这项指标" in page


def test_a_withdrawal_takes_back_what_was_in_force_alone(settings: Settings) -> None:
    first = released(settings)
    publish(settings, late_cases())
    second = released(settings, "补录")
    decision = Decision(SIGNER, "", "数据源有误")

    workflow.withdraw(settings, again(first), decision, NOW)
    known = shelf.public(settings.folders, LATER)
    assert public_file.withdrawals(known) == [], "the newer release still says it all"

    workflow.withdraw(settings, again(second), decision, LATER)
    taken = public_file.withdrawals(shelf.public(settings.folders, LATER))
    assert {row["release_id"] for row in taken} == {second.release_id}
    assert {row["new_value"] for row in taken} == {None}
    every = draft.read_table(second, "indicator_values")
    assert len(taken) == len(every), "also what the second release had not changed"


def test_the_reason_of_a_withdrawal_may_not_be_personal(settings: Settings) -> None:
    release = released(settings)

    with pytest.raises(UsageError, match="这段文字会公开"):
        workflow.withdraw(
            settings, release, Decision(SIGNER, "", "误公开 138 1234 5678"), NOW
        )

    assert not again(release).withdrawal


def test_what_was_taken_out_for_being_personal_is_not_told_again(
    settings: Settings,
) -> None:
    publish(settings, Night(toilet_name="欧阳小明捐建公厕"))
    released(settings)
    write_names(settings.folders, "欧阳小明")
    publish(settings, Night())

    second = drafted(settings)

    told = (second.object / "dataset_changes.json").read_text()
    assert "中心公厕" in told
    assert "欧阳小明" not in told
    assert "不再显示" in told
    assert checklist.check(settings, second, NOW).errors == []


def test_an_erased_release_shows_its_reason_and_nothing_else(
    settings: Settings,
) -> None:
    release = released(settings)
    workflow.withdraw(settings, release, Decision(SIGNER, "", "数据有误"), NOW)
    erased = Decision(SIGNER, "", "涉及个人信息")
    workflow.withdraw(settings, again(release), erased, LATER, erase=True)
    export.export(settings, LATER)

    withdrawal = again(release).withdrawal
    assert withdrawal
    assert (withdrawal.at, withdrawal.comment) == (NOW, "涉及个人信息")

    site = settings.folders.site / "current"
    left = sorted(p.name for p in (site / "releases" / release.release_id).rglob("*"))
    assert left == ["index.html"]
    assert public(settings, "from indicator_values") == []
    assert not (site / "latest").exists()


def test_what_was_erased_lies_in_no_older_version_either(settings: Settings) -> None:
    release = released(settings)
    export.export(settings, LATER)
    publish(settings, late_cases())
    decision, soon = Decision(SIGNER, "", "涉及个人信息"), LATER + timedelta(hours=1)
    assert not export.is_due(settings.folders, LATER)
    workflow.withdraw(settings, again(release), decision, soon, erase=True)
    assert export.is_due(settings.folders, soon), "where the command was killed here"

    export.export(settings, soon)

    kept = sorted(settings.folders.versions.glob("*/*"))
    files = [path for path in kept if path.name == PUBLIC]
    assert len(files) > 1
    for path in files:
        with duckdb.connect(str(path), read_only=True) as connection:
            assert not connection.execute("from indicator_values").fetchall(), path
    assert [path for path in kept if path.suffix == ".tmp"] == []


def test_what_a_later_release_quotes_is_not_erased_alone(settings: Settings) -> None:
    first = released(settings)
    publish(settings, late_cases())
    second = released(settings, "补录")
    decision = Decision(SIGNER, "", "涉密")

    with pytest.raises(WorkflowError, match=f"{second.release_id} 的变更清单"):
        workflow.withdraw(settings, again(first), decision, NOW, erase=True)

    workflow.withdraw(settings, again(second), decision, NOW, erase=True)
    workflow.withdraw(settings, again(first), decision, NOW, erase=True)


def test_a_publication_killed_before_the_move_keeps_its_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = cleared(settings, drafted(settings))
    with monkeypatch.context() as dying:
        dying.setattr(workflow, "_shelve", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            workflow.publish(settings, draft, SIGNER, LATER, NOW)

    shown = workflow.publish(settings, again(draft), SIGNER, None, NOW)

    assert shown.published_at == LATER
    assert verified(settings, shown) == []


def test_what_a_killed_publication_did_not_note_is_noted_by_the_next_export(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = released(settings)
    publish(settings, late_cases())
    with monkeypatch.context() as dying:
        dying.setattr(workflow, "complete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            released(settings, "补录")

    export.export(settings, LATER)
    workflow.complete(settings.folders, LATER)

    successors = [e.comment for e in again(first).entries if e.step == "更正"]
    assert successors == ["由 2025-06-v1.0.1 接替"]


def test_old_addresses_keep_the_old_figures_with_a_notice(settings: Settings) -> None:
    first = released(settings)
    publish(settings, late_cases())
    released(settings, "补录")
    export.export(settings, LATER)

    pages = settings.folders.site / "current" / "releases" / first.release_id
    page = (pages / "indicators" / "I05.html").read_text()
    assert "这是历史版本" in page
    assert "95.40" in page, "83 of 87, as published then"
    newest = (settings.folders.site / "current" / "indicators" / "I05.html").read_text()
    assert "96.55" in newest
    assert "当时公布" in newest
    listed = (settings.folders.site / "current" / "datasets.html").read_text()
    assert "data/parking_spaces.csv" in listed
    assert "执法办案系统没有接入" in listed, "what is not provided says why"


def test_a_figure_is_answered_as_published_and_as_known_now(
    settings: Settings,
) -> None:
    released(settings)
    publish(settings, late_cases())
    order = draft.Order(DRAFTER, "补录")
    second = cleared(settings, draft.draft(settings, order, NOW))
    workflow.publish(settings, second, SIGNER, None, LATER)
    question = as_of.Question("I05", "2025-05")

    found = as_of.answer(settings.folders, question, NOW + timedelta(hours=1), LATER)

    assert found.as_published
    assert found.as_known_now
    assert found.as_published.figure["value"] == pytest.approx(83 / 87 * 100)
    assert found.as_known_now.figure["value"] == pytest.approx(84 / 87 * 100)
    assert found.as_published.target
    assert found.as_published.target["quote"] == "及时查处率 90"
    assert found.as_published.indicator["formula_zh"] == "按时件数÷到期件数"
    with pytest.raises(UsageError, match="将来"):
        as_of.answer(settings.folders, question, LATER + timedelta(days=1), LATER)


def test_nothing_under_embargo_leaves_by_any_exit(settings: Settings) -> None:
    released(settings)
    publish(settings, late_cases())
    opening = NOW + timedelta(days=3)
    embargoed = released(settings, "保密到发布日", at=opening)

    export.export(settings, LATER)

    mark = embargoed.release_id.encode()
    new_value = str(84 / 87 * 100)[:7].encode()
    for exit_folder in (settings.folders.site, settings.folders.published):
        for path in exit_folder.rglob("*"):
            if path.is_file() and path.name != "leaders.duckdb":
                held = path.read_bytes()
                assert mark not in held, path
                assert new_value not in held, path
                assert "保密到发布日".encode() not in held, path
    assert len(public(settings, "from releases")) == 1
    history = as_of.answer(
        settings.folders, as_of.Question("I05", "2025-05"), LATER, LATER
    ).history
    assert [one.release_id for one in history] == ["2025-06-v1.0.0"]

    export.export(settings, opening)
    assert len(public(settings, "from releases")) == 2


def test_nothing_is_drafted_on_top_of_an_embargo(settings: Settings) -> None:
    embargoed = released(settings, at=LATER)
    publish(settings, late_cases())

    with pytest.raises(ReleaseError, match="还没有到公开时间"):
        drafted(settings)

    workflow.withdraw(settings, embargoed, Decision(SIGNER, "", "改期"), NOW)
    second = drafted(settings)
    assert second.contents["previous"] is None
    told = {c["reason"] for c in public_file.changes_of(second)}
    assert told == {"撤回后重新公布"}


def test_a_release_withdrawn_before_its_time_never_comes_out(
    settings: Settings,
) -> None:
    embargoed = released(settings, at=LATER)
    workflow.withdraw(settings, embargoed, Decision(SIGNER, "", "改期"), NOW)

    assert shelf.public(settings.folders, LATER + timedelta(days=9)) == []


def test_an_embargo_ends_at_its_minute_on_the_countys_clocks(
    settings: Settings,
) -> None:
    opening = NOW.replace(year=2026, month=1, day=1, hour=0)
    released(settings, at=opening)

    before = shelf.public(settings.folders, opening - timedelta(microseconds=1))
    assert before == []
    assert len(shelf.public(settings.folders, opening)) == 1


def test_twenty_working_days_leave_out_holidays(settings: Settings) -> None:
    release = cleared(settings, drafted(settings))
    entry = release.last("签发")
    assert entry

    due = workflow.deadline(release)

    assert due
    # Signed on Thursday 10 July 2025; no holiday falls in the four weeks after.
    assert str(due.due_on) == "2025-08-07"
    assert [str(day) for day in due.remind_on] == ["2025-07-24", "2025-07-31"]
    assert due.says(date(2025, 7, 23)) == ""
    assert "10 个工作日" in due.says(date(2025, 7, 24))
    assert "15 个工作日" in due.says(date(2025, 8, 1))
    assert "超过公开期限" in due.says(date(2025, 8, 8))


def test_a_county_without_contractors_toilets_or_cases_can_still_publish(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    cases = dict.fromkeys(usual_cases(), (0, 0))
    publish(settings, Night(cases=cases))
    path = settings.folders.current / "leaders.duckdb"
    with duckdb.connect(str(path)) as leaders:
        for table in ("contractor_scores", "toilet_stars", "waste_daily", "lamp_nights",
                      "department_scores"):  # fmt: skip
            leaders.execute(f"delete from {table}")  # noqa: S608 - ours

    release = released(settings)
    made = export.export(settings, LATER)

    assert release.release_id == "2025-06-v1.0.0"
    assert made.pages > 20
