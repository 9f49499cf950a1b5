// Lets Dredd ask as a client would that knows its keys and ids, and for each
// error that the document lists.
const hooks = require('hooks');

hooks.beforeEach((transaction, done) => {
  const { request, expected } = transaction;
  request.headers.Authorization = `Bearer ${process.env.KEY}`;
  transaction.fullPath = transaction.fullPath.replace(/\?.*$/, '');
  for (const [from, to] of Object.entries(JSON.parse(process.env.IDS))) {
    transaction.fullPath = transaction.fullPath.replaceAll(from, to);
  }
  if (!expected.statusCode.startsWith('2')) {
    const dialect = expected.headers['Content-Type'] === 'application/json' ? 'sample' : 'problem';
    request.headers.Prefer = `code=${expected.statusCode}, error-format=${dialect}${'Retry-After' in expected.headers ? ', retry-after=3' : ''}`;
  }
  if (request.method === 'POST') {
    request.headers['Content-Type'] = 'application/json';
    request.body = '{"type": "internal_note", "body_text": "By Dredd."}';
  }
  transaction.skip = false;
  done();
});
