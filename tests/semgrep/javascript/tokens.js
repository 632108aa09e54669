const jwt = require("jsonwebtoken");

app.get("/kid", (req, res) => {
  // ok: javascript-jwt-decoded-only
  const { kid } = jwt.decode(req.cookies.token, { complete: true });
  const claims = jwt.verify(req.cookies.token, keys[kid], { algorithms: ["RS256"] });
  res.json({ name: claims.name });
});

app.get("/checked", (req, res) => {
  const claims = jwt.verify(req.cookies.token, KEY, { algorithms: ["HS256"] });
  // ok: javascript-jwt-decoded-only
  const header = jwt.decode(req.cookies.token);
  res.json({ name: claims.name, header });
});
