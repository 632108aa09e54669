import jwt
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from flask import Flask

app = Flask(__name__)


def tokens(token, key):
    # ruleid: python-jwt-unverified
    jwt.decode(token, options={"verify_signature": False})
    # ruleid: python-jwt-unverified
    jwt.decode(token, key, verify=False)
    # ruleid: python-jwt-unverified
    jwt.decode(token, key, algorithms=["HS256", "none"])
    # ok: python-jwt-unverified
    jwt.decode(token, key, algorithms=["HS256"])
    # ok: python-jwt-unverified
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def cookies(response, value):
    # ruleid: python-cookie-insecure
    response.set_cookie("theme", value, secure=False)
    # ruleid: python-cookie-insecure
    app.config["SESSION_COOKIE_HTTPONLY"] = False
    # ok: python-cookie-insecure
    response.set_cookie("theme", value, secure=True)
    # ok: python-cookie-insecure
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    # ruleid: python-session-cookie-without-secure
    response.set_cookie("session_id", value)
    # ruleid: python-session-cookie-without-secure
    response.set_cookie("auth", value, httponly=True)
    # ok: python-session-cookie-without-secure
    response.set_cookie("session_id", value, secure=True, httponly=True)
    # ok: python-session-cookie-without-secure
    response.set_cookie("theme", value)


# ruleid: python-csrf-protection-off
@csrf_exempt
def first(request):
    return None


# ruleid: python-csrf-protection-off
app.config["WTF_CSRF_ENABLED"] = False


# ok: python-csrf-protection-off
@csrf_protect
def second(request):
    return None


# ok: python-csrf-protection-off
app.config["WTF_CSRF_ENABLED"] = True
