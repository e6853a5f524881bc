// Issuers that others wrote, in front of the API: their tokens are accepted, and bad ones are refused.
import assert from "node:assert/strict";
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { exportJWK, SignJWT } from "jose";

import { HERE, ROOT, freePort, runtime, start, until } from "./support.mjs";

const AUDIENCE = "https://api.noillusion.test";
const PYTHON = process.env.PYTHON ?? join(ROOT, ".venv/bin/python");

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const sign = (claims, key, kid) =>
  new SignJWT(claims).setProtectedHeader({ alg: "RS256", ...(kid === null ? {} : { kid }) }).sign(key);

/** Tokens that must not be let in, made with the issuer's own key where one is needed. */
async function badTokens(good, claims, key, kid, pem) {
  const now = Math.floor(Date.now() / 1000);
  const [head, body, signature] = good.split(".");
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const without = (name) => Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name));
  const forged = (header, secret) => {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${secret ? createHmac("sha256", secret).update(signed).digest("base64url") : ""}`;
  };
  return {
    "no token": null,
    "no JWT": "nonsense",
    expired: await sign({ ...claims, exp: now - 1 }, key, kid),
    "without an expiry": await sign(without("exp"), key, kid),
    "not valid yet": await sign({ ...claims, nbf: now + 3600 }, key, kid),
    "for another audience": await sign({ ...claims, aud: "https://other.example" }, key, kid),
    "without an audience": await sign(
      Object.fromEntries(Object.entries(claims).filter(([each]) => !["aud", "client_id"].includes(each))),
      key,
      kid,
    ),
    "of another issuer": await sign({ ...claims, iss: "https://evil.example/" }, key, kid),
    "of an issuer that differs in its final slash": await sign(
      { ...claims, iss: claims.iss.endsWith("/") ? claims.iss.slice(0, -1) : `${claims.iss}/` },
      key,
      kid,
    ),
    "signed by a stranger under the issuer's key id": await sign(claims, other, kid),
    "with an unknown key id": await sign(claims, other, "unknown"),
    "without a key id": await sign(claims, key, null),
    "with another body": `${head}.${part({ ...claims, sub: "somebody-else" })}.${signature}`,
    "without its signature": `${head}.${body}.`,
    "alg none": forged({ alg: "none", typ: "JWT", kid }),
    "HS256 with the public key": forged({ alg: "HS256", typ: "JWT", kid }, pem),
    "without a subject": await sign(without("sub"), key, kid),
  };
}

async function check(run, good, key, kid, pem) {
  const ask = async (token) => {
    const answer = await fetch(`${run.api}/v1/profile`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
    return { status: answer.status, body: await answer.json() };
  };
  const claims = JSON.parse(Buffer.from(good.split(".")[1], "base64url").toString());
  const answer = await ask(good);
  assert.deepEqual([answer.status, answer.body.user_id], [200, claims.sub]);
  assert.equal((await ask(await sign(claims, key, kid))).status, 200, "the tests sign as the issuer does");
  const bad = await badTokens(good, claims, key, kid, pem);
  assert.ok(Object.keys(bad).length >= 14);
  for (const [name, token] of Object.entries(bad)) assert.equal((await ask(token)).status, 401, name);
}

test("oidc-provider on this machine, by http and without a final slash", { timeout: 180_000 }, async () => {
  const { default: Provider } = await import("oidc-provider");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = "first";
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "machine",
        client_secret: "a-secret-of-the-test",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: AUDIENCE,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  const server = await new Promise((done) => {
    const each = provider.listen(port, "127.0.0.1", () => done(each));
  });
  const instance = await runtime({ OIDC_ISSUER: `${issuer}/`, AUTH0_AUDIENCE: AUDIENCE });
  try {
    assert.equal(instance.run.issuer, issuer, "its discovery document has no final slash");
    const answer = await fetch(`${issuer}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from("machine:a-secret-of-the-test").toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource: AUDIENCE }),
    });
    const token = (await answer.json()).access_token;
    assert.ok(token);
    await check(instance.run, token, privateKey, kid, publicKey.export({ type: "spki", format: "pem" }));
  } finally {
    await instance.stop();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

test("the Auth0 simulator, by https with an authority of one's own", { timeout: 180_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), "noillusion-simulator-"));
  const folder = join(home, ".simulacrum", "certs");
  mkdirSync(folder, { recursive: true });
  const make =
    "import sys; from pathlib import Path; from tests.local.certificates import Authority; Authority(Path(sys.argv[1]))";
  execFileSync(PYTHON, ["-c", make, folder], { cwd: ROOT, env: { ...process.env, PYTHONPATH: `${ROOT}:${ROOT}/layers/shared` } });
  renameSync(join(folder, "server.pem"), join(folder, "localhost.pem"));
  renameSync(join(folder, "server.key"), join(folder, "localhost-key.pem"));
  const port = await freePort();
  // Its CommonJS form, which its own command uses: the other one cannot sign tokens.
  const script = `require("@simulacrum/auth0-simulator").simulation({ options: { audience: ${JSON.stringify(AUDIENCE)} } }).listen(${port});`;
  const simulator = start(process.execPath, ["-e", script], { cwd: HERE, env: { ...process.env, HOME: home } });
  const issuer = `https://localhost:${port}/`;
  const authority = join(folder, "ca.pem");
  // Node reads its authorities once, at its start, so curl's place is taken by a Node of its own.
  const fetched = (url, form) => {
    const code = `const answer = await fetch(${JSON.stringify(url)}, ${JSON.stringify(form ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(form) } : {})});
      const text = await answer.text(); process.stdout.write(text); if (!answer.ok) console.error(answer.status, text); process.exitCode = answer.ok ? 0 : 1;`;
    return execFileSync(process.execPath, ["--input-type=module", "-e", code], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
      stdio: ["ignore", "pipe", "pipe"],
    }).toString();
  };
  let instance;
  try {
    await until("the simulator", () => {
      if (!simulator.running()) throw new Error(simulator.output());
      try {
        return fetched(`${issuer}.well-known/openid-configuration`);
      } catch {
        return false;
      }
    });
    instance = await runtime({ OIDC_ISSUER: issuer, AUTH0_AUDIENCE: AUDIENCE, SSL_CERT_FILE: authority });
    const issued = fetched(`${issuer}oauth/token`, {
      grant_type: "password",
      username: "default@example.com",
      password: "12345",
      client_id: "spa",
      audience: AUDIENCE,
    });
    const token = JSON.parse(issued).access_token;
    const constants = pathToFileURL(join(HERE, "node_modules/@simulacrum/auth0-simulator/dist/auth/constants.mjs")).href;
    const { JWKS, PRIVATE_KEY } = await import(constants);
    const key = createPrivateKey(PRIVATE_KEY.split("~~").join("\n"));
    await check(instance.run, token, key, JWKS.keys[0].kid, createPublicKey(key).export({ type: "spki", format: "pem" }));
  } finally {
    await instance?.stop();
    await simulator.stop();
    rmSync(home, { recursive: true, force: true });
  }
});
