'use strict';
const { spawn } = require('node:child_process');
const http = require('node:http');
const https = require('node:https');
const { binary } = require('./binary.js');

/** Starts mockdesk on a free port. It ends with this process, however that ends. */
exports.launch = (flags = []) =>
  new Promise((resolve, reject) => {
    const args = ['serve', '--addr', '127.0.0.1:0', '--quiet', '--until-eof', ...flags];
    const child = spawn(binary(), args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    let wrong = '';
    child.stdout.on('data', (text) => {
      said += text;
      const url = said.match(/^mockdesk answers on (\S+)\n/)?.[1];
      if (!url) return;
      for (const held of [child, child.stdin, child.stdout, child.stderr]) held.unref();
      resolve({ url, child });
    });
    child.stderr.on('data', (text) => (wrong = (wrong + text).slice(-4096)));
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`mockdesk serve ended with ${signal ?? code}: ${wrong.trim()}`)));
  });

/**
 * Asks the control API. It does so by node:http, because tests replace fetch,
 * and some environments have none.
 */
exports.ask = (url, token, method, body) =>
  new Promise((resolve, reject) => {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    if (body !== undefined) headers['Content-Type'] = typeof body === 'string' ? 'application/yaml' : 'application/json';
    const request = (url.startsWith('https:') ? https : http).request(url, { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => (text += part));
      answer.on('error', reject);
      answer.on('end', () => {
        const json = answer.headers['content-type']?.startsWith('application/json');
        const content = json ? JSON.parse(text) : text;
        if (answer.statusCode < 300) return resolve(text === '' ? undefined : content);
        const { error, hint } = json ? content : { error: text };
        reject(new Error(`mockdesk: ${method} ${url} is ${answer.statusCode}: ${error}${hint ? `; hint: ${hint}` : ''}`));
      });
    });
    request.on('error', (error) => reject(new Error(`mockdesk: ${method} ${url}: ${error.message}`, { cause: error })));
    request.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
