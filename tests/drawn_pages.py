"""Drawn pages: everything that a page sends to a browser, and every file it offers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.leaders import access
from dashboards.leaders.access import Reader

APP = Path(__file__).parents[1] / "dashboards" / "leaders" / "app.py"


class Drawn:
    """One page as one reader was sent it."""

    def __init__(self, app: AppTest, files: dict[str, Callable[[], bytes]]) -> None:
        assert not app.exception
        self.html = [one.value for one in app.html]
        protos = [getattr(one, "proto", None) for one in _elements(app._tree)]
        self.protos = [proto for proto in protos if proto is not None]
        self.files = files

    @property
    def sent(self) -> bytes:
        """Every message to the browser: tables, charts with their data, choices."""
        return b"\n".join(proto.SerializeToString() for proto in self.protos)

    @property
    def texts(self) -> str:
        """What stands in the HTML, the choices and the buttons."""
        return "\n".join(str(proto) for proto in self.protos) + "\n".join(self.html)


def draw(
    reader: Reader, page: str, patch: pytest.MonkeyPatch, **parameters: str
) -> Drawn:
    """Open a page as a reader, whatever the role's menu offers."""
    files: dict[str, Callable[[], bytes]] = {}
    offer = st.download_button

    def keep(
        label: str,
        data: Callable[[], bytes],
        name: str,
        mime: str,
        **more: Any,  # noqa: ANN401 - as Streamlit's own
    ) -> bool:
        files[name] = data
        return offer(label, data, name, mime, **more)

    with patch.context() as patched:
        patched.setattr(access, "reader", lambda: reader)
        patched.setattr(st, "download_button", keep)
        app = AppTest.from_file(APP, default_timeout=60).run()
        files.clear()
        app.query_params.update(parameters)
        if reader.may_open(page):
            app.switch_page(f"app_pages/{page}.py")
        app.run()
    return Drawn(app, files)


def _elements(block: Any) -> Iterator[Any]:  # noqa: ANN401 - of many kinds
    yield block
    for child in getattr(block, "children", {}).values():
        yield from _elements(child)
