import * as vscode from 'vscode';
import { folderOf } from './place';

const LANGUAGES = 'inglenook.pausedLanguages';
const FOLDERS = 'inglenook.pausedFolders';

/**
 * Languages and folders in which the user wants no ghost text for now. They are remembered by the
 * editor, outside of the workspace, and no request leaves for them.
 */
export class Pauses {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Why nothing is completed in a document; empty if it is. */
  why(document: vscode.TextDocument | undefined): string {
    if (document && this.has(LANGUAGES, document.languageId)) {
      return `nothing is completed in ${document.languageId} files`;
    }
    const folder = document && folderOf(document);
    return folder && this.has(FOLDERS, folder.uri.toString())
      ? `nothing is completed in the folder ${folder.name}`
      : '';
  }

  hasLanguage(language: string): boolean {
    return this.has(LANGUAGES, language);
  }

  hasFolder(folder: vscode.WorkspaceFolder): boolean {
    return this.has(FOLDERS, folder.uri.toString());
  }

  async turnLanguage(language: string): Promise<void> {
    await this.turn(LANGUAGES, language);
  }

  async turnFolder(folder: vscode.WorkspaceFolder): Promise<void> {
    await this.turn(FOLDERS, folder.uri.toString());
  }

  private has(key: string, value: string): boolean {
    return this.memory.get<string[]>(key, []).includes(value);
  }

  private async turn(key: string, value: string): Promise<void> {
    const old = this.memory.get<string[]>(key, []);
    const rest = old.filter((each) => each !== value);
    await this.memory.update(key, rest.length === old.length ? [...old, value] : rest);
    this.changed.fire();
  }
}
