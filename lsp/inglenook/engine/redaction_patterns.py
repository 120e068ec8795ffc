"""What a secret looks like on one line: by its own form, or by the name that it is given.

The forms are those of the makers' documents and of detect-secrets, whose patterns are used beside
these (`known_patterns`). Lengths are the least that may be shown, not the whole: a window can cut
a secret. Entropy alone is no sign: most long random strings in code are digests.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Final, NamedTuple

from inglenook.engine.redaction_names import named


class Secret(NamedTuple):
    start: int
    stop: int
    kind: str  # capital letters


class Pattern(NamedTuple):
    kind: str
    regex: re.Pattern[str]
    group: int  # of the regex; it is the secret


_MAKERS: Final = {
    "ANTHROPIC": r"sk-ant-[\w-]{12,}",
    "OPENAI": r"sk-(?:proj|svcacct|admin|or-v1)-[\w-]{12,}|sk-[A-Za-z0-9]{32,}"
    r"|sk-(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Z])[\w-]{24,}",
    "HUGGINGFACE": r"(?:hf|api_org)_(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])[A-Za-z0-9]{20,}",
    "GOOGLE": r"AIza[\w-]{20,}|GOCSPX-[\w-]{16,}|ya29\.[\w-]{16,}",
    "STRIPE": r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{12,}|whsec_[A-Za-z0-9+/=]{20,}",
    "GITHUB": r"gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}",
    "GITLAB": r"gl(?:pat|dt|ft|soat|rt|cbt|ptt|imt|agent)-[\w.-]{16,}|GR1348941[\w-]{16,}",
    "SLACK": r"xox[a-z](?:\.xox[a-z])?-[\w-]{10,}|xapp-\d-[\w-]{10,}"
    r"|(?<=hooks\.slack\.com/)services/[\w/]{12,}",
    "NPM": r"npm_[A-Za-z0-9]{20,}",
    "PYPI": r"pypi-AgE[\w-]{16,}",
    "SENDGRID": r"SG\.[\w-]{16,}\.[\w-]{10,}",
    "TWILIO": r"(?:AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])",
    "DIGITALOCEAN": r"do[oprt]_v1_[0-9a-f]{16,}",
    "AWS": r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])|bedrock-api-key-[\w+/=-]{16,}",
    "AZURE": r"(?<=Key=)[A-Za-z0-9+/]{32,}={0,2}|(?<=[?&]sig=)[A-Za-z0-9%+/]{20,}"
    r"|[\w~.-]{3}\dQ~[\w~.-]{20,}",
    "JWT": r"eyJ[\w-]{10,}(?:\.[\w-]+){1,4}|eyJ[\w-]{40,}",
    "DISCORD": r"[MNO](?=[\w-]{0,30}\d)[\w-]{23,27}\.[\w-]{6}\.[\w-]{20,}"
    r"|(?<=/api/webhooks/)\d{10,}/[\w-]{20,}",
    "TELEGRAM": r"\d{8,10}:AA[\w-]{28,}",
    "MAILCHIMP": r"[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])",
    "MAILGUN": r"key-[0-9a-f]{32}(?![A-Za-z0-9])",
    "SQUARE": r"sq0(?:csp|atp|idp)-[\w-]{16,}",
    "SHOPIFY": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{16,}",
    "NEWRELIC": r"NR(?:AK|JS|II)-[A-Za-z0-9-]{16,}",
    "LINEAR": r"lin_(?:api|oauth)_[A-Za-z0-9]{16,}",
    "DATABRICKS": r"dapi[0-9a-f]{32}",
    "GRAFANA": r"glsa_[A-Za-z0-9_]{20,}|glc_[A-Za-z0-9+/=]{20,}",
    "VAULT": r"hv[sbr]\.[\w-]{16,}",
    "POSTMAN": r"PMAK-[0-9a-f-]{20,}",
    "REPLICATE": r"r8_[A-Za-z0-9]{20,}",
    "GROQ": r"gsk_[A-Za-z0-9]{20,}",
    "XAI": r"xai-[A-Za-z0-9]{20,}",
    "PERPLEXITY": r"pplx-[A-Za-z0-9]{20,}",
    "AGE": r"AGE-SECRET-KEY-1[A-Z0-9]{16,}",
    "ALIBABA": r"LTAI(?=[A-Za-z]{0,30}\d)[A-Za-z0-9]{12,}(?![A-Za-z0-9])",
    "DOCKER": r"dckr_[op]at_[\w-]{16,}",
    "HEROKU": r"HRKU-[\w-]{20,}",
    "ATLASSIAN": r"ATATT3[\w=-]{20,}",
    "SENTRY": r"sntry[su]_[\w+/=-]{20,}",
    "SUPABASE": r"sb(?:p|_secret)_[\w-]{20,}",
    "NOTION": r"ntn_[A-Za-z0-9]{20,}",
    "DOPPLER": r"dp\.(?:pt|st|sa|ct)\.[\w.-]{20,}",
    "TERRAFORM": r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{16,}",
    "DJANGO": r"""django-insecure-[^\s"'`]{12,}""",
}
_FORMS: Final = re.compile(
    "(?<![A-Za-z0-9])(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _MAKERS.items()) + ")"
)
# A private key on one line, as JSON has it; what is longer is found by `redaction_blocks`.
_KEY_ON_A_LINE: Final = re.compile(
    r"PRIVATE KEY(?: BLOCK)?-----(?:\\+[nr]|\s)*"
    r"(?P<s>[A-Za-z0-9+/](?:\\+[nr]|[A-Za-z0-9+/=]){15,}?)"
    r"(?=(?:\\+[nr])*(?:[^A-Za-z0-9+/=\\]|\Z))"
    r"|(?<![A-Za-z0-9])(?P<t>[A-Za-z0-9+/](?:\\+[nr]|[A-Za-z0-9+/=]){15,}?)(?:\\+[nr])*"
    r"-----END [A-Z0-9 ]*PRIVATE"
)
_WORDS: Final = (
    *("pass", "pwd", "secret", "token", "key", "auth", "cred", "bearer", "basic", "://", "----"),
    *("sk-", "hf_", "_pat_", "npm_", "xox"),  # and here whatever may do without a digit
)
_DIGIT: Final = re.compile(r"\d")
_LONG: Final = re.compile(r"[\w+/=.~:-]{16}")


