// Bundles the extension and the page of its chat: one script each, and nothing else is loaded.
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

const common = { bundle: true, minify: true, logLevel: 'info', legalComments: 'none' };

await build({
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
});
await build({
  ...common,
  entryPoints: ['webview/chat.ts'],
  outfile: 'dist/chat/chat.js',
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
});
mkdirSync('dist/chat', { recursive: true });
copyFileSync('webview/chat.css', 'dist/chat/chat.css');
