// Generates src/schema.ts (types, committed) and src/operations.ts (the table of operations) from the OpenAPI document.
// With --check it compares src/schema.ts instead of writing it. DOCUMENT can name another document.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const root = new URL("../", import.meta.url);
const source = process.env.DOCUMENT ? pathToFileURL(process.env.DOCUMENT) : new URL("../../docs/openapi.json", root);
const schema = new URL("src/schema.ts", root);
const METHODS = ["get", "put", "post", "delete", "patch"];
const HEADER = "// Generated from docs/openapi.json by `make clients`. Do not edit.\n\n";

const document = JSON.parse(await readFile(source, "utf8"));

function resolved(value) {
  if (!value.$ref) return value;
  return value.$ref.slice(2).split("/").reduce((found, name) => found[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

function takesKey(operation) {
  return (operation.parameters ?? []).map(resolved).some((p) => p.in === "header" && p.name.toLowerCase() === "idempotency-key");
}

function table() {
  const rows = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const operation = item[method];
      const [body = null] = Object.keys(operation.requestBody ? resolved(operation.requestBody).content : {});
      return `  ${operation.operationId}: ${JSON.stringify({ method, path, body, takesKey: takesKey(operation) })},\n`;
    }),
  );
  return `${HEADER}export const OPERATIONS = {\n${rows.join("")}} as const;\n`;
}

const ast = await openapiTS(document, { defaultNonNullable: false, rootTypes: true, rootTypesNoSchemaPrefix: true });
const types = HEADER + astToString(ast);
await writeFile(new URL("src/operations.ts", root), table());
if (!process.argv.includes("--check")) {
  await writeFile(schema, types);
} else if ((await readFile(schema, "utf8").catch(() => "")) !== types) {
  console.error(`${fileURLToPath(schema)} does not agree with the document: run \`make clients\` and commit it.`);
  process.exit(1);
}
