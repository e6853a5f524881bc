// Builds docs/api.html: the reference page of the API in one file that loads nothing from elsewhere.
// DOCUMENT and PAGE can name other files.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const docs = new URL("../../docs/", import.meta.url);
const document = await readFile(process.env.DOCUMENT ?? new URL("openapi.json", docs), "utf8");
const script = await readFile(createRequire(import.meta.url).resolve("redoc/bundles/redoc.standalone.js"), "utf8");

// The only thing that Redoc loads from elsewhere is its own logo.
const LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
if (script.split(LOGO).length !== 2) throw new Error("this version of Redoc loads something else: look at it and adapt page.mjs");
const bundle = script.replace(LOGO, "data:,").replaceAll("</script", "<\\/script").replace(/\n\/\/# sourceMappingURL=.*$/m, "");

const options = { disableSearch: false, expandResponses: "200,201", hideHostname: true, jsonSamplesExpandLevel: 3, sortRequiredPropsFirst: true };
const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; worker-src blob:; base-uri 'none'";
const sha256 = createHash("sha256").update(document).digest("hex");
const { info, ...rest } = JSON.parse(document);
const json = JSON.stringify({ openapi: rest.openapi, info, ...rest }).replaceAll("<", "\\u003c");

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="document-sha256" content="${sha256}">
<title>${info.title} API ${info.version}</title>
<style>body { margin: 0; }</style>
</head>
<body>
<div id="reference"></div>
<script>${bundle}</script>
<script>Redoc.init(${json}, ${JSON.stringify(options)}, document.getElementById("reference"));</script>
</body>
</html>
`;
await writeFile(process.env.PAGE ?? new URL("api.html", docs), page);
