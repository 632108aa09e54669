import gzip
import re
import zipfile
import zlib

from flask import Flask, request

app = Flask(__name__)
NESTED = r"^(([a-z])+.)+[A-Z]([a-z])+$"
FINE = r"^[a-z]+(?:-[a-z]+)*$"


def names(text):
    # ruleid: python-regex-runs-for-ever
    if re.match(r"^(a+)+$", text):
        return 1
    # ruleid: python-regex-runs-for-ever
    words = re.compile("^(\\w+\\s?)*$")
    # ruleid: python-regex-runs-for-ever
    if re.fullmatch(NESTED, text) or words.match(text):
        return 2
    # ok: python-regex-runs-for-ever
    if re.match(FINE, text):
        return 3
    # ok: python-regex-runs-for-ever
    if re.match(r"(?:\w+,)*$", text):
        return 4
    # ok: python-regex-runs-for-ever
    return re.search(r'"[^"\\]*(?:\\.[^"\\]*)*"', text)


def numbers(text):
    # ruleid: python-overlapping-alternatives
    if re.match(r"^(\w|\d)+$", text):
        return 1
    # ruleid: python-overlapping-alternatives
    if re.match(r"(a|aa)+b", text):
        return 2
    # ok: python-overlapping-alternatives
    if re.match(r"^(\s|\d)+$", text):
        return 3
    # ok: python-overlapping-alternatives
    return re.match(r"^(foo|bar)+$", text)


@app.route("/unpack", methods=["POST"])
def unpack():
    # ruleid: python-unpacked-without-limit
    first = zlib.decompress(request.data)
    # ruleid: python-unpacked-without-limit
    second = gzip.decompress(request.get_data())
    with zipfile.ZipFile(request.files["archive"]) as archive:
        # ruleid: python-unpacked-without-limit
        archive.extractall("/srv/in")
    # ok: python-unpacked-without-limit
    third = zlib.decompressobj().decompress(request.data, 1_000_000)
    # ok: python-unpacked-without-limit
    fourth = zlib.decompress(STORED)
    return str(len(first + second + third + fourth))
