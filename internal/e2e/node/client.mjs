// Asks an address some times with a client that retries, and prints for each
// time one word on what came of it.
//
// Usage: node client.mjs METHOD URL KEY TIMES MILLISECONDS
import ky from 'ky';

const [method, url, key, times, patience] = process.argv.slice(2);

async function ask() {
  const response = await ky(url, {
    method,
    headers: { Authorization: `Bearer ${key}` },
    json: method === 'POST' ? { body: 'A note.' } : undefined,
    retry: { limit: 4, delay: () => 10 },
    timeout: false,
    signal: AbortSignal.timeout(Number(patience)),
  });
  if (response.headers.get('Content-Type') !== 'application/json') {
    return 'mistyped';
  }
  const body = await response.json();
  return method === 'POST' || typeof body.data[0].status === 'string' ? String(response.status) : 'misshapen';
}

function word(error) {
  if (error.response) return String(error.response.status);
  if (error instanceof SyntaxError) return 'unparsable';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout';
  return 'broken';
}

for (let i = 0; i < Number(times); i++) {
  console.log(await ask().catch(word));
}
