import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, test } from 'node:test';
import { PROGRAM, findServer } from '../../../../editors/vscode/src/find';
import { state } from './vscode.mjs';

let root;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'find-')));
  Object.assign(state, { isTrusted: false, python: undefined });
  state.folders = [{ uri: { fsPath: path.join(root, 'ws') } }];
  mkdirSync(path.join(root, 'ws'));
});

function program(folder) {
  const file = path.join(root, folder, PROGRAM);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

const onPath = (...folders) =>
  (process.env.PATH = folders.map((folder) => path.join(root, folder)).join(path.delimiter));

test('no program of a workspace that is not trusted is taken, however PATH spells it', async () => {
  const [theirs, own] = [program('ws/bin'), program('own')];
  symlinkSync(path.join(root, 'ws/bin'), path.join(root, 'linked'));
  mkdirSync(path.join(root, 'other'));
  symlinkSync(theirs, path.join(root, 'other', PROGRAM));
  onPath('ws/bin', 'own/../ws/bin', 'linked', 'other', 'own');
  assert.equal(await findServer(undefined, root), own);
  state.isTrusted = true;
  assert.equal(await findServer(undefined, root), theirs);
});

test('a folder whose name begins like that of the workspace is another', async () => {
  const own = program('ws-tools');
  onPath('ws-tools');
  assert.equal(await findServer(undefined, root), own);
});

test('what PATH has does not wait for the extension of Python', async () => {
  state.isTrusted = true;
  state.python = { activate: () => new Promise(() => undefined) };
  const own = program('own');
  onPath('own');
  assert.equal(await findServer(undefined, root), own);
});

test('the selected Python is asked, and only of a trusted workspace', async () => {
  const found = program('env/bin');
  const api = { environments: { getActiveEnvironmentPath: () => ({ path: path.join(root, 'env/bin/python') }) } };
  state.python = { activate: async () => api };
  onPath('empty');
  assert.equal(await findServer(undefined, root), undefined);
  state.isTrusted = true;
  assert.equal(await findServer(undefined, root), found);
});
