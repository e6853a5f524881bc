import type { OPERATIONS } from "./operations.js";
import type { operations } from "./schema.js";

/** The name of an operation: its `operationId` in the OpenAPI document. */
export type OperationName = keyof typeof OPERATIONS & keyof operations;

type Present<T> = [Exclude<T, undefined>] extends [never] ? false : true;
type Optional<T> = Partial<T> extends T ? true : false;

/** A group of parameters: absent if the operation has none, optional if none is required. */
type Group<Name extends string, T> = Present<T> extends false
  ? { [N in Name]?: never }
  : Optional<Exclude<T, undefined>> extends true
    ? { [N in Name]?: Exclude<T, undefined> }
    : { [N in Name]: Exclude<T, undefined> };

type KeyName<Name> = Name extends string ? (Lowercase<Name> extends "idempotency-key" ? Name : never) : never;

/** Headers in which the idempotency key is optional, because the client makes one. */
type Keyless<T> = T extends object
  ? { [Name in keyof T as Name extends KeyName<Name> ? never : Name]: T[Name] } & { [Name in keyof T as KeyName<Name>]?: T[Name] }
  : T;

type Content<T> = T extends { content: infer C } ? C[keyof C] : never;

type Body<Op> = Op extends { requestBody: infer B }
  ? { body: Content<B> }
  : Op extends { requestBody?: infer B }
    ? Present<B> extends true
      ? { body?: Content<B> }
      : { body?: never }
    : { body?: never };

/** The parameters and the body of an operation, and how to send it. */
export type Input<Name extends OperationName> = Group<"path", operations[Name]["parameters"]["path"]> &
  Group<"query", operations[Name]["parameters"]["query"]> &
  Group<"header", Keyless<operations[Name]["parameters"]["header"]>> &
  Body<operations[Name]> & {
    /** Stops the request and its repeats. */
    signal?: AbortSignal;
  };

/** The argument of an operation, which can be left out if nothing in it is required. */
export type Argument<Name extends OperationName> = Optional<Input<Name>> extends true ? [input?: Input<Name>] : [input: Input<Name>];

type SuccessStatus = 200 | 201 | 202 | 204;
type Success<R> = { [S in keyof R & SuccessStatus]: R[S] extends { content: infer C } ? C[keyof C] : undefined }[keyof R & SuccessStatus];

/** What an operation answers when it succeeds. */
export type Output<Name extends OperationName> = Success<operations[Name]["responses"]>;

/** The operations that answer in pages. */
export type ListName = {
  [Name in OperationName]: Output<Name> extends { items: unknown[]; next_cursor?: string | null }
    ? operations[Name]["parameters"] extends { query?: { cursor?: unknown } }
      ? Name
      : never
    : never;
}[OperationName];

/** An item of a list. */
export type Item<Name extends ListName> = Output<Name> extends { items: (infer T)[] } ? T : never;
