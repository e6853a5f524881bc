import type { components } from "./schema.js";

/** RFC 9457 problem details, as the API answers every error. */
export type Problem = components["schemas"]["Problem"];

/** Every code that the API can answer. `docs/errors.md` describes them. */
export type ProblemCode = Problem["code"];

/**
 * An error that the API answered. Handle it by `code`.
 *
 * `gateway` is not a code of the API: something in front of it answered in a format of its own, and only `status` is known.
 */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  readonly #response: Response;

  constructor(
    readonly status: number,
    readonly code: ProblemCode | "gateway",
    /** The problem document; undefined if something in front of the API answered. */
    readonly problem: Problem | undefined,
    /** Seconds after which a repeat makes sense, if the API says so. */
    readonly retryAfter: number | undefined,
    response: Response,
  ) {
    super(problem ? described(problem) : `HTTP ${status}`);
    this.#response = response;
  }

  /** The response, whose body has been read. */
  get response(): Response {
    return this.#response;
  }

  /** The fields that are not valid; empty for other problems. */
  get errors(): NonNullable<Problem["errors"]> {
    return this.problem?.errors ?? [];
  }

  /** Give this when you report an error. */
  get correlationId(): string | undefined {
    return this.problem?.correlation_id ?? this.response.headers.get("apigw-requestid") ?? undefined;
  }

  /** Whether this is a problem with one of these codes. */
  is(...codes: ProblemCode[]): boolean {
    return codes.some((code) => code === this.code);
  }
}

function described({ title, code, detail, errors = [] }: Problem): string {
  const fields = errors.map(({ field, message }) => `; ${field}: ${message}`).join("");
  return `${title} (${code})${detail ? `: ${detail}` : ""}${fields}`;
}

/** Make the error out of a response that is not successful. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const problem = response.headers.get("content-type")?.startsWith("application/problem+json")
    ? ((await response.json().catch(() => undefined)) as Problem | undefined)
    : undefined;
  const code = problem?.code ?? (response.status === 401 ? "unauthorized" : "gateway");
  return new ProblemError(response.status, code, problem, problem?.retry_after ?? retryAfter(response), response);
}

/** Seconds that the Retry-After header names, as a number or as a date. */
export function retryAfter(response: Response, now: number = Date.now()): number | undefined {
  const value = response.headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
