import re

import ldap
from boto3.dynamodb.conditions import Attr
from flask import Flask, request, session
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)


@app.route("/ldap")
def directory():
    name = request.args["name"]
    connection = ldap.initialize("ldap://localhost")
    # ruleid: python-ldap-from-request
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={name})")
    base = "ou={},dc=example".format(request.args["unit"])
    # ruleid: python-ldap-from-request
    connection.search_s(base, ldap.SCOPE_SUBTREE, "(uid=root)")
    # ok: python-ldap-from-request
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=%s)" % escape_filter_chars(name))
    # ok: python-ldap-from-request
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=root)", [name])
    return "ok"


@app.route("/xpath")
def xpath():
    name = request.form["name"]
    # ruleid: python-xpath-from-request
    tree.xpath("/users/user[@name='" + name + "']")
    # ruleid: python-xpath-from-request
    root.find(f"./user[@name='{name}']")
    # ok: python-xpath-from-request
    tree.xpath("/users/user[@name=$name]", name=name)
    if "'" in name:
        return "no"
    # ok: python-xpath-from-request
    tree.xpath(f"/users/user[@name='{name}']")
    return "ok"


@app.route("/mongo", methods=["POST"])
def mongo():
    body = request.get_json()
    # ruleid: python-nosql-from-request
    users.find_one({"name": body["name"]})
    # ruleid: python-nosql-from-request
    users.find(request.json)
    # ok: python-nosql-from-request
    users.find_one({"name": str(body["name"])})
    # ok: python-nosql-from-request
    users.find_one({"name": request.form["name"]})
    return "ok"


def dynamo(table, name):
    # ruleid: python-nosql-built-expression
    table.scan(FilterExpression=name + " = :v")
    # ruleid: python-nosql-built-expression
    users.find({"$where": f"this.name == '{name}'"})
    # ok: python-nosql-built-expression
    table.scan(FilterExpression=Attr("name").eq(name))
    # ok: python-nosql-built-expression
    table.scan(FilterExpression="#n = :v")


@app.route("/search")
def search():
    # ruleid: python-regex-from-request
    re.search(request.args["pattern"], "text")
    pattern = request.args["pattern"]
    # ruleid: python-regex-from-request
    re.compile(pattern)
    # ok: python-regex-from-request
    re.search(re.escape(request.args["pattern"]), "text")
    # ok: python-regex-from-request
    re.search(r"\d+", request.args["text"])
    return "ok"


@app.route("/session")
def remember():
    # ruleid: python-session-from-request
    session["user"] = request.args["user"]
    # ruleid: python-session-from-request
    session[request.args["key"]] = 1
    # ok: python-session-from-request
    session["page"] = int(request.args["page"])
    # ok: python-session-from-request
    session["visits"] = 1
    return "ok"
