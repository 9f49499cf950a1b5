import type { components, paths } from './control.js';

type Schemas = components['schemas'];
export type Rule = Schemas['Rule'];
export type RuleInForce = Schemas['RuleInForce'];
export type Catalogue = Schemas['Catalog'];
export type Clock = Schemas['Clock'];
export type Entry = Schemas['Entry'];
export type Expectation = Schemas['Expectation'];
export type Verification = Schemas['Verification'];
export type Workspace = Schemas['Workspace'];
export type Case = NonNullable<Schemas['NewWorkspace']['case']>;
export type { components, paths };

/** The workspace that is made, and the server that it is made in. */
export interface Options extends Partial<Schemas['NewWorkspace']> {
  /** A server that is there already, such as mockdesk in a container; without it MOCKDESK_URL, or a server of its own. */
  url?: string;
  /** The admin token of that server; without it MOCKDESK_ADMIN_TOKEN. */
  token?: string;
  /** Flags of mockdesk serve for a server of its own, such as ['--tickets', '1000']. */
  flags?: string[];
  /** Lets a test file pass that sends no request. */
  allowNoRequests?: boolean;
}

/** The keys of the workspace; what each may do is in the catalogue. */
export interface Keys {
  readwrite: string;
  readonly: string;
  revoked: string;
  unentitled: string;
  apphandoff_member: string;
  apphandoff_outsider: string;
  apphandoff_revoked: string;
  apphandoff_reconnect: string;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];
type ParametersOf<O, In extends string> = O extends { parameters: { [K in In]?: infer T } } ? NonNullable<T> : never;
type BodyOf<O> = O extends { requestBody?: { content: infer C } } ? C[keyof C] : never;
type ContentOf<R> = R extends { content: infer C } ? C[keyof C] : undefined;
type AnswerOf<O> = O extends { responses: infer R }
  ? R extends { 201: infer A } ? ContentOf<A> : R extends { 200: infer A } ? ContentOf<A> : undefined
  : never;
type Query = paths['/requests']['get']['parameters']['query'];

/** A workspace of a server: a world of its own, with keys, clock, faults and journal. */
export declare class Desk {
  constructor(options?: Options);
  /** The address that the client is given. */
  readonly url: string;
  readonly workspace: string;
  readonly keys: Keys;

  /** Starts a server, unless there is one, and makes the workspace. */
  open(): Promise<this>;
  /** Deletes the workspace, or ends the server that was started for it. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;

  /** Every id that a test needs. */
  catalogue(): Promise<Catalogue>;
  readonly faults: {
    add(rule: Rule): Promise<Rule>;
    /** Puts the rules of a preset in force, such as flaky-5xx. */
    preset(name: string): Promise<Schemas['RuleList']>;
    list(): Promise<RuleInForce[]>;
    remove(id: string): Promise<void>;
    clear(): Promise<void>;
  };
  readonly clock: {
    now(): Promise<Date>;
    /** By a duration such as 30s or 1h30m. */
    advance(by: string): Promise<Clock>;
    /** At an instant; without one, where it is. */
    freeze(at?: Date | string): Promise<Clock>;
    run(): Promise<Clock>;
  };
  readonly journal: {
    list(filter?: Query): Promise<Entry[]>;
    clear(): Promise<void>;
  };
  readonly case: {
    /** Puts the workspace into the state that a case says, as an object or as the text of a file. */
    load(content: Case): Promise<Workspace>;
    /** The present state as the text of a case. */
    save(): Promise<string>;
  };
  /** Says whether the expected number of requests came. */
  verify(expectation: Expectation): Promise<Verification>;
  /** The requests that broke the contract since this was asked last. */
  breaches(): Promise<Entry[]>;
  /** Fails if a request broke the contract since this was asked last. */
  check(): Promise<void>;
  /** Fails if no request came at all. */
  checkAsked(): Promise<void>;

  /** Calls any operation of the control API, for what has no method here. */
  call<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    input?: {
      params?: ParametersOf<paths[P][M], 'path'>;
      query?: ParametersOf<paths[P][M], 'query'>;
      body?: BodyOf<paths[P][M]>;
    },
  ): Promise<AnswerOf<paths[P][M]>>;
}

/** Starts a fake, or takes the one that MOCKDESK_URL names, and makes a workspace of its own in it. */
export declare function start(options?: Options): Promise<Desk>;

/** A desk that the hooks of a test runner open, check and stop. */
export declare function attach(
  hooks: Record<'beforeAll' | 'afterEach' | 'afterAll', (run: () => Promise<void>) => unknown>,
  options?: Options,
): Desk;
