import * as vscode from 'vscode';
import { Piece, applied, moved } from './edits';

const SCHEME = 'inglenook-edit'; // package.json knows its diff by this
const CONTEXT = 'inglenook.previewing';
export const [SHOW, DISCARD] = ['Show It', 'Discard It'];

/** An edit of one document that its user has not yet decided on. */
interface Proposal {
  document: vscode.TextDocument;
  version: number; // of the document for which it was made
  edits: readonly vscode.TextEdit[];
  selection: vscode.Selection; // what was selected in the document
  column: vscode.ViewColumn | undefined;
  title: string;
  uri: vscode.Uri; // of the text as it would be
}

/**
 * Shows what an edit would change as a diff in the place of the editor, until it is accepted or
 * discarded. The file itself is not touched before.
 */
export class Preview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private proposal: Proposal | undefined;
  private readonly texts = new Map<string, string>();
  private count = 0;
  private hint: vscode.Disposable | undefined;

  register(): vscode.Disposable[] {
    return [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.commands.registerCommand('inglenook.acceptEdit', () => this.accept()),
      vscode.commands.registerCommand('inglenook.discardEdit', () => this.discard()),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (this.proposal && closed.some((tab) => isOf(tab, this.proposal))) {
          void this.forget();
        }
      }),
      this,
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  get isShown(): boolean {
    return this.proposal !== undefined;
  }

  /** `notes` say what the user should look at. One edit at a time: see `isShown`. */
  async show(
    { document, selection, viewColumn }: vscode.TextEditor,
    edits: readonly vscode.TextEdit[],
    title: string,
    notes: readonly string[],
  ): Promise<void> {
    const path = document.uri.path || '/untitled';
    const uri = vscode.Uri.from({ scheme: SCHEME, path, query: String(++this.count) });
    this.texts.set(uri.toString(), applied(document.getText(), piecesOf(document, edits)));
    const column = viewColumn ?? vscode.window.activeTextEditor?.viewColumn;
    const { version } = document;
    this.proposal = { document, version, edits, selection, column, title, uri };
    await vscode.commands.executeCommand('setContext', CONTEXT, true);
    const here = vscode.window.activeTextEditor;
    if (here && here.document !== document) {
      void this.announce(); // who types elsewhere would type into the diff
    } else {
      await this.reveal();
    }
    if (notes.length) {
      void vscode.window.showInformationMessage(`Inglenook: Look at this. ${notes.join(' ')}`);
    }
  }

  /** The user went on in another file. */
  private async announce(): Promise<void> {
    const proposal = this.proposal;
    const said = `Inglenook: ${proposal?.title} is ready.`;
    const choice = await vscode.window.showInformationMessage(said, SHOW, DISCARD);
    if (this.proposal !== proposal) {
      return;
    }
    if (choice === SHOW) {
      await this.reveal();
    } else if (choice === DISCARD) {
      await this.discard();
    }
  }

  /** Bring the diff to the front. */
  async reveal(): Promise<void> {
    if (!this.proposal) {
      return;
    }
    const { document, edits, column, title, uri } = this.proposal;
    const [first] = edits;
    const options: vscode.TextDocumentShowOptions = {
      viewColumn: column,
      preview: false, // it would take the place of the tab in which a file is only looked at
      selection: first && new vscode.Range(first.range.start, first.range.start),
    };
    await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title, options);
    // Its keys are for who is in it, also if this was asked for in the chat.
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    const key = process.platform === 'darwin' ? 'Cmd+Enter' : 'Ctrl+Enter';
    this.hint?.dispose();
    this.hint = vscode.window.setStatusBarMessage(
      `$(check) ${key} accepts the edit, Escape discards it`,
    );
  }

  /** Go back to the document as it is. */
  async discard(): Promise<void> {
    const proposal = this.proposal;
    if (proposal) {
      await this.forget();
      await back(proposal, proposal.selection);
    }
  }

  dispose(): void {
    this.hint?.dispose();
    this.texts.clear();
  }

  private async accept(): Promise<void> {
    const proposal = this.proposal;
    if (!proposal) {
      return;
    }
    const { document, edits, version, selection } = proposal;
    await this.forget();
    if (document.isClosed || document.version !== version) {
      tellChanged();
      await back(proposal, selection);
      return;
    }
    const places = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    const { start, end } = moved(places, piecesOf(document, edits));
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, [...edits]);
    if (!(await vscode.workspace.applyEdit(edit))) {
      void vscode.window.showWarningMessage('Inglenook: VS Code did not apply the edit.');
    }
    await back(proposal, new vscode.Range(document.positionAt(start), document.positionAt(end)));
  }

  private async forget(): Promise<void> {
    if (this.proposal) {
      this.texts.delete(this.proposal.uri.toString());
    }
    this.proposal = undefined;
    this.hint?.dispose();
    await vscode.commands.executeCommand('setContext', CONTEXT, false);
  }
}

export function tellChanged(): void {
  const said = 'Inglenook: The code has changed since the edit was made: ask for it again.';
  void vscode.window.showWarningMessage(said);
}

/** The document in the place of the diff, which may have been the last that kept it open. */
async function back(proposal: Proposal, selection: vscode.Range): Promise<void> {
  const { document, column } = proposal;
  const shown = vscode.window.showTextDocument(document, { viewColumn: column, selection });
  await shown.then(undefined, () => undefined); // its file may be gone
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter((tab) => isOf(tab, proposal)));
}

function isOf(tab: vscode.Tab, proposal: Proposal | undefined): boolean {
  return (
    tab.input instanceof vscode.TabInputTextDiff &&
    tab.input.modified.toString() === proposal?.uri.toString()
  );
}

function piecesOf(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): Piece[] {
  return edits.map(({ range, newText }) => ({
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
    text: newText,
  }));
}
