"""Files that hold secrets by their very name and are part of a change. No model is shown them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from inglenook.review.checks import secrets
from inglenook.review.checks.looked import wanted_lines
from inglenook.review.source import Listed, is_program
from inglenook.review.values import Changed, Finding, Rule, Severity, Skipped

RULE: Final = Rule(
    "code/secret-file", "A file that holds secrets is in the change.", Severity.WARNING
)
# What nobody shares on purpose. Settings that teams do keep in a repository, such as `.npmrc`, and
# certificates are known by what stands in them.
_NAME: Final = re.compile(
    r"""
    \.env(\.(.*\.)?local)? | [._]netrc | \.pgpass | \.git-credentials
    | \.vault-token | \.?htpasswd | \.s3cfg | \.boto | \.databrickscfg | (accesskeys|rootkey)\.csv
    | \.(bash|zsh|psql|mysql|python|node_repl|sqlite)_history | id_(rsa|dsa|ecdsa|ed25519|xmss)
    | .*\.(p12|pfx|pkcs12|jks|jceks|keystore|keytab|kdbx?|psafe3|ppk|ovpn) | .*\.tfstate(\.backup)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EXAMPLE: Final = re.compile(
    r"(?:\b|_)(?:example|sample|template|dist|tmpl|tpl|debug|test)(?:\b|_)", re.I
)


def find(listed: Listed, found: Changed | Skipped, inside: Sequence[Finding]) -> Iterator[Finding]:
    """That something is added to it, unless what is ``inside`` says so. Whole files are not a
    change yet."""
    if isinstance(found, Changed) and not wanted_lines(found):
        return
    if any(each.rule == secrets.RULE.id for each in inside):
        return
    name = listed.path.rpartition("/")[2]
    if listed.whole or not _NAME.fullmatch(name) or _EXAMPLE.search(name):
        return
    message = (
        "By its name this file holds secrets. Take it out of the change, and have their issuers "
        "replace them if they were ever shared."
    )
    by = (RULE.id,)
    yield Finding(RULE.id, RULE.severity, message, listed.path, 1, 1, "", by=by, certain=True)


def skipped(listed: Listed, found: Changed | Skipped, told: Sequence[Finding]) -> Skipped:
    """Why no model looks at it. It is missed if nothing else could look at it either, and if it is
    a program: who calls one so would hide it."""
    if isinstance(found, Skipped):
        return replace(found, missed=not told)
    why = "By its name it holds secrets, so no model is shown it."
    return Skipped(listed.path, why, missed=is_program(listed.path))
