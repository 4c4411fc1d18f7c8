"""What is shown changes all at once, never backwards, and can be taken back."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from marts_by_hand import built_night, settings_in, shown

from cityledger import audit, free_text, ledger, runs, snapshot, versions
from cityledger.audit import AuditResult, Finding
from cityledger.publish import PublishError, publish, rollback
from cityledger.runs import Run
from cityledger.settings import Settings
from cityledger.versions import LEADERS, PUBLIC, VersionError

D = date(2025, 6, 30)
NEXT = date(2025, 7, 1)
VALUE = "select value from indicator_values"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def test_a_reader_keeps_the_file_it_opened(settings: Settings) -> None:
    built_night(settings, D, done=3)
    publish(settings)
    path = settings.folders.published / LEADERS

    with duckdb.connect(str(path), read_only=True) as reader:
        built_night(settings, NEXT, done=4)
        publish(settings)

        assert reader.execute(VALUE).fetchall() == [(75.0,)]
    assert shown(settings, VALUE) == [(100.0,)]


def test_a_table_that_no_contract_names_is_not_published(settings: Settings) -> None:
    built_night(settings, D, done=3)
    publish(settings)
    built_night(settings, NEXT, done=4)
    with duckdb.connect(str(settings.folders.marts)) as marts:
        marts.execute("create table reporters as select '张三' as reporter_name")

    with pytest.raises(snapshot.ForeignTableError, match="reporters"):
        publish(settings)

    assert shown(settings, VALUE) == [(75.0,)]


def test_a_text_that_the_gate_told_of_is_not_shown(settings: Settings) -> None:
    run = built_night(settings, D, done=3)
    with duckdb.connect(str(settings.folders.marts)) as marts:
        marts.execute("update indicator_values set note = '问 138 1234 5678'")
    told = Finding("个人信息", snapshot.PERSONAL_SUITE, "warning", "…", 1, ("x",))
    audit.keep(
        AuditResult(run.run_id, run.as_of, runs.county_now(), (), (told,), True, 1, 0),
        settings.folders,
    )

    publish(settings)

    assert set(shown(settings, "select distinct note from indicator_values")) == {
        (free_text.UNSAID,)
    }


def test_a_view_stands_alone_in_the_published_file(settings: Settings) -> None:
    built_night(settings, D, done=3)
    publish(settings)
    settings.folders.warehouse.unlink()

    rows = shown(
        settings,
        "select role, count(*) from indicator_records group by role order by role",
    )

    assert rows == [("denominator", 4), ("excluded", 1), ("numerator", 3)]


def test_the_published_run_says_how_it_ended(settings: Settings) -> None:
    run = built_night(settings, D)
    published = publish(settings)

    rows = shown(settings, "select run_id, outcome, finished_at is not null from runs")

    assert rows == [(run.run_id, "published", True)]
    assert published.exit_code == 0
    logged = runs.find(run.run_id, settings.folders)
    assert logged
    assert logged.outcome == "published"
    assert logged.counts == runs.Counts(10, 7, 2, 1, 0)


def test_the_next_publication_tells_what_the_gate_said_of_the_nights_before(
    settings: Settings,
) -> None:
    refused = built_night(settings, D, is_audited=False)
    judge(settings, refused, failures=("比率超出",), warnings=("偏少",))
    runs.finish(refused, "refused", settings.folders, "比率超出")
    tonight = built_night(settings, NEXT)
    judge(settings, tonight, warnings=("偏少", "迟到"))
    publish(settings)

    found = shown(
        settings,
        "select as_of, position, severity, note, places, observed from gate_findings "
        "order by as_of, position",
    )
    nights = shown(
        settings, "select as_of, outcome, failures, warnings from runs order by as_of"
    )

    assert found == [
        (D, 1, "停止", "比率超出", 2, "I05 2025-06；I05 2025Q2"),
        (D, 2, "警告", "偏少", 2, "I05 2025-06；I05 2025Q2"),
        (NEXT, 1, "警告", "偏少", 2, "I05 2025-06；I05 2025Q2"),
        (NEXT, 2, "警告", "迟到", 2, "I05 2025-06；I05 2025Q2"),
    ]
    assert nights == [(D, "refused", 1, 1), (NEXT, "published", 0, 2)]


def test_a_night_without_findings_is_published_without_any(settings: Settings) -> None:
    judge(settings, built_night(settings, D))
    publish(settings)

    assert shown(settings, "from gate_findings") == []
    assert shown(settings, "select checks, failures from runs") == [(61, 0)]


def judge(
    settings: Settings,
    run: Run,
    failures: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
) -> None:
    """Leave the note that an audit leaves."""

    def finding(severity: str, notes: str) -> Finding:
        rows = ("I05 2025-06", "I05 2025Q2")
        return Finding("指标数值", "values", severity, notes, 2, rows)

    said = AuditResult(
        run.run_id, run.as_of, runs.county_now(),
        tuple(finding("critical", one) for one in failures),
        tuple(finding("warning", one) for one in warnings),
        True, 61, 0.1,
    )  # fmt: skip
    audit.keep(said, settings.folders)


def test_a_source_that_is_late_is_told_and_the_rest_is_shown(
    settings: Settings,
) -> None:
    built_night(settings, D)
    with duckdb.connect(str(settings.folders.marts)) as connection:
        connection.execute(
            "update marts.source_summary set status = '迟到' where source = 'cases'"
        )

    published = publish(settings)

    assert published.exit_code == 5
    assert published.incomplete == ("cases 迟到",)
    assert shown(settings, "select outcome from runs") == [("published_incomplete",)]


def test_a_source_that_was_not_landed_is_told(settings: Settings) -> None:
    built_night(settings, D)
    with duckdb.connect(str(settings.folders.warehouse)) as connection:
        connection.execute("delete from ops.loads where source = 'lighting'")

    assert publish(settings).incomplete == ("lighting 没有取到",)


def test_what_no_audit_has_passed_is_not_shown(settings: Settings) -> None:
    built_night(settings, D, is_audited=False)

    with pytest.raises(PublishError, match="没有通过质量闸门"):
        publish(settings)

    assert not settings.folders.published.exists()
    assert ledger.read(settings.folders) == []


def test_an_older_night_does_not_replace_a_newer_one(settings: Settings) -> None:
    built_night(settings, NEXT, done=3)
    publish(settings)
    built_night(settings, D, done=4)

    published = publish(settings)

    assert not published.was_shown
    assert published.new_editions == 1
    assert shown(settings, VALUE) == [(75.0,)]
    assert len(ledger.read(settings.folders)) == 2


def test_an_older_night_replaces_a_newer_one_when_forced(settings: Settings) -> None:
    built_night(settings, NEXT, done=3)
    publish(settings)
    built_night(settings, D, done=4)

    assert publish(settings, force=True).was_shown
    assert shown(settings, VALUE) == [(100.0,)]


def test_the_version_before_can_be_shown_again(settings: Settings) -> None:
    built_night(settings, D, done=3)
    first = publish(settings)
    built_night(settings, NEXT, done=4)
    publish(settings)

    version = rollback(settings)

    assert version.name == first.version
    assert shown(settings, VALUE) == [(75.0,)]


def test_going_back_passes_over_the_same_nights_other_versions(
    settings: Settings,
) -> None:
    built_night(settings, D, done=3)
    first = publish(settings)
    built_night(settings, NEXT, done=4)
    publish(settings)
    publish(settings)

    assert rollback(settings).name == first.version


def test_there_is_nothing_before_the_first_version(settings: Settings) -> None:
    built_night(settings, D)
    publish(settings)

    with pytest.raises(VersionError, match="没有更早的版本"):
        rollback(settings)
    with pytest.raises(VersionError, match="没有版本 nope"):
        rollback(settings, "nope")


def test_the_public_file_stays_when_the_leaders_go_back(settings: Settings) -> None:
    built_night(settings, D)
    publish(settings)
    built_night(settings, NEXT)
    publish(settings)
    _mark_public(settings)

    rollback(settings)

    path = settings.folders.published / PUBLIC
    with duckdb.connect(str(path), read_only=True) as public:
        assert public.execute("select period from releases").fetchall() == [("P",)]


def test_only_so_many_versions_are_kept_and_the_one_shown_always(
    settings: Settings,
) -> None:
    kept = settings.model_copy(update={"keep_versions": 2})
    names = []
    for day in (D, NEXT, NEXT):
        built_night(kept, day)
        names.append(publish(kept).version)

    assert [v.name for v in versions.every(kept.folders)] == names[1:]

    rollback(kept, names[1])
    versions.prune(kept.folders, keep=1)

    assert [v.name for v in versions.every(kept.folders)] == names[1:]


def test_what_a_killed_publication_left_is_swept_away(settings: Settings) -> None:
    folders = settings.folders
    half = folders.versions / ".building-x"
    half.mkdir(parents=True)
    (half / LEADERS).write_text("half a file")
    (folders.published / ".current.1.tmp").symlink_to("versions/x")
    built_night(settings, D)

    publish(settings)

    assert [p.name for p in folders.versions.iterdir()] == [
        v.name for v in versions.every(folders)
    ]
    assert sorted(path.name for path in folders.published.iterdir()) == [
        "current",
        LEADERS,
        PUBLIC,
        "versions",
    ]


def test_the_public_file_is_empty_until_a_release(settings: Settings) -> None:
    built_night(settings, D)
    publish(settings)

    path = settings.folders.published / PUBLIC
    with duckdb.connect(str(path), read_only=True) as public:
        names = [
            n for (n,) in public.execute("select name from (show tables)").fetchall()
        ]
        counts = {n: len(public.table(n).fetchall()) for n in names}

    assert set(counts) == {
        "indicators",
        "targets",
        "releases",
        "indicator_values",
        "waste_monthly",
        "lamp_monthly",
        "complaint_monthly",
        "contractor_grades",
        "toilet_stars",
        "changes",
    }
    assert set(counts.values()) == {0}


def _mark_public(settings: Settings) -> None:
    """Put a release into the public file in force, as a release does: a new file."""
    path = (settings.folders.published / PUBLIC).resolve()
    copy = path.with_name("copy.duckdb")
    copy.write_bytes(path.read_bytes())
    with duckdb.connect(str(copy)) as public:
        public.execute("insert into releases (release_id, period) values ('R', 'P')")
    copy.replace(path)
