import * as path from 'path';
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { ChatView } from './chat/view';
import { Editing } from './editing';
import { GettingModel } from './gettingModel';
import { Installing } from './installing';
import { showMenu } from './menu';
import { selectModel } from './models';
import { forgetTold, tellOthers } from './others';
import { Pauses } from './pause';
import { documentInFront, folderInFront } from './place';
import { Preview } from './preview';
import { Reports } from './reports';
import { Server } from './server';
import { StatusItem } from './status';

const SOON = 10_000; // milliseconds, until what starts with the window has started

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Inglenook', { log: true });
  const managed = path.join(context.globalStorageUri.fsPath, 'server');
  const pauses = new Pauses(context.globalState);
  const started = new Server(log, managed, (document, position, how, token, next) =>
    pauses.why(document) ? [] : next(document, position, how, token),
  );
  server = started;
  const readme = vscode.Uri.joinPath(context.extensionUri, 'README.md');
  const preview = new Preview();
  const editing = new Editing(preview);
  const reports = new Reports();
  const getting = new GettingModel(started, context.globalState, log);
  const installing = new Installing(started, managed, readme, log);
  const page = vscode.Uri.joinPath(context.extensionUri, 'dist', 'chat');
  const chat = new ChatView(page, started, editing);

  const withClient = (work: (client: LanguageClient) => unknown) => () =>
    started.client ? work(started.client) : showMenu(started.status, pauses);
  const commands: Record<string, () => unknown> = {
    menu: () => showMenu(started.status, pauses),
    why: showWhy,
    edit: withClient((client) => editing.instruct(client)),
    selectModel: withClient((client) => selectModel(client, 'autocomplete')),
    selectChatModel: withClient((client) => selectModel(client, 'chat')),
    pauseLanguage: () => turnLanguage(pauses),
    pauseFolder: () => turnFolder(pauses),
    getModel: withClient(() => getting.offer()),
    installServer: () => installing.offer(),
    doctor: () => (started.program ? reports.doctor(started.program) : installing.offer()),
    restart: () => started.restart(),
    showLog: () => log.show(),
  };
  context.subscriptions.push(
    log,
    started,
    getting,
    reports.register(),
    ...preview.register(),
    ...chat.register(),
    ...Object.entries(commands).map(([name, act]) =>
      vscode.commands.registerCommand(`inglenook.${name}`, act),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.restart()), // it was told of no trust
    vscode.workspace.onDidChangeConfiguration((change) => started.configure(change)),
    ...showStatus(started, pauses),
    ...tellOfOthers(started),
    started.onStatus(({ state }) => getting.onStatus(state)),
  );
  await started.start();
  if (started.status.state === 'missing') {
    void installing.offer();
  }
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

function showStatus(server: Server, pauses: Pauses): vscode.Disposable[] {
  const item = new StatusItem();
  const look = () => item.pause(pauses.why(documentInFront()));
  look();
  return [
    item,
    server.onStatus((status) => item.show(status)),
    pauses.onChange(look),
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.window.onDidChangeActiveNotebookEditor(look),
    vscode.window.onDidChangeNotebookEditorSelection(look),
  ];
}

/** The server says once that another extension completes too; it must hear of it. */
function tellOfOthers(server: Server): vscode.Disposable[] {
  const tell = () => tellOthers(server.client);
  const soon = setTimeout(tell, SOON);
  return [
    { dispose: () => clearTimeout(soon) },
    server.onReady((client) => {
      forgetTold(client);
      void tellOthers(client);
    }),
    vscode.workspace.onDidChangeConfiguration(tell),
    vscode.extensions.onDidChange(tell),
    vscode.window.onDidChangeActiveTextEditor(tell), // by then others may have started
  ];
}

/** Why the last prompt was as it was: a document that the server makes, read-only. */
async function showWhy(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const own = document && document.uri.scheme !== 'inglenook' ? `${document.uri}` : '';
  const uri = vscode.Uri.from({ scheme: 'inglenook', path: 'prompt', query: own });
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
}

async function turnLanguage(pauses: Pauses): Promise<void> {
  const document = documentInFront();
  if (document) {
    await pauses.turnLanguage(document.languageId);
  } else {
    void vscode.window.showInformationMessage('Inglenook: Open a file of that language first.');
  }
}

async function turnFolder(pauses: Pauses): Promise<void> {
  const folder = folderInFront();
  if (folder) {
    await pauses.turnFolder(folder);
  } else {
    const said = 'Inglenook: What is open is in no folder of the workspace; pause its language.';
    void vscode.window.showInformationMessage(said);
  }
}
