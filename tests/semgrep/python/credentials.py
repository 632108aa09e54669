import enum
import os

import mysql.connector

# ruleid: python-hardcoded-credential
DB_PASSWORD = "kX9#vbQ2"
# ruleid: python-hardcoded-credential
api_key: str = "Zm9yLXRlc3Rpbmctb25seQ"
# ok: python-hardcoded-credential
DB_PASSWORD = os.environ["DB_PASSWORD"]
# ok: python-hardcoded-credential
API_KEY = os.environ.get("API_KEY", "")
# ok: python-hardcoded-credential
password = ""
# ok: python-hardcoded-credential
password = "changeme"
# ok: python-hardcoded-credential
API_KEY = "your-api-key-here"
# ok: python-hardcoded-credential
PASSWORD_FIELD = "login-pass1"
# ok: python-hardcoded-credential
SECRET_KEY_ENV = "APP_SECRET_KEY"
# ok: python-hardcoded-credential
password = "password"
# ok: python-hardcoded-credential
token = "identifier9"
# ok: python-hardcoded-credential
password = "<password>"
# ruleid: python-hardcoded-credential
settings = {"user": "web", "password": "T4k-rM2p"}


class Client:
    def __init__(self):
        # ruleid: python-hardcoded-credential
        self.client_secret = "8f14e45fceea167a5a36"
        # ruleid: python-hardcoded-credential
        self.session = connect(host="db", api_key="8f14e45fceea167a5a36")


class Kind(enum.Enum):
    # ok: python-hardcoded-credential
    PASSWORD = "p4ssw0rd-grant"


def connections():
    # ruleid: python-literal-password-argument
    mysql.connector.connect(host="db", user="root", password="password")
    # ruleid: python-literal-password-argument
    mysql.connector.connect(host="db", user="root", password="")
    # ok: python-literal-password-argument
    mysql.connector.connect(host="db", user="root", password=os.environ["DB_PASSWORD"])
    # ok: python-literal-password-argument
    mysql.connector.connect(host="db", user="root")


def login(password, form):
    # ruleid: python-password-compared-with-literal
    if password == "letmein99":
        return True
    # ruleid: python-password-compared-with-literal
    if form["password"] == "admin":
        return True
    # ok: python-password-compared-with-literal
    if password == "":
        return False
    # ok: python-password-compared-with-literal
    return check_password_hash(stored, password)
