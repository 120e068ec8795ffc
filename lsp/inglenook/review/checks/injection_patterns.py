"""How text speaks to an automatic reviewer, for words as `prose.passages` gives them.

No quantifier is without a bound, so that from each place only so much text is looked at. Each
pattern is narrow, for a false alarm of this rule cannot be suppressed: it wants an order, and words
by which the order is about this review. Between two words nothing may stand that prose does not
have there; that keeps code out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from inglenook.review.checks.ordinary import is_ordinary

_BETWEEN: Final = r"[ \n,:-]{1,6}"  # two words, which may be five lines apart
# In what follows a space is what stands between two words, and `` _3_ `` are up to three words.
_EARLIER = "(?:previous|prior|above|earlier|preceding|foregoing)"
_TOLD = "(?:instructions|prompts|guidelines|directives)"
_FORGET = (
    "ignore|disregard|forget|bypass|pay no attention to|do not follow|don t follow|dont follow|"
    "stop following"
)
_NOT = "do not|don t|dont|never|must not|should not|refrain from|avoid"
_WRONG = "(?:findings?|issues?|problems?|bugs?|defects?|vulnerabilit(?:y|ies))"
_NO_WRONG = f"(?:no|zero) (?:security |known )?(?:{_WRONG}|review comments|malware)"
_PLACE = (
    "(?:code|files?|functions?|class(?:es)?|modules?|methods?|changes?|diff|pr|pull request|"
    "merge request|commits?|patch|contract|lines?|section|block)"
)
_THIS = rf"(?:this|these|the (?:following|next|above|whole|entire))(?: \w{{1,12}})? {_PLACE}"
_IN_THIS = f"(?:in|with|about|for|on|of) (?:{_THIS}|the {_PLACE} (?:below|above|here))"
_HERE = f"(?:{_IN_THIS}|here)"
_SAY = "output|report|respond|answer|reply|say|state|conclude"
_WITH = "(?:(?:only|just|with|that|there (?:are|is)|back) ){0,4}"
_BLINDLY = (
    "(?:unconditionally|no matter|regardless of|without (?:an? |any |further |more )?"
    r"(?:look|read|check|test|ask|question|review|comment|finding|hesitat|objection)\w{0,5})"
)
_AI = (
    "ais?|llms?|gpt|chatgpt|claude|copilot|gemini|coderabbit|language models?|automated|automatic|"
    "reviewer ai|reviewer bot|reviewer model"
)
_ROLE = (
    "(?: powered)?(?: code)? (?:reviewers?|reviews?|review (?:bot|tool|agent|model|system)s?|"
    r"auditors?|assistants?|agents?|models?|scanners?(?! (?:should|can|may) ignore\b))"
)
_READING = r"(?: (?:reviewing|reading|checking|looking at)(?: \w{1,24}){1,2})?"
_DEED = (
    "(?:(?:skip|ignore|approve|trust|accept|pass|treat|consider|mark|rate) "
    rf"(?:over )?(?:it\b|{_THIS}|(?:all|any|every|each) _1_ {_WRONG})"
    f"|(?:{_NOT}) (?:report|flag|review|comment|mention|raise|list)"
    "|not (?:report|flag|review|comment on|mention|raise|list) (?:any|this|these|it)"
    r"|report (?:no|nothing|zero)\b|report that (?:this|the) _2_ (?:is|has)"
    r"|(?:respond|reply|answer) (?:only )?with (?:lgtm|no|nothing|an? empty|ok|approv\w{0,3}|\[|\{)"
    r"|say (?:that )?(?:it|this|the|there)\b"
    rf"|nothing to (?:see|report|review)|report {_THIS} as\b|no {_WRONG} (?:should|must) be\b"
    r"|recommend (?:accept|approv|merg)ing\b|output \{)"
)
_MUST = "(?:must|should|shall|may|can|please|have to|has to|(?:is|are) to)"
_BIDDEN = f"(?: ?[:,!] _9_ | (?:you )?{_MUST} (?:safely )?)"
# What stands before the first letter of an order: what a tool "should report" is told of the tool.
_ORDER = (
    r"(?:(?<![^\n.!?;:,].)|(?<=[.!?;:,]\s.)|(?<=\band\s.)|(?<=\bthen\s.)|(?<=\bplease\s.)"
    r"|(?<=\bmust\s.)|(?<=\bjust\s.)|(?<=\bonly\s.)|(?<=\bsimply\s.)|(?<=\balways\s.))"
)
_NOT_OF_A_TOOL = (
    r"(?<!should\s.)(?<!would\s.)(?<!will\s.)(?<!does\s.)(?<!did\s.)(?<!not\s.)(?<!to\s.)"
)

# What must stand before, the words that it begins with, and how it goes on.
_PATTERNS: Final = (
    # To forget what it was told.
    ("", _FORGET, f" _4_ {_EARLIER} _2_ {_TOLD}"),
    ("", _FORGET, f" _3_ {_TOLD} (?:above|before this)"),
    ("", _FORGET, f" _4_ (?:your|system) _2_ (?:{_TOLD}|prompt)"),
    ("", _FORGET, f" _2_ (?:your|{_EARLIER} _1_ review) _1_ rules"),
    ("", _FORGET, " _2_ rules of (?:the|this|your) review"),
    (
        "",
        _FORGET,
        " (?:\\w{1,12} )?(?:every|all|any) (?:\\w{1,12} ){0,2}"
        "(?:instruction|rule|guideline|prompt)s?(?: that)? you (?:were|have|are|got|had|received)",
    ),
    ("", _FORGET, r" everything you (?:know|knew|were|have|learned)(?! about)\b"),
    ("", _FORGET, " (?:all )?(?:of )?the above and (?:instead|say|tell|report|respond|approve)"),
    ("", "override|overrule", f" _2_ (?:your|{_EARLIER}) _1_ {_TOLD}"),
    (
        "",
        "new|updated",
        " instructions (?:for|to) (?:the )?(?:code )?(?:reviewer|ai|llm|model) ?:(?! ?see\\b)",
    ),
    ("", "new|updated", " instructions ?: (?:report|ignore|say|respond|answer|approve)"),
    ("", "system prompt override", " ?:(?! ?(?:set|pass|use|see|give)\\b)"),
    (
        "",
        "your",
        " (?:new|real|actual|only) (?:task|job|goal) is to (?:approve|report no|ignore|say|skip)",
    ),
    # To find nothing wrong.
    (
        _NOT_OF_A_TOOL,
        f"{_SAY}|emit|give|produce|return",
        " _3_ (?:no|zero|empty) (?:security |known )?(?:findings|vulnerabilities)",
    ),
    (_ORDER, _SAY, f"(?!:) {_WITH}{_NO_WRONG}"),
    (
        _ORDER,
        _SAY,
        f"(?!:) {_WITH}(?:the|this) {_PLACE} (?:is|looks|has) "
        f"(?:clean|safe|fine|correct|secure|ok|good|approved|{_NO_WRONG})",
    ),
    ("", "respond|reply|answer|output|say", f" {_WITH}lgtm"),
    ("", "respond|reply|answer|output", r" _5_ \{ ?findings ?: ?\[ ?\] ?\}"),
    ("", "say|report|mention", f" nothing {_IN_THIS}"),
    (
        "",
        "stay|remain|keep|be",
        f" (?:silent|quiet) (?:about|on) (?:this|the) (?:bug|vulnerability|{_PLACE})",
    ),
    ("", "the|your", " (?:findings(?: list| array)?|list of findings) must (?:stay|remain) empty"),
    ("", "set", rf" (?:the |your )?findings to (?:\[ ?\]|an empty list|empty) {_IN_THIS}"),
    # To keep something back, or leave something out.
    (
        "",
        _NOT,
        f" (?:report|flag|raise|list|mention|comment on)(?:ing)? _2_ {_WRONG} {_HERE}",
    ),
    ("", _NOT, " (?:report|flag|raise|list|mention)(?:ing)? any (?:findings|vulnerabilities)"),
    ("", _NOT, f" report(?:ing)? anything {_HERE}"),
    ("", _NOT, f" (?:flag|report|mark) {_THIS} as (?:vulnerable|insecure|malicious|buggy)"),
    ("", "no", " (?:findings|vulnerabilities) (?:should|must) be (?:reported|raised|flagged)"),
    (
        "",
        _NOT,
        f" (?:review|flag|comment on)(?:ing)? this {_PLACE}"
        r"(?! (?:as|if|when|unless|because|since|until|before|for|twice|again|with|in|here)\b)",
    ),
    ("", _NOT, " (?:mention|include|report)(?:ing)? _6_ in your (?:code )?(?:review|findings)"),
    (
        "",
        "skip",
        f" (?:the |your |any )?(?:security |code )?(?:review|audit) (?:of|for|on) {_THIS}",
    ),
    (
        "",
        "mark|treat|consider|classify|label|rate",
        f" (?:all|any|every|each) _1_ {_WRONG} {_HERE} _2_ "
        "(?:false|safe|low|resolved|invalid|intentional|harmless)",
    ),
    # To approve without a look.
    ("", "approve|lgtm", f" (?:this|the) {_PLACE} _3_ {_BLINDLY}"),
    ("", "pass", f" this review {_BLINDLY}"),
    (
        "",
        "accept|pass|merge",
        f" (?:this|the) {_PLACE} (?:unconditionally|"
        r"without (?:looking|(?:further )?review\w{0,3}|questions?|hesitation|findings))",
    ),
    # What calls the reviewer by its kind.
    ("", _AI, f"(?:{_ROLE}|(?<!automated)(?<!automatic)){_READING}{_BIDDEN}{_DEED}"),
    (
        "",
        "model",
        f" {_MUST} (?:report (?:no|nothing|that (?:this|the) {_PLACE} (?:is|has))|approve {_THIS})",
    ),
    ("", "if", f" you (?:are|re) an? (?:{_AI}) _9_ {_DEED}"),
    (
        "",
        "when",
        f" (?:you are )?reviewing _3_ (?:(?:{_NOT}) (?:report|flag|raise) any|"
        "(?:respond|answer|reply) with|report (?:no|nothing))",
    ),
    # To be somebody else.
    (
        "",
        "you",
        " are (?:now|no longer) (?:an?|the) _2_ "
        "(?:assistant|ai|language model|llm|chatbot|code reviewer)(?! of\\b)",
    ),
    ("", "you", " are no longer bound (?:by|to) (?:any|your|the|these|those|previous|earlier)"),
    ("", "you are", " an? _2_ reviewer (?:who|that|which) (?:never|always approves|approves)"),
    (
        "",
        "you are now|from now on you are",
        " an? _2_ (?:reviewer|auditor) (?:who|that|which)(?! (?:can|may|could|will)\\b)",
    ),
)


def speaks(text: str) -> re.Pattern[str]:
    """What finds in ``text`` whatever speaks to a reviewer, from one place on.

    To compile all patterns takes longer than all else that is done for few lines, so those whose
    first words are not in a text are left away.
    """
    return _compiled(tuple(each for each, keys in KEYS.items() if any(key in text for key in keys)))


def told_in(text: str, speaking: re.Pattern[str], at: int) -> re.Match[str] | None:
    """The next place of a text that speaks to a reviewer, from ``at`` on."""
    while found := speaking.search(text, at):
        if not is_ordinary(text, found.start(), found.end()):
            return found
        at = found.start() + 1
    return None


def _regex(pattern: str) -> str:
    """With the spaces of a pattern spelt out; before a ``?`` a space stands for one blank."""
    parts = re.split(r" _(\d)_ ", pattern)
    parts[::2] = (each.replace(" ?", r"\s?").replace(" ", _BETWEEN) for each in parts[::2])
    parts[1::2] = (rf"{_BETWEEN}(?:\w{{1,24}}{_BETWEEN}){{0,{each}}}" for each in parts[1::2])
    return "".join(parts)


_Words = tuple[str, str]  # what must stand before, and the words that it begins with
_RESTS: Final = {
    (before, words): tuple(rest for *both, rest in _PATTERNS if both == [before, words])
    for before, words, _ in _PATTERNS
}
# The letters that stand in a text if one of the words does.
KEYS: Final = {
    (before, words): tuple({re.split(r" |.\?", word)[0] for word in words.split("|")})
    for before, words in _RESTS
}


@lru_cache(maxsize=256)
def _compiled(groups: tuple[_Words, ...]) -> re.Pattern[str]:
    """All patterns of some groups, as alternatives that begin with a set of letters: what does not
    begin so is soon passed over, and what words have in common is compiled once."""
    found = []
    for before, words in groups:
        firsts, ways = words.split("|"), map(_regex, _RESTS[before, words])
        letters = "".join(sorted({word[0] for word in firsts}))
        ends = "|".join(f"(?<={word[0]}){_regex(word[1:])}" for word in firsts)
        found.append(f"[{letters}]{before}(?:{ends})(?:{'|'.join(ways)})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)" if found else r"(?!)")


# What parts the turns of a conversation with a model (ChatML, Llama 2 and 3).
TURN: Final = re.compile(
    r"<\|(?:im_start|im_end|endoftext|system|user|assistant|eot_id|start_header_id)\|>"
    r"|(?<![\w\])])\[/?INST\]|<</?SYS>>"
)
