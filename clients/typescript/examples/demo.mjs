// Runs the whole flow against a local instance: start `make run`, then `node examples/demo.mjs`.
// LOCAL_DIR is the directory of the instance; default: .local of this repository.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { createClient, ProblemError } from "@noillusion/client";

const directory = process.env.LOCAL_DIR ?? new URL("../../../.local", import.meta.url).pathname;
const run = JSON.parse(await readFile(`${directory}/run.json`, "utf8"));
const person = `auth0|example-${randomUUID()}`;
/** A word of this run's own, because platforms refuse a text that was published before. */
const word = randomUUID().slice(0, 8);

async function token() {
  const response = await fetch(`${run.token_url}?sub=${encodeURIComponent(person)}`);
  return (await response.json()).access_token;
}

const client = createClient({ baseUrl: run.api, token });

/**
 * Some posts take longer than a request. They are answered as processing and have to be followed.
 * @param {import("@noillusion/client").Post} post
 */
async function finished(post) {
  let found = post;
  while (found.status === "processing") {
    await setTimeout(1000);
    found = await client.getPost({ path: { post_id: post.id } });
  }
  assert.equal(found.status, "published");
  return found;
}

// Connect an account. The simulator's dialog consents immediately, and fetch follows its redirects as a browser would.
const { authorization_url } = await client.authorizePlatform({ path: { platform: "linkedin" }, body: {} });
const { pending_id } = await (await fetch(authorization_url)).json();
const { accounts } = await client.getPendingConnection({ path: { handle: pending_id } });
const chosen = accounts.find((account) => account.can_publish);
assert(chosen);
const confirmed = await client.confirmPendingConnection({ path: { handle: pending_id }, body: { account_ids: [chosen.id] } });
const [connection] = confirmed.items;
assert(connection);
console.log(`connected: ${connection.platform} as ${connection.display_name}`);

// Check, then publish. A repeat with the same key answers the same post.
const draft = { content: { text: `Hello from TypeScript. #${word}` }, targets: [{ connection_id: connection.id }] };
const check = await client.checkPost({ body: draft });
assert.equal(check.ok, true);
const header = { "idempotency-key": randomUUID() };
const post = await finished(await client.publishPost({ header, body: draft }));
const again = await client.publishPost({ header, body: draft });
assert.equal(again.id, post.id);
console.log(`published: ${post.status}, ${post.targets[0]?.permalink}`);

// Keys are made automatically where you give none, so these are two more posts.
for (const number of [2, 3]) {
  await finished(await client.publishPost({ body: { ...draft, content: { text: `Post number ${number} of ${word}` } } }));
}
const ids = [];
for await (const { id } of client.items("listPosts", { query: { limit: 1 } })) ids.push(id);
assert.equal(ids.length, 3);
assert.equal(ids.at(-1), post.id);
console.log(`listed: ${ids.length} posts on ${ids.length} pages`);

// Draft a text with AI.
await client.storeAiKey({ path: { provider: "openai" }, body: { key: "sk-anything-goes-here" } });
const generated = await client.generatePosts({ body: { task: "generate", platforms: ["linkedin"], topic: "We open a bakery" } });
console.log(`generated: ${generated.results[0]?.length} characters by ${generated.transparency.provider}`);

const summary = await client.getAnalyticsSummary();
assert.equal(summary.totals.posts, 3);
console.log(`analytics: ${summary.totals.posts} posts`);

// Create a template and change one field of it.
/** @type {import("@noillusion/client").TemplateInput} */
const invitation = { name: "Invitation", content_mode: "business", user_text: "Invite people to {topic}." };
const template = await client.createTemplate({ body: invitation });
const changed = await client.updateTemplate({ path: { id: template.id }, body: { ...invitation, name: "Invite" } });
assert.equal(changed.user_text, template.user_text);
console.log(`template: ${changed.name}, version ${changed.version}`);

// Errors are problems with a code.
try {
  await client.publishPost({ header, body: { ...draft, content: { text: "Another text with the same key" } } });
  assert.fail("the key was accepted twice");
} catch (error) {
  assert(error instanceof ProblemError);
  assert.equal(error.code, "idempotency_key_reused");
  console.log(`refused: ${error.message}`);
}

// Export everything: parts of JSON lines with checksums.
const manifest = await client.startExport();
let rows = 0;
for (let part = manifest.first_part; part; ) {
  const lines = (await client.getExportPart({ path: { part } })).trimEnd().split("\n");
  const end = JSON.parse(lines.pop() ?? "").part;
  assert.equal(createHash("sha256").update(lines.map((line) => `${line}\n`).join("")).digest("hex"), end.sha256);
  rows += lines.length;
  part = end.next_part;
}
console.log(`exported: ${rows} rows`);

const deletion = await client.deleteAccount();
console.log(`deleted: receipt ${deletion.code}`);
