import hashlib
import os
import smtplib
import socket
import ssl
import tempfile
import uuid
from http.server import HTTPServer

import bcrypt
import docker
import jwt
import lxml.etree as etree
import requests
from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask, request
from flask_cors import CORS

app = Flask(__name__)
api = FastAPI()
inner = FastAPI()

# ruleid: python-cors-any-origin-with-credentials, python-cors-any-origin
api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
# ruleid: python-cors-any-origin
inner.add_middleware(CORSMiddleware, allow_origins=["*"])
# ok: python-cors-any-origin-with-credentials, python-cors-any-origin
inner.add_middleware(CORSMiddleware, allow_origins=["https://app.example.org"], allow_credentials=True)
# ruleid: python-cors-any-origin-with-credentials, python-cors-any-origin
CORS(app, origins="*", supports_credentials=True)
# ok: python-cors-any-origin-with-credentials, python-cors-any-origin
CORS(app, origins=["https://app.example.org"], supports_credentials=True)
# ruleid: python-cors-any-origin
CORS(app)


def listen(handler, port):
    server = socket.socket()
    # ruleid: python-binds-all-interfaces
    server.bind(("0.0.0.0", port))
    # ruleid: python-binds-all-interfaces
    HTTPServer(("", port), handler)
    # ruleid: python-binds-all-interfaces
    app.run(host="0.0.0.0", port=port)
    # ok: python-binds-all-interfaces
    server.bind(("127.0.0.1", port))
    # ok: python-binds-all-interfaces
    server.bind(("", 0))
    # ok: python-binds-all-interfaces
    app.run(host="localhost")


def fetch(session_id):
    # ruleid: python-cleartext-request
    requests.get("http://www.example.org/data")
    session = requests.Session()
    url = f"http://www.example.org/{session_id}"
    # ruleid: python-cleartext-request
    session.post(url)
    # ok: python-cleartext-request
    requests.get("https://www.example.org/data")
    # ok: python-cleartext-request
    requests.get("http://localhost:8000/health")
    # ok: python-cleartext-request
    requests.get("http://metrics:9090/")


def tokens(claims, token):
    # ruleid: python-literal-key
    jwt.encode(claims, "not so secret", algorithm="HS256")
    key = "also written down"
    # ruleid: python-literal-key
    jwt.decode(token, key, algorithms=["HS256"])
    # ok: python-literal-key
    jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")
    # ok: python-literal-key
    return Fernet(Fernet.generate_key())


def passwords_in(user):
    # ruleid: python-password-in-token
    jwt.encode({"sub": user.id, "password": user.password}, KEY)
    claims = {"passwd": user.password}
    # ruleid: python-password-in-token
    jwt.encode(claims, KEY)
    # ok: python-password-in-token
    jwt.encode({"sub": user.id, "password_changed": user.changed}, KEY)
    # ok: python-password-in-token
    return {"password": user.password}


@app.route("/users", methods=["POST"])
def assign():
    data = request.get_json()
    # ruleid: python-mass-assignment
    user = User(**data)
    # ruleid: python-mass-assignment
    Account.objects.create(**request.form)
    for name, value in data.items():
        # ruleid: python-mass-assignment
        setattr(user, name, value)
    # ok: python-mass-assignment
    User(name=data["name"])
    # ok: python-mass-assignment
    User(**UserSchema().load(data))
    # ok: python-mass-assignment
    UserForm(**request.form)
    return "saved"


def temporary(text, number):
    # ruleid: python-predictable-temporary-file
    with open("/tmp/report.txt", "w") as stream:
        stream.write(text)
    path = os.path.join(tempfile.gettempdir(), "report.txt")
    # ruleid: python-predictable-temporary-file
    with open(path, "a") as stream:
        stream.write(text)
    # ok: python-predictable-temporary-file
    with open("/tmp/report.txt") as stream:
        stream.read()
    # ok: python-predictable-temporary-file
    with open(f"/tmp/{uuid.uuid4()}.txt", "w") as stream:
        stream.write(text)
    # ok: python-predictable-temporary-file
    with open(f"/srv/{number}.txt", "w") as stream:
        stream.write(text)


def modes(path):
    # ruleid: python-open-umask
    os.umask(0)
    # ruleid: python-open-umask
    os.makedirs(path, mode=0o777)
    # ok: python-open-umask
    os.umask(0o077)
    # ok: python-open-umask
    os.mkdir(path, 0o700)


def wrapped(sock, host):
    # ruleid: python-plain-socket-wrap
    ssl.wrap_socket(sock)
    smtp = smtplib.SMTP(host)
    # ruleid: python-plain-socket-wrap
    smtp.starttls()
    context = ssl.create_default_context()
    # ok: python-plain-socket-wrap
    smtp.starttls(context=context)
    # ok: python-plain-socket-wrap
    return context.wrap_socket(sock, server_hostname=host)


def salted(password):
    # ruleid: python-fixed-salt
    hashlib.pbkdf2_hmac("sha256", password, b"always this", 600_000)
    # ruleid: python-fixed-salt
    bcrypt.hashpw(password, bcrypt.gensalt(rounds=4))
    # ok: python-fixed-salt
    hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 600_000)
    # ok: python-fixed-salt
    return bcrypt.hashpw(password, bcrypt.gensalt())


@app.route("/transform", methods=["POST"])
def transform():
    sheet = etree.XML(FIXED)
    # ruleid: python-xslt-from-request, python-xml-from-request
    etree.XSLT(etree.XML(request.form["sheet"]))
    tree = etree.parse("/srv/data.xml")
    # ruleid: python-xslt-from-request
    tree.xslt(request.form["sheet"])
    # ok: python-xslt-from-request
    tree.xslt(sheet)
    # ok: python-xslt-from-request
    return str(etree.XSLT(sheet)(tree))


def containers(image, command):
    client = docker.from_env()
    # ruleid: python-container-from-request
    client.containers.run(image, command)
    # ruleid: python-container-from-request
    client.containers.create("registry.example.org/tool:1", privileged=True)
    # ok: python-container-from-request
    client.containers.run("registry.example.org/tool:1", command)
    # ok: python-container-from-request
    client.containers.create("registry.example.org/tool:1", command)
