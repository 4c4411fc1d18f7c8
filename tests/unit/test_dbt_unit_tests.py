"""The examples beside the models hold: dbt runs them on a county without a record."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from marts_by_hand import settings_in

from cityledger.build import build
from cityledger.transform import PROJECT, manifest_file


def test_every_example_beside_a_model_holds(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    build(date(2025, 6, 30), settings)

    ended = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--no-use-colors",
            "test",
            "--select=test_type:unit",
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={manifest_file(settings.folders).parent}",
            f"--log-path={tmp_path / 'logs'}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout[-6000:]
    assert "unit tests" in ended.stdout
