import assert from 'node:assert';
import { test } from 'node:test';
import { mockdesk } from 'mockdesk/node';

const desk = mockdesk();

test('open tickets are listed', async () => {
  const answer = await fetch(`${desk.url}/api/v1/tickets?${process.env.CLIENT_PARAMETER}=open`, {
    headers: { Authorization: `Bearer ${desk.keys.readwrite}` },
  });
  assert.equal(answer.status, 200);
});
