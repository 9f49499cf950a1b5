import type { Desk, Options } from './index.js';

/** A desk of this test file; requests that break the contract fail the test. */
export declare function mockdesk(options?: Options): Desk;
