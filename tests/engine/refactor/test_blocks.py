"""The code of an answer, whatever stands round it."""

from __future__ import annotations

import pytest

from inglenook.engine.refactor.blocks import block_of, has_ticks, is_closed


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("```python\nx = 1\n```", "x = 1"),
        ("```\nx = 1\n\ny = 2\n```\n", "x = 1\n\ny = 2"),
        ("Here it is:\n\n```py\nx = 1\n```\nI changed x.", "x = 1"),
        ("```python\nx = 1\n```\nor\n```python\nx = 2\n```", "x = 1"),
        ("~~~\nx = 1\n~~~", "x = 1"),
        ("````\nx = '```'\n````", "x = '```'"),
        ("```python\n    x = 1\n    ```", "    x = 1"),
        ("```python\r\nx = 1\r\n```\r\n", "x = 1\r"),
        ("```python\nx = 1", "x = 1"),  # the end was forgotten
        ("x = 1\n", "x = 1"),  # no block
        ("x = `a`\n", "x = `a`"),
        ("", ""),
        ("```", ""),
        ("```\n```", ""),
    ],
)
def test_the_code_of_an_answer(answer: str, code: str) -> None:
    assert block_of(answer) == code


def test_code_that_holds_fences_goes_on_to_the_last_one() -> None:
    answer = '```python\ndef f():\n    """As in:\n\n    ```\n    f()\n    ```\n    """\n```\n'
    code = 'def f():\n    """As in:\n\n    ```\n    f()\n    ```\n    """'
    assert block_of(answer, ticks=True) == code
    assert has_ticks(code)
    assert not has_ticks("x = '``'")


@pytest.mark.parametrize(
    ("answer", "closed"),
    [
        ("```python\nx = 1\n```", True),
        ("```python\nx = 1\n```\nThis", True),
        ("```python\nx = 1\n``", False),
        ("```python\nx = '```", False),
        ("```python", False),
        ("x = 1\n", False),
    ],
)
def test_when_nothing_of_use_can_follow(answer: str, closed: bool) -> None:
    assert is_closed(answer) is closed
