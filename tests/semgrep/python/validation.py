import hashlib
import hmac
import os
import re
import sys
import urllib.parse

from flask import Flask, request

app = Flask(__name__)
TRUSTED = {"192.0.2.1"}


def hosts(url, target, host):
    # ruleid: python-host-check-by-substring
    if target.endswith("example.com"):
        return True
    # ruleid: python-host-check-by-substring
    if "example.org" in url:
        return True
    # ruleid: python-host-check-by-substring
    if url.startswith("https://example.com"):
        return True
    # ruleid: python-host-check-by-substring
    if urllib.parse.urlsplit(url) and parsed.netloc.endswith(domain):
        return True
    # ok: python-host-check-by-substring
    if url.startswith("https://example.com/"):
        return True
    # ok: python-host-check-by-substring
    if host.endswith(".example.com"):
        return True
    # ok: python-host-check-by-substring
    return urllib.parse.urlsplit(url).hostname == "example.com"


def patterns(host):
    # ruleid: python-host-pattern-unescaped
    if re.match("(www|beta).example.com/", host):
        return True
    # ruleid: python-host-pattern-unescaped
    rule = re.compile(r"^https://api.example.org")
    # ok: python-host-pattern-unescaped
    if re.match(r"(www|beta)\.example\.com/", host):
        return True
    # ok: python-host-pattern-unescaped
    return rule.match(host) or re.search("any text. example", host)


def markup(content):
    # ruleid: python-html-filtered-by-pattern
    content = re.sub(r"<script.*?>.*?</script>", "", content, flags=re.DOTALL)
    style = re.compile(r"(?i)<style[^>]*>")
    # ruleid: python-html-filtered-by-pattern
    content = style.sub("", content)
    # ok: python-html-filtered-by-pattern
    content = re.sub(r"\s+", " ", content)
    # ok: python-html-filtered-by-pattern
    return re.sub(r"<br>", "\n", content)


def signature(key, message):
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def verify(key, message, received):
    # ruleid: python-signature-compared-plainly
    if hmac.new(key, message, hashlib.sha256).hexdigest() == received:
        return True
    # ruleid: python-signature-compared-plainly
    if received != signature(key, message):
        return False
    # ok: python-signature-compared-plainly
    if len(signature(key, message)) == 64:
        return True
    # ok: python-signature-compared-plainly
    return hmac.compare_digest(signature(key, message), received)


def login(user, password, confirm_password, admin_password):
    # ruleid: python-password-compared-plainly
    if user.password == password:
        return True
    # ruleid: python-password-compared-plainly
    if password != admin_password:
        return False
    # ok: python-password-compared-plainly
    if password != confirm_password:
        return False
    # ok: python-password-compared-plainly
    return user.password_hash == hashlib.scrypt(password)


@app.route("/inside")
def inside():
    address = request.headers.get("X-Forwarded-For")
    # ruleid: python-client-address-from-header
    if address == "127.0.0.1":
        return "welcome"
    # ruleid: python-client-address-from-header
    if request.headers["X-Real-IP"] in TRUSTED:
        return "welcome"
    # ok: python-client-address-from-header
    if request.remote_addr in TRUSTED:
        return "welcome"
    # ok: python-client-address-from-header
    return "no" if address is None else "seen"


def opened(path):
    if os.access(path, os.R_OK):
        # ruleid: python-check-then-open
        with open(path) as stream:
            return stream.read()
    if os.access(path, os.W_OK) and not os.path.islink(path):
        # ruleid: python-check-then-open
        return os.open(path, os.O_WRONLY)
    # ok: python-check-then-open
    with open(path) as stream:
        return stream.read()


def tried(path):
    try:
        # ok: python-check-then-open
        return open(path)
    except PermissionError:
        return None


@app.route("/mean")
def mean():
    total, count = int(request.args["total"]), int(request.args["count"])
    # ruleid: python-division-by-request-value
    half = total / count
    # ruleid: python-division-by-request-value
    rest = 100 % int(request.args["parts"])
    size = int(request.args["size"])
    if size == 0:
        return "empty", 400
    # ok: python-division-by-request-value
    share = total / size
    # ok: python-division-by-request-value
    return str(half + rest + share + total / 2)


def asked():
    number = int(input("Enter a number: "))
    # ruleid: python-assert-on-input
    assert number > 0
    if number > 10:
        raise ValueError(number)
    limit = 10
    # ok: python-assert-on-input
    assert limit == 10
    return number


def given():
    # ruleid: python-assert-on-input
    assert sys.argv[1].isalpha()
    name = "fixed"
    # ok: python-assert-on-input
    assert name
    return name
