// Starts what the tests need: the local runtime, servers for frontends, and a browser.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = fileURLToPath(new URL(".", import.meta.url));
export const ROOT = join(HERE, "..", "..");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, check, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(200)) {
    const found = await check();
    if (found) return found;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

export const freePort = () =>
  new Promise((done) => {
    const socket = createSocket().listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });

/** Start a program; what it writes is shown if the test fails. Returns a function that stops it and waits for its end. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  const written = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => written.push(String(data)));
  const ended = new Promise((done) => child.on("exit", done));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGTERM");
    await ended;
  };
  return { stop, ended, output: () => written.join(""), running: () => child.exitCode === null && child.signalCode === null };
}

/** Start the local runtime in a directory of its own. Returns run.json's content and how to stop it. */
export async function runtime(environment = {}) {
  const directory = await mkdtemp(join(tmpdir(), "noillusion-browsers-"));
  const { SSL_CERT_FILE: _, ...inherited } = process.env;
  const started = start(process.env.PYTHON ?? join(ROOT, ".venv/bin/python"), ["-m", "local"], {
    cwd: ROOT,
    env: {
      ...inherited,
      PYTHONPATH: `${ROOT}:${ROOT}/layers/shared`,
      LOCAL_DIR: directory,
      PORT: String(await freePort()),
      ...environment,
    },
  });
  const path = join(directory, "run.json");
  const stop = async () => {
    await started.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await until(
      "the local runtime",
      () => {
        if (!started.running()) throw new Error(started.output());
        return existsSync(path);
      },
      120,
    );
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { run: JSON.parse(await readFile(path, "utf-8")), stop, output: started.output };
}

/** Serve the pages in spa/ and the libraries that they import, at a fixed port, with the settings of an instance. */
export async function pages(port, settings) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (path === "/favicon.ico") return response.writeHead(204).end();
    const settingsWanted = path === "/settings.json";
    try {
      const content = settingsWanted
        ? JSON.stringify(settings())
        : await readFile(join(HERE, path.startsWith("/node_modules/") ? "" : "spa", path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  };
}

/** The browser of this machine: CHROMIUM, or Debian's. */
export async function browser() {
  const { chromium } = await import("playwright-core");
  const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => path && existsSync(path),
  );
  if (!executablePath) throw new Error("Chromium was not found: install it, or set CHROMIUM to its path.");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** Enter a name on the local issuer's login page and press the button. */
export async function logIn(page, who) {
  await page.getByLabel("E-mail or subject").fill(who);
  await page.getByRole("button", { name: "Log in" }).click();
}
