"""Decide without the engine whether it could find anything that would stand.

For each detector there is a cheaper question that it cannot answer with yes
unless this one is: its literals are there and the value would stand, a quoted run
of its alphabet reaches its limit of entropy, a name on its list is followed by
a value. Where the engine first rewrites a file (YAML, INI, name=value), quotes
prove nothing and every run counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from sayso.credentials.folding import dense, fold
from sayso.credentials.standing import LOCKED, may_be_random, stands
from sayso.credentials.values import Judge

_YAML = frozenset({".yaml", ".yml"})
_CONFIG = frozenset({".go", ".yaml", ".yml", ".cfg", ".conf", ".ini", ".properties", ".toml"})
_OTHER = frozenset({".txt", ".code", LOCKED})

# A line that no option, section or continuation of an INI file can be.
_NO_OPTION = re.compile(r"^[^\s#;\[=:][^=:\n]*$", re.MULTILINE)
_FIRST_LINE = re.compile(r"(?:[ \t\r\f\v]*(?:[#;][^\n]*)?\n)*[ \t\f\v]*\[.+\]")
_YAML_REWRITES = re.compile(r"!!binary|\\[xuU\n]")

_QUOTED_RUN = re.compile(r"(?<=[\"'])[A-Za-z0-9+/\\_=-]{9,}(?=[\"'])")
_ANY_RUN = re.compile(r"[A-Za-z0-9+/\\_=-]{9,}")

_KEYWORDS = re.compile(
    "(?:api|auth|service|account|db|database|priv|private|client)_?key|(?:db|database|key)_?pass|password|passwd|pwd|secret|contrase(?:ñ|n)a"
)
_OPERATOR = re.compile(r"[=:]>?\s*[\"'`]?")
_SEGMENTS = re.compile(r"[\"']")
_MOST_BACKTICKS = 6

_GIVEN = r"[\"'\]]{0,2} *[=:> ]{1,3} *[\"']?"
# Detector, literals of the text (case as it is), pattern; group 1 is the value, if there is a group.
_FORMS: tuple[tuple[str, tuple[str, ...], re.Pattern[str] | str], ...] = (
    ("AWSKeyDetector", ("AKIA", "ASIA", "ABIA", "ACCA", "A3T"), r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}"),
    ("ArtifactoryDetector", ("AKC",), r"(?:\s|=|:|\"|'|^)(AKC[a-zA-Z0-9]{10,})(?=\s|\"|'|$)"),
    ("ArtifactoryDetector", ("AP",), r"(?:\s|=|:|\"|'|^)(AP[\dA-F][a-zA-Z0-9]{8,})(?=\s|\"|'|$)"),
    ("AzureStorageKeyDetector", ("AccountKey=",), r"AccountKey=[a-zA-Z0-9+/=]{88}"),
    ("BasicAuthDetector", ("://",), r"://[^\s:/?#\[\]@!$&'()*+,;=]+:([^\s:/?#\[\]@!$&'()*+,;=]+)@"),
    ("DiscordBotTokenDetector", (".",), r"(?<=[A-Za-z0-9_-])\.[\w-]{6}\.[\w-]{27}"),
    ("GitHubTokenDetector", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[A-Za-z0-9_]{36}"),
    (
        "GitLabTokenDetector",
        ("gl", "GR1348941"),
        r"(?:gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941)[\w-]{20}",
    ),
    ("MailchimpDetector", ("-us",), r"[0-9a-z]{32}-us[0-9]{1,2}"),
    ("OpenAIDetector", ("T3BlbkFJ",), r"[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
    ("PypiTokenDetector", ("pypi-AgE",), r"pypi-AgE[A-Za-z0-9_-]{70,}"),
    ("SendGridDetector", ("SG.",), r"SG\.[\w-]{22}\.[\w-]{43}"),
    ("SquareOAuthDetector", ("sq0csp-",), r"sq0csp-[0-9A-Za-z\\_-]{43}"),
    ("StripeDetector", ("k_live_",), r"[rs]k_live_[0-9a-zA-Z]{24}"),
    ("TelegramBotTokenDetector", (":",), r"\d{8,10}:[0-9A-Za-z_-]{35}"),
    ("TwilioKeyDetector", ("AC", "SK"), r"(?:AC|SK)[a-z0-9]{32}"),
)
# The same, for detectors that ignore case: of the folded text.
_FOLDED_FORMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("SlackDetector", ("xox",), r"xox[abpors]-(?:\d+-)+[a-z0-9]+"),
    ("SlackDetector", ("hooks.slack.com",), r"hooks\.slack\.com/services/t\w+/b\w+/\w+"),
    (
        "SoftlayerDetector",
        ("softlayer", "sl"),
        rf"sl[\w-]{{0,20}}(?:key|pwd|word|pass|token){_GIVEN}[a-z0-9]{{64}}|softlayer[\w-]{{0,20}}{_GIVEN}[a-z0-9]{{64}}",
    ),
    ("SoftlayerDetector", ("api.softlayer.com/soap",), r"softlayer\.com/soap/v3(?:\.1)?/[a-z0-9]{64}"),
    ("AWSKeyDetector", ("aws",), r"(?<![0-9a-z/+])[0-9a-z/+]{40}(?![0-9a-z/+])"),
    (
        "CloudantDetector",
        ("cl",),
        rf"(?:cloudant|clou|cl)[_-]?(?:api)?(?:key|pwd|pw|password|pass|token){_GIVEN}([0-9a-z]{{24,64}})",
    ),
    ("CloudantDetector", ("cloudant.com",), r"[0-9a-z]{24,64}@[\w-]+\.cloudant\.com"),
    ("IbmCosHmacDetector", ("secret",), rf"secret[-_]?(?:access)?[-_]?key{_GIVEN}[a-f0-9]{{48}}(?![a-f0-9])"),
    (
        "IbmCloudIamDetector",
        ("key", "pwd", "pass", "token"),
        rf"(?:key|pwd|password|pass|token){_GIVEN}([\w-]{{44}})(?![\w-])",
    ),
)


def may_match(judge: Judge, text: str, suffix: str, known: Callable[[int, int], bool]) -> bool:
    """Tell whether the engine could find what stands and is not ``known`` by its place (start and end) already."""
    folded = fold(text)
    if _forms(judge, text, folded, known):
        return True
    rewritten = is_rewritten(text, suffix)
    if suffix in _YAML and _YAML_REWRITES.search(text):
        return True
    if suffix != LOCKED and any(not known(*place) for place in _opaque(judge, text, rewritten=rewritten)):
        return True
    loose = rewritten or suffix in _CONFIG
    return any(not known(*place) for place in _named(judge, text, folded, loose=loose))


def is_rewritten(text: str, suffix: str) -> bool:
    """Tell whether the engine may rewrite the file before it looks: YAML, INI, and what is name=value throughout."""
    if suffix in _YAML or _FIRST_LINE.match(text):
        return True
    return suffix in _OTHER and not _NO_OPTION.search(text)


def _forms(judge: Judge, text: str, folded: str, known: Callable[[int, int], bool]) -> bool:
    words = dense(text)
    for source, forms in ((text, _FORMS), (folded, _FOLDED_FORMS)):
        for detector, literals, pattern in forms:
            if source is text and detector not in _MAY_BE_SHORT:
                if not any(literal in words for literal in literals) or not re.search(pattern, words):
                    continue
            elif not any(literal in source for literal in literals):
                continue
            for match in re.finditer(pattern, source, re.MULTILINE):
                group = match.lastindex or 0
                value = text[match.start(group) : match.end(group)]
                stood = detector in _PARTIAL or stands(judge, detector, value, "")
                if stood and not known(*match.span(group)):
                    return True
    return False


# Their values can be shorter than any token, or stand beside blanks that belong to the form.
_MAY_BE_SHORT = frozenset({"ArtifactoryDetector", "BasicAuthDetector"})
# Their pattern here covers a part of the value, or more than it, so the value cannot be judged.
_PARTIAL = frozenset({"DiscordBotTokenDetector", "SoftlayerDetector", "GitLabTokenDetector", "IbmCosHmacDetector"})


def _opaque(judge: Judge, text: str, *, rewritten: bool) -> Iterator[tuple[int, int]]:
    pattern = _ANY_RUN if rewritten else _QUOTED_RUN
    for match in pattern.finditer(text):
        start = match.start()
        line = "" if rewritten else line_at(text, start)
        for value in _readings(match[0]) if rewritten else (match[0],):
            if may_be_random(value) and _may_stand(judge, value, line):
                yield start, match.end()
                break


def _readings(run: str) -> Iterator[str]:
    """Yield what the engine may see of a run: without a name and equals sign, with a quote escaped at its end."""
    parts = run.split("=")
    for first in range(len(parts)):
        value = "=".join(parts[first:])
        yield value
        yield f"{value}\\"


def _may_stand(judge: Judge, value: str, line: str) -> bool:
    return any(stands(judge, detector, value, line) for detector in ("Base64HighEntropyString", "HexHighEntropyString"))


def line_at(text: str, place: int) -> str:
    """Return the line of ``text`` in which ``place`` is, without its end."""
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)].rstrip()


def _named(judge: Judge, text: str, folded: str, *, loose: bool) -> Iterator[tuple[int, int]]:
    done = -1
    for match in _KEYWORDS.finditer(folded):
        start = text.rfind("\n", 0, match.start()) + 1
        if start == done and not loose:
            continue
        done = start
        end = text.find("\n", match.end())
        line = text[start : end if end >= 0 else len(text)]
        values = [*_segments(line)]
        if loose:
            values += _bare(text, match.end(), line, start)
        for offset, value in values:
            if stands(judge, "KeywordDetector", value, ""):
                yield start + offset, start + offset + len(value)


def _segments(line: str) -> Collection[tuple[int, str]]:
    """Return everything in ``line`` between two quotes, each with its place."""
    found: list[tuple[int, str]] = []
    offset = 0
    for segment in _SEGMENTS.split(line):
        found.append((offset, segment))
        ticks = [i for i, char in enumerate(segment) if char == "`"]
        if len(ticks) <= _MOST_BACKTICKS:
            bounds = [-1, *ticks, len(segment)]
            found += [(offset + a + 1, segment[a + 1 : b]) for a in bounds for b in bounds if b > a + 1]
        offset += len(segment) + 1
    return found


def _bare(text: str, after: int, line: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield what may be an unquoted value: every word after an operator, and the next line where none follows."""
    for operator in _OPERATOR.finditer(line, max(after - start, 0)):
        rest = line[operator.end() :]
        for word in re.finditer(r"[^\s\"']+", rest):
            for value in {word[0], word[0].rstrip(",`"), word[0].rstrip(",`}]")}:
                yield operator.end() + word.start(), value
        if len(rest.strip()) <= 4:  # noqa: PLR2004 - a block indicator, an anchor
            following = text[start + len(line) :].lstrip()[:5000].partition("\n")[0].strip().strip("\"'")
            yield len(line), following
