const child_process = require("child_process");
const { exec, execFile } = require("child_process");
const vm = require("vm");
const ejs = require("ejs");
const express = require("express");
const app = express();

const OPERATIONS = { double: (x) => 2 * x };

app.get("/ping", (req, res) => {
  const host = req.query.host;
  // ruleid: javascript-command-from-request, javascript-shell-built-command
  exec("ping -c 1 " + host, (error, out) => res.json(out));
  // ruleid: javascript-command-from-request, javascript-shell-built-command
  child_process.execSync(`ping ${req.params.host}`);
  // ok: javascript-command-from-request
  execFile("ping", ["-c", "1", "--", host], (error, out) => res.json(out));
  // ok: javascript-command-from-request
  child_process.spawn("ping", ["-c", String(Number(req.query.count)), "example.org"]);
});

function checkout(branch) {
  // ruleid: javascript-shell-built-command
  child_process.execSync(`git checkout ${branch}`);
  // ok: javascript-shell-built-command
  child_process.execFileSync("git", ["checkout", branch]);
  // ok: javascript-shell-built-command
  child_process.execSync("git status --porcelain");
}

app.post("/calc", (req, res) => {
  // ruleid: javascript-code-from-request, javascript-eval-of-expression
  const a = eval(req.body.expression);
  // ruleid: javascript-code-from-request, javascript-eval-of-expression
  const b = vm.runInNewContext(req.body.script, {});
  // ok: javascript-code-from-request, javascript-eval-of-expression
  const c = JSON.parse(req.body.expression);
  // ok: javascript-code-from-request
  const d = OPERATIONS[req.body.operation](2);
  // ok: javascript-code-from-request
  setTimeout(() => work(req.body.id), 10);
  res.json([a, b, c, d]);
});

function run(source) {
  // ruleid: javascript-eval-of-expression
  const f = new Function("x", source);
  // ok: javascript-eval-of-expression
  const g = new Function("return this");
  return [f, g];
}

app.get("/hello", (req, res) => {
  // ruleid: javascript-template-from-request
  const a = ejs.render("<p>" + req.query.name + "</p>");
  const template = req.query.template;
  // ruleid: javascript-template-from-request
  const b = ejs.compile(template);
  // ok: javascript-template-from-request
  const c = ejs.render("<p><%= name %></p>", { name: req.query.name });
  // ok: javascript-template-from-request
  const d = ejs.compile("<p><%= name %></p>");
  res.json([a, b, c, d]);
});

app.get("/users", async (req, res) => {
  // ruleid: javascript-sql-from-request, javascript-sql-built-statement
  await db.query("SELECT * FROM users WHERE name = '" + req.query.name + "'");
  const { id } = req.params;
  // ruleid: javascript-sql-from-request, javascript-sql-built-statement
  await pool.execute(`DELETE FROM users WHERE id = ${id}`);
  // ok: javascript-sql-from-request, javascript-sql-built-statement
  await db.query("SELECT * FROM users WHERE name = $1", [req.query.name]);
  // ok: javascript-sql-from-request
  await prisma.$queryRaw`SELECT * FROM users WHERE id = ${id}`;
  const page = parseInt(req.query.page, 10);
  // ok: javascript-sql-from-request
  await db.query("SELECT * FROM users LIMIT 10", [page]);
  // ok: javascript-sql-built-statement
  await db.query("SELECT * FROM users " + "WHERE id = $1", [page]);
});

function table(db, name) {
  const statement = `SELECT count(*) FROM ${name}`;
  // ruleid: javascript-sql-built-statement
  return db.query(statement);
}

app.post("/login", async (req, res) => {
  // ruleid: javascript-nosql-from-request
  await User.findOne({ name: req.body.name, password: req.body.password });
  // ruleid: javascript-nosql-from-request
  await User.find(req.query);
  // ok: javascript-nosql-from-request
  await User.findOne({ name: String(req.body.name) });
  // ok: javascript-nosql-from-request
  await User.findOne({ name: req.params.name });
});

app.get("/log", (req, res) => {
  // ruleid: javascript-log-from-request
  console.log("user " + req.query.name);
  const name = req.query.name;
  // ruleid: javascript-log-from-request
  logger.warn(`user ${name}`);
  // ok: javascript-log-from-request
  logger.warn({ name }, "user");
  // ok: javascript-log-from-request
  console.log("user", JSON.stringify(name));
});
