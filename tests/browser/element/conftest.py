"""The element on a page that uses it by hand."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.own_page import OpenOwn, own_page


@pytest.fixture
def own(open_page: OpenPage) -> OpenOwn:
    return own_page(open_page)
