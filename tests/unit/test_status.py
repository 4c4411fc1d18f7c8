"""Status tells how things stand; doctor, whether the next night can run."""

from datetime import date
from pathlib import Path

import pytest
from marts_by_hand import built_night, settings_in

from cityledger import calendar, load_log, runs
from cityledger.doctor import doctor
from cityledger.load_log import Load
from cityledger.publish import publish
from cityledger.settings import Settings
from cityledger.status import lines, status

D = date(2025, 6, 30)
TODAY = date(2025, 7, 3)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def test_before_the_first_night_status_says_so(settings: Settings) -> None:
    text = "\n".join(lines(status(settings, TODAY)))

    assert "还没有运行过" in text
    assert "还没有发布过" in text


def test_status_tells_the_last_night_and_what_is_missing(settings: Settings) -> None:
    built_night(settings, D)
    publish(settings)
    load_log.write(
        settings.data_dir,
        Load(
            load_id="20250630-20250701T023000000000-cases",
            source="cases",
            load_date=D,
            started_at=runs.county_now(),
            outcome="failed",
            message="令牌被拒绝（401）",
        ),
    )

    found = status(settings, TODAY)
    text = "\n".join(lines(found))

    assert "2025-06-30  已发布  闸门通过" in text
    assert "正在显示：2025-06-30 的数据" in text
    assert "最近一次：令牌被拒绝（401）" in text
    assert "漏跑：2025-07-01 至 2025-07-02" in text
    assert [s.status for s in found.sources] == ["正常"] * 9


def test_a_night_that_died_is_shown_as_failed(settings: Settings) -> None:
    run = runs.start(D, settings.folders)
    assert run.worker
    path = settings.folders.run_log / f"{run.run_id}.json"
    text = path.read_text()
    path.write_text(text.replace(run.worker.started_tick, "1"))

    assert "2025-06-30  失败  未到闸门" in "\n".join(lines(status(settings, TODAY)))


def test_doctor_masks_secrets_and_names_what_is_not_set(tmp_path: Path) -> None:
    settings = Settings(
        DATA_DIR=str(tmp_path),
        CASES_API_URL="http://127.0.0.1:1",
        CASES_API_TOKEN="a-very-secret-token",  # noqa: S106
        LIGHTING_DSN="postgresql://reader:a-secret@127.0.0.1:1/lighting",
    )

    findings = {(f.subject, f.text): f.level for f in doctor(settings, TODAY)}
    text = "\n".join(text for _, text in findings)

    assert "a-very-secret-token" not in text
    assert "a-secret" not in text
    assert "LIGHTING_DSN = postgresql://127.0.0.1:1/lighting" in text
    assert findings["配置", "LANDING_DIR 没有设置"] == "fail"
    assert any("/cases：多次重试仍失败" in text for _, text in findings)
    assert any("路灯库：连不上" in text for _, text in findings)


def test_doctor_warns_when_the_holidays_ahead_are_not_known(
    settings: Settings,
) -> None:
    def of(today: date) -> tuple[str, str]:
        (found,) = [f for f in doctor(settings, today) if f.subject == "日历"]
        return found.level, found.text

    assert of(date(2025, 1, 1))[0] == "ok"
    assert of(calendar.horizon())[0] == "warn"
    assert "日历缺失" in of(calendar.horizon())[1]


def test_doctor_finds_what_a_killed_process_left(settings: Settings) -> None:
    half = settings.folders.landing / "cases" / "cases" / ".x.parquet"
    half.parent.mkdir(parents=True)
    half.touch()

    found = [f for f in doctor(settings, TODAY) if f.subject == "残留"]

    assert [f.level for f in found] == ["warn"]
    assert "landing/cases/cases/.x.parquet" in found[0].text
