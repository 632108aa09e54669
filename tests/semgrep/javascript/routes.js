const express = require("express");
const path = require("path");
const fs = require("node:fs/promises");
const cp = require("node:child_process");
const ldap = require("ldapjs");
const xpath = require("xpath");
const yaml = require("js-yaml");
const multer = require("multer");
const unzipper = require("unzipper");
const _ = require("lodash");
const helmet = require("helmet");
const jwt = require("jsonwebtoken");
const crypto = require("crypto");
const app = express();

const LIMIT = 40;

app.get("/log", async (req, res) => {
  // ruleid: javascript-command-from-request, javascript-shell-built-command
  cp.spawn("sh", ["-c", `git log ${req.query.branch}`]);
  // ok: javascript-command-from-request
  cp.spawn("git", ["log", "--", req.query.branch]);
  const kept = LIMIT > 100 ? "fixed" : req.query.name;
  // ruleid: javascript-path-from-request
  await fs.readFile(path.join("/srv", kept));
  const dropped = LIMIT > 100 ? req.query.name : "fixed";
  // ok: javascript-path-from-request
  await fs.readFile(path.join("/srv", dropped));
  if (!/^[a-z]+$/.test(req.query.file)) return res.sendStatus(400);
  const table = { a: "one.txt" };
  // ok: javascript-path-from-request
  await fs.readFile(path.join("/srv", table[req.query.name]));
});

app.get("/users", ({ query }, res) => {
  // ruleid: javascript-where-script-built
  const found = users.find({ $where: `this.name == "${query.name}"` });
  res.json(found);
});

function scripts(name, limit) {
  // ruleid: javascript-where-script-built
  users.find({ $where: "this.name == '" + name + "'" });
  // ruleid: javascript-where-script-built
  users.find({ $where: `this.age > ${limit}` });
  // ok: javascript-where-script-built
  users.find({ $where: "this.age > this.limit" });
  // ok: javascript-where-script-built
  users.find({ name: String(name) });
}

function nodes(name, doc) {
  // ruleid: javascript-xpath-built
  xpath.select(`//user[@name='${name}']`, doc);
  // ruleid: javascript-xpath-built
  xpath.select("//user[@name='" + name + "']", doc);
  // ok: javascript-xpath-built
  xpath.select("//user[@name='root']", doc);
  // ok: javascript-xpath-built
  xpath.parse("//user[@name=$name]").select({ node: doc, variables: { name } });
}

app.get("/people", (req, res) => {
  // ruleid: javascript-ldap-from-request
  client.search("ou=people", { filter: `(uid=${req.query.user})`, scope: "sub" }, done);
  // ruleid: javascript-ldap-from-request
  ldap.parseFilter("(mail=" + req.query.mail + ")");
  // ok: javascript-ldap-from-request
  client.search("ou=people", { filter: new ldap.EqualityFilter({ attribute: "uid", value: req.query.user }) }, done);
  // ok: javascript-ldap-from-request
  ldap.parseFilter("(objectClass=person)");
});

app.get("/header", (req, res) => {
  // ruleid: javascript-header-from-request
  res.setHeader("X-Name", req.query.name);
  // ruleid: javascript-header-from-request
  res.writeHead(200, { "X-Name": req.body.name });
  // ok: javascript-header-from-request
  res.setHeader("X-Name", encodeURIComponent(req.query.name));
  // ok: javascript-header-from-request
  res.setHeader("X-Trace", req.headers["x-trace"]);
});

app.post("/settings", (req, res) => {
  const settings = {};
  // ruleid: javascript-prototype-from-request
  _.merge(settings, req.body);
  // ruleid: javascript-prototype-from-request
  settings[req.body.section][req.body.key] = req.body.value;
  // ok: javascript-prototype-from-request
  _.merge(settings, DEFAULTS);
  // ok: javascript-prototype-from-request
  settings["theme"]["name"] = req.body.theme;
});

