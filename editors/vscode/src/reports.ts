import { execFile } from 'child_process';
import * as vscode from 'vscode';
import { folderInUse } from './place';
import { ofMachine } from './settings';

const SCHEME = 'inglenook-report';
const LIMIT = 60_000; // milliseconds

/** What the command line says of this machine and a folder, as a document that cannot be changed. */
export class Reports implements vscode.TextDocumentContentProvider {
  private text = '';
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  async doctor(program: string): Promise<void> {
    const folder = await folderInUse();
    if (folder === null) {
      return;
    }
    const counts = folder && vscode.workspace.isTrusted;
    const args = ['doctor', ...(counts ? ['--folder', folder.uri.fsPath] : [])];
    const title = 'Inglenook: looking at this machine';
    const where = { location: vscode.ProgressLocation.Window, title };
    this.text = note() + (await vscode.window.withProgress(where, () => output(program, args)));
    const uri = vscode.Uri.from({ scheme: SCHEME, path: 'Doctor' });
    this.changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}

/** Everything that a program prints; it says itself what is wrong, whatever its exit code is. */
function output(program: string, args: string[]): Promise<string> {
  const options = { cwd: __dirname, timeout: LIMIT, env: { ...process.env, NO_COLOR: '1' } };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const said = [stdout, stderr].filter(Boolean).join('\n');
      resolve(said || `${program} said nothing: ${error?.message ?? 'no error'}\n`);
    });
  });
}

function note(): string {
  const own = ofMachine<object>('machine');
  return own && Object.keys(own).length
    ? 'The setting inglenook.machine goes before what is said of the configuration file here.\n\n'
    : '';
}
