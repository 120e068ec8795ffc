import * as vscode from 'vscode';

/** The folder of the workspace that a document is in; a cell of a notebook is where that is. */
export function folderOf(document: vscode.TextDocument): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(notebookOf(document)?.uri ?? document.uri);
}

/** The document in front. A notebook in which no cell is edited has the language of its cell. */
export function documentInFront(): vscode.TextDocument | undefined {
  const { activeTextEditor, activeNotebookEditor } = vscode.window;
  if (activeTextEditor || !activeNotebookEditor?.notebook.cellCount) {
    return activeTextEditor?.document;
  }
  return activeNotebookEditor.notebook.cellAt(activeNotebookEditor.selection.start).document;
}

/** The folder of the document in front; without one the only folder, and never another's. */
export function folderInFront(): vscode.WorkspaceFolder | undefined {
  const document = documentInFront();
  const folders = vscode.workspace.workspaceFolders ?? [];
  return document ? folderOf(document) : folders.length === 1 ? folders[0] : undefined;
}

/** The notebook that a document is a cell of. */
export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}
