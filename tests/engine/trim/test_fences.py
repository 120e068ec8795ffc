"""Markdown fences and chatter round the code."""

from __future__ import annotations

from inglenook.engine.trim.fences import fences
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r'''
== unwrapped [python]
def f():
    █
-- candidate
```python
return 1
```
-- result
def f():
    return 1█
== unwrapped without its end [typescript]
const x = █
-- candidate
```ts
1;
-- result
const x = 1;█
== a sentence before the fence [python]
x = █
-- candidate
Here is the completed code:

```python
1
```
I hope that helps!
-- result
x = 1█
== a sentence without a fence [python]
def f():
    █
-- candidate
Sure! Here is the missing code:
return 1
-- result
def f():
    return 1█
== explanation after the code [typescript]
const x = █
-- candidate
1;
```
This sets x.
-- result
const x = 1;█
== a fence and nothing else [python]
x = █
-- candidate
```
-- result
x = █
== kept: Markdown [markdown]
Run it:

█
-- candidate
```sh
make
```
-- result
Run it:

```sh
make
```█
== kept: inside a docstring [python]
def f():
    """Do it.

    █
-- candidate
```python
f()
```
    """
-- result
def f():
    """Do it.

    ```python
f()
```
    """█
== kept: a docstring within the candidate [python]
def f():
    █
-- candidate
"""Do it.

    ```
    f()
    ```
    """
    return 1
-- result
def f():
    """Do it.

    ```
    f()
    ```
    """
    return 1█
== kept: a documentation comment [typescript]
/**
 * █
-- candidate
Here is the code:
 * ```ts
 * f();
 * ```
 */
-- result
/**
 * Here is the code:
 * ```ts
 * f();
 * ```
 */█
== kept: names that look like chatter [python]
x = █
-- candidate
sure + here[0]
the = i
-- result
x = sure + here[0]
the = i█
== kept: a template string [typescript]
const x = █
-- candidate
`a${b}`;
-- result
const x = `a${b}`;█
'''


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(fences, case) == case.result
