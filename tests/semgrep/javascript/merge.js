function mergeSafely(target, source) {
  for (const key of Object.keys(source)) {
    if (key === "__proto__" || key === "constructor") continue;
    if (typeof source[key] === "object") {
      // ok: javascript-prototype-through-merge
      mergeSafely(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
}

module.exports = { mergeSafely };
