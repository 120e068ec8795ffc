import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { Editing, placeOf } from '../editing';
import { selectModel } from '../models';
import { SERVED } from '../place';
import { Server } from '../server';
import { ask, begun } from './asking';
import { Memory } from './memory';
import { FormState, FromPage, Prompt, ToPage, Turn } from './messages';
import { pageOf } from './page';

const VIEW = 'inglenook.chat';
const ANSWERING = 'inglenook.answering';

/**
 * The chat in the side bar. What was said is kept here, so that the page can be drawn anew; the
 * server keeps a conversation for each document.
 */
export class ChatView implements vscode.WebviewViewProvider {
  private view: vscode.WebviewView | undefined;
  private turns: Turn[] = [];
  private files: vscode.Uri[] = [];
  private prompts: Prompt[] = [];
  private running: vscode.CancellationTokenSource | undefined;
  private conversation = 1;
  private readonly memory = new Memory();
  private wantsFocus = false; // as soon as the page is there
  private editor: vscode.TextEditor | undefined; // that was in front last

  constructor(
    private readonly home: vscode.Uri,
    private readonly server: Server,
    private readonly editing: Editing,
  ) {}

  register(): vscode.Disposable[] {
    this.look(vscode.window.activeTextEditor);
    return [
      vscode.window.registerWebviewViewProvider(VIEW, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.look(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.look(textEditor)),
      vscode.workspace.onDidCloseTextDocument((document) => this.closed(document)),
      vscode.commands.registerCommand('inglenook.ask', () => this.focus()),
      vscode.commands.registerCommand('inglenook.newConversation', () => this.begin()),
      vscode.commands.registerCommand('inglenook.stop', () => this.running?.cancel()),
      this.server.onReady(() => {
        this.memory.clear();
        void this.learnPrompts().then(() => this.drawForm());
      }),
      this.server.onStatus(() => this.drawForm()),
      ...this.memory.register(),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.home] };
    view.webview.onDidReceiveMessage((message: FromPage) => this.heard(message));
    view.onDidChangeVisibility(() => this.draw());
    view.onDidDispose(() => (this.view = undefined));
    view.webview.html = pageOf(view.webview, this.home);
  }

  /** Take the selection to the chat. */
  private async focus(): Promise<void> {
    this.look(vscode.window.activeTextEditor);
    this.wantsFocus = true;
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    if (this.view) {
      this.view.show(false);
      this.post({ type: 'focus' });
    }
  }

  private async heard(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.drawn();
      case 'ask':
        return this.ask(message.question);
      case 'stop':
        return this.running?.cancel();
      case 'model':
        return this.withClient((client) => selectModel(client, 'chat'));
      case 'attach':
        return this.attach();
      case 'detach':
        this.files = this.files.filter((uri) => shown(uri) !== message.file);
        return this.drawForm();
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'insert':
        return this.insert(message.text);
      case 'replace':
        return this.replace(message.text);
    }
  }

  private async drawn(): Promise<void> {
    await this.learnPrompts();
    this.draw();
    if (this.wantsFocus) {
      this.post({ type: 'focus' });
      this.wantsFocus = false;
    }
  }

  private async ask(text: string): Promise<void> {
    const { client } = this.server;
    const { editor } = this;
    if (this.running || !text.trim()) {
      return;
    }
    if (!client || !editor) {
      const why = client ? 'Open a file to ask about.' : 'The server is not running.';
      void vscode.window.showWarningMessage(`Inglenook: ${why}`);
      return;
    }
    const question = { text, editor, conversation: `${this.conversation}`, files: this.files };
    const turn = begun(question);
    turn.about += this.memory.note(editor.document, this.turns);
    this.memory.add(editor.document, turn);
    this.turns.push(turn);
    this.post({ type: 'accepted', question: text });
    this.files = [];
    this.running = new vscode.CancellationTokenSource();
    this.draw();
    await vscode.commands.executeCommand('setContext', ANSWERING, true);
    try {
      await ask(client, question, turn, this.running.token, (piece) => {
        this.post({ type: 'piece', text: piece.text, reasoning: piece.reasoning });
      });
    } finally {
      this.running.dispose();
      this.running = undefined;
      this.draw();
      await vscode.commands.executeCommand('setContext', ANSWERING, false);
    }
  }

  private async begin(): Promise<void> {
    this.running?.cancel();
    this.turns = [];
    this.memory.clear();
    this.conversation += 1;
    this.draw();
  }

  private async attach(): Promise<void> {
    const open = vscode.workspace.textDocuments.filter(
      ({ uri }) => SERVED.includes(uri.scheme) && !this.files.some((each) => `${each}` === `${uri}`),
    );
    const items = open.map(({ uri }) => ({ label: shown(uri), uri }));
    const title = 'Inglenook: send an open file with the next question';
    const picked = await vscode.window.showQuickPick(items, { title });
    if (picked) {
      this.files = [...this.files, picked.uri];
      this.drawForm();
    }
  }

  /** At the cursor of the editor that was in front last, which may be hidden by now. */
  private async insert(text: string): Promise<void> {
    const { editor } = this;
    if (!editor) {
      void vscode.window.showWarningMessage('Inglenook: Open the file to insert the code into.');
      return;
    }
    const { document, viewColumn } = editor;
    const show = () => vscode.window.showTextDocument(document, { viewColumn, preview: false });
    try {
      const isThere = vscode.window.visibleTextEditors.includes(editor);
      const shown = isThere ? editor : await show();
      if (await shown.edit((change) => change.insert(shown.selection.active, text))) {
        await show().then(undefined, () => undefined); // in place of a cell its notebook comes
        return;
      }
    } catch {
      // the file may be gone
    }
    const said = 'Inglenook: The code could not be inserted: put the cursor where it belongs first.';
    void vscode.window.showWarningMessage(said);
  }

  private async replace(text: string): Promise<void> {
    const { editor } = this;
    if (editor) {
      await this.withClient((client) => this.editing.propose(client, editor, text));
    } else {
      void vscode.window.showWarningMessage('Inglenook: Open the file to change.');
    }
  }

  private async withClient(work: (client: LanguageClient) => Promise<void>): Promise<void> {
    const { client } = this.server;
    if (client) {
      await work(client);
    }
  }

  private look(editor: vscode.TextEditor | undefined): void {
    if (editor && SERVED.includes(editor.document.uri.scheme)) {
      const other = editor.document !== this.editor?.document;
      this.editor = editor;
      if (other) {
        void this.learnPrompts().then(() => this.drawForm());
      }
      this.drawForm();
    }
  }

  private closed(document: vscode.TextDocument): void {
    if (document === this.editor?.document) {
      this.editor = undefined;
      this.drawForm();
    }
  }

  private async learnPrompts(): Promise<void> {
    const uri = this.editor && `${this.editor.document.uri}`;
    const asked = this.server.client?.sendRequest<{ prompts: Prompt[] }>(
      'inglenook/prompts',
      uri ? { uri } : {},
    );
    this.prompts = (await asked?.catch(() => undefined))?.prompts ?? this.prompts;
  }

  private draw(): void {
    this.drawForm();
    this.post({ type: 'turns', turns: this.turns });
  }

  private drawForm(): void {
    const form: FormState = {
      about: this.editor ? placeOf(this.editor) : '',
      files: this.files.map(shown),
      prompts: this.prompts,
      model: this.server.status.model ?? '',
    };
    this.post({ type: 'form', form });
  }

  private post(message: ToPage): void {
    void this.view?.webview.postMessage(message);
  }
}

function shown(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
