"""What looks like an order to a reviewer and is none: it speaks of a condition, says where people
report instead, or is about a tool, generated code or a program's own output.

It is asked of places that `injection_patterns` found, and looks at so many characters around them.
"""

from __future__ import annotations

import re
from typing import Final

_AROUND: Final = 120  # characters
_READER: Final = (
    r"(?! (?:you (?:are|re) )?(?:an? |the )?"
    r"(?:ai|llm|automat|language|model|review|read|check|audit|assistant|bot|agent|ask"
    r"|(?:analy[sz]|inspect|process|look|scan|see|encounter|evaluat)ing))"
)
# Right behind.
_CONDITION: Final = re.compile(
    rf"[ \n,:-]{{0,4}}(?:(?:only )?(?:if|when|unless|until|once){_READER}|as long as|after|before"
    r"|while|except|for (?:an?|empty|generated|clean)|to (?:the caller|merge|approve)"
    r"|in test|on windows)\b(?! (?:you|reading|reviewing|this|these|submit|respond|answer))"
    r"|[ \n,:-]{0,4}(?:only )?(?:if|when|unless|until|once|before) you "
    r"(?!(?:are|re|review|read|check|audit|see|understand|respond|answer))"
    r"|[ \n,:-]{0,4}(?:only )?(?:if|when|once) you are (?:happy|on|not|done|sure|using)\b"
)
_ELSEWHERE: Final = re.compile(
    r"\b(?:trackers?|discord|slack|gitter|matrix|forums?|discussions?|stack ?overflow|e ?mail|jira"
    r"|mailing lists?|\S{1,40}@\S|security policy|security\.md|privately|in private|public|publicly"
    r"|upstream|templates?|mirror|github|gitlab|bugzilla|contact us|https?|duplicates|proof of"
    r"|advisor(?:y|ies)|scanners?|scanning tools?|automated tools?)\b"
    r"|\b(?:unless|already|without an?) "
)
_MADE: Final = re.compile(
    r"\b(?:(?:auto ?)?generated|vendored|third party|minified|do not edit|protoc)\b"
)
# Before.
_DENIED: Final = re.compile(
    r"\b(?:not|never|nobody|no one|cannot|can t|don t|dont|won t|may|can|could|might|to)"
    r"[ \n](?:\w{1,12}[ \n]){0,2}$"
)
_TOOL: Final = re.compile(
    r"\b(?:pylint|flake8|ruff|eslint|tslint|mypy|pyright|linters?|lint|clippy|sonar\w{0,12}|bandit"
    r"|coverage|compilers?|formatters?|prettier|shellcheck)(?: (?:must|should|may|can|will))?"
    r"[ :,-]{0,3}$"
)
_OUTPUT: Final = re.compile(
    r"(?:--[a-z][\w-]{1,30}|\b[a-z], ?--[\w-]{1,30}|\bhelp ?=|\b(?:print|echo|log|info|say|it|test"
    r"|describe|printf|println)\( ?)[^\n]{0,20}$"
)
_REPORTING: Final = re.compile(r"(?:do not|don t|dont|never|avoid|must not|should not|refrain)\b")
_FINDING: Final = re.compile(r"\b(?:report|rais|list|mention)")
_ANY: Final = re.compile(r"\bany")
_LOOKING: Final = re.compile(r"\b(?:review|flag|comment|audit)")
_APPROVING: Final = re.compile(r"(?:approve|accept|pass|merge|lgtm)\b")
_SAYING: Final = re.compile(r"(?:report|output|say|return|respond|answer|reply|emit|give)\b")
_TOLD_WHERE: Final = re.compile(
    r"(?: (?:file|field|flag|option)|[ \n](?:by|with|via|using) (?:-|passing|setting)"
    r"|[ \n](?:about|on) (?!this|these))"
)


def is_ordinary(text: str, start: int, stop: int) -> bool:
    """Whether what stands between two places of a text is what people say to people."""
    found = text[start:stop]
    before, behind = text[max(start - _AROUND, 0) : start], text[stop : stop + _AROUND]
    if _CONDITION.match(behind):
        return True
    if _REPORTING.match(found):
        if _LOOKING.search(found):
            return bool(_MADE.search(before) or _MADE.search(behind) or _TOOL.search(before))
        here = found.endswith("here") and _ANY.search(found) is None
        return bool(_FINDING.search(found) and (here or _ELSEWHERE.search(behind)))
    if found.startswith("skip"):
        return bool(_MADE.search(found) or _MADE.search(before))
    if _APPROVING.match(found):
        return _DENIED.search(before) is not None
    if found.endswith("lgtm") and before.rstrip(" ,:").endswith(("to approve", "to merge")):
        return True
    if found.startswith(("ignore", "disregard", "bypass", "override", "do not follow")):
        return _TOLD_WHERE.match(behind) is not None
    return bool(_SAYING.match(found) and _OUTPUT.search(before))
