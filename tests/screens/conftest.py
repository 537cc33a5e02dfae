"""One browser for all tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.screens import browser


@pytest.fixture(scope="package")
def running() -> Iterator[Browser]:
    with browser.browser() as opened:
        yield opened
