import * as vscode from 'vscode';
import { notebookOf } from '../place';
import { Turn } from './messages';

/**
 * What the server still knows of the conversation. It keeps the turns about each document, those of
 * a notebook's cells by their language, until that is closed or it ends itself.
 */
export class Memory {
  private readonly turns = new Map<string, Turn[]>();

  register(): vscode.Disposable[] {
    return [
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.turns.delete(uri.toString())),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => {
        for (const key of this.turns.keys()) {
          if (key.endsWith(` ${uri}`)) {
            this.turns.delete(key);
          }
        }
      }),
    ];
  }

  add(document: vscode.TextDocument, turn: Turn): void {
    const key = keyOf(document);
    this.turns.set(key, [...(this.turns.get(key) ?? []), turn]);
  }

  clear(): void {
    this.turns.clear();
  }

  /** What is to be said of earlier turns when a document is asked about; empty if all are sent. */
  note(document: vscode.TextDocument, earlier: readonly Turn[]): string {
    const answers = earlier.filter((turn) => turn.text); // the server keeps no others
    const known = this.turns.get(keyOf(document)) ?? [];
    const sent = answers.filter((turn) => known.includes(turn)).length;
    if (sent === answers.length) {
      return '';
    }
    return sent
      ? ` (of what was said before, ${sent} of ${answers.length} answers are sent)`
      : ' (what was said before is not sent)';
  }
}

function keyOf(document: vscode.TextDocument): string {
  const notebook = notebookOf(document);
  return notebook ? `${document.languageId} ${notebook.uri}` : document.uri.toString();
}
