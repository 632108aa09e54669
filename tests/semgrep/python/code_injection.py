import ast
import json

import jinja2
from flask import Flask, render_template, render_template_string, request

app = Flask(__name__)
OPERATIONS = {"double": lambda x: 2 * x}


@app.route("/calc")
def calculate():
    # ruleid: python-code-from-request
    first = eval(request.args["expression"])
    script = request.form.get("script")
    # ruleid: python-code-from-request
    exec(script)
    # ok: python-code-from-request, python-eval-of-expression
    value = ast.literal_eval(request.args["expression"])
    # ok: python-code-from-request, python-eval-of-expression
    data = json.loads(request.args["expression"])
    # ok: python-code-from-request
    other = OPERATIONS[request.args["operation"]](2)
    return render_template("result.html", values=(first, value, data, other))


def shell():
    # ruleid: python-code-from-request, python-eval-of-expression
    return eval(input("> "))


def constant(source):
    # ok: python-eval-of-expression
    eval("1 + 1")
    # ruleid: python-eval-of-expression
    exec(source)


@app.route("/hello")
def hello():
    name = request.args.get("name", "")
    # ruleid: python-template-from-request
    page = render_template_string("<h1>Hello " + name + "</h1>")
    # ruleid: python-template-from-request
    other = jinja2.Template(f"Dear {name}").render()
    # ok: python-template-from-request
    third = render_template_string("<h1>Hello {{ name }}</h1>", name=name)
    # ok: python-template-from-request
    fourth = jinja2.Template("Dear {{ name }}").render(name=name)
    return render_template("pages.html", pages=[page, other, third, fourth])
