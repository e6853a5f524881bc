import { retryAfter } from "./problems.js";

/** When and how often a request is sent again. */
export interface Retries {
  /** How often at most, after the first attempt. Default: 3. */
  retries?: number;
  /** The longest time to wait before a repeat, in seconds. An answer that asks for more is handed out. Default: 60. */
  longestWait?: number;
  /** How long one attempt may take, in seconds. Default: 40, longer than the API's own limit. */
  timeout?: number;
}

const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE"]);
const TEMPORARY = new Set([429, 502, 503, 504]);

/** Whether sending a request twice does no more than sending it once. */
function isRepeatable(request: Request): boolean {
  return REPEATABLE.has(request.method) || request.headers.has("idempotency-key");
}

/** Seconds to wait where nobody says how long: 0.5, 1, 2, …, each randomly shortened by up to half. */
function backoff(attempt: number): number {
  return 0.5 * 2 ** attempt * (0.5 + Math.random() / 2);
}

/**
 * Send a request, and again while the answer is temporary and a repeat is safe. Headers, and so the idempotency key, stay the same.
 *
 * Throws what `fetch` throws, once no attempt is left: a connection that breaks is repeated like a temporary answer.
 */
export async function sendRepeatedly(
  request: Request,
  send: (request: Request) => Promise<Response>,
  { retries = 3, longestWait = 60, timeout = 40 }: Retries,
): Promise<Response> {
  const left = isRepeatable(request) ? retries : 0;
  for (let attempt = 0; ; attempt++) {
    let wait = backoff(attempt);
    try {
      const limited = new Request(request.clone(), { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeout * 1000)]) });
      const response = await send(limited);
      wait = retryAfter(response) ?? wait;
      if (!TEMPORARY.has(response.status) || attempt >= left || wait > longestWait) return response;
      await response.body?.cancel();
    } catch (error) {
      if (attempt >= left || request.signal.aborted) throw error;
    }
    await pause(wait, request.signal);
  }
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1000);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
