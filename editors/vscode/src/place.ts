import * as vscode from 'vscode';

/** The schemes of what the server is told of. */
export const SERVED = ['file', 'untitled', 'vscode-notebook-cell'];

/** The folder of the workspace that a document is in; a cell of a notebook is where that is. */
export function folderOf(document: vscode.TextDocument): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(notebookOf(document)?.uri ?? document.uri);
}

/** The document in front. A notebook in which no cell is edited has the language of its cell. */
export function documentInFront(): vscode.TextDocument | undefined {
  const { activeTextEditor: editor, activeNotebookEditor: book } = vscode.window;
  const cell = !editor && book?.notebook.cellCount ? book.notebook.cellAt(book.selection.start) : undefined;
  const document = editor?.document ?? cell?.document;
  return document && SERVED.includes(document.uri.scheme) ? document : undefined;
}

/** The folder of the document in front; without one the only folder, and never another's. */
export function folderInFront(): vscode.WorkspaceFolder | undefined {
  const document = documentInFront();
  const folders = vscode.workspace.workspaceFolders ?? [];
  return document ? folderOf(document) : folders.length === 1 ? folders[0] : undefined;
}

/** The same, or the user's word where there are several; null for a user who gave none. */
export async function folderInUse(): Promise<vscode.WorkspaceFolder | undefined | null> {
  const several = (vscode.workspace.workspaceFolders ?? []).length > 1;
  if (documentInFront() || !several) {
    return folderInFront();
  }
  return (await vscode.window.showWorkspaceFolderPick()) ?? null;
}

/** The notebook that a document is a cell of. */
export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}
