'use strict';
const path = require('node:path');

/** Returns the path of the mockdesk binary of this platform. */
exports.binary = () => {
  if (process.env.MOCKDESK_BINARY) return process.env.MOCKDESK_BINARY;
  const platform = `${process.platform}-${process.arch}`;
  try {
    const folder = path.dirname(require.resolve(`@mockdesk/${platform}/package.json`));
    return path.join(folder, process.platform === 'win32' ? 'mockdesk.exe' : 'mockdesk');
  } catch {
    throw new Error(
      `mockdesk: the optional dependency @mockdesk/${platform} is not installed; ` +
        'hint: npm install --include=optional mockdesk, or MOCKDESK_BINARY=/path/to/mockdesk',
    );
  }
};