def is_suspicious(line: str) -> bool:
    """Whether a line can hold a secret; costs a microsecond."""
    if _DIGIT.search(line) and _LONG.search(line):
        return True
    small = line.lower()
    for word in _WORDS:  # noqa: SIM110  (half the time of `any`)
        if word in small:
            return True
    return False


def wants_known(line: str) -> bool:
    """Whether the patterns of detect-secrets are asked about a line: loading them takes 50 ms."""
    return is_suspicious(line) and _has_room(line)


def _has_room(line: str) -> bool:
    return "://" in line or _DIGIT.search(line) is not None


def secrets_in(line: str, known: tuple[Pattern, ...]) -> list[Secret]:
    """The secrets in one suspicious line, in order and apart; ``known`` are `known_patterns`."""
    found = [
        Secret(match.start(), match.end(), match.lastgroup or "KEY")
        for match in _FORMS.finditer(line)
    ]
    if "PRIVATE" in line:
        for match in _KEY_ON_A_LINE.finditer(line):
            start, stop = match.span("s") if match["s"] else match.span("t")
            found.append(Secret(start, stop, "KEY"))
    found += [Secret(*each) for each in named(line)]
    if _has_room(line):
        found += _found_by(known, line, found)
    return apart(found)


def _found_by(known: tuple[Pattern, ...], line: str, found: list[Secret]) -> list[Secret]:
    """What detect-secrets knows; of a secret that is found already it may take the name too."""
    more = []
    for kind, regex, group in known:
        for match in regex.finditer(line):
            start, stop = match.span(group)
            told = any(each.start >= start and each.stop == stop for each in found)
            if not told and _DIGIT.search(match[group]):
                more.append(Secret(start, stop, kind))
    return more


def apart(found: list[Secret]) -> list[Secret]:
    """The same in order, where of two that overlap the first has both their text."""
    merged: list[Secret] = []
    for each in sorted(found, key=lambda secret: (secret.start, -secret.stop)):
        if merged and each.start < merged[-1].stop:
            last = merged[-1]
            merged[-1] = last._replace(stop=max(last.stop, each.stop))
        else:
            merged.append(each)
    return merged


# The detectors of detect-secrets, and the group that is the secret where it is not all that is
# found. Left out: those of entropy (2,358 alarms in 735 clean lines), addresses, which are no
# secrets, and its keywords, for which `redaction_names` stands.
_DETECTORS: Final = {
    "artifactory.ArtifactoryDetector": 0,
    "aws.AWSKeyDetector": 1,
    "azure_storage_key.AzureStorageKeyDetector": 0,
    "basic_auth.BasicAuthDetector": 1,
    "cloudant.CloudantDetector": 1,
    "discord.DiscordBotTokenDetector": 0,
    "github_token.GitHubTokenDetector": 0,
    "gitlab_token.GitLabTokenDetector": 0,
    "ibm_cloud_iam.IbmCloudIamDetector": 1,
    "ibm_cos_hmac.IbmCosHmacDetector": 1,
    "jwt.JwtTokenDetector": 0,
    "mailchimp.MailchimpDetector": 0,
    "npm.NpmDetector": 1,
    "openai.OpenAIDetector": 0,
    "pypi_token.PypiTokenDetector": 0,
    "sendgrid.SendGridDetector": 0,
    "slack.SlackDetector": 0,
    "softlayer.SoftlayerDetector": 1,
    "square_oauth.SquareOAuthDetector": 0,
    "stripe.StripeDetector": 0,
    "telegram_token.TelegramBotTokenDetector": 0,
    "twilio.TwilioKeyDetector": 0,
}


KINDS: Final = frozenset(
    {
        *_MAKERS,
        "KEY",
        "TOKEN",
        "PASSWORD",
        *(name.split("_")[0].split(".")[0].upper() for name in _DETECTORS),
    }
)


def known_patterns() -> tuple[Pattern, ...]:
    """The patterns of detect-secrets; imports it, which takes 50 ms.

    Its detectors are never made and never asked: only what they look for is read off the classes,
    so nothing of it can verify a secret, which would send it to its maker.
    """
    patterns = []
    for name, group in _DETECTORS.items():
        module, _, detector = name.partition(".")
        kind = module.split("_")[0].upper()
        regexes = getattr(import_module(f"detect_secrets.plugins.{module}"), detector).denylist
        patterns += [Pattern(kind, regex, min(group, regex.groups)) for regex in regexes]
    return tuple(patterns)
