import logging
import os
import stat
import tempfile
import traceback

from flask import Flask, jsonify

app = Flask(__name__)
logger = logging.getLogger(__name__)


def serve():
    # ruleid: python-debug-server
    app.run(host="127.0.0.1", debug=True)
    # ruleid: python-debug-server
    app.config["DEBUG"] = True
    # ok: python-debug-server
    app.run(host="127.0.0.1")
    # ok: python-debug-server
    app.run(debug=False)


@app.route("/a")
def first():
    try:
        work()
    except Exception:
        # ruleid: python-traceback-to-client
        return traceback.format_exc()


@app.route("/b")
def second():
    try:
        work()
    except Exception as error:
        # ruleid: python-traceback-to-client
        return jsonify({"error": str(error)}), 500


@app.route("/c")
def third():
    try:
        work()
    except Exception as error:
        logger.error("failed: %s", error)
        # ok: python-traceback-to-client
        return "internal error", 500


def report():
    # ok: python-traceback-to-client
    return traceback.format_exc()


def modes(path):
    # ruleid: python-world-writable
    os.chmod(path, 0o777)
    # ruleid: python-world-writable
    os.chmod(path, stat.S_IRUSR | stat.S_IWOTH)
    # ok: python-world-writable
    os.chmod(path, 0o600)
    # ok: python-world-writable
    os.chmod(path, 0o755)
    # ok: python-world-writable
    path.chmod(0o644)


def temporary():
    # ruleid: python-temporary-name
    tempfile.mktemp()
    # ruleid: python-temporary-name
    name = tempfile.mktemp(suffix=".txt")
    # ok: python-temporary-name
    tempfile.mkstemp()
    # ok: python-temporary-name
    tempfile.TemporaryDirectory()


def show(user, password, key_id):
    # ruleid: python-secret-logged
    logger.info("login %s %s", user, password)
    # ruleid: python-secret-logged
    print(f"password: {password}")
    # ok: python-secret-logged
    logger.info("login %s", user)
    # ok: python-secret-logged
    print(f"key id: {key_id}")
