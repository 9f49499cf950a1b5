import { expect, test } from 'vitest';
import { mockdesk } from 'mockdesk/vitest';

const desk = mockdesk();

test('open tickets are listed', async () => {
  const answer = await fetch(`${desk.url}/api/v1/tickets?${process.env.CLIENT_PARAMETER}=open`, {
    headers: { Authorization: `Bearer ${desk.keys.readwrite}` },
  });
  expect(answer.status).toBe(200);
});
