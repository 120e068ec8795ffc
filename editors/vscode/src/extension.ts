import * as vscode from 'vscode';
import { LanguageClient, LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import { selectModel } from './models';
import { tellOthers } from './others';
import { findServer } from './server';
import { ofMachine, settings, startSettings } from './settings';
import { StatusItem } from './status';

const SOON = 10_000; // milliseconds, until what starts with the window has started

let client: LanguageClient | undefined;
let program: string | undefined; // the setting by which the server was found

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Inglenook', { log: true });
  const status = new StatusItem();
  const restart = async () => {
    await stop();
    await start(log, status);
  };
  const tell = () => tellOthers(client);
  const soon = setTimeout(tell, SOON);
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand('inglenook.restart', restart),
    vscode.commands.registerCommand('inglenook.selectModel', () =>
      client?.isRunning() ? selectModel(client) : log.show(),
    ),
    vscode.commands.registerCommand('inglenook.showLog', () => log.show()),
    vscode.commands.registerCommand('inglenook.showPrompt', showPrompt),
    vscode.workspace.onDidGrantWorkspaceTrust(() => (client ? undefined : restart())),
    vscode.workspace.onDidChangeConfiguration((change) =>
      ofMachine('path') === program ? configure(change) : restart(),
    ),
    vscode.workspace.onDidChangeConfiguration(tell),
    vscode.extensions.onDidChange(tell),
    vscode.window.onDidChangeActiveTextEditor(tell), // by then others may have started
    { dispose: () => clearTimeout(soon) },
  );
  await start(log, status);
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(log: vscode.LogOutputChannel, status: StatusItem): Promise<void> {
  program = ofMachine('path');
  const command = await findServer(program);
  if (!command) {
    status.show({ state: 'offline', text: 'Install inglenook, or set inglenook.path.' });
    return;
  }
  // A folder of its own, so that no file of the workspace is loaded by accident.
  const options = { cwd: __dirname };
  const args = ['serve', '--machine-scoped']; // see `settings`
  const server: ServerOptions = { command, args, options };
  const documents: LanguageClientOptions = {
    documentSelector: [
      { scheme: 'file' },
      { scheme: 'untitled' },
      { scheme: 'vscode-notebook-cell' },
    ],
    outputChannel: log,
    initializationOptions: () => ({ inglenook: startSettings() }),
    middleware: {
      workspace: {
        configuration: ({ items }) =>
          items.map((item) => (item.section === 'inglenook' ? settings() : null)),
      },
    },
  };
  client = new LanguageClient('inglenook', 'Inglenook', server, documents);
  client.onNotification('inglenook/status', (params) => status.show(params));
  try {
    await client.start();
    await tellOthers(client);
  } catch {
    status.show({ state: 'offline', text: 'The server did not start; its log says why.' });
  }
}

async function configure(change: vscode.ConfigurationChangeEvent): Promise<void> {
  if (client && change.affectsConfiguration('inglenook')) {
    const told = { settings: { inglenook: settings() } };
    await client.sendNotification('workspace/didChangeConfiguration', told);
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
