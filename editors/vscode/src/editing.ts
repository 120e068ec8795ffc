import * as vscode from 'vscode';
import { LanguageClient, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageclient/node';
import { DISCARD, Preview, SHOW, tellChanged } from './preview';
import { reasonOf } from './reason';

/** What `inglenook/edit` and `inglenook/propose` answer. */
interface Edited {
  edit: WorkspaceEdit;
  title: string;
  notes: string[];
  notices?: string[];
}

/**
 * Checked edits of what is selected: by an instruction, or by code that is there. There is one at a
 * time: one that is being written makes room for the next, one that is shown is decided on first.
 */
export class Editing {
  private running: vscode.CancellationTokenSource | undefined;

  constructor(private readonly preview: Preview) {}

  /** Ask for an instruction, and show what the model makes of it. */
  async instruct(client: LanguageClient): Promise<void> {
    if (!(await this.isFree())) {
      return;
    }
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      return;
    }
    const instruction = await vscode.window.showInputBox({
      title: `Inglenook: edit ${placeOf(editor)}`,
      prompt: 'The edit is checked, and shown before it is applied.',
      placeHolder: 'What should change?',
    });
    if (instruction?.trim()) {
      await this.show(client, editor, 'inglenook/edit', { instruction });
    }
  }

  /** Put code into the place of the selection, if it passes the checks. */
  async propose(client: LanguageClient, editor: vscode.TextEditor, text: string): Promise<void> {
    if (await this.isFree()) {
      await this.show(client, editor, 'inglenook/propose', { text });
    }
  }

  /** Whether no edit waits for the user's word, if need be after it was given. */
  private async isFree(): Promise<boolean> {
    if (!this.preview.isShown) {
      return true;
    }
    const said = 'Inglenook: An edit is shown already, and waits to be accepted or discarded.';
    const choice = await vscode.window.showWarningMessage(said, SHOW, DISCARD);
    if (choice === DISCARD) {
      await this.preview.discard();
    } else if (choice === SHOW) {
      await this.preview.reveal();
    }
    return choice === DISCARD;
  }

  private async show(
    client: LanguageClient,
    editor: vscode.TextEditor,
    method: string,
    more: object,
  ): Promise<void> {
    if (this.running) {
      this.running.cancel();
      const said = 'Inglenook: The edit that was being written was stopped to make room for this one.';
      void vscode.window.showInformationMessage(said);
    }
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    const where = {
      location: vscode.ProgressLocation.Notification,
      title: `Inglenook: writing an edit of ${placeOf(editor)}`,
      cancellable: true,
    };
    try {
      const answer = await vscode.window.withProgress(where, (_progress, stopped) => {
        stopped.onCancellationRequested(() => source.cancel());
        const params = {
          textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document),
          range: client.code2ProtocolConverter.asRange(editor.selection),
          ...more,
        };
        return client.sendRequest<Edited>(method, params, source.token);
      });
      const edit = await client.protocol2CodeConverter.asWorkspaceEdit(answer.edit);
      if (!source.token.isCancellationRequested) {
        await this.shown(editor, answer, edit);
      }
    } catch (error) {
      if (!source.token.isCancellationRequested) {
        void vscode.window.showWarningMessage(`Inglenook: ${reasonOf(error)}`);
      }
    } finally {
      source.dispose();
      if (this.running === source) {
        this.running = undefined;
      }
    }
  }

  private async shown(
    editor: vscode.TextEditor,
    answer: Edited,
    edit: vscode.WorkspaceEdit,
  ): Promise<void> {
    const { document } = editor;
    const own = edit.get(document.uri);
    const version = versionOf(answer.edit, document.uri.toString());
    if (document.isClosed || (version !== undefined && version !== document.version)) {
      tellChanged();
    } else if (edit.size > 1 || !own.length) {
      await confirmed(edit, answer.title);
    } else {
      await this.preview.show(editor, own, answer.title, [...answer.notes, ...(answer.notices ?? [])]);
    }
  }
}

/** A diff shows one file: what changes others goes through the editor's own preview, as a whole. */
async function confirmed(edit: vscode.WorkspaceEdit, label: string): Promise<void> {
  const all = new vscode.WorkspaceEdit();
  const metadata = { needsConfirmation: true, label };
  for (const [uri, edits] of edit.entries()) {
    all.set(uri, edits.map((each): [vscode.TextEdit, typeof metadata] => [each, metadata]));
  }
  await vscode.workspace.applyEdit(all, { isRefactoring: true });
}

/** The version of the document that the edit is about, if the server says it. */
function versionOf({ documentChanges }: WorkspaceEdit, uri: string): number | undefined {
  const of = documentChanges?.filter(TextDocumentEdit.is).map((each) => each.textDocument);
  const named = of?.find((each) => vscode.Uri.parse(each.uri).toString() === uri);
  return named?.version ?? undefined;
}

/** "cart.py, lines 3 to 9" */
export function placeOf({ document, selection }: vscode.TextEditor): string {
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const [first, last] = [selection.start.line + 1, lastLine(selection) + 1];
  if (selection.isEmpty) {
    return `${name}, round line ${first}`;
  }
  return first === last ? `${name}, line ${first}` : `${name}, lines ${first} to ${last}`;
}

/** A selection that ends before the first character of a line does not reach into it. */
function lastLine({ start, end }: vscode.Selection): number {
  return end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
}
