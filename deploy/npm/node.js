'use strict';
const { after, afterEach, before } = require('node:test');
const { attach } = require('./index.js');

/** A desk of this test file; requests that break the contract fail the test. */
exports.mockdesk = (options) => attach({ beforeAll: before, afterEach, afterAll: after }, options);
