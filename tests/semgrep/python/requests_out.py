import logging
from urllib.parse import urlparse

import requests
from flask import Flask, make_response, redirect, request, url_for

app = Flask(__name__)
logger = logging.getLogger(__name__)
ENDPOINTS = {"a": "https://a.example.org/"}


@app.route("/log")
def log():
    name = request.args.get("name")
    # ruleid: python-log-from-request
    logger.info("user " + name)
    # ruleid: python-log-from-request
    app.logger.warning("user %s", name)
    # ok: python-log-from-request
    logger.info("user %r", name)
    # ok: python-log-from-request
    logger.info("user %s", name.replace("\n", " "))
    # ok: python-log-from-request
    logger.info("page %d", int(request.args["page"]))
    return "ok"


@app.route("/fetch")
def fetch():
    # ruleid: python-url-from-request
    requests.get(request.args["url"], timeout=5)
    host = request.form.get("host")
    # ruleid: python-url-from-request
    requests.post(f"https://{host}/api", timeout=5)
    # ok: python-url-from-request
    requests.get(ENDPOINTS[request.args["name"]], timeout=5)
    # ok: python-url-from-request
    requests.get("https://a.example.org/", params={"q": request.args["q"]}, timeout=5)
    return "ok"


@app.route("/go")
def go():
    # ruleid: python-redirect-from-request
    return redirect(request.args.get("next"))


@app.route("/go2")
def go2():
    response = make_response("", 302)
    # ruleid: python-redirect-from-request
    response.headers["Location"] = request.args["next"]
    return response


@app.route("/go3")
def go3():
    # ok: python-redirect-from-request
    return redirect(url_for("go2", next=request.args["next"]))


@app.route("/go4")
def go4():
    target = request.args["next"]
    parts = urlparse(target)
    if parts.netloc not in ["example.org"]:
        return "no"
    # ok: python-redirect-from-request
    return redirect(target)


@app.route("/headers")
def headers():
    response = make_response("ok")
    # ruleid: python-header-from-request
    response.headers["Content-Type"] = request.args["type"]
    # ruleid: python-header-from-request
    response.headers[request.args["header"]] = "1"
    # ok: python-header-from-request
    response.headers["X-Page"] = str(int(request.args["page"]))
    # ok: python-header-from-request
    response.headers["Content-Type"] = "text/plain"
    return response
