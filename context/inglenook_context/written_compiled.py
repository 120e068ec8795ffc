"""Types of Go, Rust and Java as they are written: which class one names, with dots between its
names. Of a collection it is what is in it, for what is done with that is done to one.
"""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = 12  # wrappers in one another
_GENERIC: Final = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
_PATH: Final = re.compile(r"[^\W\d]\w*(?:\(\))?(?:\.[^\W\d]\w*(?:\(\))?)*")
_GO: Final = re.compile(
    r"\s*(?:[*&(]|\.\.\.|\[[^\[\]]{0,40}\](?=[\w*\[.])|map\[[^\[\]]{1,80}\]|<-|chan\b(?:<-)?"
    r"|struct\b|interface\b)"
)
_RUST: Final = re.compile(
    r"\s*(?:&|'\w+\s*,?|\*(?:const|mut)\b|mut\b|dyn\b|impl\b|for\s*<[^<>]*>|[\[(]"
    r"|(?:[a-z_]\w*\s*::\s*)*(?:Box|Rc|Arc|Option|Result|Vec|VecDeque|RefCell|Cell|Mutex|RwLock|Cow"
    r"|Pin|Weak|OnceCell|OnceLock|LazyLock|Lazy|HashSet|BTreeSet|IndexSet|Ref|RefMut|MutexGuard"
    r"|RwLockReadGuard|RwLockWriteGuard|NonNull|ManuallyDrop)\s*<"
    r"|(?:[a-z_]\w*\s*::\s*)*(?:HashMap|BTreeMap|IndexMap)\s*<[^<>,]*,"
    r"|(?:Iterator|IntoIterator|Future|Stream|Deref|AsRef|Into)\s*<\s*(?:(?:Item|Output|Target)\s*=)?)"
)
_JAVA: Final = re.compile(
    r"\s*(?:@\w+(?:\([^()]*\))?\s|(?:final|static|transient|volatile)\s|\?\s*(?:extends|super)\b"
    r"|(?:java\.util\.)?(?:(?:Array|Linked|Immutable|CopyOnWriteArray)?List|Collection|Iterable"
    r"|(?:Hash|LinkedHash|Tree|Sorted|Enum|Immutable)?Set|(?:Array|Blocking)?Deque|Iterator|Stream"
    r"|(?:Priority|Blocking)?Queue|Optional|Supplier|Provider|(?:Completable)?Future|Mono|Flux"
    r"|AtomicReference|ThreadLocal|Class)\s*<"
    r"|(?:java\.util\.)?(?:Hash|LinkedHash|Tree|Sorted|Enum|Immutable|Concurrent(?:Hash)?)?Map\s*<"
    r"[^<>,]*,)"
)
_WRAPPERS: Final = {"go": _GO, "rs": _RUST, "java": _JAVA}


def compiled_named(text: str, ending: str) -> str:
    """The class that a type names, without what may be wrapped round it; of a value, written as
    ``a.b()``, the way to it."""
    wrapper = _WRAPPERS.get(ending)
    rest = text
    for _ in range(_PARTS if wrapper else 0):
        match = wrapper.match(rest) if wrapper else None
        if match is None or match.end() in (0, len(rest)):
            break
        rest = rest[match.end() :]
    if ending == "rs":
        rest = rest.replace("::", ".").lstrip(". ")
    found = _PATH.match(_GENERIC.sub("", rest).strip())
    return found[0].removesuffix("()") if found else ""
