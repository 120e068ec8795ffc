// Bundles one test with the sources of the extension that it imports, and with doubles of VS Code
// and its client: node build.mjs MODULES TEST OUT

import { createRequire } from 'node:module';
import path from 'node:path';

const [modules, test, outfile] = process.argv.slice(2);
const { buildSync } = createRequire(path.join(modules, 'package.json'))('esbuild');
const here = import.meta.dirname;

buildSync({
  entryPoints: [path.join(here, test)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
  alias: {
    vscode: path.join(here, 'vscode.mjs'),
    'vscode-languageclient/node': path.join(here, 'client.mjs'),
  },
});
