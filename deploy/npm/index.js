'use strict';
const { randomBytes } = require('node:crypto');
const { ask, launch } = require('./server.js');

/** A workspace of a server: a world of its own, with keys, clock, faults and journal. */
class Desk {
  #options;
  #child;
  #url;
  #token;
  #made;
  #judged = {}; // by workspace, the number of the last request that was judged

  constructor(options = {}) {
    this.#options = options;
  }

  /** Starts a server, unless there is one, and makes the workspace. */
  async open() {
    const { url, token, flags, allowNoRequests, name, ...wish } = this.#options;
    this.#url = url ?? process.env.MOCKDESK_URL;
    this.#token = token ?? process.env.MOCKDESK_ADMIN_TOKEN;
    if (!this.#url) ({ url: this.#url, child: this.#child } = await launch(flags));
    this.#url = this.#url.replace(/\/$/, '');
    const body = { name: name ?? `file-${randomBytes(6).toString('hex')}`, ...wish };
    this.#made = await ask(`${this.#url}/_mockdesk/workspaces`, this.#token, 'POST', body);
    return this;
  }

  get #open() {
    if (!this.#made) throw new Error('mockdesk: the server is not there yet; hint: use it inside a test or a hook');
    return this.#made;
  }

  get url() {
    return this.#open && this.#url;
  }

  get workspace() {
    return this.#open.name;
  }

  get keys() {
    const name = ({ service, kind }) => (service === 'inboxops' ? '' : 'apphandoff_') + kind.replaceAll('-', '');
    return Object.fromEntries(this.#open.keys.map((key) => [name(key), key.key]));
  }

  /** Calls an operation of the control API. */
  call(method, path, { params = {}, query = {}, body } = {}) {
    const filled = path.replace(/\{(\w+)\}/g, (_, member) => encodeURIComponent(params[member]));
    const all = new URLSearchParams({ workspace: this.workspace, ...query });
    if (path.startsWith('/workspaces') || path === '/presets' || path === '/limits') all.delete('workspace');
    const end = all.size === 0 ? '' : `?${all}`;
    return ask(`${this.url}/_mockdesk${filled}${end}`, this.#token, method.toUpperCase(), body);
  }

  catalogue() {
    return this.call('get', '/catalog');
  }

  faults = {
    add: (rule) => this.call('post', '/faults', { body: rule }),
    preset: (name) => this.call('post', '/presets/{name}', { params: { name } }),
    list: async () => (await this.call('get', '/faults')).faults,
    remove: (id) => this.call('delete', '/faults/{id}', { params: { id } }),
    clear: () => this.call('delete', '/faults'),
  };

  clock = {
    now: async () => new Date((await this.call('get', '/clock')).now),
    advance: (by) => this.call('post', '/clock/advance', { body: { by } }),
    freeze: (at) => this.call('put', '/clock', { body: { mode: 'frozen', at: at instanceof Date ? at.toISOString() : at } }),
    run: () => this.call('put', '/clock', { body: { mode: 'real' } }),
  };

  journal = {
    list: async (filter = {}) => (await this.call('get', '/requests', { query: filter })).requests,
    clear: () => this.call('delete', '/requests'),
  };

  case = {
    load: (content) => this.call('put', '/case.yaml', { body: content }),
    save: () => this.call('get', '/case.yaml'),
  };

  verify(expectation) {
    return this.call('post', '/verify', { body: expectation });
  }

  /** The requests that broke the contract since this was asked last. */
  async breaches() {
    const all = [];
    for (const workspace of this.#watched()) {
      const requests = await this.journal.list({ workspace, violations: true, after: this.#judged[workspace] ?? 0 });
      for (const { seq } of requests) this.#judged[workspace] = seq;
      all.push(...requests);
    }
    return all;
  }

  /** Fails if a request broke the contract since this was asked last. */
  async check() {
    const wrong = await this.breaches();
    if (wrong.length === 0) return;
    const told = wrong.flatMap(({ method, url, violations }) => [
      `  ${method} ${url}`,
      ...violations.map(({ reason, hint }) => `    ${reason}${hint ? `; hint: ${hint}` : ''}`),
    ]);
    const [{ rule, where }] = wrong[0].violations;
    throw new Error(
      `the client broke the contract:\n${told.join('\n')}\n` +
        `hint: a request that is wrong on purpose says so with the header Mockdesk-Allow: ${rule} ${where}`,
    );
  }

  /** Fails if no request came at all. */
  async checkAsked() {
    if (this.#options.allowNoRequests) return;
    for (const workspace of this.#watched()) {
      if ((await this.journal.list({ workspace, limit: 1 })).length > 0) return;
    }
    throw new Error(`no request came to ${this.url}; hint: give the client desk.url, or set allowNoRequests`);
  }

  /** What nobody else uses: besides the own workspace, where requests with unknown keys go. */
  #watched() {
    return this.#child ? [this.workspace, 'test'] : [this.workspace];
  }

  /** Deletes the workspace, or ends the server that was started for it. */
  async stop() {
    if (!this.#made) return;
    const child = this.#child;
    if (!child) {
      await this.call('delete', '/workspaces/{name}', { params: { name: this.workspace } });
    } else if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.destroy();
      await ended;
    }
    this.#made = undefined;
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    await this.stop();
  }
}

exports.Desk = Desk;

/** Starts a fake, or takes the one that MOCKDESK_URL names, and makes a workspace of its own in it. */
exports.start = (options) => new Desk(options).open();

/** A desk that the hooks of a test runner open, check and stop. */
exports.attach = ({ beforeAll, afterEach, afterAll }, options) => {
  const desk = new Desk(options);
  beforeAll(async () => {
    await desk.open();
  });
  afterEach(() => desk.check());
  afterAll(async () => {
    try {
      await desk.check();
      await desk.checkAsked();
    } finally {
      await desk.stop();
    }
  });
  return desk;
};
