"""Files that hold secrets by their very name and are part of a change. No model is shown them."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.redaction import Redactor
from inglenook.review.checks import secrets
from inglenook.review.checks.looked import Looked
from inglenook.review.source import Listed
from inglenook.review.values import Changed, Finding, Rule, Severity, Skipped

RULE: Final = Rule(
    "code/secret-file", "A file that holds secrets is in the change.", Severity.WARNING
)
# What nobody shares on purpose. Settings that teams do keep in a repository, such as `.npmrc`, and
# certificates are known by what stands in them.
_NAME: Final = re.compile(
    r"""
    \.env(\.(.*\.)?local | \.(prod|stag|live|secret).*)? | [._]netrc | \.pgpass | \.git-credentials
    | \.vault-token | \.?htpasswd | \.s3cfg | \.boto | \.databrickscfg | (accesskeys|rootkey)\.csv
    | \.(bash|zsh|psql|mysql|python|node_repl|sqlite)_history | id_(rsa|dsa|ecdsa|ed25519|xmss)
    | .*\.(p12|pfx|pkcs12|jks|jceks|keystore|keytab|kdbx?|psafe3|ppk|ovpn) | .*\.tfstate(\.backup)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EXAMPLE: Final = re.compile(r"(?:\b|_)(?:example|sample|template|dist|tmpl|tpl)(?:\b|_)", re.I)


def find(listed: Listed, found: Changed | Skipped, redactor: Redactor) -> tuple[Finding, ...]:
    """The secrets in it, else that it is there. Whole files are nobody's to commit yet."""
    if isinstance(found, Changed):
        inside = tuple(secrets.find(Looked.at(found, ""), redactor))
        if inside:
            return inside
    name = listed.path.rpartition("/")[2]
    if listed.whole or not _NAME.fullmatch(name) or _EXAMPLE.search(name):
        return ()
    message = (
        "By its name this file holds secrets. Take it out of the change, and have their issuers "
        "replace them if they were ever shared."
    )
    return (
        Finding(
            RULE.id,
            RULE.severity,
            message,
            listed.path,
            1,
            1,
            "",
            by=(RULE.id,),
            certain=True,
        ),
    )
