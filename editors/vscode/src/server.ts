import * as vscode from 'vscode';
import { LanguageClient, LanguageClientOptions, State } from 'vscode-languageclient/node';
import { findServer } from './find';
import { SERVED } from './place';
import { Restarts } from './restarts';
import { ofMachine, settings, startSettings } from './settings';
import { Status } from './status';

type Inline = NonNullable<LanguageClientOptions['middleware']>['provideInlineCompletionItems'];

/** The one server of the window, which is started again when it ends by itself. */
export class Server implements vscode.Disposable {
  /** What is started; undefined while no program was found. */
  program: string | undefined;
  status: Status = { state: 'starting' };
  private made: LanguageClient | undefined;
  private set: string | undefined; // the setting by which the program was found
  private last: Promise<unknown> = Promise.resolve(); // what is done with the server, one by one
  private next: Promise<void> | undefined; // a restart whose turn has not come
  private readonly told = new vscode.EventEmitter<Status>();
  private readonly began = new vscode.EventEmitter<LanguageClient>();
  readonly onStatus = this.told.event;
  readonly onReady = this.began.event; // also of a server that was started again

  /** `managed` is the environment that the extension may have made for it. */
  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly managed: string,
    private readonly inline: Inline,
  ) {}

  /** The client, while its server answers. */
  get client(): LanguageClient | undefined {
    return this.made?.isRunning() ? this.made : undefined;
  }

  async start(): Promise<void> {
    await this.inTurn(() => this.begin());
  }

  /** One that waits for its turn serves all that want it until then. */
  restart(): Promise<void> {
    this.next ??= this.inTurn(async () => {
      this.next = undefined;
      await this.end();
      this.tell({ state: 'starting' });
      await this.begin();
    });
    return this.next;
  }

  async stop(): Promise<void> {
    await this.inTurn(() => this.end());
  }

  /** Whoever begins while another ends or begins would leave two servers. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  private async begin(): Promise<void> {
    this.set = ofMachine('path');
    this.program = await findServer(this.set, this.managed);
    if (!this.program) {
      this.tell({ state: 'missing', text: 'The server is not installed.' });
      return;
    }
    const client = this.clientOf(this.program);
    this.made = client;
    client.onNotification('inglenook/status', (status: Status) => this.tell(status));
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        this.began.fire(client);
      }
    });
    try {
      await client.start();
    } catch {
      this.tell({ state: 'offline', text: 'The server did not start; its log says why.' });
    }
  }

  private async end(): Promise<void> {
    const old = this.made;
    this.made = undefined;
    if (old?.state === State.Starting) {
      await old.start().catch(() => undefined); // by itself, after a crash: not to be stopped before
    }
    // A client that never started cannot be stopped, and need not be.
    await old?.dispose().catch(() => undefined);
  }

  /** Tell the server of changed settings; another program is another server. */
  async configure(change: vscode.ConfigurationChangeEvent): Promise<void> {
    if (ofMachine('path') !== this.set) {
      await this.restart();
    } else if (this.client && change.affectsConfiguration('inglenook')) {
      const told = { settings: { inglenook: settings() } };
      await this.client.sendNotification('workspace/didChangeConfiguration', told);
    }
  }

  dispose(): void {
    this.told.dispose();
    this.began.dispose();
  }

  private clientOf(command: string): LanguageClient {
    // A folder of its own, so that no file of the workspace is loaded by accident.
    const options = { cwd: __dirname };
    const args = ['serve', '--machine-scoped']; // see `settings`
    const documents: LanguageClientOptions = {
      documentSelector: SERVED.map((scheme) => ({ scheme })),
      outputChannel: this.log,
      initializationOptions: () => ({
        inglenook: startSettings(),
        workspaceTrusted: vscode.workspace.isTrusted,
      }),
      errorHandler: new Restarts((again) => this.ended(again)),
      middleware: {
        provideInlineCompletionItems: this.inline,
        workspace: {
          configuration: ({ items }) =>
            items.map((item) => (item.section === 'inglenook' ? settings() : null)),
        },
      },
    };
    return new LanguageClient('inglenook', 'Inglenook', { command, args, options }, documents);
  }

  private ended(again: boolean): void {
    if (again) {
      this.tell({ state: 'starting', text: 'The server ended and is started again.' });
      return;
    }
    this.tell({ state: 'offline', text: 'The server ended too often; its log says more.' });
    void this.offerRestart();
  }

  private async offerRestart(): Promise<void> {
    const said = 'Inglenook: The server ended too often and is not started again by itself.';
    const choice = await vscode.window.showErrorMessage(said, 'Restart', 'Show Log');
    if (choice === 'Restart') {
      await this.restart();
    } else if (choice) {
      this.log.show();
    }
  }

  private tell(status: Status): void {
    this.status = status;
    this.told.fire(status);
  }
}
