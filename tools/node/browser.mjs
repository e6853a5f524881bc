// Opens a URL in Chromium and prints as JSON what a person and the network saw: the text, what was logged, what was requested.
// Usage: node browser.mjs URL.
// CHROMIUM names the browser; default: chromium on PATH.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const [url] = process.argv.slice(2);
const executablePath = execFileSync("sh", ["-c", 'command -v "${CHROMIUM:-chromium}"'], { encoding: "utf8" }).trim();

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const logged = [];
  const requested = [];
  page.on("console", (message) => logged.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => logged.push(`error: ${error.message}`));
  page.on("request", (request) => requested.push(request.url()));
  await page.goto(url, { waitUntil: "load" });
  // A page says that it is done by this attribute, or by standing still.
  await page.waitForFunction(() => document.body.dataset.done ?? document.querySelector("[data-section-id]"), undefined, { timeout: 30_000 });
  await page.waitForLoadState("networkidle");
  const text = await page.locator("body").innerText();
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  console.log(JSON.stringify({ title: await page.title(), text, logged, requested }));
} finally {
  await browser.close();
}