function merge(target, source) {
  for (const key in source) {
    if (typeof source[key] === "object") {
      // ruleid: javascript-prototype-through-merge
      merge(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
}

const extend = (target, source) => {
  for (const key of Object.keys(source)) {
    // ruleid: javascript-prototype-through-merge
    target[key] = source[key] instanceof Object ? extend(target[key], source[key]) : source[key];
  }
  return target;
};

function deepEqual(left, right) {
  // ok: javascript-prototype-through-merge
  return Object.keys(left).every((key) => deepEqual(left[key], right[key]));
}

app.post("/yaml", (req, res) => {
  // ruleid: javascript-yaml-from-request
  const first = yaml.load(req.body.text);
  // ruleid: javascript-yaml-from-request
  yaml.loadAll(req.body.text);
  // ok: javascript-yaml-from-request
  yaml.load(CONFIG);
  // ok: javascript-yaml-from-request
  JSON.parse(req.body.text);
});

app.use((err, req, res, next) => {
  // ruleid: javascript-error-detail-to-client
  res.status(500).send(err.stack);
  // ruleid: javascript-error-detail-to-client
  res.json({ error: err.message, stack: err.stack });
  // ok: javascript-error-detail-to-client
  res.status(500).send("failed");
  // ok: javascript-error-detail-to-client
  console.error(err.stack);
});

// ruleid: javascript-catastrophic-regex
const NAME = /^([a-z]+)+$/;
// ruleid: javascript-catastrophic-regex
const LIST = /^(\w*)*;/;
// ok: javascript-catastrophic-regex
const WORD = /^[a-z]+$/;
// ok: javascript-catastrophic-regex
const WORDS = /^([a-z]+,)+$/;

// ruleid: javascript-upload-unlimited
const upload = multer({ dest: "/srv/uploads" });
// ruleid: javascript-upload-unlimited
const anything = multer();
// ok: javascript-upload-unlimited
const limited = multer({ dest: "/srv/uploads", limits: { fileSize: 1_000_000 } });
// ok: javascript-upload-unlimited
const filtered = multer({ storage, fileFilter });

function unpack(stream, base) {
  stream.pipe(unzipper.Parse()).on("entry", (entry) => {
    // ruleid: javascript-zip-entry-path
    entry.pipe(disk.createWriteStream(path.join(base, entry.path)));
    const target = path.join(base, entry.path);
    // ruleid: javascript-zip-entry-path
    disk.writeFileSync(target, "");
  });
  stream.on("entry", (entry) => {
    const target = path.resolve(base, entry.path);
    if (!target.startsWith(base + path.sep)) return;
    // ok: javascript-zip-entry-path
    entry.pipe(disk.createWriteStream(target));
    // ok: javascript-zip-entry-path
    entry.pipe(disk.createWriteStream(path.join(base, path.basename(entry.path))));
  });
}

function modes(file) {
  // ruleid: javascript-file-for-everyone
  disk.chmodSync(file, 0o777);
  // ruleid: javascript-file-for-everyone
  disk.writeFileSync(file, "", { mode: 0o666 });
  // ok: javascript-file-for-everyone
  disk.chmodSync(file, 0o600);
  // ok: javascript-file-for-everyone
  disk.writeFileSync(file, "", { mode: 0o640 });
}

function vectors(key) {
  // ruleid: javascript-static-vector
  crypto.createCipheriv("aes-256-cbc", key, Buffer.alloc(16));
  const fixed = Buffer.from("0123456789abcdef");
  // ruleid: javascript-static-vector
  crypto.createCipheriv("aes-256-cbc", key, fixed);
  // ok: javascript-static-vector
  crypto.createCipheriv("aes-256-gcm", key, crypto.randomBytes(12));
  const fresh = Buffer.alloc(12);
  crypto.randomFillSync(fresh);
  // ok: javascript-static-vector
  crypto.createCipheriv("aes-256-gcm", key, fresh);
}

app.get("/me", (req, res) => {
  // ruleid: javascript-jwt-decoded-only
  res.json(jwt.decode(req.headers.authorization));
});

app.get("/who", (req, res) => {
  // ruleid: javascript-jwt-decoded-only
  const claims = jwt.decode(req.cookies.token, { complete: true });
  res.json({ name: claims.name });
});

function logs(user, password) {
  // ruleid: javascript-secret-in-log
  console.log("login of", user, password);
  // ruleid: javascript-secret-in-log
  logger.info(`login of ${user} with ${password}`);
  // ok: javascript-secret-in-log
  console.log("login of", user);
  // ok: javascript-secret-in-log
  logger.warn(`wrong password for ${user}`);
}

// ruleid: javascript-csrf-protection-off
app.use(lusca({ csrf: false, xframe: "DENY" }));
// ruleid: javascript-csrf-protection-off
app.use(csurf({ cookie: true, ignoreMethods: ["GET", "POST"] }));
// ok: javascript-csrf-protection-off
app.use(lusca({ csrf: true }));
// ok: javascript-csrf-protection-off
app.use(csurf({ cookie: true }));

// ruleid: javascript-headers-protection-off
app.use(helmet({ contentSecurityPolicy: false }));
// ruleid: javascript-headers-protection-off
app.use(helmet({ frameguard: false, hsts: true }));
// ok: javascript-headers-protection-off
app.use(helmet());
// ok: javascript-headers-protection-off
app.use(helmet({ contentSecurityPolicy: { directives } }));

app.post("/accounts", async (req, res) => {
  // ruleid: javascript-mass-assignment
  await Account.create(req.body);
  // ruleid: javascript-mass-assignment
  await Account.findByIdAndUpdate(account.id, req.body);
  // ok: javascript-mass-assignment
  await Account.create({ name: String(req.body.name) });
  // ok: javascript-mass-assignment
  await Account.create(pick(req.body, FIELDS));
});

function transport() {
  // ruleid: javascript-cleartext-transport
  fetch("http://api.shop.org/v1/orders");
  // ruleid: javascript-cleartext-transport
  new WebSocket("ws://feed.shop.org/");
  // ok: javascript-cleartext-transport
  fetch("https://api.shop.org/v1/orders");
  // ok: javascript-cleartext-transport
  fetch("http://localhost:3000/health");
}

app.post("/hello", async (req, res) => {
  const { name } = req.body;
  // ruleid: javascript-html-from-request
  res.send(`<p>Hello ${name}</p>`);
  const parsed = url.parse(req.url, true);
  // ruleid: javascript-html-from-request
  res.end("<p>" + parsed.query.name + "</p>");
  // ok: javascript-html-from-request
  res.send(`<p>Hello ${escapeHtml(name)}</p>`);
});

function stored(password, salt) {
  const same = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  // ruleid: javascript-weak-password-hash
  const first = crypto.pbkdf2Sync(password, same, 600000, 32, "sha256");
  // ok: javascript-weak-password-hash
  const second = crypto.pbkdf2Sync(password, salt, 600000, 32, "sha256");
  // ruleid: javascript-weak-password-hash
  const third = crypto.pbkdf2Sync(password, salt, 1000, 32, "sha256");
  // ok: javascript-weak-password-hash
  return [first, second, third, crypto.scryptSync(password, crypto.randomBytes(16), 64)];
}
