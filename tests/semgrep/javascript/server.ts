import * as fs from "fs";
import path from "path";
import * as yaml from "js-yaml";
import axios from "axios";

const serialize = require("node-serialize");
const BASE = "/srv/files";
const PAGES: Record<string, string> = { home: "/" };

app.get("/file", (req: Request, res: Response) => {
  const name = req.query.name as string;
  // ruleid: javascript-path-from-request
  fs.readFile("/srv/files/" + name, (error, data) => res.json(data));
  // ruleid: javascript-path-from-request
  res.sendFile(path.join(BASE, req.params.name));
  // ok: javascript-path-from-request
  fs.readFileSync(path.join(BASE, path.basename(name)));
  // ok: javascript-path-from-request
  res.sendFile(name, { root: BASE });
  const full = path.resolve(BASE, name);
  if (!full.startsWith(BASE + path.sep)) {
    return res.sendStatus(404);
  }
  // ok: javascript-path-from-request
  fs.readFileSync(full);
});

app.get("/fetch", async (req: Request, res: Response) => {
  // ruleid: javascript-url-from-request
  await fetch(req.query.url as string);
  const host = req.body.host;
  // ruleid: javascript-url-from-request
  await axios.get(`https://${host}/api`);
  // ok: javascript-url-from-request
  await fetch(PAGES[req.query.page as string]);
  // ok: javascript-url-from-request
  await axios.get("https://api.example.org/", { params: { q: req.query.q } });
});

app.get("/go", (req: Request, res: Response) => {
  // ruleid: javascript-redirect-from-request
  res.redirect(req.query.next as string);
  const next = req.body.next;
  // ruleid: javascript-redirect-from-request
  res.redirect(302, next);
  // ok: javascript-redirect-from-request
  res.redirect(PAGES[req.query.next as string]);
  // ok: javascript-redirect-from-request
  res.redirect("/users/" + req.params.id);
});

app.get("/search", (req: Request, res: Response) => {
  // ruleid: javascript-regex-from-request
  const a = new RegExp(req.query.pattern as string);
  const pattern = req.body.pattern;
  // ruleid: javascript-regex-from-request
  const b = new RegExp("^" + pattern, "i");
  // ok: javascript-regex-from-request
  const c = new RegExp(escapeRegExp(req.query.text));
  // ok: javascript-regex-from-request
  const d = new RegExp("^[a-z]+$");
});

function documents(text: string) {
  // ruleid: javascript-unsafe-deserialize
  serialize.unserialize(text);
  // ruleid: javascript-unsafe-deserialize
  yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });
  // ok: javascript-unsafe-deserialize
  JSON.parse(text);
  // ok: javascript-unsafe-deserialize
  yaml.load(text);
  // ruleid: javascript-xml-external-entities
  libxmljs.parseXml(text, { noent: true });
  // ruleid: javascript-xml-external-entities
  libxmljs.parseXmlString(text, { nonet: false, noent: true });
  // ok: javascript-xml-external-entities
  libxmljs.parseXml(text);
  // ok: javascript-xml-external-entities
  libxmljs.parseXml(text, { noent: false });
}
