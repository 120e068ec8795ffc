"""How models talk: the phrases that an answer begins, ends or interrupts its code with.

A comment of a programmer says what code does; an assistant speaks to somebody about an answer.
So in comments only what speaks to somebody counts, and elsewhere what reads as a sentence.
"""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = (
    r"(?:code|function|method|class|version|implementation|solution|snippet|script|file|module"
    r"|refactoring|docstring|program|edit|fix|rewrite|answer|approach)"
)
_REDONE: Final = (
    r"(?:updated|modified|corrected|fixed|revised|refactored|improved|simplified|rewritten|edited"
    r"|optimi[sz]ed|cleaned[- ]up|requested|annotated|documented|enhanced)"
)
_DID: Final = (
    r"(?:added|changed|updated|modified|fixed|removed|replaced|refactored|renamed|simplified"
    r"|rewritten|rewrote|moved|used|made|corrected|improved|included|extracted|inlined"
    r"|converted|kept|left|provided|assumed|implemented|optimi[sz]ed|ensured|handled|edited)"
)
_IS: Final = r"(?:'s|\u2019s|\s+is|\s+are)"
_SPOKEN: Final = re.compile(  # in comments and docstrings too
    rf"""^(?:\W*note\s*:|[-*\d.)\s]+)?\s*(?:
      (?:sure|certainly|absolutely|of\s+course|gladly|no\s+problem|great)\b\s*(?:thing)?
        \s*(?:!|[,.:;-]+\s*(?:here|I\b|let\s))
    | (?:sure|certainly|absolutely)\s*[,.:]?\s*(?:thing)?[!.]?$
    | (?:okay|ok|alright|understood|got\s+it|yes|perfect)[,!.]\s*
        (?:here{_IS}\s+(?:the|your|an?)|I\s+(?:can|will|have)|I'(?:ll|ve))\b
    | here{_IS}\s+(?:the|an?|my|your|one)\s+(?:\w+\s+)?{_REDONE}\b
    | here{_IS}\s+(?:the|my|your)\s+(?:(?:full|complete|final|new|entire|whole|python|typescript)
        \s+)*{_CODE}\s*(?:[:.!]|$|with\b|that\s+(?:you|I)\b|after\b|you\b)
    | here{_IS}\s+(?:the|my|your|a\s+\w+)\s+changes\b
    | here{_IS}\s+(?:what|how|why|everything)\s+(?:I|has\s+changed|was\s+changed|changed)\b
    | (?:below|above|following|this){_IS}\s+(?:the|my|your)\s+(?:\w+\s+)?{_REDONE}\s+{_CODE}\b
    | (?:below|above|following){_IS}\s+(?:the|my|your)\s+(?:(?:full|complete|final|new|entire)\s+)*
        {_CODE}\s*(?:[:.!]|$|that\s+I\b)
    | the\s+(?:above|below|following|provided|given|modified)\s+
        (?:code|solution|snippet|implementation|script|program|edit|refactoring|version)\s+
        (?:now|has|will|should|does|do|fixes|adds|uses|ensures|simplifies|handles|removes|replaces
        |implements|defines|creates|returns|takes|checks|is\s+(?:the|an?|now|equivalent|modified))\b
    | (?:the|this)\s+(?:code|function|method|class|implementation|version|edit|refactoring|change
        |update|fix|rewrite)\s+(?:has|have)\s+(?:now\s+)?been\s+
        (?!renamed\s+from|moved\s+(?:to|from)){_DID}\b
    | (?:the|this)\s+(?:code|function|method|implementation)\s+now\s+\w+s\b
    | (?:in\s+)?this\s+(?:updated|modified|edited|refactored|revised|improved)\s+{_CODE}\b
    | this\s+(?:change|edit|update|refactoring|rewrite|refactor|modification)\s+
        (?:ensures|makes|adds|removes|fixes|simplifies|improves|replaces|keeps|allows|preserves)\b
    | what\s+I\s+{_DID}\b | (?:the|my)\s+changes\s+(?:I\s+made|made|are|include)\b
    | in\s+this\s+(?:version|edit|update|change|code|refactoring)\s*,?\s*I\b
    | I(?:'ve|\u2019ve|\s+have)\s+(?:\w+ly\s+|also\s+|now\s+)?{_DID}\s+
        (?:the|this|your|that|all|both|these|it|an?|some|any|code|type|\w+ing)\b
    | I\s+(?:\w+ly\s+|also\s+)?(?:added|changed|updated|modified|fixed|removed|replaced|refactored
        |renamed|simplified|rewrote|corrected|improved|extracted|inlined|converted)\s+
        (?:the|this|your|that|all|both|these|it|an?|some|type|\w+ing)\b
    | I\s+(?:made|have\s+made|did)\s+(?:the|some|a\s+few|these|no|following|several)\s+
        (?:\w+\s+)?(?:changes|edits|modifications|improvements)\b
    | I(?:'ll|\u2019ll|\s+will)\s+(?:now\s+)?(?:update|modify|rewrite|refactor|help|provide)\b
    | I(?:'m|\u2019m|\s+am)\s+(?:sorry|unable\s+to|an\s+AI|not\s+able\s+to|happy\s+to|here\s+to)\b
    | I\s+(?:cannot|can't|can\s?not)\s+(?:help|assist|provide|complete|fulfil)
    | I\s+apologi[sz]e\b | my\s+apologies\b
    | as\s+(?:requested(?:\s*[,.:!]|$|\s+(?:by\s+you|above|in\s+the\s+instruction))
        |you\s+(?:asked|requested|wished|wanted)|an\s+AI\b|per\s+your|instructed\s*(?:[,.:]|$))
    | (?:based\s+on|per|following)\s+your\s+(?:request|instructions?|question|code|requirements?)
    | as\s+a\s+(?:large\s+)?language\s+model
    | (?:please\s+)?let\s+me\s+(?:know\s+if|explain|help) | (?:I\s+)?hope\s+(?:this|that|it)\s+helps
    | (?:please\s+)?note\s+that\s+I\s+(?:have|did|added|changed|kept|assumed|removed|also)\b
    | I\s+did\s+(?:not|n't)\s+(?:change|add|remove|modify|touch)
    | feel\s+free\s+to\s+(?:ask|reach|modify|adjust|customi[sz]e|let|change)\b
    | happy\s+coding | you(?:'re|\u2019re|\s+are)\s+welcome\b
    | (?:would|do)\s+you\s+(?:like|want)\s+me\s+to\b | is\s+there\s+anything\s+else\b
    | you\s+can\s+now\s+(?:use|run|call|test|try)\b
    | please\s+(?:let\s+me|find\s+(?:the\s+{_REDONE}|below|attached)|see\s+the\s+{_REDONE})
    | (?:the|your|my)\s+(?:updated|modified|corrected|revised|refactored|improved|simplified
        |rewritten|edited|optimi[sz]ed|requested)\s+(?:code|function|implementation|solution
        |version|snippet|script)\s*(?:[:.!]|$|(?:is|has|now|below|above|with|should|looks|would)\b)
    | {_REDONE}\s+(?:code|function|method|class|implementation|solution|snippet|script)
        \s*[:.]?\s*$
    | (?:changes\s+(?:I\s+)?made|key\s+changes|changes\s+explained|summary\s+of\s+(?:the\s+|my\s+)?
        changes|explanation\s+of\s+(?:the\s+)?(?:changes|code|edit)|note\s+to\s+(?:the\s+)?user)
        \s*:?\s*$
    | the\s+{_CODE}\s+(?:above|below)\s+(?:was|has\s+been|should\s+now|will\s+now|now)\b
    | in\s+(?:the|my)\s+{_REDONE}\s+{_CODE}\b | final\s+(?:answer|{_CODE})\s*:?\s*$
    | let(?:'s|\u2019s|\s+us|\s+me)\s+(?:refactor|rewrite|simplify|improve|optimi[sz]e)\b
    | (?:this|that|it)\s+(?:(?:should|will|would)\s+(?:now\s+)?(?:fix|solve|resolve)|fixes|solves
        |resolves)\s+(?:the|your|this)\s+(?:issue|problem|bug|error)\s*(?:$|[.!]|you\b)
    | to\s+(?:fix|solve|resolve|address)\s+(?:this|the|your)\s+(?:issue|problem|bug|error)\b
        .{{0,20}}\b(?:I|we|you)\b
    | add(?:ed|ing)\s+(?:the\s+|missing\s+|an?\s+)*
        (?:type\s+(?:hints?|annotations?)|docstrings?)\b
    | {_REDONE}\s+(?:version|{_CODE})\s*(?:$|[:.]|below|above|starts|begins|ends
        |of\s+(?:the|your)\s+(?:original\s+)?(?:function|code|method|class|snippet)\s*(?:$|[:.]))
    | fixed\s+(?:the|a)\s+(?:bug|issue|error|problem)\s*[.!]?$ | you\s+(?:asked|requested)\b
    | .{{0,200}}\bas\s+(?:you\s+)?(?:requested|asked|instructed)[.!]?$
    | according\s+to\s+your\s+(?:request|instructions?|requirements?|feedback)\b
    | your\s+(?:\w+\s+)?{_CODE}\s+(?:is\s+now|was|has\s+(?:now\s+)?been|(?:should|can)\s+now|now)\b
    | this\s+(?:version|implementation|code|function|method)\s+(?:now\s+)?uses?\b
        .{{0,60}}\binstead\s+of\b
    | I\s+hope\s+(?:this|that|it)\b | if\s+you\s+have\s+any\s+(?:questions|other|further|more)\b
    | here\s+you\s+go\b | done\s*[!.,]\s+(?:the|your|now|I)\b
    | we(?:(?:'ve|\u2019ve|\s+have)\s+(?:\w+ly\s+)?(?:refactored|simplified|rewritten|renamed
        |optimi[sz]ed|extracted)|\s+(?:refactored|simplified|rewrote|renamed|replaced))\b
    | note\s+that\s+the\s+(?:\w+\s+)?signature\s+(?:remains|stays|is\s+unchanged|was\s+not|did\s+not
        |has\s+not)
    | no\s+(?:other\s+|further\s+)?changes?\s+(?:(?:are|were|is|was)\s+)?
        (?:needed|required|made|necessary)\b
    | don't\s+forget\s+to\s+(?:import|replace|update|add)\b
    | assistant\s*:\s*(?:$|[A-Z])
    | (?:generated|written|rewritten|refactored|modified|edited)\s+by\s+
        (?:an?\s+AI|AI\b|chatgpt|copilot|claude|gemini|assistant|the\s+(?:assistant|model))
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TITLED: Final = re.compile(  # as a comment, where a docstring has sections
    r"""^\s*(?:
      (?:explanations?|changes|what\s+changed|solution|answer|response|summary)\s*:\s*$
    | (?:explanations?|what\s+changed)\s*$
    | (?:user|human|system|AI|bot)\s*:\s+(?:(?-i:[A-Z])\w*,?\s+\w+\s+\w+)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_HEADING: Final = re.compile(  # of Markdown, whose mark is also one of comments
    rf"""^\s*(?:\#{{2,6}}|(?://|\#)\s*\#{{1,6}})\s+(?:\*\*)?(?:(?:the|my|your|final|proposed|updated
      |code|python|typescript)\s+)*
      (?:solution|answer|explanations?|response|changes(?:\s+made)?|{_REDONE}\s+{_CODE}|key\s+changes
      |summary(?:\s+of\s+(?:the\s+)?changes)?|instructions?|reasoning|what\s+changed|rewrite)
      \s*(?:\*\*)?\s*:?\s*(?:\*\*)?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_ASIDE: Final = re.compile(r"(?<=[.!?:])\s+(?=[A-Z])")  # between two sentences
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
    r"(?:rest|existing|remaining|remainder|unchanged|other|others|previous|previously|same"
    r"|implementation|original|omitted|as\s+(?:before|is|above)|keep|continue[sd]?|here|logic|code"
    r"|snip|truncated|unmodified|similar|and\s+so\s+on|more|imports|body|methods)"
)
_REST: Final = (
    r"(?:rest|existing|remaining|remainder|unchanged|other|previous|same|original|omitted|keep"
    r"|continued?|code)"
)
_WHOLE: Final = (
    r"(?:code|function|file|class|method|methods|functions|implementation|logic|body|module"
    r"|script|component|original|block|loop|program|statements)"
)
_OMITS: Final = re.compile(
    rf"""(?:
      ^\W*?{_DOTS}\s*\(?\W*(?:(?:the|your|and|all|with|of|some|more|any|my|code|no)\s+){{0,3}}{_LEFT}\b
      (?:\W+\w+){{0,5}}\W*$
    | ^\W*(?:the\s+|your\s+)?{_REST}\b(?:\s+\w+){{0,5}}?\s*{_DOTS}\W*$
    | ^\s*(?:\#|//|/\*|\*|<!--|--|;)+\s*{_DOTS}\s*(?:\*/|-->)?\s*$
    | ^\W*(?:(?:\w+\s+){{0,2}})(?:rest|remainder)\s+of\s+(?:the\s+|your\s+|this\s+)?
      (?:\w+\s+)?{_WHOLE}\b\s*(?:here|above|below|goes\b.*|(?:remains?|stays?|is|are)\s+
      (?:the\s+same|unchanged|unmodified|omitted|here|as\b.*).*|unchanged|omitted|as\s+(?:is|before)
      |follows?|continues?)?\W*$
    | ^\W*(?:the\s+|your\s+|keep\s+|other\s+)*(?:existing|remaining|previous|original|unchanged
      |other)\s+{_WHOLE}\s*(?:here|above|below|goes\s+here|remains?|stays?\s+the\s+same|continues?
      |omitted|unchanged|as\s+is|follows?)\W*$
    | ^\W*(?:the\s+|your\s+|keep\s+|other\s+)*(?:existing|remaining|previous|original|unchanged)
      \s+(?:code|implementation|logic|body)\W*$
    | ^\W*(?:the\s+)?(?:\w+\s+)?(?:{_WHOLE}|everything(?:\s+else)?|rest|imports)\s+
      (?:remains?|stays?|is|are)\s+(?:the\s+same|unchanged|unmodified|as\s+before|omitted)
      (?:\s+(?:here|below|above|as\s+before|for\s+\w+))?\W*$
    | \b(?:omitted|skipped|truncated|shortened|removed|abbreviated)\s+for\s+(?:brevity|space)\W*$
    | ^\W*(?:your|the|add|insert|put|place|write|more|actual|main|same|some|TODO\W+)
      \s*(?:\w+\s+){{0,2}}(?:code|implementation|logic)\s+(?:goes\s+)?here\b
    | ^\W*(?:implementation|code)\s+(?:goes\s+)?here\W*$
    | ^\W*implement\s+(?:me|this|here|the\s+(?:rest|logic|function|method|body))
      (?:\s+\w+)?\W*$
    | ^\W*TODO\W+(?:implement|complete|fill\s+in|add)(?:\s+(?:me|this|it|here|the))*
      (?:\s+(?:rest|logic|function|method|body|implementation|code))?(?:\s+(?:here|later))?\W*$
    | ^\W*(?:same|unchanged|as)\s+(?:as\s+)?(?:before|above|(?:in\s+)?(?:the\s+)?original)\W*$
    | ^\W*(?:unchanged|no\s+changes?|snip|snipped|omitted|truncated|same\s+code
      |{_DOTS}\s*continued?|continued?\s*{_DOTS})\W*$
    | \[\s*(?:\w+\s+){{0,4}}(?:omitted|unchanged|truncated|snip(?:ped)?|implementation|code)\s*\]
      \W*$
    | ^\W*(?:continue\s+with|keep)\s+(?:the\s+)?(?:rest|existing|original|other)
      (?:\s+(?:of|the|your))*\s+{_WHOLE}\b(?:\s+\w+){{0,3}}\W*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def is_talk(row: str, kind: str) -> bool:
    """Whether a line speaks to somebody: one of code, of a "comment", or of a "string"."""
    row = row[:_LONGEST]
    if any(map(_SPOKEN.match, (row, *_ASIDE.split(row)[1:]))):
        return True
    if kind == "comment" and _TITLED.match(row):
        return True
    if kind != "code" or _CODE_SIGNS.search(row):
        return False
    words = re.findall(r"[\w'\u2019]+", row)
    plain = [word.lower() not in _KEYWORDS for word in words]
    runs = any(all(plain[at : at + 2]) for at in range(len(plain) - 1))
    if _BARE.match(row):
        return runs or len(words) == 1
    return bool(_SENTENCE.match(row)) and sum(plain) >= 4 and runs


def is_heading(comment: str) -> bool:
    """Whether a comment, with its marks, is a heading of an answer: ``### Solution``."""
    return _HEADING.match(comment[:_LONGEST]) is not None


def omits(row: str) -> bool:
    """Whether a line stands for code that was left out."""
    return _OMITS.search(row[:_LONGEST]) is not None
