import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Memory } from '../../../../editors/vscode/src/chat/memory';
import { Uri, closed, state } from './vscode.mjs';

const document = (uri) => ({ uri: Uri.parse(uri), languageId: 'python' });
const [ONE, OTHER] = [document('file:/ws/one.py'), document('file:/ws/other.py')];
const NOTHING = ' (what was said before is not sent)';
let memory;
let turns;

beforeEach(() => {
  memory = new Memory();
  memory.register();
  turns = [];
  state.notebooks = [];
});

/** A question about a document, and what is said of what goes with it. */
function ask(about, text = 'an answer') {
  const note = memory.note(about, turns);
  const turn = { text };
  turns.push(turn);
  memory.add(about, turn);
  return note;
}

test('back at the first file its own answers are sent, and no others', () => {
  const notes = [ONE, ONE, OTHER, ONE].map((each) => ask(each));
  assert.deepEqual(notes, ['', '', NOTHING, ' (of what was said before, 2 of 3 answers are sent)']);
});

test('of a file that was closed nothing is sent', () => {
  ask(ONE);
  closed.document.fire(ONE);
  assert.equal(ask(ONE), NOTHING);
});

test('nor after the server ended, until something new was said', () => {
  ask(ONE);
  memory.clear();
  assert.deepEqual([ask(ONE), ask(ONE)], [NOTHING, ' (of what was said before, 1 of 2 answers are sent)']);
});

test('a question without an answer is kept by nobody', () => {
  ask(OTHER, '');
  assert.equal(ask(ONE), '');
});

test('cells of a notebook share what was said, until that is closed', () => {
  const cells = ['#1', '#2'].map((name) => document(`vscode-notebook-cell:/ws/a.ipynb${name}`));
  const notebook = { uri: Uri.parse('file:/ws/a.ipynb'), getCells: () => cells.map((each) => ({ document: each })) };
  state.notebooks = [notebook];
  assert.deepEqual(cells.map((each) => ask(each)), ['', '']);
  closed.notebook.fire(notebook);
  assert.equal(ask(cells[0]), NOTHING);
});
