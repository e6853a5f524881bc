// Generates docs/collections/postman.json (format 2.1) from the OpenAPI document; with --check it compares instead of writing.
// The converter makes the requests. This puts them into an order that works, fills in variables and keeps what answers contain.
// DOCUMENT and COLLECTION can name other files.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import Converter from "openapi-to-postmanv2";

const docs = new URL("../../docs/", import.meta.url);
const target = process.env.COLLECTION ?? fileURLToPath(new URL("collections/postman.json", docs));
const document = JSON.parse(await readFile(process.env.DOCUMENT ?? new URL("openapi.json", docs), "utf8"));

/** Folders in the order in which they can be run, with their operations. Operations that are not listed are in "More". */
const TOUR = {
  Profile: ["getHealth", "getProfile", "updateProfile", "storeAiKey", "getDataMap"],
  "Connect an account": [
    "authorizePlatform", "dialog", "getPendingConnection", "confirmPendingConnection", "listConnections", "getConnection",
    "testConnection", "updateConnection",
  ],
  Templates: ["createTemplate", "getTemplate", "updateTemplate", "listTemplates", "previewTemplate", "copyTemplate", "shareTemplate", "unshareTemplate"],
  Draft: ["listProviders", "previewGeneration", "generatePosts", "listModels", "getUsage", "getUsageCsv"],
  Publish: ["checkPost", "publishPost", "getPost", "listPosts"],
  Schedule: ["getScheduleOptions", "createSchedule", "getSchedule", "updateSchedule", "pauseSchedule", "resumeSchedule", "listSchedules"],
  Analytics: [
    "getAnalyticsSummary", "listTopPosts", "getPostAnalytics", "listAccountAnalytics", "getBestTimes",
    "getAnalyticsSummaryCsv", "listTopPostsCsv", "listAccountAnalyticsCsv", "getBestTimesCsv",
  ],
  Notices: ["listNotices", "countUnreadNotices", "markNotices", "listWebhooks"],
  Privacy: ["startExport", "getExportPart"],
  "Clean up": ["deleteSchedule", "deletePost", "deletePostRecord", "deleteTemplate", "deleteAiKey", "disconnectAccount", "deleteAccount", "getDeletionReceipt"],
};
/** What is kept from an answer: operation → variable → where it is in the body. */
const KEPT = {
  authorizePlatform: { authorization_url: "authorization_url" },
  dialog: { pending_id: "pending_id" },
  getPendingConnection: { account_id: "accounts[0].id" },
  confirmPendingConnection: { connection_id: "items[0].id" },
  createTemplate: { template_id: "id" },
  createSchedule: { schedule_id: "id" },
  publishPost: { post_id: "id", target_id: "targets[0].id" },
  startExport: { part: "first_part" },
  deleteAccount: { code: "code" },
};
/** Times that lie ahead whenever the collection runs: variable → what computes it, before the requests that have it in their body. */
const TIMES = {
  due_at: "new Date(new Date(Date.now() + 7 * 86400000).setUTCHours(8, 0, 0, 0)).toISOString()",
  left_out: "`${new Date(Date.now() + 14 * 86400000).toISOString().slice(0, 10)}T09:00:00`",
};
/** The start values of variables. The others are filled in by the requests before. */
const VARIABLES = {
  baseUrl: "http://127.0.0.1:8000",
  token: "",
  platform: "linkedin",
  provider: "openai",
  ...Object.fromEntries(Object.values(KEPT).flatMap(Object.keys).map((name) => [name, ""])),
  ...Object.fromEntries(Object.keys(TIMES).map((name) => [name, ""])),
};
/** Properties of bodies and parameters of paths that are variables. */
const NAMES = { handle: "pending_id", account_ids: ["{{account_id}}"], connection_ids: ["{{connection_id}}"], exdates: ["{{left_out}}"] };
const INTRODUCTION = `Requests of the No iLLusion Social API in an order that works: run the folders from top to bottom, except "More".

Set \`token\` to an access token, and \`baseUrl\` to the API. On a local instance (\`make run\`), the "Token" line shows how to get a token,
and "Give consent" is answered by a simulator. Elsewhere, open \`authorization_url\` in a browser and copy \`pending_id\` from the answer.`;

const METHODS = ["get", "put", "post", "delete", "patch"];
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({ ...item[method], path, method })),
);
/** Platforms call these, people do not. */
const isCallback = ({ tags }) => tags.includes("callbacks");

function convert() {
  const options = { folderStrategy: "Tags", parametersResolution: "Example", includeResponseTemplate: false, schemaFaker: true };
  return new Promise((resolve, reject) => {
    Converter.convertV2({ type: "json", data: document }, options, (error, found) =>
      error || !found.result ? reject(error ?? new Error(found.reason)) : resolve(found.output[0].data),
    );
  });
}

function id(name) {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function requestsOf(folder) {
  return (folder.item ?? []).flatMap((each) => (each.request ? [each] : requestsOf(each)));
}

function pathOf(request) {
  return `/${request.url.path.map((part) => (part.startsWith(":") ? `{${part.slice(1)}}` : part)).join("/")}`;
}

function variable(name, path) {
  if (name === "id" && path.startsWith("/v1/templates/")) return "{{template_id}}";
  if (name === "id" && path.startsWith("/v1/schedules/")) return "{{schedule_id}}";
  const known = NAMES[name] ?? name;
  return known in VARIABLES ? `{{${known}}}` : undefined;
}

/** A body with variables instead of the ids of the example, and with one target, because one account is connected. */
function filled(value, name = "") {
  if (Array.isArray(NAMES[name])) return NAMES[name];
  if (name === "targets") return [filled(value[0])];
  if (Array.isArray(value)) return value.map((each) => filled(each));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, key)]));
  if (name in TIMES && typeof value === "string") return `{{${name}}}`;
  return /_id$/.test(name) && typeof value === "string" && name in VARIABLES ? `{{${name}}}` : value;
}

