"""Find values given to a name that promises a credential, and passwords in the places where they usually stand.

The name alone proves nothing: the value must be one that could open something.
A plain word is believed of a password only, never of a token or key. Outside
quotes a value is believed where a file's kind has no variables, so that it can
be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from sayso.credentials import names
from sayso.credentials.folding import fold
from sayso.credentials.structure import pair
from sayso.credentials.tokens import Place
from sayso.credentials.values import Judge, Strength, is_noise, is_uuid, looks_random

CODE_SUFFIXES: Final = frozenset(".py .js .ts .java .go .c .cpp .cs .m .swift .tf .cls .code".split())  # noqa: SIM905

PASSWORD, WORD, SECRET = "secret-password", "secret-plain-password", "secret-credential"
URL, BASIC, BEARER = "secret-url-password", "secret-basic-authorization", "secret-bearer-token"
COMMAND, HASH = "secret-command-line-password", "secret-password-hash"

RULES: Final = (PASSWORD, WORD, SECRET, URL, BASIC, BEARER, COMMAND, HASH)

_NOUN = (
    r"(?P<password>pass(?:word|wd|phrase|code)?|pwd|pword|senha|contrasena|kennwort|motdepasse)"
    r"|(?P<secret>secret|tokens?|apikey|credentials?|bearer|key|salt|sig(?![a-zA-Z]))"
)
# What may stand between the noun and its value. Bounded, so that a long line costs no more than its length.
_ASSIGNED = re.compile(
    rf"(?:{_NOUN})(?P<rest>[\w.-]{{0,40}})"
    r"(?P<close>\\?[\"'`]?\]?\)?)"
    r"(?:\s{0,3}:\s{0,3}[A-Za-z][\w.<>\[\]| ]{0,30}?(?=\s{0,3}=[^=>]))?"
    r"(?P<op>\s{0,40}(?::=|=>|[!=]==?|[=:]|\s(?=\\?[\"'])|\(\s{0,3}(?=[\"'`]|\w[\w.]{0,30}\([\"'])|,\s{0,3}(?=[\"'])"
    r"|\\?[\"']?\s{1,3}value\s{0,3}=|(?:\s\w{1,20}=[\"']\w{1,20}[\"'])?>)\s{0,40}(?:\[\s{0,3}(?=\\?[\"']))?)"
    r"(?P<wrap>[A-Za-z_][\w.]{0,30}\()?"
    r"(?P<prefix>@|[bBrRuUfFL]{1,2}(?=[\"'])|new\s\w{1,20}\(|&#34;|&quot;)?"
    r"(?:(?P<escape>\\{0,3})(?P<quote>[\"'`])(?P<inner>[^\"'`\n]{1,1024}?)\\{0,3}(?P=quote)"
    r"|(?P<bare>[^\s\"'`]{1,256}?)(?:&#34;|&quot;|[,;)\]}]{0,3}(?=\s|$)|[,;&<](?=\S)|(?=[\s\"'`])))",
    re.IGNORECASE,
)
_GATE = re.compile(
    "pass|pwd|pword|secret|token|key|credential|bearer|(?<![a-z])sig(?![a-z])|salt|senha|contrasena|kennwort|motdepasse"
)  # of folded text
_BEFORE = re.compile(r"[\w.$-]{0,40}$")
_PAIR_IN_URL = re.compile(r"://[^\s:/\"'<>`|{}()\[\],]{0,80}:([^\s/\"'<>`,]{3,200})@(?=[\w.$%{\[(*-])")
_AUTHORIZATION_GATE = re.compile(r"(?:basic|bearer|token) ")
_AUTHORIZATION = re.compile(r"(\w+)\s{1,3}(?:token=)?[\"']?([A-Za-z0-9+/_.~=-]{8,4096})")
_DOCKER_AUTH = re.compile(r"auth\\?[\"']\s{0,4}[:=]\s{0,4}\\?[\"']([A-Za-z0-9+/=]{8,400})\\?[\"']")
_COMMAND_GATE = re.compile(
    r"sshpass|mysql|-pass(?=[iow ])|curl "
    r"|(?<![\w-])--?(?:[a-z]+-)?(?:pass|pwd|token|secret|api-?key|requirepass)|identified +by"
    r"|password +(?:hash +)?'|convertto-securestring|login +\S{1,80}\s+password|\\set "
)
_COMMAND = re.compile(
    r"(?:sshpass\s{1,3}-p\s{0,3}[\"']?|mysql(?:dump|admin)?\s[^\n|;]{0,200}?\s-p(?=[^\s-])[\"']?"
    r"|-pass(?:in|out|word)?\s{1,3}[\"']?pass:|curl(?=\s)[^\n|;]{0,200}?(?:\s-u|--user|--proxy-user)[\s=]{0,3}[\"']?[^\s:\"'$]{1,60}:"
    r"|--?(?:[a-z]+-)?(?:password|passwd|pwd|pass|passphrase|token|secret|api-?key|requirepass)\s{1,3}[\"']?"
    r"|identified\s{1,3}by\s{1,3}(?:password\s)?[\"']|password\s{1,3}(?:hash\s)?'|convertto-securestring\s{1,3}(?:-string\s{1,3})?[\"']"
    r"|login\s{1,3}\S{1,80}\s{1,9}password\s{1,3}|\\set\s\w{0,30}pass\w{0,10}\s)"
    r"([^\s\"'`|;,)<>]{4,200})",
    re.IGNORECASE,
)
_HASH = re.compile(
    r"^[\w.@-]{1,64}:(\$(?:2[abxy]?|1|5|6|7|y|apr1)\$[^\s:]{20,200}|\{SHA\}[A-Za-z0-9+/]{27}=)", re.MULTILINE
)
_PGPASS = re.compile(r"^[\w.*-]{1,80}:(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:(\S{4,100})$", re.MULTILINE)
_SETTING = re.compile(r"[A-Z0-9_]{4,60}$")
_OUTCOME = "pass"
_NOBODY = frozenset({"user", "username", "<user>", "your-user"})
_LONGEST_NAME = 40
_LONG_KEY = 32
_WRAPPER = re.compile(
    r"(?i:(?:[\w.]*?(?:b64|base64|hex|from|bytes|string?|str|secret|secure|credential|password|decode|encode|quote|char)[\w.]*)|new\s\w+)\("
)
_FIRST_ARGUMENT = re.compile(r"\(\s{0,3}[\"'][\w.-]{0,40}$")
_DEFINES = re.compile(r"(?:define|set|put|setProperty|setenv|putenv|add)\w*\(\s{0,3}[\"'][\w.-]{0,40}$", re.IGNORECASE)
_SETS = re.compile(r"(?:set|with|use|new\s\w{0,20}|\.)_?\w{0,20}$", re.IGNORECASE)
_PROSE = re.compile(r"[\"'`*.)]{0,3},?\s{1,3}(?:\(|[a-z]{2,}[\s,.])")


def find(judge: Judge, text: str, suffix: str) -> Iterator[Place]:
    """Yield the places in ``text`` where a credential is written out; ``suffix`` says how the file is read."""
    folded = fold(text)
    yield from _assigned(judge, text, folded, suffix)
    for literals, finder in _FINDERS:
        if any(literal in folded for literal in literals):
            yield from finder(judge, text, folded)


def _assigned(judge: Judge, text: str, folded: str, suffix: str) -> Iterator[Place]:
    end = 0
    for noun in _GATE.finditer(folded):
        match = _ASSIGNED.match(text, noun.start())
        if not match:
            continue
        start, last = match.span("inner" if match["quote"] else "bare")
        if start < end:
            continue
        rule = _rule(judge, match, text, suffix)
        if rule:
            end = last
            yield Place(rule, start, end)


def _rule(judge: Judge, match: re.Match[str], text: str, suffix: str) -> str:
    before = text[max(match.start() - _LONGEST_NAME, 0) : match.start()]
    if names.is_other(before, match["rest"]) or not _leads_to_value(match, before):
        return ""
    value = (match["inner"] or match["bare"].rstrip("\\,;)]}")).removeprefix("base64:")
    noun = (match["secret"] or "").lower()
    if (noun == "key" and not names.is_key(before) and len(value) < _LONG_KEY) or (
        noun == "sig" and not match["close"]
    ):
        return ""
    name = f"{_BEFORE.search(before)[0]}{text[match.start() : match.start('close')]}"  # type: ignore[index]
    quoted = bool(match["quote"] or (match["prefix"] or "").startswith("&"))
    strength = judge.strength(value) if quoted or _may_stand_bare(match, name, suffix) else Strength.NONE
    if strength is Strength.NONE:
        return ""
    if noun:
        return SECRET if _is_key(value) and (noun not in {"sig", "salt"} or len(value) >= _LONG_KEY) else ""
    if strength is Strength.STRONG:
        return PASSWORD
    return WORD if _may_be_word(match, before, text, quoted=quoted) else ""


def _leads_to_value(match: re.Match[str], before: str) -> bool:
    """Tell a value from what merely comes next: another argument, or the name of a variable to look up."""
    if match["wrap"] and not _WRAPPER.fullmatch(match["wrap"]):
        return False
    if match["op"].strip() == ",":  # set("password", "..."): the first argument is a name and nothing else
        return _FIRST_ARGUMENT.search(before) is not None
    return True


def _may_be_word(match: re.Match[str], before: str, text: str, *, quoted: bool) -> bool:
    """Tell a plain password from prose, from a default that a variable replaces, and from an argument."""
    op = match["op"].strip()
    value = match["inner"] or match["bare"]
    if (
        match["password"] == _OUTCOME
        and value.isalpha()
        and not (match["rest"] or before[-1:].isalnum() or before[-1:] == "_")
    ):
        return False  # the outcome of a test, far more often
    if "${" in before[-_LONGEST_NAME:]:
        return False
    if op.startswith("(") or not op:
        return "." not in match["rest"] and _SETS.search(before) is not None
    if op == ",":
        return _DEFINES.search(before) is not None
    if not quoted:
        line_end = text.find("\n", match.end())
        return not _PROSE.match(text[match.end("bare") : line_end if line_end >= 0 else len(text)])
    return True


def _may_stand_bare(match: re.Match[str], name: str, suffix: str) -> bool:
    """Tell a bare value from a variable, by the kind of file and the way it is given."""
    if match["op"].strip() not in {"=", ":", ":="} and not match["op"].rstrip().endswith(">"):
        return False
    if suffix in CODE_SUFFIXES:  # only inside a string or a comment: NAME=value, with no space
        return match["op"] == "=" and _SETTING.search(name) is not None
    return True


def _is_key(value: str) -> bool:
    """Tell a key or token, which a machine made, from a word, which a person chose."""
    return len(value) >= 10 and (looks_random(value) or is_noise(value)) and not is_uuid(value)  # noqa: PLR2004 - no token is shorter


def _url_passwords(judge: Judge, text: str, _folded: str) -> Iterator[Place]:
    for match in _PAIR_IN_URL.finditer(text):
        yield from _judged(judge, match, 1, URL)


def _judged(judge: Judge, match: re.Match[str], group: int, rule: str) -> Iterator[Place]:
    """Yield the place of what is a password wherever it stands, under ``rule`` unless it is a plain word."""
    strength = judge.strength(match[group])
    if strength is not Strength.NONE:
        yield Place(rule if strength is Strength.STRONG else WORD, *match.span(group))


def _authorizations(judge: Judge, text: str, folded: str) -> Iterator[Place]:
    for match in _matches(_AUTHORIZATION_GATE, _AUTHORIZATION, text, folded):
        kind, value = match[1].lower(), match[2]
        if kind == "basic":
            user, password = pair(value)
            if password and user not in _NOBODY:
                yield Place(BASIC if judge.strength(password) is not Strength.NONE else WORD, *match.span(2))
        elif _is_key(value) and len(value) >= 16 and judge.strength(value) is Strength.STRONG:  # noqa: PLR2004
            yield Place(BEARER, *match.span(2))


def _docker_auths(judge: Judge, text: str, _folded: str) -> Iterator[Place]:
    for match in _DOCKER_AUTH.finditer(text):
        _, password = pair(match[1])
        if password and judge.strength(password) is not Strength.NONE:
            yield Place(BASIC, *match.span(1))


def _commands(judge: Judge, text: str, folded: str) -> Iterator[Place]:
    for match in _matches(_COMMAND_GATE, _COMMAND, text, folded):
        yield from _judged(judge, match, 1, COMMAND)


def _hashes(_judge: Judge, text: str, _folded: str) -> Iterator[Place]:
    for match in _HASH.finditer(text):
        yield Place(HASH, *match.span(1))


def _pgpass(judge: Judge, text: str, _folded: str) -> Iterator[Place]:
    for match in _PGPASS.finditer(text):
        yield from _judged(judge, match, 1, PASSWORD)


def _matches(gate: re.Pattern[str], pattern: re.Pattern[str], text: str, folded: str) -> Iterator[re.Match[str]]:
    """Match where ``gate`` is in the folded text: ignoring case is slow, and only needed there."""
    for start in gate.finditer(folded):
        match = pattern.match(text, start.start())
        if match:
            yield match


_Finder = Callable[[Judge, str, str], Iterator[Place]]
_FINDERS: Final[tuple[tuple[tuple[str, ...], _Finder], ...]] = (
    (("://",), _url_passwords),
    (("basic ", "bearer ", "token "), _authorizations),
    (('auth"', "auth'"), _docker_auths),
    (("-p", "mysql", "curl ", "--", "identified", "password", "securestring", "\\set "), _commands),
    ((":$", ":{sha}"), _hashes),
    ((":5432:", ":*:"), _pgpass),
)
