import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pauses } from '../../../../editors/vscode/src/pause';
import { folderInFront } from '../../../../editors/vscode/src/place';
import { Uri, state } from './vscode.mjs';

const document = (uri) => ({ uri: Uri.parse(uri), languageId: 'python' });

function memory() {
  const kept = new Map();
  return { get: (key, none) => kept.get(key) ?? none, update: async (key, value) => kept.set(key, value) };
}

test('a cell of a notebook is paused with the folder of its notebook', async () => {
  const [folder] = (state.folders = [{ uri: Uri.parse('file:/ws'), name: 'ws' }]);
  const cell = document('vscode-notebook-cell:/ws/a.ipynb#W0');
  state.notebooks = [{ uri: Uri.parse('file:/ws/a.ipynb'), getCells: () => [{ document: cell }] }];
  const pauses = new Pauses(memory());
  assert.equal(pauses.why(cell), '');
  await pauses.turnFolder(folder);
  assert.equal(pauses.why(cell), 'nothing is completed in the folder ws');
  assert.equal(pauses.why(document('file:/elsewhere/a.py')), '');
});

test('what is outside of the folders is in none of them', () => {
  const [folder] = (state.folders = [{ uri: Uri.parse('file:/ws'), name: 'ws' }]);
  state.editor = { document: document('file:/elsewhere/a.py') };
  assert.equal(folderInFront(), undefined);
  state.editor = { document: document('file:/ws/a.py') };
  assert.equal(folderInFront(), folder);
  state.editor = undefined;
  assert.equal(folderInFront(), folder);
});

test('what the server is not told of says nothing of the folder in use', () => {
  const [folder] = (state.folders = [{ uri: Uri.parse('file:/ws'), name: 'ws' }]);
  state.editor = { document: document('output:/Inglenook') };
  assert.equal(folderInFront(), folder);
  state.folders = [folder, { uri: Uri.parse('file:/other'), name: 'other' }];
  assert.equal(folderInFront(), undefined);
});
