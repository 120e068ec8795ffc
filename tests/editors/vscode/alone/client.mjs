// A client whose server takes its time to begin and to end, like the real one.

export const clients = [];
export const CloseAction = { DoNotRestart: 1, Restart: 2 };
export const ErrorAction = { Continue: 1 };
export const State = { Stopped: 1, Running: 2, Starting: 3 };
export const TextDocumentEdit = { is: (change) => 'edits' in change };

const soon = () => new Promise((resolve) => setImmediate(resolve));

export class LanguageClient {
  state = State.Stopped;
  #started;
  constructor() {
    clients.push(this);
  }
  onNotification() {}
  onDidChangeState() {}
  isRunning() {
    return this.state === State.Running;
  }
  start() {
    this.state = State.Starting;
    this.#started ??= soon().then(() => (this.state = State.Running));
    return this.#started;
  }
  /** Its server ends, and is started again. */
  crash() {
    this.#started = undefined;
    void this.start();
  }
  async dispose() {
    if (this.state === State.Starting) throw new Error('it cannot be stopped while it starts');
    await soon();
    this.state = State.Stopped;
  }
}
