// Real libraries log in against the local issuer in a real browser, call the API, renew their tokens and log out.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { HERE, browser, freePort, logIn, pages, pause, runtime, start, until } from "./support.mjs";

const SHOTS = process.env.SCREENSHOTS;
let instance, chromium, spa, next, spaOrigin, nextOrigin;

before(
  async () => {
    const [spaPort, nextPort] = [await freePort(), await freePort()];
    [spaOrigin, nextOrigin] = [`http://localhost:${spaPort}`, `http://localhost:${nextPort}`];
    instance = await runtime({ ALLOWED_ORIGINS: `${spaOrigin},${nextOrigin}` });
    const { api, issuer, audience } = instance.run;
    spa = await pages(spaPort, () => ({ api, issuer, audience }));
    next = start(join(HERE, "node_modules/.bin/next"), ["dev", "next-app", "-p", String(nextPort)], {
      cwd: HERE,
      env: {
        ...process.env,
        NEXT_TELEMETRY_DISABLED: "1",
        API: api,
        APP_BASE_URL: nextOrigin,
        AUTH0_SECRET: randomBytes(32).toString("hex"),
        AUTH0_DOMAIN: issuer,
        AUTH0_CLIENT_ID: "local-secret-client",
        AUTH0_CLIENT_SECRET: "local-secret",
        AUTH0_AUDIENCE: audience,
      },
    });
    chromium = await browser();
    await listening(nextPort);
  },
  { timeout: 180_000 },
);

after(async () => {
  await chromium?.close();
  await next?.stop();
  await spa?.stop();
  await instance?.stop();
});

/** Wait until the Next.js server accepts connections, which takes seconds on a busy machine. */
async function listening(port) {
  const accepts = () =>
    new Promise((done) => {
      const socket = connect(port, "localhost", () => done(socket.end())).on("error", () => done(undefined));
    });
  await until("Next.js listens", async () => (assert(next.running(), next.output()), accepts()), 120);
}

/** A page in a browser without cookies, and what its console said. */
async function visit(url) {
  const context = await chromium.newContext();
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (problem) => said.push(String(problem)));
  await page.goto(url, { timeout: 120_000 });
  return { page, said, close: () => context.close() };
}

async function shot(page, name) {
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

const ready = (page) => page.waitForFunction(() => Boolean(window.frontend));
const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());

test("nextjs-auth0 logs in, calls the API on the server, and logs out", { timeout: 180_000 }, async () => {
  const { page, close } = await visit(nextOrigin);
  await page.getByRole("link", { name: "Log in" }).click();
  await page.waitForURL(/\/_identity\/authorize/, { timeout: 120_000 });
  await shot(page, "login");
  await logIn(page, "ada@example.com");
  const shown = await page.locator("#profile").textContent({ timeout: 60_000 });
  await shot(page, "nextjs-auth0");
  assert.equal(await page.getByRole("heading").textContent(), "Hello ada@example.com");
  assert.match(JSON.parse(shown).user_id, /^auth0\|[0-9a-f]{24}$/);
  await page.goto(`${nextOrigin}/?refresh`);
  assert.equal(
    JSON.parse(await page.locator("#profile").textContent()).user_id,
    JSON.parse(shown).user_id,
    "a refreshed token works",
  );
  await page.getByRole("link", { name: "Log out" }).click();
  await page.getByRole("link", { name: "Log in" }).waitFor();
  await page.getByRole("link", { name: "Log in" }).click();
  await page.getByLabel("E-mail or subject").waitFor(); // nobody is logged in at the issuer any more
  await close();
});

