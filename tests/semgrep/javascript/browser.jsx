const app = require("express")();

app.get("/hello", (req, res) => {
  const name = req.query.name;
  // ruleid: javascript-html-from-request
  res.send("<p>Hello " + name + "</p>");
  // ruleid: javascript-html-from-request
  res.send(`<p>Hello ${req.params.name}</p>`);
  // ok: javascript-html-from-request
  res.send(`<p>Hello ${escapeHtml(name)}</p>`);
  // ok: javascript-html-from-request
  res.json({ name });
  // ok: javascript-html-from-request
  res.send({ name });
});

app.get("/user", async (req, res) => {
  const user = await findUser(req.query.id);
  // ok: javascript-html-from-request
  res.send(user);
});

function show(element, text) {
  const wanted = decodeURIComponent(location.hash.slice(1));
  // ruleid: javascript-dom-from-address
  element.innerHTML = wanted;
  // ruleid: javascript-dom-from-address, javascript-markup-built
  document.write("from " + document.referrer);
  const params = new URLSearchParams(location.search);
  // ruleid: javascript-dom-from-address
  $("#name").html(params.get("name"));
  // ok: javascript-dom-from-address
  element.textContent = wanted;
  // ok: javascript-dom-from-address
  element.innerHTML = DOMPurify.sanitize(wanted);
  // ruleid: javascript-markup-built
  element.innerHTML = `<b>${text}</b>`;
  // ruleid: javascript-markup-built
  element.innerHTML = "<b>" + text + "</b>";
  // ok: javascript-markup-built
  element.innerHTML = `<b>${escapeHtml(text)}</b>`;
  // ok: javascript-markup-built
  element.innerHTML = "<b>fixed</b>";
}

function Article({ html, text }) {
  // ruleid: javascript-react-raw-html
  const a = <div dangerouslySetInnerHTML={{ __html: html }} />;
  // ruleid: javascript-react-raw-html
  const b = <p className="x" dangerouslySetInnerHTML={{ __html: text.body }} />;
  // ok: javascript-react-raw-html
  const c = <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(html) }} />;
  // ok: javascript-react-raw-html
  const d = <div>{html}</div>;
  return [a, b, c, d];
}

function tell(other, data) {
  // ruleid: javascript-message-to-anyone
  other.postMessage(data, "*");
  // ruleid: javascript-message-to-anyone
  window.parent.postMessage({ data }, "*");
  // ok: javascript-message-to-anyone
  other.postMessage(data, "https://app.example.org");
  // ok: javascript-message-to-anyone
  worker.postMessage(data);
}
