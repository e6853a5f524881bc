/** Client of the No iLLusion Social API. */
export { createClient, type Answer, type Client, type ClientOptions, type Helpers } from "./client.js";
export { ProblemError, type Problem, type ProblemCode } from "./problems.js";
export type { Retries } from "./retries.js";
export type { Input, Item, ListName, OperationName, Output } from "./types.js";
export type * from "./schema.js";