test(
  "auth0-spa-js logs in, rotates its refresh tokens, calls the API across origins, and logs out",
  { timeout: 120_000 },
  async () => {
    const { page, said, close } = await visit(`${spaOrigin}/auth0.html`);
    await ready(page);
    await page.evaluate(() => void window.frontend.login());
    await logIn(page, "auth0|spa");
    await page.waitForURL(/code=/);
    await ready(page);
    assert.equal((await page.evaluate(() => window.frontend.user())).sub, "auth0|spa");
    const tokens = [await page.evaluate(() => window.frontend.token("on"))];
    for (let round = 0; round < 3; round++) {
      await page.waitForTimeout(1_100); // tokens of the same second are the same
      tokens.push(await page.evaluate(() => window.frontend.token()));
    }
    assert.equal(new Set(tokens).size, 4, "each renewal gave another token");
    const answer = await page.evaluate((token) => window.frontend.profile(token), tokens.at(-1));
    assert.deepEqual([answer.status, answer.body.user_id], [200, "auth0|spa"]);
    assert.deepEqual(said, []);
    await page.evaluate(() => void window.frontend.logout());
    await page.waitForURL(/\?out$/);
    await ready(page);
    await assert.rejects(
      page.evaluate(() => window.frontend.token()),
      /login_required|Login required|Missing Refresh Token/i,
    );
    await close();
  },
);

test("auth0-spa-js without refresh tokens renews in a hidden frame", { timeout: 120_000 }, async () => {
  const { page, close } = await visit(`${spaOrigin}/auth0.html?frames`);
  await ready(page);
  await page.evaluate(() => void window.frontend.login());
  await logIn(page, "auth0|frames");
  await page.waitForURL(/code=/);
  await ready(page);
  const first = await page.evaluate(() => window.frontend.token("on"));
  await page.waitForTimeout(1_100);
  const second = await page.evaluate(() => window.frontend.token());
  assert.notEqual(first, second);
  assert.equal(claims(second).sub, "auth0|frames");
  await close();
});

test("oidc-client-ts logs in, renews silently, calls the API, and logs out", { timeout: 120_000 }, async () => {
  const { page, said, close } = await visit(`${spaOrigin}/oidc.html`);
  await ready(page);
  await page.evaluate(() => void window.frontend.login());
  await logIn(page, "grace@example.com");
  await page.waitForURL(/code=/);
  await ready(page);
  const user = await page.evaluate(() => window.frontend.user());
  assert.equal(user.email, "grace@example.com");
  const renewed = [];
  for (let round = 0; round < 2; round++) renewed.push(await page.evaluate(() => window.frontend.renew()));
  assert.notEqual(renewed[0].refresh, renewed[1].refresh, "refresh tokens rotate");
  const answer = await page.evaluate((token) => window.frontend.profile(token), renewed[1].access);
  assert.deepEqual([answer.status, answer.body.user_id], [200, user.sub]);
  assert.equal(await page.evaluate(() => window.frontend.renewInFrame()), user.sub);
  assert.deepEqual(said, []);
  await page.evaluate(() => void window.frontend.logout());
  await page.waitForURL(/\?out/);
  await ready(page);
  await assert.rejects(
    page.evaluate(() => window.frontend.renewInFrame()),
    /login_required|Nobody is logged in/,
  );
  await close();
});

test(
  "a page of another origin reads neither the API nor the issuer, and cannot frame the login page",
  { timeout: 120_000 },
  async () => {
    const port = await freePort();
    const { api, issuer, audience } = instance.run;
    const stranger = await pages(port, () => ({ api, issuer, audience }));
    const { page, close } = await visit(`http://localhost:${port}/settings.json`);
    const read = (url, options) =>
      page.evaluate(
        ([to, more]) =>
          fetch(to, more).then(
            (answer) => answer.text(),
            () => "refused",
          ),
        [url, options],
      );
    assert.equal(await read(`${api}/v1/health`), "refused");
    assert.equal(await read(`${issuer}token?sub=auth0|victim`), "refused");
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "local-secret-client",
      client_secret: "local-secret",
    });
    const post = { method: "POST", body: String(form), headers: { "content-type": "application/x-www-form-urlencoded" } };
    assert.equal(await read(`${issuer}oauth/token`, post), "refused");
    const asked = new URLSearchParams({
      client_id: "local-client",
      response_type: "code",
      code_challenge: "x".repeat(43),
      code_challenge_method: "S256",
      redirect_uri: spaOrigin,
    });
    await page.setContent(`<iframe src="${issuer}authorize?${asked}"></iframe>`);
    await page.waitForTimeout(2_000);
    const frame = page.frames().at(-1);
    assert.equal(await frame.locator("#who").count(), 0, "the login page is not shown in a frame");
    await close();
    await stranger.stop();
  },
);
