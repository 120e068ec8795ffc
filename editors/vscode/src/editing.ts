import * as vscode from 'vscode';
import { LanguageClient, WorkspaceEdit } from 'vscode-languageclient/node';
import { Preview } from './preview';
import { reasonOf } from './reason';

/** What `inglenook/edit` and `inglenook/propose` answer. */
interface Edited {
  edit: WorkspaceEdit;
  title: string;
  notes: string[];
  notices?: string[];
}

/** Checked edits of what is selected: by an instruction, or by code that is there. */
export class Editing {
  constructor(private readonly preview: Preview) {}

  /** Ask for an instruction, and show what the model makes of it. */
  async instruct(client: LanguageClient): Promise<void> {
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
    await this.show(client, editor, 'inglenook/propose', { text });
  }

  private async show(
    client: LanguageClient,
    editor: vscode.TextEditor,
    method: string,
    more: object,
  ): Promise<void> {
    const { document, selection } = editor;
    const params = {
      textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
      range: client.code2ProtocolConverter.asRange(selection),
      ...more,
    };
    try {
      const answer = await client.sendRequest<Edited>(method, params);
      const edit = await client.protocol2CodeConverter.asWorkspaceEdit(answer.edit);
      const notes = [...answer.notes, ...(answer.notices ?? [])];
      await this.preview.show(document, edit, answer.title, notes);
    } catch (error) {
      void vscode.window.showWarningMessage(`Inglenook: ${reasonOf(error)}`);
    }
  }
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
