// What the client does with answers, against a server on this machine that answers what each test says.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { createClient, ProblemError } from "@noillusion/client";

const received = [];
let answers = [];
let server;
let baseUrl;

before(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    const [status, headers, value] = answers.shift() ?? [500, {}, undefined];
    if (status === "broken") return request.socket.destroy();
    response.writeHead(status, headers);
    response.end(value === undefined ? undefined : JSON.stringify(value));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${server.address().port}`;
});

after(() => server.close());

beforeEach(() => {
  received.length = 0;
  answers = [];
});

const JSON_TYPE = { "content-type": "application/json" };
const BUSY = [503, { "content-type": "application/problem+json", "retry-after": "1" }, problem(503, "database_unavailable")];
const DRAFT = { content: { text: "Hello" }, targets: [] };

function problem(status, code, more = {}) {
  return { type: `urn:noillusion:problem:${code}`, title: "Title", status, code, detail: "Detail.", correlation_id: "c1", ...more };
}

async function refusal(work) {
  try {
    await work;
  } catch (error) {
    assert(error instanceof ProblemError, String(error));
    return error;
  }
  return assert.fail("there was no error");
}

test("a temporary answer is repeated after the time it names, with the same key", async () => {
  answers = [BUSY, [201, JSON_TYPE, { id: "p1" }]];
  const started = Date.now();
  const post = await createClient({ baseUrl }).publishPost({ body: DRAFT });
  assert.equal(post.id, "p1");
  assert(Date.now() - started >= 1000);
  assert.equal(received.length, 2);
  assert.match(received[0].headers["idempotency-key"], /^[0-9a-f-]{36}$/);
  assert.equal(received[1].headers["idempotency-key"], received[0].headers["idempotency-key"]);
  assert.deepEqual(JSON.parse(received[1].body), DRAFT);
});

test("every call has a key of its own, and your own key is kept", async () => {
  answers = [1, 2, 3].map((n) => [201, JSON_TYPE, { id: `p${n}` }]);
  const client = createClient({ baseUrl });
  await client.publishPost({ body: DRAFT });
  await client.publishPost({ body: DRAFT });
  await client.publishPost({ body: DRAFT, header: { "idempotency-key": "mine" } });
  const keys = received.map((each) => each.headers["idempotency-key"]);
  assert.notEqual(keys[0], keys[1]);
  assert.equal(keys[2], "mine");
});

test("a conflict is a typed error and is not repeated", async () => {
  answers = [[409, { "content-type": "application/problem+json", "retry-after": "1" }, problem(409, "idempotency_key_reused")]];
  const error = await refusal(createClient({ baseUrl }).publishPost({ body: DRAFT }));
  assert.equal(error.status, 409);
  assert.equal(error.code, "idempotency_key_reused");
  assert(error.is("idempotency_key_reused"));
  assert.equal(error.correlationId, "c1");
  assert.equal(error.retryAfter, 1);
  assert.equal(received.length, 1);
});

test("fields that are not valid are in the error and in its message", async () => {
  const errors = [{ field: "content.text", code: "missing", message: "This field is required." }];
  answers = [[422, { "content-type": "application/problem+json" }, problem(422, "validation_failed", { errors })]];
  const error = await refusal(createClient({ baseUrl }).publishPost({ body: DRAFT }));
  assert.deepEqual(error.errors, errors);
  assert.match(error.message, /content\.text: This field is required\./);
});

test("a request that is neither idempotent nor has a key is sent once", async () => {
  answers = [BUSY, [200, JSON_TYPE, { ok: true, targets: [] }]];
  const error = await refusal(createClient({ baseUrl }).checkPost({ body: DRAFT }));
  assert.equal(error.status, 503);
  assert.equal(received.length, 1);
});

test("an answer that asks to wait longer than allowed is handed out at once", async () => {
  answers = [[429, { "retry-after": "3600" }, { message: "Too Many Requests" }]];
  const error = await refusal(createClient({ baseUrl }).listPosts());
  assert.equal(error.code, "gateway");
  assert.equal(error.retryAfter, 3600);
  assert.equal(received.length, 1);
});

test("a broken connection is repeated, and at last thrown as fetch throws it", async () => {
  answers = [["broken"], [200, JSON_TYPE, { items: [], next_cursor: null }]];
  assert.deepEqual((await createClient({ baseUrl }).listPosts()).items, []);
  answers = [["broken"], ["broken"]];
  await assert.rejects(createClient({ baseUrl, retries: 1 }).listPosts(), TypeError);
  assert.equal(received.length, 4);
});

test("the number of repeats is limited", async () => {
  answers = Array(5).fill([503, { "retry-after": "0" }]);
  await refusal(createClient({ baseUrl, retries: 2 }).listPosts());
  assert.equal(received.length, 3);
});

test("the token is asked before every attempt", async () => {
  answers = [[503, { "retry-after": "0" }], [200, JSON_TYPE, { items: [], next_cursor: null }]];
  let asked = 0;
  await createClient({ baseUrl, token: async () => `t${++asked}` }).listPosts();
  assert.deepEqual(received.map((each) => each.headers.authorization), ["Bearer t1", "Bearer t2"]);
});

test("a refused token has the code of the API although the gateway answers", async () => {
  answers = [[401, { ...JSON_TYPE, "apigw-requestid": "r1" }, { message: "Unauthorized" }]];
  const error = await refusal(createClient({ baseUrl, token: "old" }).getProfile());
  assert.equal(error.code, "unauthorized");
  assert.equal(error.correlationId, "r1");
});

test("an answer that nothing has changed is thrown, because there is nothing to return", async () => {
  answers = [[304, { etag: '"1"' }]];
  assert.equal((await refusal(createClient({ baseUrl }).getProfile())).status, 304);
});

test("items are read over all pages, and no page before it is needed", async () => {
  answers = [
    [200, JSON_TYPE, { items: [{ id: "1" }, { id: "2" }], next_cursor: "next" }],
    [200, JSON_TYPE, { items: [{ id: "3" }], next_cursor: null }],
  ];
  const ids = [];
  for await (const post of createClient({ baseUrl }).items("listPosts", { query: { limit: 2 } })) {
    if (!ids.length) assert.equal(received.length, 1);
    ids.push(post.id);
  }
  assert.deepEqual(ids, ["1", "2", "3"]);
  assert.deepEqual(received.map((each) => each.url), ["/v1/posts?limit=2", "/v1/posts?limit=2&cursor=next"]);
});

test("a signal ends the wait for a repeat", async () => {
  answers = [[503, { "retry-after": "30" }]];
  const started = Date.now();
  await assert.rejects(createClient({ baseUrl }).listPosts({ signal: AbortSignal.timeout(200) }), { name: "TimeoutError" });
  assert(Date.now() - started < 5000);
  assert.equal(received.length, 1);
});

test("an attempt that takes too long is repeated", async () => {
  const slow = createServer((_, response) => setTimeout(() => response.end(), 2000));
  let asked = 0;
  slow.on("request", () => asked++);
  await new Promise((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const client = createClient({ baseUrl: `http://127.0.0.1:${slow.address().port}`, timeout: 0.1, retries: 1 });
  await assert.rejects(client.listPosts(), { name: "TimeoutError" });
  assert.equal(asked, 2);
  slow.closeAllConnections();
  slow.close();
});

test("the answer with its headers can be had as well", async () => {
  answers = [[200, { ...JSON_TYPE, etag: '"1"' }, { id: "p1" }]];
  const { data, response } = await createClient({ baseUrl }).send("getPost", { path: { post_id: "p1" } });
  assert.equal(data.id, "p1");
  assert.equal(response.headers.get("etag"), '"1"');
});