function example(operation) {
  const [media] = Object.values(operation.requestBody?.content ?? {});
  if (!media) return undefined;
  const found = media.example ?? Object.values(media.examples ?? {})[0]?.value;
  if (found === undefined) throw new Error(`${operation.operationId} has no example of its body, so the collection would differ every time`);
  return JSON.stringify(filled(found), undefined, 2);
}

function script(operationId, statuses) {
  const lines = [`pm.test("${operationId} succeeds", () => pm.expect(pm.response.code, pm.response.text()).to.be.oneOf(${JSON.stringify(statuses)}));`];
  for (const [name, where] of Object.entries(KEPT[operationId] ?? {})) {
    lines.push(`pm.collectionVariables.set("${name}", pm.response.json().${where});`);
  }
  if (operationId === "getPost") {
    lines.push("// Some posts take longer than a request: ask again until this one is finished.");
    lines.push('const { status } = pm.response.json();');
    lines.push('if (status === "processing") setTimeout(() => postman.setNextRequest(pm.info.requestName), 1000);');
    lines.push('else pm.test("the post is published", () => pm.expect(status).to.equal("published"));');
  }
  return [{ listen: "test", script: { id: id(`test ${operationId}`), type: "text/javascript", exec: lines } }];
}

/** Set the times that a body has. */
function before(operationId, body = "") {
  const lines = Object.entries(TIMES).filter(([name]) => body.includes(`{{${name}}}`)).map(([name, computed]) => `pm.collectionVariables.set("${name}", ${computed});`);
  return lines.length ? [{ listen: "prerequest", script: { id: id(`prerequest ${operationId}`), type: "text/javascript", exec: lines } }] : [];
}

function headers(operation, converted) {
  const own = converted.filter(({ key }) => !/^(authorization|idempotency-key|if-match|if-none-match|x-ai-key-.*)$/i.test(key));
  const names = (operation.parameters ?? []).map((each) => resolved(each).name.toLowerCase());
  return names.includes("idempotency-key") ? [{ key: "Idempotency-Key", value: "{{$guid}}" }, ...own] : own;
}

function tidied(operation, request) {
  const { operationId, path } = operation;
  const { method, url, header = [], description } = request;
  const body = example(operation);
  const statuses = Object.keys(operation.responses).filter((status) => /^2/.test(status)).map(Number);
  return {
    id: id(operationId),
    name: operation.summary,
    event: [...before(operationId, body), ...script(operationId, statuses)],
    request: {
      method,
      ...(description?.content ? { description: description.content } : {}),
      ...(operation.security?.length === 0 ? { auth: { type: "noauth" } } : {}),
      url: {
        raw: `{{baseUrl}}/${url.path.join("/")}`,
        host: ["{{baseUrl}}"],
        path: url.path,
        query: (url.query ?? []).map(({ key, description }) => {
          const { required = false, example, schema } = parameter(operation, key);
          // The converter invents values where the document has none, other ones every time.
          return { key, value: String(example ?? schema?.default ?? ""), disabled: !required, description: description?.content };
        }),
        variable: (url.variable ?? []).map(({ key, description }) => ({ key, value: variable(key, path) ?? "", description: description?.content })),
      },
      header: headers(operation, header).map(({ key, value }) => ({ key, value })),
      ...(body === undefined ? {} : { body: { mode: "raw", raw: body, options: { raw: { language: "json" } } } }),
    },
  };
}

function parameter(operation, name) {
  return (operation.parameters ?? []).map(resolved).find((each) => each.name === name) ?? {};
}

function resolved(value) {
  return value.$ref ? value.$ref.slice(2).split("/").reduce((found, name) => found[name], document) : value;
}

const DIALOG = {
  id: id("dialog"),
  name: "Give consent",
  event: script("dialog", [200]),
  request: {
    method: "GET",
    description: "The platform's dialog. A simulator consents immediately; otherwise open the URL in a browser.",
    auth: { type: "noauth" },
    url: { raw: "{{authorization_url}}", host: ["{{authorization_url}}"] },
    header: [],
  },
};

const converted = await convert();
const byId = { dialog: DIALOG };
for (const { request } of requestsOf(converted)) {
  const operation = operations.find((each) => each.method === request.method.toLowerCase() && each.path === pathOf(request));
  if (operation && !isCallback(operation)) byId[operation.operationId] = tidied(operation, request);
}
const listed = Object.values(TOUR).flat();
const unknown = listed.filter((name) => !byId[name]);
if (unknown.length) throw new Error(`the document has no ${unknown.join(", ")}: adapt collection.mjs`);
const more = Object.keys(byId).filter((name) => !listed.includes(name));
const folders = [...Object.entries(TOUR), ["More", more]];

const collection = {
  info: {
    _postman_id: id("collection"),
    name: document.info.title,
    description: INTRODUCTION,
    schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
  },
  auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}", type: "string" }] },
  variable: Object.entries(VARIABLES).map(([key, value]) => ({ key, value, type: "string" })),
  item: folders.map(([name, names]) => ({ id: id(`folder ${name}`), name, item: names.map((each) => byId[each]) })),
};
const text = `${JSON.stringify(collection, undefined, 1)}\n`;
if (!process.argv.includes("--check")) {
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
} else if ((await readFile(target, "utf8").catch(() => "")) !== text) {
  console.error(`${target} does not agree with the document: run \`make clients\` and commit it.`);
  process.exit(1);
}
