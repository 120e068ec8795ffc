"""How models talk: the phrases that an answer begins, ends or interrupts its code with.

A comment of a programmer says what code does; an assistant speaks to somebody about an answer.
So in comments only what speaks to somebody counts, and elsewhere what reads as a sentence.
"""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = (
    r"(?:code|function|method|class|version|implementation|solution|snippet|script|file|module"
    r"|refactoring|example|docstring|program|edit|fix|rewrite|output|result|selection|change)"
)
_REDONE: Final = (
    r"(?:updated|modified|corrected|fixed|revised|refactored|improved|simplified|rewritten|edited"
    r"|optimi[sz]ed|cleaned[- ]up|requested|completed|annotated|documented)"
)
_DID: Final = (
    r"(?:added|changed|updated|modified|fixed|removed|replaced|refactored|renamed|simplified"
    r"|rewritten|rewrote|moved|used|made|corrected|improved|included|extracted|inlined"
    r"|converted|kept|left|provided|assumed|also|only|just|not|been)"
)
_SPOKEN: Final = re.compile(  # in comments and docstrings too
    rf"""^\s*(?:
      (?:sure|certainly|absolutely|of\s+course|gladly|no\s+problem|great)\b\s*(?:thing)?
        \s*(?:!|[,.:;-]+\s*(?:here|I\b|let\s))
    | (?:sure|certainly|absolutely)\s*[,.:]?\s*(?:thing)?[!.]?$
    | (?:okay|ok|alright|understood|got\s+it|yes|perfect)[,!.]\s*
        (?:here(?:'s|\u2019s|\s+is|\s+are)|I\s+(?:can|will|have)|I'(?:ll|ve))\b
    | here(?:'s|\u2019s|\s+is|\s+are)\s+(?:the|an?|my|your|one|how)\b
        .{{0,40}}?\b(?:{_CODE}|{_REDONE}|changes)\b
    | I(?:'ve|\u2019ve|\s+have)\s+(?:\w+ly\s+|also\s+)?{_DID}\b
    | I\s+(?:\w+ly\s+|also\s+)?(?:added|changed|updated|modified|fixed|removed|replaced|refactored
        |renamed|simplified|rewrote|corrected|improved|extracted|inlined|converted)\b
    | I(?:'m|\u2019m|\s+am)\s+(?:sorry|unable|an\s+AI|not\s+able|happy|here\s+to)\b
    | I\s+(?:cannot|can't|can\s?not)\s+(?:help|assist|provide|complete|fulfil)
    | I\s+apologi[sz]e\b | my\s+apologies\b
    | as\s+(?:requested|you\s+(?:asked|requested|wished|wanted)|an\s+AI|per\s+your|instructed)\b
    | as\s+a\s+(?:large\s+)?language\s+model
    | (?:please\s+)?let\s+me\s+(?:know|explain|help) | (?:I\s+)?hope\s+(?:this|that|it)\s+helps
    | (?:please\s+)?note\s+that\s+I\b | I\s+did\s+(?:not|n't)\s+(?:change|add|remove|modify|touch)
    | feel\s+free\s+to | happy\s+coding
    | please\s+(?:let\s+me|find\s+the|see\s+the\s+{_REDONE}|provide)
    | (?:the|this|your|my)\s+{_REDONE}\s+{_CODE}\b | {_REDONE}\s+{_CODE}\s*[:.]?\s*$
    | (?:explanations?|changes|changes\s+made|what\s+changed|key\s+changes
        |summary\s+of\s+(?:the\s+)?changes|explanation\s+of\s+.{{0,40}}|note\s+to\s+(?:the\s+)?user)\s*:\s*$
    | (?:explanations?|changes\s+made|key\s+changes|summary\s+of\s+(?:the\s+)?changes)\s*$
    | (?:this|the)\s+(?:{_REDONE}\s+)?{_CODE}\s+(?:has|have)\s+(?:now\s+)?been\s+{_DID}\b
    | no\s+(?:other\s+)?changes\s+(?:are|were)\s+(?:needed|required|made|necessary)\b
    | don't\s+forget\s+to\s+(?:import|replace|update|add)\b
    | (?:assistant|user|human|system|AI|bot)\s*:\s*(?:$|[A-Z])
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE: Final = re.compile(  # as a line between statements
    r"""^[\s>*#-]*(?:
      (?:sure|certainly|absolutely|of\s+course|gladly|okay|ok|alright|great|got\s+it|understood
        |no\s+problem|yes|perfect|done|thanks?|thank\s+you|hello|hi|enjoy|sorry|unfortunately)\b[,!.:]*(?:\s|$)
    | here(?:'s|\u2019s|\s+is|\s+are|\s+you\s+go)\b
    | I(?:'\w+|\u2019\w+)?\s+\w+ | (?:please|let's|let\s+us|note|importantly|additionally|however
        |finally|first|next|now|remember|explanation|changes|summary|answer|output|response
        |solution|result|reasoning|code|update|corrected|updated|fixed|example|usage)\b\s*[:,]?(?:\s|$)
    | (?:this|that|the|these|those|we|you|it|there|your|my|an?)\s+\w+
    | (?:in\s+(?:this|the)|to|if\s+you|make\s+sure|by|with\s+this|as\s+you)\s+\w+
    | (?:python|typescript|javascript|ts|js|py|tsx|jsx|copy\s+code|copy)\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CODE_SIGNS: Final = re.compile(r"[={}\[\];<>]|\w\(|\w\.\w|^\s*(?:@|#|//|\*|/\*)")
_SENTENCE: Final = re.compile(
    r"^[-*\d.)\s]*[A-Z]?[a-z'\u2019]+(?:[ ,;:]+[\w'\u2019`\"()/-]+){3,}[.!:?]?$"
)
_LONGEST: Final = 300  # characters of a line that are looked at
_KEYWORDS: Final = frozenset(
    """and or not in is if else elif for while return yield from import as with lambda await async
    raise assert del global nonlocal class def pass new typeof instanceof of let const var function
    case default export extends implements interface type enum public private protected static
    void throw try catch finally do delete readonly abstract override declare namespace keyof match
    """.split()
)
_DOTS: Final = r"(?:\.\.\.+|\u2026|\[\s*\.\.\.\s*\]|<\s*\.\.\.\s*>)"
_LEFT: Final = (
    r"(?:rest|existing|remaining|remainder|unchanged|other|others|previous|previously|same|code"
    r"|implementation|original|omitted|as\s+(?:before|is|above)|keep|more|continue[sd]?|here|logic"
    r"|body|function|method|methods|lines|snip|truncated|etc|unmodified|etc|your|similar|and\s+so\s+on"
    r"|imports|definitions?|handling|statements?|class(?:es)?|details?)"
)
_WHOLE: Final = (
    r"(?:code|function|file|class|method|methods|functions|implementation|logic|body|module"
    r"|script|component|original|block|loop|program|statements)"
)
_OMITS: Final = re.compile(
    rf"""(?:
      {_DOTS}\s*\(?\W*(?:\w+\W+){{0,6}}?{_LEFT}\b
    | \b{_LEFT}\b(?:\W+\w+){{0,6}}?\s*{_DOTS}
    | ^\s*(?:\#|//|/\*|\*|<!--|--|;)+\s*{_DOTS}\s*(?:\*/|-->)?\s*$
    | ^\W*(?:\w+\s+){{0,2}}(?:rest|remainder)\s+of\s+(?:the\s+|your\s+|this\s+)?
      (?:\w+\s+)?{_WHOLE}\b
    | ^\W*(?:the\s+|your\s+|keep\s+|other\s+)*(?:existing|remaining|previous|original|unchanged
      |other)\s+{_WHOLE}\s*(?:here|above|below|goes|remains?|stays?|continues?|omitted|unchanged
      |as\s+is|follows?|\W*$)
    | \b(?:{_WHOLE}|everything(?:\s+else)?|rest|imports)\s+(?:remains?|stays?)\s+
      (?:the\s+same|unchanged|unmodified|as\s+(?:before|is))
    | \b(?:{_WHOLE}|everything\s+else|rest|imports)\s+(?:is|are)\s+
      (?:unchanged|unmodified|as\s+before|omitted)
    | \b(?:omitted|skipped|truncated|shortened|removed|abbreviated)\s+for\s+
      (?:brevity|clarity|space)
    | \bfor\s+brevity\b
    | ^\W*(?:your|the|add|insert|put|place|write|more|actual|main|same|some|TODO\W+)
      \s*(?:\w+\s+){{0,2}}(?:code|implementation|logic)\s+(?:goes\s+)?here\b
    | ^\W*(?:implementation|code)\s+(?:goes\s+)?here\b
    | ^\W*implement\s+(?:me|this|here|the\s+(?:rest|logic|function|method|body))\b
    | \bTODO\W+(?:implement|complete|fill\s+in|add\s+(?:the\s+)?(?:implementation|code|logic))
    | ^\W*(?:same|unchanged|as)\s+(?:as\s+)?(?:before|above|(?:in\s+)?(?:the\s+)?original)\W*$
    | ^\W*(?:unchanged|no\s+changes?|snip|snipped|etc|continued?|omitted|truncated|placeholder
      |same\s+code)\W*$
    | \[\s*(?:\w+\s+){{0,4}}(?:omitted|unchanged|truncated|snip(?:ped)?|implementation|code)\s*\]
    | ^\W*(?:continue\s+with|keep)\s+(?:the\s+)?(?:rest|existing|original|other)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def is_talk(row: str, in_code: bool) -> bool:
    """Whether a line speaks to somebody; ``in_code``: it is the text of a comment or string."""
    row = row[:_LONGEST]
    if _SPOKEN.match(row):
        return True
    if in_code or _CODE_SIGNS.search(row):
        return False
    words = re.findall(r"[\w'\u2019]+", row)
    plain = [word.lower() not in _KEYWORDS for word in words]
    runs = any(all(plain[at : at + 2]) for at in range(len(plain) - 1))
    if _BARE.match(row):
        return runs or len(words) == 1
    return bool(_SENTENCE.match(row)) and sum(plain) >= 4 and runs


def omits(row: str) -> bool:
    """Whether a line stands for code that was left out."""
    return _OMITS.search(row[:_LONGEST]) is not None
