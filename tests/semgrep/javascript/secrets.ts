import crypto from "crypto";
import https from "https";
import tls from "tls";
import jwt from "jsonwebtoken";

function digests(data: Buffer, password: string) {
  // ruleid: javascript-weak-hash
  crypto.createHash("md5").update(data).digest("hex");
  // ruleid: javascript-weak-hash
  crypto.createHmac("sha1", key);
  // ok: javascript-weak-hash
  crypto.createHash("sha256").update(data);
  // ok: javascript-weak-hash
  crypto.createHmac("sha512", key);
  // ruleid: javascript-weak-password-hash
  crypto.createHash("sha256").update(password).digest("hex");
  // ruleid: javascript-weak-password-hash
  crypto.createHash("sha512").update(user.password);
  // ok: javascript-weak-password-hash
  crypto.scryptSync(password, salt, 64);
  // ok: javascript-weak-password-hash
  crypto.createHash("sha256").update(data);
}

function ciphers(key: Buffer, iv: Buffer) {
  // ruleid: javascript-weak-cipher
  crypto.createCipheriv("des-cbc", key, iv);
  // ruleid: javascript-weak-cipher
  crypto.createCipheriv("aes-128-ecb", key, null);
  // ok: javascript-weak-cipher
  crypto.createCipheriv("aes-256-gcm", key, iv);
  // ok: javascript-weak-cipher
  crypto.createDecipheriv("chacha20-poly1305", key, iv);
  // ruleid: javascript-weak-key
  crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
  // ruleid: javascript-weak-key
  crypto.generateKeyPair("rsa", { modulusLength: 512 }, done);
  // ok: javascript-weak-key
  crypto.generateKeyPairSync("rsa", { modulusLength: 3072 });
  // ok: javascript-weak-key
  crypto.generateKeyPairSync("ed25519");
}

function tokens(res: Response) {
  // ruleid: javascript-weak-random-secret
  const sessionId = Math.random().toString(36).slice(2);
  // ruleid: javascript-weak-random-secret
  res.cookie("remember", String(Math.random()));
  // ok: javascript-weak-random-secret
  const sessionKey = crypto.randomBytes(32).toString("hex");
  // ok: javascript-weak-random-secret
  const delay = Math.random() * 1000;
}

function generateToken() {
  // ruleid: javascript-weak-random-secret
  return Math.random().toString(36);
}

function transport() {
  // ruleid: javascript-tls-verification-off
  const a = new https.Agent({ rejectUnauthorized: false });
  // ruleid: javascript-tls-verification-off
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  // ok: javascript-tls-verification-off
  const b = new https.Agent({ rejectUnauthorized: true });
  // ok: javascript-tls-verification-off
  const c = new https.Agent({ ca });
  // ruleid: javascript-weak-tls-version
  tls.connect({ port: 443, minVersion: "TLSv1" });
  // ruleid: javascript-weak-tls-version
  tls.createServer({ secureProtocol: "TLSv1_1_method" });
  // ok: javascript-weak-tls-version
  tls.connect({ port: 443, minVersion: "TLSv1.2" });
  // ok: javascript-weak-tls-version
  tls.createServer({ secureProtocol: "TLS_method" });
}

// ruleid: javascript-hardcoded-credential
const dbPassword = "kX9#vbQ2";
// ruleid: javascript-hardcoded-credential
const options = { user: "web", password: "T4k-rM2p" };
// ok: javascript-hardcoded-credential
const apiKey = process.env.API_KEY;
// ok: javascript-hardcoded-credential
const password = "changeme";
// ok: javascript-hardcoded-credential
const passwordLabel = "p4ssw0rd:";
// ok: javascript-hardcoded-credential
const rules = { password: "required|min8" };

function sessions(token: string, key: string, payload: object) {
  // ruleid: javascript-jwt-unverified
  jwt.verify(token, key, { algorithms: ["HS256", "none"] });
  // ruleid: javascript-jwt-unverified
  jwt.verify(token, null);
  // ok: javascript-jwt-unverified
  jwt.verify(token, key, { algorithms: ["HS256"] });
  // ok: javascript-jwt-unverified
  jwt.sign(payload, key, { algorithm: "HS256" });
  // ruleid: javascript-cookie-insecure
  res.cookie("session", token, { secure: false });
  // ruleid: javascript-cookie-insecure
  app.use(session({ secret: key, cookie: { httpOnly: false } }));
  // ok: javascript-cookie-insecure
  res.cookie("session", token, { secure: true, httpOnly: true });
  // ok: javascript-cookie-insecure
  app.use(session({ secret: key, cookie: { secure: true } }));
  // ruleid: javascript-cors-any-origin
  app.use(cors({ origin: true, credentials: true }));
  // ruleid: javascript-cors-any-origin
  app.use(cors({ origin: "*", credentials: true }));
  // ok: javascript-cors-any-origin
  app.use(cors({ origin: ["https://app.example.org"], credentials: true }));
  // ok: javascript-cors-any-origin
  app.use(cors());
}
