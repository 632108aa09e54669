"""Tell names that promise a credential from names of what surrounds one: password_file, token_url, secretName."""

from __future__ import annotations

import re

_OTHER = re.compile(
    r"(?:_|-|\.|(?<=[a-z])(?=[A-Z])|(?=[A-Z]))?(?:id|ids|name|names|file|files|path|paths|url|uri|urls|type|types|len|length|size|policy|fields?|"
    r"format|header|headers|prefix|suffix|expir\w*|ttl|timeout|age|count|limit|label|title|text|hint|message|msg|errors?|"
    r"placeholder|regexp?|pattern|enabled|disabled|required|confirm\w*|input|selector|class|style|icon|button|link|form|page|"
    r"route|endpoint|service|provider|manager|handler|store|storage|factory|generator|validator|encoder|algorithm|alg|method|"
    r"mode|version|prompt|description|desc|help|key_?name|column|table|attribute|attr|param|parameter|params|var|variable|env|ref|"
    r"reference|arn|location|source|dir|directory|mount|strategy|rotation|changed|strength|rules?|hash\w*|salt|sha\d*|scheme|kind|"
    r"state|status|realm|changer|grant|flow|cost|iterations|rounds|history|lifetime|duration|digits|chars|alphabet|characters|"
    r"complexity|score|group|owner|user|username|host|port|scope|audience|issuer|exchange|usage|verification|challenge|removed|"
    r"config\w*|configuration|options?|settings?|util\w*|helper|resolver|model|entity|dto|request|response|result|exception|spec|test|"
    r"check\w*|match\w*|display|view|screen|dialog|modal|component|controller|action|event|callback|listener|command|query)$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:com|by|tres|sur|over|under|im|en|bi|mon|tur|don|hot|ski|pub(?:lic)?|sha\d*|md5|hash(?:ed)?|digest"
    r"|crypt(?:ed)?|encrypted|no|num|max|min|is|has|show|hide|toggle|forgot|reset|csrf|xsrf|xcsrf|next|page|continuation|pagination|sort|"
    r"cache|device|fcm|apns|push|sync|cancel\w*|stop|lex|parse|eof|unexpected)[_-]?\Z",
    re.IGNORECASE,
)
# What makes a key one that opens something: a bare "key" is more often one of a dictionary.
_KEY_KIND = re.compile(
    r"(?:api|access|account|admin|app|application|auth|aes|cipher|client|consumer|cookie|crypto?|database|db|deploy|des|encrypt(?:ion)?|hmac"
    r"|integration|jwt|license|logged_in|master|nonce|secure_auth|oauth|priv|private|project|root|rsa|security|server|service|session|shared|sign(?:ing|ature)?|ssh|storage"
    r"|subscription|symmetric|token|webhook|write)[_-]?\Z",
    re.IGNORECASE,
)
_NAME_OF_VALUE = re.compile(r"([\w.-]{1,80})[\])\"'`]{0,3}\s{0,9}(?::=|=>|[!=]==?|[:=(])\s{0,9}[@\w]{0,3}[\"'`]?$")


_INFLECTED = re.compile(r"(?:ed|es|ing|enger|age|ages|ive|ion|able|through|thru|port|ports|rate|band)(?![a-z])")


def is_other(before: str, rest: str) -> bool:
    """Tell from what stands around the noun, ``before`` and the ``rest`` of the name, that it names something else."""
    return any((_OTHER.search(rest), _INFLECTED.match(rest), _BEFORE.search(before)))


def is_key(before: str) -> bool:
    """Tell from what stands ``before`` the word "key" that it opens something."""
    return _KEY_KIND.search(before) is not None


def of_value(line: str, value: str) -> str:
    """Return the name that ``value`` is given to in ``line``, or nothing."""
    match = _NAME_OF_VALUE.search(line[: max(line.find(value), 0)][-120:])
    return match[1] if match else ""
