import os
import pathlib
import tarfile

from fastapi import FastAPI
from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
api = FastAPI()
BASE = pathlib.Path("/srv/files")


@app.route("/a")
def read():
    name = request.args["name"]
    # ruleid: python-path-from-request
    with open("/srv/files/" + name) as stream:
        stream.read()
    # ruleid: python-path-from-request
    os.remove(os.path.join("/srv/files", name))
    # ruleid: python-path-from-request
    return send_file(f"/srv/files/{name}")


@app.route("/b/<path:name>")
def send(name):
    # ruleid: python-path-from-request
    (BASE / name).read_text()
    # ok: python-path-from-request
    return send_from_directory(BASE, name)


@app.route("/c")
def checked():
    # ok: python-path-from-request
    with open(os.path.join("/srv/files", secure_filename(request.args["name"]))) as stream:
        return send_file(stream)


@app.route("/d")
def resolved():
    path = (BASE / request.args["name"]).resolve()
    if not path.is_relative_to(BASE):
        return "no", 404
    # ok: python-path-from-request
    return send_file(path)


@app.route("/e")
def refused():
    name = request.args["name"]
    if "../" in name:
        return "no", 404
    # ok: python-path-from-request
    return send_file(f"/srv/files/{name}")


@api.get("/files")
async def api_file(name: str):
    # ruleid: python-path-from-request
    return open(name).name


@api.get("/numbered")
async def api_numbered(number: int):
    # ok: python-path-from-request
    return open(f"/srv/files/{number}").name


@app.route("/upload", methods=["POST"])
def upload():
    sent = request.files["file"]
    # ruleid: python-upload-keeps-name
    sent.save("/srv/files/" + sent.filename)
    # ruleid: python-upload-keeps-name
    sent.save(os.path.join(app.config["UPLOADS"], sent.filename))
    # ok: python-upload-keeps-name
    sent.save(os.path.join("/srv/files", secure_filename(sent.filename)))
    # ok: python-upload-keeps-name
    sent.save("/srv/files/fixed.pdf")
    return "saved"


def unpack(path, target):
    with tarfile.open(path) as archive:
        # ruleid: python-archive-unpacked-unchecked
        archive.extractall(target)
    other = tarfile.open(path)
    # ruleid: python-archive-unpacked-unchecked
    other.extractall(target)
    with tarfile.open(path) as archive:
        # ok: python-archive-unpacked-unchecked
        archive.extractall(target, filter="data")
    # ok: python-archive-unpacked-unchecked
    zipped.extractall(target)


def read_below(directory, file_name):
    path = os.path.join(directory, file_name)
    # ruleid: python-path-joined-from-parameter
    with open(path) as stream:
        return stream.read()


def remove_below(directory, filename):
    # ruleid: python-path-joined-from-parameter
    os.remove(os.path.join(directory, filename))


def read_checked(directory, file_name):
    path = os.path.realpath(os.path.join(directory, file_name))
    if not path.startswith(directory):
        raise PermissionError(path)
    # ok: python-path-joined-from-parameter
    with open(path) as stream:
        return stream.read()


def read_part(directory, file_name):
    # ok: python-path-joined-from-parameter
    with open(os.path.join(directory, os.path.basename(file_name))) as stream:
        return stream.read()
