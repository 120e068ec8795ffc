"""One line of a model's prose, with nothing in it that a Markdown renderer would make active.

    [x](https://a.example/?q=1) <b> a@b.example
    [x]\\(`https://a.example/?q=1`) &lt;b> `a@b.example`

What looks like an address becomes inline code: linkifiers leave code alone, and the whole host
stays to be read. What is only a name with a dot gets the dot escaped, which renders the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from inglenook.engine.markdown.signs import plain

LIMIT: Final = 2000  # characters that are held back at most
_WORD: Final = re.compile(r"[A-Za-z0-9.][A-Za-z0-9._%+\-]{0,299}")
_LONG_WORD: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>`|$~\[\]\"\\]{0,2000}")
_IPV6: Final = re.compile(r"\[[0-9A-Fa-f:.%]{0,60}\]?")
_HOST: Final = re.compile(r"@[A-Za-z0-9._\-]{0,300}")
_ENTITY: Final = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]{0,8}|[A-Za-z][A-Za-z0-9]{0,39})?;?")
_TICKS: Final = re.compile(r"`{1,64}")
_TILDES: Final = re.compile(r"~{1,64}")
_SLASHES: Final = re.compile(r"/{1,64}")
_BACKSLASHES: Final = re.compile(r"\\{1,64}")
_PLAIN: Final = re.compile(r"[^\\`~<&\[$/@.A-Za-z0-9\](:]+|[\](:]")
_ESCAPED_PIPE: Final = re.compile(r"(?<!\\)\\\|")
_TICK: Final = "&#96;"  # an escaped one still counts for some renderers
_SPELLED: Final = {"`": _TICK, "<": "&lt;", "&": "&amp;"}
_PAIRED: Final = re.compile(r"[^`]+(?:`[^`]+`[^`]+)+\Z")
_EMPHASIS: Final = re.compile(r"[*~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_CLOSED: Final = re.compile(r"(?:\\[\[\]]|[^\[\]])*\][(:]")  # what is in a bracket of before
_MAILBOX: Final = "!#$%&'*+-/=?^_{|}~.;:,\""  # signs in what stands before an at sign
_MAILED: Final = frozenset({"mailto", "xmpp"})
_ENDS: Final = "*_~.,;:!?'\")}"  # what ends a sentence round an address, and not the address
_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# What linkify-it takes for a domain without being told: these and every two letters.
_DOT: Final = re.compile(
    r"\.(?=(?:[a-z]{2}|biz|com|edu|gov|mil|net|org|pro|web|xxx|aero|asia|coop|info|museum|name|int"
    r"|shop|app|dev|xyz|top|site|online|store|tech|cloud|link|click|live|zip|mov|page|arpa|jobs"
    r"|mobi|post|tel|travel|cat|onion|test|example|invalid|local|localhost|internal"
    r"|xn--[a-z0-9\-]+)(?![A-Za-z0-9\-]|_+[A-Za-z0-9]))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Prose:
    """What of the paragraph so far decides how the rest of it is shown."""

    in_table: bool = False  # a row of a table is cut at its pipes before code is seen
    piped: bool = False  # there was code with a pipe: it must not become a table's header
    # Ends of what may have begun before: a formula, what marked strikes out.
    _open: set[str] = field(default_factory=set)
    _bracketed: bool = False  # there was a bracket
    _last: str = "\n"  # the last character that was shown
    _odd: bool = False  # the last one is a backslash that would escape what comes next
    _code: bool = False  # the last one closed a code span
    _out: list[str] = field(default_factory=list)

    def begin(self, blank: bool) -> None:
        """A line begins; ``blank``: the paragraph has ended."""
        self._last, self._odd, self._code = "\n", False, False
        if blank:
            self.in_table, self.piped, self._bracketed = False, False, False
            self._open.clear()

    def take(self, text: str, at: int, stop: int, ended: bool) -> tuple[str, int]:
        """What is shown of ``text[at:stop]``, and where what is undecided begins.

        ``ended``: the line ends at ``stop``.
        """
        while at < stop:
            sign = text[at]
            if sign == "\\":
                after = self._backslash(text, at, stop, ended)
            elif sign == "`":
                after = self._ticks(text, at, stop, ended)
            elif sign == "<":
                after = self._less(text, at, stop, ended)
            elif sign == "&":
                after = self._entity(text, at, stop, ended)
            elif sign == "[":
                after = self._bracket(text, at, stop, ended)
            elif sign == "/":
                after = self._slashes(text, at, stop, ended)
            elif sign == "@":
                after = self._mail(text, at, at, stop, ended)
            elif sign == "~":
                after = self._tildes(text, at, stop, ended)
            elif sign == "$":
                self._open.add(sign)
                after = self._show(sign, at + 1)
            elif match := _WORD.match(text, at, stop):
                after = self._word(text, match, stop, ended)
            else:
                match = _PLAIN.match(text, at, stop)
                assert match is not None  # every sign is in one of the classes
                after = self._show(match[0], match.end())
            if after == at:
                break
            at = after
        shown = "".join(self._out)
        self._out.clear()
        return shown, at

    def _show(self, text: str, after: int) -> int:
        if self._last == "]" and text[0] in "([:":
            self._out.append("\\")  # what makes a link or a definition of what is in brackets
        self._out.append(text)
        self._last, self._odd, self._code = text[-1], False, False
        return after

    def _show_code(self, span: str, after: int) -> int:
        if self._odd:
            span = "\\" + span  # else the backslash before would take its first backtick away
        elif self._code or self._last == "~":
            span = " " + span  # two code spans side by side are one; marked takes "~`" for one sign
        self._show(span, after)
        self._code = True
        return after

    def _backslash(self, text: str, at: int, stop: int, ended: bool) -> int:
        match = _BACKSLASHES.match(text, at, stop)
        assert match is not None
        after, run = match.end(), match[0]
        if after == stop and not ended and len(run) < 64:
            return at
        following = text[after : after + 1] if after < stop else ""
        if len(run) % 2 == 0:
            return self._show(run, after)
        if following in (":", "/", "@") or (following == "." and self._last.isalpha()):
            # An address in pieces: some renderers look for addresses after they took escapes off.
            return self._show(run + "\\", after)
        if following in _SPELLED:
            return self._show(run[1:] + _SPELLED[following], after + 1)
        if following in _PUNCTUATION:
            return self._show(run + following, after + 1)
        self._show(run, after)
        self._odd = True
        return after

    def _ticks(self, text: str, at: int, stop: int, ended: bool) -> int:
        match = _TICKS.match(text, at, stop)
        assert match is not None
        run, inside = match[0], match.end()
        if len(run) < 64:
            if inside == stop and not ended:
                return at
            close = re.compile(rf"(?<!`){run}(?!`)").search(
                text, inside, min(stop, inside + LIMIT + len(run) + 1)
            )
            if close and close.start() - at <= LIMIT:
                if close.end() == stop and not ended:
                    return at
                code = text[inside : close.start()]
                if self._is_code(code):
                    mark = run if "`" in code else "`"
                    if code.endswith("\\"):  # marked takes it for the escape of a backtick
                        code = f" {code} "  # which renders as before
                    return self._show_code(f"{mark}{code}{mark}", close.end())
                tick = _TICK * len(run)
                return self._show(f"{tick}{self._within(code)}{tick}", close.end())
            if not close and not ended and stop - at <= LIMIT + 2 * len(run):
                return at
        return self._show(_TICK * len(run), inside)

    def _is_code(self, code: str) -> bool:
        """Whether every renderer takes it for code.

        If one did not, its backticks would part with those of other code on the line.
        """
        if "`" in code and ("\\`" in code or _EMPHASIS.search(code) or not _PAIRED.match(code)):
            return False  # marked pairs backticks in its own way before it looks for emphasis
        if self._bracketed and (_CLOSED.match(code) or ("`" in code and "]" in code)):
            return False  # definitions are looked for before code is, and so are marked's links
        if "|" in code:
            if self.in_table and "|" in _ESCAPED_PIPE.sub("", code):
                return False
            self.piped = True
        return not any(sign in code for sign in self._open)

    def _within(self, code: str) -> str:
        """What is code for some renderers only, as prose."""
        prose = Prose(self.in_table, self.piped, self._open, self._bracketed)
        shown, _ = prose.take(code, 0, len(code), ended=True)
        self.piped, self._bracketed = prose.piped, prose._bracketed
        return shown

    def _less(self, text: str, at: int, stop: int, ended: bool) -> int:
        if at + 1 == stop and not ended:
            return at
        return self._show("<" if text.startswith(" ", at + 1, stop) else "&lt;", at + 1)

    def _entity(self, text: str, at: int, stop: int, ended: bool) -> int:
        match = _ENTITY.match(text, at, stop)
        assert match is not None
        found = match[0]
        if match.end() == stop and not ended and not found.endswith(";"):
            return at
        if len(found) < 3 or not found.endswith(";"):
            return self._show(found[0], at + 1)
        sign = unescape(found)
        if len(sign) == 1 and not sign.isascii() and plain(sign) == sign:
            return self._show(sign, match.end())
        return self._show("&amp;", at + 1)

    def _bracket(self, text: str, at: int, stop: int, ended: bool) -> int:
        if at + 1 == stop and not ended:
            return at
        self._bracketed = True
        active = self._last == "!" or text.startswith("^", at + 1, stop)  # image, footnote
        return self._show("\\[" if active else "[", at + 1)

    def _tildes(self, text: str, at: int, stop: int, ended: bool) -> int:
        match = _TILDES.match(text, at, stop)
        assert match is not None
        if match.end() == stop and not ended and len(match[0]) < 64:
            return at
        if len(match[0]) != 2:  # "about": some would strike out what is between two; or a fence
            return self._show("\\~" * len(match[0]), match.end())
        self._open.add("~~")
        return self._show("~~", match.end())

    def _slashes(self, text: str, at: int, stop: int, ended: bool) -> int:
        match = _SLASHES.match(text, at, stop)
        assert match is not None
        if match.end() == stop and not ended and len(match[0]) < 64:
            return at
        if len(match[0]) > 1:
            end = _address_end(text, match.end(), stop, ended)
            if end is None:
                return at
            host = re.split(r"[/?#:]", text[match.end() : end], maxsplit=1)[0]
            if "." in host or host.lower() == "localhost" or not host.isascii():
                return self._show_address(text, at, end)
        return self._show(match[0], match.end())

    def _word(self, text: str, match: re.Match[str], stop: int, ended: bool) -> int:
        at, after, word = match.start(), match.end(), match[0]
        if len(word) == _LONG_WORD:
            return self._show_code(f"`{word}`", after)  # it may be the first half of anything
        rest = text[after : min(after + 3, stop)]
        if not ended and rest in ("", ":", ":/"):
            return at
        lower = word.lower()
        if rest == "://" or "www." in lower or (lower in _MAILED and rest[:1] == ":"):
            end = _address_end(text, after + 3 if rest == "://" else after, stop, ended)
            return at if end is None else self._show_address(text, at, end)
        if rest[:1] == "@":
            return self._mail(text, at, after, stop, ended)
        if "." not in word:
            return self._show(word, after)
        if word[0] == "." and self._last.isspace():
            return self._show("." + _dotted(word[1:], rest), after)
        return self._show(_dotted(word, rest), after)

    def _mail(self, text: str, at: int, sign: int, stop: int, ended: bool) -> int:
        """``text[at:sign]`` is the word before the at sign."""
        host = _HOST.match(text, sign, stop)
        assert host is not None
        if host.end() == stop and not ended and host.end() - sign <= 300:
            return at
        before = text[sign - 1] if at < sign else self._last
        name = host[0].rstrip(".")
        if "." in name and before.isascii() and (before.isalnum() or before in _MAILBOX):
            return self._show_code(f"`{text[at:sign]}{name}`", sign + len(name))
        if at < sign:
            return self._show(_dotted(text[at:sign], "@"), sign)
        return self._show("@" if before.isspace() else "\\@", sign + 1)

    def _show_address(self, text: str, at: int, end: int) -> int:
        address = text[at:end]
        if len(address) < LIMIT:
            while address[-1:] and address[-1] in _ENDS:
                if address[-1] == ")" and address.count("(") >= address.count(")"):
                    break
                address = address[:-1]
        return self._show_code(f"`{address}`", at + len(address))


def _dotted(word: str, rest: str) -> str:
    """A name whose dots are no dots of a host; ``rest`` is what comes after it."""
    if word.endswith(".") and rest[:1].isalpha() and not rest.isascii():
        word = word[:-1] + "\\."
    return _DOT.sub(r"\\.", word)


def _address_end(text: str, at: int, stop: int, ended: bool) -> int | None:
    """Where an address ends that goes on at ``at``; None if more text decides that."""
    if literal := _IPV6.match(text, at, stop):
        if literal.end() == stop and not ended and not literal[0].endswith("]"):
            return None
        if literal[0].endswith("]"):
            at = literal.end()
    match = _ADDRESS.match(text, at, stop)
    assert match is not None
    if match.end() == stop and not ended and match.end() - at < LIMIT:
        return None
    return match.end()
