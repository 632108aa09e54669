import sqlite3

from flask import Flask, request
from sqlalchemy import text

app = Flask(__name__)
COLUMNS = {"name": "name", "age": "age"}


@app.route("/users")
def users():
    cursor = sqlite3.connect("app.db").cursor()
    name = request.args["name"]
    # ruleid: python-sql-from-request, python-sql-quoted-value, python-sql-built-statement
    cursor.execute("SELECT * FROM users WHERE name = '" + name + "'")
    order = request.args.get("order")
    # ruleid: python-sql-from-request, python-sql-built-statement
    cursor.execute(f"SELECT * FROM users ORDER BY {order}")
    # ruleid: python-sql-from-request, python-sql-built-statement
    db.session.execute(text("DELETE FROM users WHERE " + name))
    # ok: python-sql-from-request, python-sql-quoted-value, python-sql-built-statement
    cursor.execute("SELECT * FROM users WHERE name = ?", (name,))
    page = int(request.args["page"])
    # ok: python-sql-from-request
    statement = f"SELECT * FROM users LIMIT 10 OFFSET {page}"
    return "ok"


@app.route("/sorted")
def ordered():
    column = COLUMNS[request.args["order"]]
    cursor = sqlite3.connect("app.db").cursor()
    # ok: python-sql-from-request
    # ruleid: python-sql-built-statement
    cursor.execute("SELECT * FROM users ORDER BY " + column)
    # ok: python-sql-from-request
    cursor.execute("SELECT * FROM users WHERE age > ?", (request.args["age"],))
    return "ok"


def by_name(cursor, name, table):
    # ruleid: python-sql-value-in-text
    query = "SELECT * FROM users WHERE name = '%s'" % name
    # ruleid: python-sql-quoted-value, python-sql-built-statement
    cursor.execute(query)
    # ruleid: python-sql-quoted-value, python-sql-built-statement, python-sql-value-in-text
    cursor.execute(f"DELETE FROM users WHERE name = '{name}'")
    # ruleid: python-sql-built-statement
    cursor.execute(f"SELECT count(*) FROM {table}")
    marks = ", ".join("?" * 3)
    # ok: python-sql-quoted-value
    # ruleid: python-sql-built-statement
    cursor.execute("SELECT * FROM users WHERE name IN (%s)" % marks, name)
    # ok: python-sql-quoted-value, python-sql-built-statement
    cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
    # ok: python-sql-built-statement, python-sql-quoted-value
    cursor.execute("SELECT * FROM users WHERE name = %(name)s", {"name": name})


class Store:
    def find(self, name, number):
        # ruleid: python-sql-value-in-text
        query = "SELECT id FROM users WHERE name = '%s'" % name
        self.run(query)
        # ruleid: python-sql-value-in-text
        self.run(f"DELETE FROM users WHERE name = '{name}'")
        # ok: python-sql-value-in-text
        self.run("DELETE FROM users WHERE name = %s", (name,))
        # ok: python-sql-value-in-text
        self.run("DELETE FROM users WHERE id = {}".format(int(number)))
