import createFetchClient from "openapi-fetch";
import { OPERATIONS } from "./operations.js";
import { problemOf } from "./problems.js";
import { type Retries, sendRepeatedly } from "./retries.js";
import type { Argument, Item, ListName, OperationName, Output } from "./types.js";

/** How to reach the API, and as whom. */
export interface ClientOptions extends Retries {
  /** The origin of the API, without `/v1`. */
  baseUrl: string;
  /** An access token, or a function that returns one. It is asked before every attempt. */
  token?: string | (() => string | Promise<string>);
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** An answer with its response, for those who need a header of it. */
export interface Answer<T> {
  data: T;
  response: Response;
}

type Methods = { [Name in OperationName]: (...argument: Argument<Name>) => Promise<Output<Name>> };

/** Requests that are not operations of their own. */
export interface Helpers {
  /** Call an operation and get the response as well, for example for its `etag`. Throws ProblemError. */
  send<Name extends OperationName>(name: Name, ...argument: Argument<Name>): Promise<Answer<Output<Name>>>;
  /** The pages of a list, each read when it is asked for. Throws ProblemError. */
  pages<Name extends ListName>(name: Name, ...argument: Argument<Name>): AsyncGenerator<Output<Name>, void, undefined>;
  /** The items of a list over all its pages. Throws ProblemError. */
  items<Name extends ListName>(name: Name, ...argument: Argument<Name>): AsyncGenerator<Item<Name>, void, undefined>;
}

/** One method for each operation of the API, named by its `operationId`. Each throws ProblemError. */
export type Client = Methods & Helpers;

interface Core {
  request(method: string, path: string, init: object): Promise<{ response: Response }>;
}

interface Operation {
  method: string;
  path: string;
  /** The media type of its body. */
  body: string | null;
  /** Whether it accepts an idempotency key. */
  takesKey: boolean;
}

interface Loose {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  header?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Create a client. Operations that accept an idempotency key get one, unless you give your own in `header`. */
export function createClient(options: ClientOptions): Client {
  const send = sender(options);
  const methods = Object.keys(OPERATIONS).map((name) => [
    name,
    async (input?: Loose) => (await send(name as OperationName, input)).data,
  ]);
  const pages = (name: ListName, input?: Loose) => pagesOf((query) => send(name, { ...input, query }), input?.query);
  const items = async function* (name: ListName, input?: Loose) {
    for await (const page of pages(name, input)) yield* page.items;
  };
  return { ...Object.fromEntries(methods), send, pages, items } as Client;
}

function sender(options: ClientOptions): (name: OperationName, input?: Loose) => Promise<Answer<unknown>> {
  const { baseUrl, token, fetch: own, ...retries } = options;
  const send = own ?? ((request: Request) => globalThis.fetch(request));
  const authorized = async (request: Request) => {
    const value = typeof token === "function" ? await token() : token;
    if (value) request.headers.set("authorization", `Bearer ${value}`);
    return send(request);
  };
  const checked = async (request: Request) => {
    const response = await sendRepeatedly(request, authorized, retries);
    if (!response.ok) throw await problemOf(response);
    return response;
  };
  // The types of an operation are checked where it is called; below that, the core is used as what it is at run time.
  const core = createFetchClient({ baseUrl, fetch: checked }) as unknown as Core;
  return async (name, input = {}) => {
    const operation: Operation = OPERATIONS[name];
    const { signal, body, ...params } = input;
    const init = { ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}), parseAs: "stream" };
    const header = { ...headers(input, operation.takesKey), "content-type": body === undefined ? null : operation.body };
    const { response } = await core.request(operation.method, operation.path, { ...init, params: { ...params, header } });
    return { data: await parsed(response), response };
  };
}

/** The headers of a request, with an idempotency key if the operation takes one. Names are not case-sensitive. */
function headers(input: Loose, takesKey: boolean): Record<string, unknown> {
  const own = input.header ?? {};
  const hasKey = Object.entries(own).some(([name, value]) => name.toLowerCase() === "idempotency-key" && value != null);
  return takesKey && !hasKey ? { ...own, "idempotency-key": crypto.randomUUID() } : own;
}

async function parsed(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get("content-type") ?? "";
  return /^application\/([\w.-]+\+)?json\b/.test(type) ? response.json() : response.text();
}

interface Page {
  items: unknown[];
  next_cursor?: string | null;
}

async function* pagesOf(read: (query: Record<string, unknown>) => Promise<Answer<unknown>>, query: Record<string, unknown> = {}) {
  let cursor: string | null | undefined;
  do {
    const page = (await read(cursor ? { ...query, cursor } : query)).data as Page;
    yield page;
    cursor = page.next_cursor;
  } while (cursor);
}
