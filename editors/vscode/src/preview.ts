import * as vscode from 'vscode';

const SCHEME = 'inglenook-edit';
const CONTEXT = 'inglenook.previewing';

/** An edit of one document that its user has not yet decided on. */
interface Proposal {
  document: vscode.TextDocument;
  version: number; // of the document for which it was made
  edits: readonly vscode.TextEdit[];
  column: vscode.ViewColumn | undefined;
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

  /** `notes` say what the user should look at. */
  async show(
    document: vscode.TextDocument,
    edit: vscode.WorkspaceEdit,
    title: string,
    notes: readonly string[],
  ): Promise<void> {
    await this.discard();
    const edits = edit.get(document.uri);
    const path = document.uri.path || '/untitled';
    const uri = vscode.Uri.from({ scheme: SCHEME, path, query: String(++this.count) });
    this.texts.set(uri.toString(), applied(document, edits));
    const column = vscode.window.activeTextEditor?.viewColumn;
    this.proposal = { document, version: document.version, edits, column, uri };
    await vscode.commands.executeCommand('setContext', CONTEXT, true);
    const [first] = edits;
    const options: vscode.TextDocumentShowOptions = {
      viewColumn: column,
      preview: true,
      selection: first && new vscode.Range(first.range.start, first.range.start),
    };
    await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title, options);
    // Its keys are for who is in it, also if this was asked for in the chat.
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    const key = process.platform === 'darwin' ? 'Cmd+Enter' : 'Ctrl+Enter';
    this.hint = vscode.window.setStatusBarMessage(
      `$(check) ${key} accepts the edit, Escape discards it`,
    );
    if (notes.length) {
      void vscode.window.showInformationMessage(`Inglenook: Look at this. ${notes.join(' ')}`);
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
    const { document, edits, version, column } = proposal;
    await this.discard();
    if (document.isClosed || document.version !== version) {
      const said = 'Inglenook: The code has changed since the edit was made: ask for it again.';
      void vscode.window.showWarningMessage(said);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, [...edits]);
    await vscode.workspace.applyEdit(edit);
    const [first] = edits;
    const selection = first && new vscode.Range(first.range.start, first.range.start);
    await vscode.window.showTextDocument(document, { viewColumn: column, selection });
  }

  private async discard(): Promise<void> {
    const proposal = this.proposal;
    if (!proposal) {
      return;
    }
    await this.forget();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter((tab) => isOf(tab, proposal)));
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

function isOf(tab: vscode.Tab, proposal: Proposal | undefined): boolean {
  return (
    tab.input instanceof vscode.TabInputTextDiff &&
    tab.input.modified.toString() === proposal?.uri.toString()
  );
}

/** The text as it would be; edits of one change are all about the text before (LSP 3.17). */
function applied(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  let text = document.getText();
  const places = edits.map((edit) => ({
    start: document.offsetAt(edit.range.start),
    end: document.offsetAt(edit.range.end),
    text: edit.newText,
  }));
  for (const place of places.sort((one, other) => other.start - one.start)) {
    text = text.slice(0, place.start) + place.text + text.slice(place.end);
  }
  return text;
}
