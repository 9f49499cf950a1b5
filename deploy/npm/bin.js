#!/usr/bin/env node
'use strict';
const { spawn } = require('node:child_process');
const { binary } = require('./binary.js');

const child = spawn(binary(), process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  console.error(`mockdesk: ${error.message}`);
  process.exitCode = 127;
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
