import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Editing } from '../../../../editors/vscode/src/editing';
import { Uri, WorkspaceEdit, state } from './vscode.mjs';

const [HERE, THERE] = [Uri.parse('file:/ws/here.py'), Uri.parse('file:/ws/there.py')];
const place = { line: 0, character: 0 };
const editor = () => ({
  document: { uri: HERE, version: 3 },
  selection: { start: place, end: place, isEmpty: true },
});
let shown;
let editing;

beforeEach(() => {
  Object.assign(state, { asked: [], applied: [] });
  shown = [];
  editing = new Editing({ isShown: false, show: async (...all) => shown.push(all) });
});

/** A server whose answers change these files; `documentChanges` may say of which version. */
function server(uris, documentChanges, answered = async () => undefined) {
  const edit = new WorkspaceEdit();
  uris.forEach((uri) => edit.set(uri, [`edit of ${uri}`]));
  return {
    code2ProtocolConverter: { asTextDocumentIdentifier: () => ({}), asRange: () => ({}) },
    protocol2CodeConverter: { asWorkspaceEdit: async () => edit },
    sendRequest: async (_method, _params, token) => {
      await answered(token);
      return { edit: { documentChanges }, title: 'Edit', notes: [] };
    },
  };
}

const of = (version) => [{ textDocument: { uri: `${HERE}`, version }, edits: [] }];

test('an edit of the file alone is shown as its difference', async () => {
  await editing.propose(server([HERE], of(3)), editor(), 'x');
  assert.deepEqual(shown[0][1], [`edit of ${HERE}`]);
});

test('an edit of other files too is looked at as a whole, in the preview of the editor', async () => {
  await editing.propose(server([HERE, THERE], of(3)), editor(), 'x');
  assert.deepEqual(shown, []);
  const [[edit, how]] = state.applied;
  assert.deepEqual(how, { isRefactoring: true });
  const metadata = { needsConfirmation: true, label: 'Edit' };
  assert.deepEqual(edit.get(THERE), [[`edit of ${THERE}`, metadata]]);
  assert.deepEqual(edit.get(HERE), [[`edit of ${HERE}`, metadata]]);
});

test('an edit of the code as it was is refused', async () => {
  await editing.propose(server([HERE], of(2)), editor(), 'x');
  assert.deepEqual(shown, []);
  assert.match(state.asked[0].text, /has changed/);
});

test('an answer that comes although a newer edit was asked for is not shown', async () => {
  let late;
  const waits = server([HERE], of(3), () => new Promise((resolve) => (late = resolve)));
  const first = editing.propose(waits, editor(), 'x');
  await new Promise((resolve) => setImmediate(resolve));
  await editing.propose(server([HERE], of(3)), editor(), 'y');
  late();
  await first;
  assert.equal(shown.length, 1);
});
