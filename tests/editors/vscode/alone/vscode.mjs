// As much of VS Code as is needed by what is tested without it. What is asked is kept in `asked`,
// until the test answers with `resolve`.

export const state = {
  isTrusted: true, folders: [], notebooks: [], asked: [], applied: [], python: undefined, set: {}, editor: undefined,
};

export class EventEmitter {
  listeners = [];
  event = (listener) => this.listeners.push(listener);
  fire = (value) => this.listeners.forEach((listener) => listener(value));
  dispose() {}
}

export const closed = { document: new EventEmitter(), notebook: new EventEmitter() };

export class CancellationTokenSource {
  #cancelled = new EventEmitter();
  token = { isCancellationRequested: false, onCancellationRequested: this.#cancelled.event };
  cancel() {
    this.token.isCancellationRequested = true;
    this.#cancelled.fire();
  }
  dispose() {}
}

export class WorkspaceEdit {
  all = new Map();
  set = (uri, edits) => this.all.set(`${uri}`, [uri, edits]);
  get = (uri) => this.all.get(`${uri}`)?.[1] ?? [];
  entries = () => [...this.all.values()];
  get size() {
    return this.all.size;
  }
}

/** A URI, as far as it is compared. */
export const Uri = { parse: (text) => ({ toString: () => text, scheme: text.split(':')[0], path: text.split(':')[1] }) };
export const ProgressLocation = { Notification: 15 };

const ask = (text, ...buttons) => new Promise((resolve) => state.asked.push({ text, buttons, resolve }));

export const window = {
  showInformationMessage: ask,
  showWarningMessage: ask,
  showErrorMessage: ask,
  withProgress: (_how, work) => work({ report() {} }, new CancellationTokenSource().token),
  get activeTextEditor() {
    return state.editor;
  },
};
export const workspace = {
  get isTrusted() {
    return state.isTrusted;
  },
  get workspaceFolders() {
    return state.folders;
  },
  get notebookDocuments() {
    return state.notebooks;
  },
  getWorkspaceFolder: (uri) => state.folders.find((folder) => `${uri}`.startsWith(`${folder.uri}/`)),
  getConfiguration: () => ({ inspect: (key) => ({ globalValue: state.set[key] }), get: () => undefined }),
  onDidCloseTextDocument: closed.document.event,
  onDidCloseNotebookDocument: closed.notebook.event,
  applyEdit: (edit, how) => state.applied.push([edit, how]),
};
export const env = { clipboard: { writeText: async () => undefined } };
export const extensions = { getExtension: () => state.python };
