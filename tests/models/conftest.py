"""What the tests of models ask with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from inglenook.models.http import HttpClient
from tests.support.real_engine import RealEngine, real_engine


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    running = HttpClient()
    yield running
    await running.close()


@pytest.fixture(scope="module")
def engine() -> Iterator[RealEngine]:
    with real_engine() as running:
        yield running
