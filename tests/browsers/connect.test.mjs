// A frontend connects accounts in a real browser: a person clicks through each platform's simulated dialog, in every way.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { browser, freePort, pages, runtime } from "./support.mjs";

const LOGINS = {
  facebook: { platform: "facebook", agree: "Continue", untick: "pages_manage_posts" },
  instagram: { platform: "instagram", agree: "Allow", untick: "instagram_business_content_publish" },
  "instagram by Facebook": {
    platform: "instagram",
    dialog: "facebook",
    agree: "Continue",
    untick: "instagram_content_publish",
    wanted: "deletion",
  },
  "linkedin share": { platform: "linkedin", agree: "Allow" },
  "linkedin community": { platform: "linkedin", agree: "Allow", wanted: "organizations" },
  tiktok: { platform: "tiktok", agree: "Continue", untick: "video.publish" },
};
/** Button of a dialog → what the frontend is told. */
const TOLD = {
  deny: "declined: start again",
  cancel_login: "declined: start again",
  access_denied: "unrecognized: start again",
  app_unavailable: "app_unavailable: this does not help",
  blocked: "account_restricted: this does not help",
  invalid_client: "app_refused: this does not help",
  invalid_request: "app_refused: this does not help",
  invalid_scope: "scope_refused: this does not help",
  server_error: "platform_unavailable: start again",
  temporarily_unavailable: "platform_unavailable: start again",
  unauthorized_client: "app_refused: this does not help",
  unauthorized_scope_error: "scope_refused: this does not help",
  unknown_error: "platform_unavailable: start again",
  unsupported_response_type: "app_refused: this does not help",
};
let instance, chromium, spa, origin, users;

before(
  async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    instance = await runtime({ ALLOWED_ORIGINS: origin });
    spa = await pages(port, () => ({ api: instance.run.api }));
    chromium = await browser();
    users = 0;
  },
  { timeout: 180_000 },
);

after(async () => {
  await chromium?.close();
  await spa?.stop();
  await instance?.stop();
});

/** What a browser, or what looks like one, needs for control and tokens. */
const secret = () => ({ "x-local-secret": instance.run.secret });

const control = async (path, body) => {
  const answer = await fetch(`${instance.run.control}/${path}`, { method: "POST", headers: secret(), body: JSON.stringify(body) });
  assert.equal(answer.status < 300, true, `${path}: ${answer.status}`);
  return answer.json();
};

/** A person who is not connected yet, in a browser of their own, sent to the dialog of a login. */
async function person(login) {
  await control(`${login.dialog ?? login.platform}/consent`, { decision: "ask" });
  const sub = `auth0|person-${++users}`;
  const issued = await fetch(`${instance.run.token_url}?sub=${encodeURIComponent(sub)}`, { headers: secret() });
  const token = (await issued.json()).access_token;
  const context = await chromium.newContext();
  const page = await context.newPage();
  const start = async () => {
    const asked = new URLSearchParams({ token, start: login.platform, wanted: login.wanted ?? "" });
    await page.goto(`${origin}/connect.html?${asked}`);
    await page.getByRole("heading", { name: /simulated/ }).waitFor();
  };
  const told = async () => {
    await page.waitForURL(`${origin}/connect.html?*`);
    await page.waitForFunction(() => window.ready && document.getElementById("told").textContent);
    return page.locator("#told").textContent();
  };
  const connections = async () => {
    const answer = await fetch(`${instance.run.api}/v1/connections`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()).items;
  };
  await start();
  return { page, start, told, connections, close: () => context.close() };
}

for (const [name, login] of Object.entries(LOGINS)) {
  test(`${name}: a person agrees, chooses and is connected`, { timeout: 120_000 }, async () => {
    const { page, told, connections, close } = await person(login);
    await page.getByRole("button", { name: login.agree, exact: true }).click();
    assert.equal(await told(), "missing: ");
    assert.match(page.url(), /pending=/);
    assert.doesNotMatch(page.url(), /code=|state=|token=/);
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText(/^connected: /).waitFor();
    const [connection, ...others] = await connections();
    assert.deepEqual([connection.platform, connection.status, others.length], [login.platform, "active", 0]);
    await page.reload(); // somebody presses "back", or reloads: the grant is given away once
    assert.equal(await told(), "not_found");
    assert.equal((await connections()).length, 1);
    await close();
  });

  test(`${name}: a person cancels, meets each error, and then agrees`, { timeout: 180_000 }, async () => {
    const { page, start, told, connections, close } = await person(login);
    const buttons = await page.locator("button").evaluateAll((found) => found.map((button) => button.value));
    const errors = [...new Set(buttons)].filter((value) => value !== "grant");
    assert.ok(errors.includes("deny") && errors.length > 3, String(errors));
    for (const error of errors) {
      if (page.url().startsWith(origin)) await start();
      await page.locator("details").evaluate((found) => (found.open = true));
      await page.locator(`button[value="${error}"]`).first().click();
      assert.equal(await told(), TOLD[error], error);
      assert.doesNotMatch(page.url(), /error_description|error_message|state=/);
    }
    assert.deepEqual(await connections(), []);
    await start();
    await page.getByRole("button", { name: login.agree, exact: true }).click();
    assert.equal(await told(), "missing: ");
    await close();
  });

  test(`${name}: what a person unticks is told as missing`, { timeout: 120_000 }, async () => {
    const { page, told, close } = await person(login);
    if (login.untick) {
      await page.getByLabel(login.untick).uncheck();
      await page.getByRole("button", { name: login.agree, exact: true }).click();
      assert.equal(await told(), `missing: ${login.untick}`);
    } else {
      assert.equal(await page.getByRole("checkbox", { disabled: false }).count(), 0, "all or nothing");
    }
    await close();
  });
}

test("facebook: a person who ticks no Page is told why nothing is listed", { timeout: 120_000 }, async () => {
  const { page, told, connections, close } = await person(LOGINS.facebook);
  for (const box of await page.locator('input[name="account"]').all()) await box.uncheck();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  assert.match(await told(), /^No account was selected/);
  assert.deepEqual(await connections(), []);
  await close();
});

test("facebook business: a configuration is granted as a whole", { timeout: 240_000 }, async () => {
  const usual = instance;
  instance = await runtime({ ALLOWED_ORIGINS: origin, FACEBOOK_CONFIG_ID: "700000000000001" });
  try {
    const { page, told, connections, close } = await person(LOGINS.facebook);
    assert.match(page.url(), /config_id=700000000000001/);
    assert.doesNotMatch(page.url(), /scope=/);
    assert.equal(await page.locator('input[name="scope"]:not([type="hidden"]):not([disabled])').count(), 0);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    assert.equal(await told(), "missing: ");
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByText(/^connected: /).waitFor();
    assert.deepEqual(
      (await connections()).map(({ platform, status }) => [platform, status]),
      [["facebook", "active"]],
    );
    await close();
  } finally {
    await instance.stop();
    instance = usual;
  }
});

test("the link of one person is of no use to another", { timeout: 120_000 }, async () => {
  const first = await person(LOGINS.tiktok);
  await first.page.getByRole("button", { name: "Continue", exact: true }).click();
  await first.told();
  const second = await person(LOGINS.tiktok);
  await second.page.goto(`${origin}/connect.html?token=${await tokenOf(second.page)}&${new URL(first.page.url()).searchParams}`);
  assert.equal(await second.told(), "not_found");
  assert.deepEqual(await second.connections(), []);
  await first.close();
  await second.close();
});

const tokenOf = async (page) => {
  await page.goto(`${origin}/connect.html`);
  return page.evaluate(() => sessionStorage.token);
};
