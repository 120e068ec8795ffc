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
_HERE: Final = r"here(?:'s|\u2019s|\s+is|\s+are)"
_SPOKEN: Final = re.compile(  # in comments and docstrings too
    rf"""^\s*(?:
      (?:sure|certainly|absolutely|of\s+course|gladly|no\s+problem|great)\b\s*(?:thing)?
        \s*(?:!|[,.:;-]+\s*(?:here|I\b|let\s))
    | (?:sure|certainly|absolutely)\s*[,.:]?\s*(?:thing)?[!.]?$
    | (?:okay|ok|alright|understood|got\s+it|yes|perfect)[,!.]\s*
        (?:here(?:'s|\u2019s|\s+is|\s+are)|I\s+(?:can|will|have)|I'(?:ll|ve))\b
    | {_HERE}\s+(?:(?:the|my|your)\b.{{0,40}}?\b(?:{_CODE}|{_REDONE}|changes)
        |(?:an?|one)\s+(?:\w+\s+){{0,2}}?{_REDONE})\b
    | {_HERE}\s+(?:what|how)\s+(?:I|we|it\s+(?:was|has)|was|has|changed)\b
    | {_HERE}\s+what(?:'s|\u2019s)?\s+(?:changed|new)\b | here\s+you\s+(?:go|are)\b
    | (?:below|following|above)\s+(?:is|are)\s+(?:the|an?|my|your)\s+(?:\w+\s+){{0,2}}?
        (?:{_REDONE}|changes)\b
    | (?:the\s+)?(?:following|above)\s+{_CODE}\s+(?:is|was|has|does|shows?|should)\b
        .{{0,40}}?\b(?:{_REDONE}|you|asked)\b
    | the\s+{_CODE}\s+(?:above|below)\s+(?:was|has\s+been|should\s+now|will\s+now|now)\b
    | in\s+(?:the|this|my)\s+{_REDONE}\s+{_CODE}\b
    | (?:the\s+)?(?:(?:final\s+|my\s+|suggested\s+)?(?:answer|solution)|final\s+{_CODE})\s*:?\s*$
    | (?:let's|let\s+us|let\s+me)\s+(?:refactor|rewrite|simplify|improve|optimi[sz]e)\b
    | (?:this|that|it)\s+(?:(?:should|will|would)\s+(?:now\s+)?(?:fix|solve|resolve)|fixes|solves
        |resolves)\s+(?:the|your|this)\s+(?:issue|problem|bug|error)\s*(?:$|[.!]|you\b)
    | to\s+(?:fix|solve|resolve|address)\s+(?:this|the|your)\s+(?:issue|problem|bug|error)\b
        .{{0,20}}\b(?:I|we|you)\b
    | add(?:ed|ing)\s+(?:the\s+|missing\s+|an?\s+)*(?:type\s+(?:hints?|annotations?)|docstrings?)\b
    | {_REDONE}\s+(?:version|{_CODE})\s*(?:$|[:.]|below|above|starts|begins|ends
        |of\s+(?:the|your)\s+(?:original\s+)?(?:function|code|method|class|snippet)\s*(?:$|[:.]))
    | fixed\s+(?:the|a)\s+(?:bug|issue|error|problem)\s*[.!]?$
    | (?:modified|generated|written|created|rewritten|refactored|edited|fixed)\s+by\s+
        (?:an?\s+|the\s+)?(?:AI|LLM|assistant|language\s+model|chatgpt|copilot|claude|inglenook)\b
    | you\s+(?:asked|requested|instructed)\b
    | .{{0,200}}\bas\s+(?:you\s+)?(?:requested|asked|instructed)[.!]?$
    | (?:per|according\s+to|following|based\s+on)\s+your\s+(?:request|instructions?|requirements?
        |feedback|question|wish)\b
    | your\s+(?:\w+\s+)?{_CODE}\s+(?:is\s+now|was|has\s+(?:now\s+)?been|(?:should|can)\s+now|now)\b
    | this\s+(?:{_REDONE}\s+)?(?:version|implementation|code|function|method)\s+(?:now\s+)?uses?\b
        .{{0,60}}\binstead\s+of\b
    | I\s+hope\b
    | if\s+you\s+have\s+any\s+(?:questions|other|further|more)\b | thank\s+you\s*[.!]?$
    | we(?:(?:'ve|\u2019ve|\s+have)\s+(?:\w+ly\s+)?(?:refactored|simplified|rewritten|renamed
        |updated|optimi[sz]ed|extracted)|\s+(?:refactored|simplified|rewrote|renamed|replaced))\b
    | note\s*(?:that|:)\s*(?:I\b|(?:that\s+)?the\s+(?:\w+\s+)?signature\s+(?:remains|stays
        |is\s+unchanged|was\s+not|did\s+not|has\s+not))
    | now,?\s+the\s+(?:function|code|method|class)\s+(?:now\s+)?(?:returns|uses|does|handles|will
        |should|can)\b
    | done\s*[!.,]\s+(?:the|your|now|I)\b
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
    | (?:the|this|your|my)\s+{_REDONE}\s+{_CODE}\b
    | (?:explanations?|changes\s+made|what\s+changed|key\s+changes
        |summary\s+of\s+(?:the\s+)?changes|explanation\s+of\s+.{{0,40}}|note\s+to\s+(?:the\s+)?user)\s*:\s*$
    | (?:changes\s+made|key\s+changes|summary\s+of\s+(?:the\s+)?changes)\s*$
    | (?:this|the)\s+(?:{_REDONE}\s+)?{_CODE}\s+(?:has|have)\s+(?:now\s+)?been\s+
        (?!renamed\s+from|moved\s+(?:to|from)){_DID}\b
    | no\s+(?:other\s+|further\s+)?changes?\s+(?:(?:are|were|is|was)\s+)?
        (?:needed|required|made|necessary)\b
    | don't\s+forget\s+to\s+(?:import|replace|update|add)\b
    | (?:assistant|user|human|system|AI|bot):\s?(?:$|(?-i:[A-Z]))
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_HEADING: Final = re.compile(  # of Markdown, as a comment or behind a comment's mark
    rf"""^[\s/*#]*\#{{2,6}}\s+(?:\w+\s+)?(?:solution|answer|explanations?|changes|summary|response|output
      |result|improvements|notes?|usage|steps?|{_REDONE}\s+{_CODE}|code)(?:\s+made)?\s*:?\s*$""",
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
      (?<![\w\[\](){{}}"'`<=,.])\s?{_DOTS}(?![\w\[\](){{}}"'`>,.])\s*\(?\W*(?:\w+\W+){{0,6}}?{_LEFT}\b
    | \b{_LEFT}\b(?:[\s,]+\w+){{0,6}}?\s*{_DOTS}\W*$
    | ^\s*(?:\#|//|/\*|\*|<!--|--|;)+\s*{_DOTS}\s*(?:\*/|-->)?\s*$
    | ^\W*(?:\w+\s+){{0,2}}(?:rest|remainder)\s+of\s+(?:the\s+|your\s+|this\s+)?
      (?:\w+\s+)?{_WHOLE}(?:\W*$|\W*[:(\u2014.-]\W*$|\s*(?:{_DOTS}|\()
        |\s+(?:(?:is|are)\s+)?(?:remains?|stays?|goes|here|unchanged|unmodified|omitted|follows|as|same
          |the\s+same|continues|below|above|not\s+(?:shown|changed))\b)
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


def is_heading(row: str) -> bool:
    """Whether a line, with the marks of its comment, is a heading of an answer in Markdown."""
    return _HEADING.match(row[:_LONGEST]) is not None


def omits(row: str) -> bool:
    """Whether a line stands for code that was left out."""
    return _OMITS.search(row[:_LONGEST]) is not None
