import { afterAll, afterEach, beforeAll } from 'vitest';
import { attach } from './index.js';

/** A desk of this test file; requests that break the contract fail the test. */
export const mockdesk = (options) => attach({ beforeAll, afterEach, afterAll }, options);
