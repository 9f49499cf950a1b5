// Uses all that the package has, with and without a test runner.
import { expect, test } from 'vitest';
import { type Rule, start } from 'mockdesk';
import { mockdesk } from 'mockdesk/vitest';

const desk = mockdesk({ empty: true, case: { inboxops: { tickets: [{ name: 'stuck', status: 'waiting' }] } } });
const list = (key = desk.keys.readwrite, query = '') =>
  fetch(`${desk.url}/api/v1/tickets${query}`, { headers: { Authorization: `Bearer ${key}` } });

test('a world of its own', async () => {
  const { meta } = await (await list()).json() as { meta: { total: number } };
  expect(meta.total).toBe(1);
  const { inboxops } = await desk.catalogue();
  expect(inboxops.tickets.stuck?.ticket_number).toBeGreaterThan(0);
  expect(desk.keys.apphandoff_member).toMatch(/^ah_k_/);
});

test('faults and clock', async () => {
  const rule: Rule = { match: { operation: 'listTickets' }, when: { for: '30s' }, then: { status: { code: 429, retry_after: 30 } } };
  await desk.clock.freeze('2025-06-02T09:00:00Z');
  const { id } = await desk.faults.add(rule);
  expect((await list()).status).toBe(429);
  await desk.clock.advance('30s');
  expect(await desk.clock.now()).toEqual(new Date('2025-06-02T09:00:30Z'));
  expect((await list()).status).toBe(200);
  expect((await desk.faults.list()).map(({ fired }) => fired)).toEqual([1]);
  await desk.faults.remove(id!);
  await desk.faults.preset('no-entitlement');
  expect((await list()).status).toBe(403);
  await desk.faults.clear();
  await desk.clock.freeze(new Date('2025-06-02T09:00:00Z'));
  await desk.clock.run();
});

test('journal, verify and breaches', async () => {
  await desk.journal.clear();
  expect((await list(desk.keys.revoked)).status).toBe(401);
  expect(await desk.verify({ filter: { status: 401, key_kind: 'revoked' }, exactly: 1, wait: '2s' })).toMatchObject({ ok: true });
  expect((await desk.journal.list({ status: '401' })).map(({ url }) => url)).toEqual(['/api/v1/tickets']);
  expect(await desk.breaches()).toEqual([]);
  await list(undefined, '?page=zero');
  const [breach] = await desk.breaches();
  expect(breach?.violations[0]?.where).toBe('query.page');
  await list('nobody', '?page=zero');
  await expect(desk.check()).rejects.toThrow(/Mockdesk-Allow: \S+ query.page/);
});

test('case and any other operation', async () => {
  await desk.case.load('world: empty\ninboxops: {tickets: [{name: refund}, {name: stuck}]}\n');
  await desk.call('post', '/desk/tickets/{ticket}/messages', { params: { ticket: 'refund' }, body: { from: 'customer', text: 'Paid twice.' } });
  const { messages } = await desk.call('get', '/desk/tickets/{ticket}', { params: { ticket: 'refund' } });
  expect(messages.at(-1)?.body_text).toBe('Paid twice.');
  expect(await desk.case.save()).toContain('name: refund');
  await expect(desk.call('post', '/presets/{name}', { params: { name: 'flakey' } })).rejects.toThrow('flaky-5xx');
});

test('what a type refuses', () => {
  // @ts-expect-error there is no such operation
  const none = () => desk.call('get', '/faults/{id}');
  // @ts-expect-error a rule says what happens
  const rule: Rule = { when: { times: 1 } };
  expect([none, rule]).toHaveLength(2);
});

test('without a runner, and in a server that is there', async () => {
  const alone = await start({ flags: ['--tickets', '30'] });
  const { url } = alone;
  const guest = await start({ url, name: 'guest' });
  expect(guest.workspace).toBe('guest');
  expect(guest.keys.readwrite).not.toBe(alone.keys.readwrite);
  await guest.stop();
  expect((await alone.call('get', '/workspaces')).workspaces.map(({ name }) => name)).not.toContain('guest');
  await alone.stop();
  expect(() => alone.url).toThrow('not there');
  await expect(fetch(url)).rejects.toThrow();
});
