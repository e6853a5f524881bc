// Puts a content document on an object store of yours, and schedules it: node examples/schedule.mjs PUT_URL GET_URL TEXT.
// The URLs are presigned ones of the same object. API is the URL of the service, and TOKEN an access token.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createClient } from "@noillusion/client";

const [putUrl = "", getUrl = "", text = ""] = process.argv.slice(2);

/**
 * A document in canonical form (RFC 8785).
 * @param {unknown} value
 * @returns {string}
 */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

const raw = canonical({ version: 1, content: { text } });
const put = await fetch(putUrl, { method: "PUT", body: raw, headers: { "content-type": "application/json" } });
assert(put.ok, `the object store answered ${put.status}`);

const client = createClient({ baseUrl: process.env.API ?? "", token: process.env.TOKEN ?? "" });
const { items } = await client.listConnections();
assert(items[0], "connect an account first");
const pull = { url: getUrl, sha256: createHash("sha256").update(raw).digest("hex") };
const due_at = new Date(Date.now() + 3_600_000).toISOString();
const schedule = await client.createSchedule({
  body: { due_at, time_zone: "Europe/Berlin", targets: [{ connection_id: items[0].id, pull }] },
});
console.log(`scheduled: ${schedule.id} by ${schedule.targets[0]?.way}`);
