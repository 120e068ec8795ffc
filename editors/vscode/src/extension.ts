import * as vscode from 'vscode';
import { LanguageClient, LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import { findServer } from './server';
import { StatusItem } from './status';

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Inglenook', { log: true });
  const status = new StatusItem();
  const restart = async () => {
    await stop();
    await start(log, status);
  };
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand('inglenook.restart', restart),
    vscode.commands.registerCommand('inglenook.showLog', () => log.show()),
    vscode.commands.registerCommand('inglenook.showPrompt', showPrompt),
    vscode.workspace.onDidGrantWorkspaceTrust(() => (client ? undefined : restart())),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration('inglenook.path') ? restart() : undefined,
    ),
  );
  await start(log, status);
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(log: vscode.LogOutputChannel, status: StatusItem): Promise<void> {
  const command = await findServer();
  if (!command) {
    status.show({ state: 'offline', text: 'Install inglenook, or set inglenook.path.' });
    return;
  }
  // A folder of its own, so that no file of the workspace is loaded by accident.
  const options = { cwd: __dirname };
  const server: ServerOptions = { command, args: ['serve'], options };
  const documents: LanguageClientOptions = {
    documentSelector: [
      { scheme: 'file' },
      { scheme: 'untitled' },
      { scheme: 'vscode-notebook-cell' },
    ],
    outputChannel: log,
  };
  client = new LanguageClient('inglenook', 'Inglenook', server, documents);
  client.onNotification('inglenook/status', (params) => status.show(params));
  try {
    await client.start();
  } catch {
    status.show({ state: 'offline', text: 'The server did not start; its log says why.' });
  }
}

/** Why the last prompt was as it was: a document that the server makes, read-only. */
async function showPrompt(): Promise<void> {
  const uri = vscode.Uri.parse('inglenook:prompt');
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  // A client that never started cannot be stopped, and need not be.
  await old?.dispose().catch(() => undefined);
}
