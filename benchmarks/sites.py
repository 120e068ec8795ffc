"""Where the benchmarks type: three places in Django 5.2, and one of them in a very long file.

The rest of the cursor's line is taken away, as if it were being typed. Beside each place stand
six other files that define what the code near the cursor calls or raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.django import home


@dataclass(frozen=True, slots=True)
class Site:
    """A cursor at ``(line, column)``, from 0, in ``text``; ``rest`` is what stood behind it."""

    name: str
    path: str
    text: str
    line: int
    column: int
    rest: str
    open_files: tuple[str, ...]

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def line_text(self) -> str:
        return self.text.split("\n")[self.line]

    def near(self, distance: int = 30) -> str:
        """The code within so many lines of the cursor."""
        lines = self.text.split("\n")
        return "\n".join(lines[max(0, self.line - distance) : self.line + distance + 1])


_LIST: Final = (
    "django/core/exceptions.py",  # ImproperlyConfigured
    "django/core/paginator.py",  # Paginator
    "django/db/models/query.py",  # QuerySet, its all and order_by
    "django/db/models/manager.py",  # all, get_queryset
    "django/views/generic/base.py",  # ContextMixin
    "django/contrib/admin/options.py",  # get_queryset, get_ordering, get_paginator
)
_QUERY: Final = (
    "django/db/transaction.py",  # atomic
    "django/db/models/utils.py",  # resolve_callables
    "django/db/utils.py",  # IntegrityError
    "django/db/models/fields/related_descriptors.py",  # create, get_or_create, update_or_create
    "django/contrib/contenttypes/fields.py",  # the same, of generic relations
    "django/contrib/sessions/backends/base.py",  # create, update
)
_ADMIN: Final = (
    "django/contrib/admin/views/main.py",  # ChangeList, its get_queryset and get_ordering
    "django/contrib/admin/widgets.py",  # url_params_from_lookup_dict
    "django/db/models/query.py",  # order_by
    "django/db/models/manager.py",  # get_queryset
    "django/db/models/options.py",  # get_fields
    "django/views/generic/list.py",  # get_queryset, get_ordering
)
_PLACES: Final = (
    ("S1", "django/views/generic/list.py", 34, "            queryset = self.model.", _LIST),
    (
        "S2",
        "django/db/models/query.py",
        948,
        "            params = self._extract_model_params(",
        _QUERY,
    ),
    ("S3", "django/contrib/admin/options.py", 436, "        ", _ADMIN),
)


def sites() -> tuple[Site, ...]:
    """S1 (224 lines), S2 (2,735 lines) and S3 (2,600 lines)."""
    return tuple(_site(*place) for place in _PLACES)


def long_site(copies: int = 8) -> Site:
    """S2 in the middle of a file of over 21,600 lines: `django/db/models/query.py` repeated."""
    place = next(site for site in sites() if site.name == "S2")
    source = _read(place.path)
    before = source * (copies // 2)
    after = source * (copies - copies // 2 - 1)
    return Site(
        name="long",
        path="django/db/models/long_query.py",
        text=before + place.text + after,
        line=before.count("\n") + place.line,
        column=place.column,
        rest=place.rest,
        open_files=place.open_files,
    )


def read_file(path: str) -> str:
    return _read(path)


def _site(name: str, path: str, number: int, typed: str, open_files: tuple[str, ...]) -> Site:
    lines = _read(path).split("\n")
    line = lines[number - 1]
    if not line.startswith(typed):
        raise ValueError(f"{path}:{number} is not the line that the benchmarks know")
    lines[number - 1] = typed
    text = "\n".join(lines)
    return Site(name, path, text, number - 1, len(typed), line[len(typed) :], open_files)


def _read(path: str) -> str:
    return (home() / path).read_text(encoding="utf-8")
