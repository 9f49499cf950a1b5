// Two clients that keep a copy of a desk, and tests that ask mockdesk what they
// have lost. Put your own client in the place of one of them:
//
//   mockdesk exec --life busy -- node --test sync.test.mjs
//   SYNC=naive mockdesk exec --life busy -- node --test sync.test.mjs
import assert from 'node:assert';
import test from 'node:test';

const { MOCKDESK_URL, MOCKDESK_CONTROL, MOCKDESK_KEY, MOCKDESK_APPHANDOFF_KEY, SYNC } = process.env;

// ask reads an answer of the service.
async function ask(key, path, query) {
  const response = await fetch(`${MOCKDESK_URL}${path}?${new URLSearchParams(query)}`, { headers: { Authorization: `Bearer ${key}` } });
  return { status: response.status, wait: response.headers.get('Retry-After'), body: await response.json() };
}

// control does something at the desk.
async function control(method, path, body) {
  const response = await fetch(`${MOCKDESK_CONTROL}/${path}`, { method, body: JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

const pass = (by) => control('POST', 'clock/advance', { by });

// later returns a time some milliseconds later.
const later = (time, ms) => new Date(Date.parse(time) + ms).toISOString();

// What is held of tickets is a Map of ids to tickets; of a thread, a list.
const newest = (held) => [...held.values()].map((ticket) => ticket.updated_at).sort().at(-1);

const clients = {
  // naive loses rows that move between pages, and what shares a millisecond with
  // the last change it knows; of a thread, what comes while its clock is ahead.
  naive: {
    async tickets(held, between) {
      const since = held.size > 0 ? { updated_after: later(newest(held), 1) } : {};
      for (let page = 1; ; page++) {
        const { body } = await ask(MOCKDESK_KEY, '/api/v1/tickets', { ...since, sort: 'updated_at', order: 'asc', per_page: 50, page });
        for (const ticket of body.data) held.set(ticket.id, ticket);
        if (body.data.length < 50) return;
        await between();
      }
    },
    async thread(held, path) {
      const { now } = await control('GET', 'clock');
      const { body } = await ask(MOCKDESK_APPHANDOFF_KEY, path, this.asked ? { since: this.asked } : {});
      held.push(...body.messages);
      this.asked = later(now, 2000);
    },
  },

  // careful goes on from the last row that it was given: updated_after is
  // inclusive, so what shares its millisecond comes again, and since is exclusive.
  careful: {
    async tickets(held, between) {
      let last = newest(held);
      for (let page = 1; ; ) {
        const { status, wait, body } = await ask(MOCKDESK_KEY, '/api/v1/tickets', {
          ...(last && { updated_after: last }), sort: 'updated_at', order: 'asc', per_page: 100, page,
        });
        if (status === 429) {
          await pass(`${wait}s`); // outside of tests: wait
          continue;
        }
        for (const ticket of body.data) held.set(ticket.id, ticket);
        if (body.data.length < 100) return;
        await between();
        const end = body.data.at(-1).updated_at;
        page = end === last ? page + 1 : 1; // more than a page at one instant
        last = end;
      }
    },
    async thread(held, path) {
      for (;;) {
        const since = held.at(-1)?.created_at;
        const { body } = await ask(MOCKDESK_APPHANDOFF_KEY, path, since ? { since } : {});
        if (body.messages.length === 0) return;
        held.push(...body.messages);
      }
    },
  },
};

const client = clients[SYNC ?? 'careful'];

// lostNothing fails with what was lost, why, and at which request.
async function lostNothing(held) {
  const report = await control('POST', 'verify/sync', held);
  const lost = ['missing', 'stale', 'doubled', 'surplus'].flatMap((kind) =>
    report[kind].first.map((loss) => `${kind} ${loss.name ?? loss.ticket_number}: ${loss.why}\n    at ${loss.request?.url}`));
  assert.ok(report.complete, lost.join('\n'));
  assert.ok(report.held > 0);
}

test.beforeEach(async () => {
  await control('PUT', 'case.yaml', { clock: { frozen: '2025-06-02T12:00:00Z' }, life: 'busy' }); // at once: life goes by the clock
});

test('the tickets are those of the desk', async () => {
  const held = new Map();
  await client.tickets(held, () => pass('10m')); // things happen while it reads
  await control('POST', 'desk/tickets', { name: 'first', status: 'closed' });
  await client.tickets(held, () => {});
  await control('POST', 'desk/tickets', { name: 'second', status: 'closed' }); // at the same millisecond
  await pass('1h');
  await client.tickets(held, () => {});
  await lostNothing({ tickets: [...held.values()].map(({ id, updated_at }) => ({ id, updated_at })) });
});

test('the thread is that of the desk', async () => {
  const project = await control('POST', 'desk/projects', { name: 'checkout', tickets: [{ name: 'refunds', messages: [{ text: 'Refund it.' }] }] });
  const thread = project.tickets[0];
  const path = `/api/projects/${project.id}/tickets/${thread.id}/messages`;
  const held = [];
  await client.thread(held, path);
  await pass('1s');
  await control('POST', 'desk/projects/checkout/tickets/refunds/messages', { author: 'human', text: 'All of them.' });
  await pass('1h');
  await client.thread(held, path);
  await lostNothing({ threads: [{ project_id: project.id, ticket_id: thread.id, messages: held.map(({ id }) => id) }] });
});
