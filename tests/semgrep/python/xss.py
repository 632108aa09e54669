import html

import jinja2
import markupsafe
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from flask import Flask, jsonify, make_response, render_template, request

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name")
    # ruleid: python-html-from-request
    return f"<p>Hello {name}</p>"


@app.route("/hello2/<name>")
def hello2(name):
    # ruleid: python-html-from-request
    return make_response("<p>Hello %s</p>" % name)


@app.route("/hello3")
def hello3():
    page = ""
    parts = request.form.getlist("name")
    page += "<p>Hello {}</p>".format(parts[0])
    # ruleid: python-html-from-request
    return page


def view(request):
    # ruleid: python-html-from-request
    return HttpResponse("Hello " + request.GET["name"])


@app.route("/safe1")
def safe1():
    name = markupsafe.escape(request.args.get("name"))
    # ok: python-html-from-request
    return f"<p>Hello {name}</p>"


@app.route("/safe2")
def safe2():
    # ok: python-html-from-request
    return render_template("hello.html", name=request.args["name"])


@app.route("/safe3")
def safe3():
    # ok: python-html-from-request
    return jsonify(name=request.args["name"])


@app.route("/safe4")
def safe4():
    # ok: python-html-from-request
    return "<p>" + html.escape(request.args["name"]) + "</p>"


@app.route("/safe5/<int:number>")
def safe5(number):
    # ok: python-html-from-request
    return f"<p>{number}</p>"


@app.route("/safe6")
def safe6():
    row = find_user(request.args["name"])
    # ok: python-html-from-request
    return row


def environments(loader):
    # ruleid: python-autoescape-off
    jinja2.Environment(loader=loader)
    # ruleid: python-autoescape-off
    jinja2.Environment(loader=loader, autoescape=False)
    # ok: python-autoescape-off
    jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())
    # ok: python-autoescape-off
    jinja2.Environment(autoescape=True, loader=loader)


def markup(name):
    # ruleid: python-marked-safe, python-html-built-from-values
    mark_safe(f"<b>{name}</b>")
    # ruleid: python-marked-safe, python-html-built-from-values
    markupsafe.Markup("<b>" + name + "</b>")
    # ok: python-marked-safe
    format_html("<b>{}</b>", name)
    # ok: python-marked-safe
    mark_safe("<b>fixed</b>")


def link(url, label):
    # ruleid: python-html-built-from-values
    shown = "<a href='%s'>" % url
    # ok: python-html-built-from-values
    return shown + f"<b>{html.escape(label)}</b></a>"


def count(items):
    # ok: python-html-built-from-values
    return f"<p>{len(items)}</p>"
