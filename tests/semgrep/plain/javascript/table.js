// A table that can be sorted and filtered; it knows nothing of where its rows come from.
"use strict";

class Table {
  constructor(rows, options = {}) {
    this.rows = rows;
    this.options = { order: "name", limit: 20, ...options };
  }

  get size() {
    return this.rows.length;
  }

  find(text) {
    return this.rows.filter((row) => row.name.includes(text));
  }

  sort(key = this.options.order) {
    this.rows.sort((a, b) => (a[key] < b[key] ? -1 : 1));
    return this;
  }

  update(name, change) {
    const row = this.rows.find((item) => item.name === name);
    if (row) {
      Object.assign(row, change);
    }
    return row;
  }

  render(element) {
    const body = document.createElement("tbody");
    for (const row of this.rows.slice(0, this.options.limit)) {
      const line = body.insertRow();
      line.insertCell().textContent = row.name;
      line.insertCell().textContent = `${row.count} pieces`;
    }
    element.replaceChildren(body);
  }
}

module.exports = { Table };
