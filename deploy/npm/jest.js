'use strict';
const { afterAll, afterEach, beforeAll } = require('@jest/globals');
const { attach } = require('./index.js');

/** A desk of this test file; requests that break the contract fail the test. */
exports.mockdesk = (options) => attach({ beforeAll, afterEach, afterAll }, options);
