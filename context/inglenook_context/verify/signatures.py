"""What other code sees must stay: names, parameters, bases, decorators, and what is exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from inglenook_context.verify.definitions import Defined, changed
from inglenook_context.verify.python_definitions import exported
from inglenook_context.verify.readings import Read
from inglenook_context.verify.task import Failure, Purpose


def signatures(read: Read) -> Iterator[Failure]:
    task = read.edit.task
    if not read.has_scopes:
        return
    yield from _twice(read)
    if task.signature_may_change or task.purpose is Purpose.RENAME:
        return
    old, new = _by_name(read.before.defined), _by_name(read.after.defined)
    for name, had in old.items():
        got = new.get(name, [])
        last = name.rpartition(".")[2]
        if not got:
            if last not in task.gone:
                yield from _gone(read, had[0], last)
            continue
        for one, two in zip(had, got, strict=False):
            if one.public or read.used_outside(last):
                if one.kind in ("import", "variable") and two.kind != one.kind:
                    continue
                if reason := changed(one, two, task):
                    yield Failure("signature", reason)
        if len(got) < len(had) and had[-1].public and had[0].kind == "function":
            yield Failure("signature", f"A definition of {name} is gone.")
    if read.before.is_python:
        yield from _exports(read)


def _gone(read: Read, one: Defined, last: str) -> Iterator[Failure]:
    if one.kind == "import":
        return
    holder = one.name.rpartition(".")[0]
    if holder and holder not in {each.name for each in read.after.defined}:
        return  # its class is gone, which is said
    shown = one.public or ("." in one.name and read.used_outside(last))
    if shown and not read.edit.task.may_remove:
        yield Failure("signature", f"The {one.kind} {one.name} is gone.")


def _exports(read: Read) -> Iterator[Failure]:
    had, got = exported(read.before.body), exported(read.after.body)
    lost = had is not None and not had <= (got or frozenset())
    if lost and not read.edit.task.may_remove:
        yield Failure("signature", "Names of __all__ are gone.")


def _twice(read: Read) -> Iterator[Failure]:
    """The edit defines what the file has already, as when an answer repeats its surroundings."""
    old = Counter(each.name for each in read.before.defined if each.alone)
    new = Counter(each.name for each in read.after.defined if each.alone)
    fresh = [name for name, count in new.items() if count > old[name]]
    others = read.after.others if fresh else frozenset()
    for name in fresh:
        if new[name] > 1 or name in others:
            yield Failure("outside", f"{name} would be defined twice.")
            return


def _by_name(defined: Iterable[Defined]) -> dict[str, list[Defined]]:
    found: dict[str, list[Defined]] = {}
    for each in defined:
        found.setdefault(each.name, []).append(each)
    return found
