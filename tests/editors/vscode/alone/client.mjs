// A client whose server takes its time to begin and to end, like the real one.

export const clients = [];
export const CloseAction = { DoNotRestart: 1, Restart: 2 };
export const ErrorAction = { Continue: 1 };
export const State = { Running: 2 };
export const TextDocumentEdit = { is: (change) => 'edits' in change };

const soon = () => new Promise((resolve) => setImmediate(resolve));

export class LanguageClient {
  state = 'stopped';
  constructor() {
    clients.push(this);
  }
  onNotification() {}
  onDidChangeState() {}
  isRunning() {
    return this.state === 'running';
  }
  async start() {
    this.state = 'starting';
    await soon();
    this.state = 'running';
  }
  async dispose() {
    if (this.state === 'starting') throw new Error('it cannot be stopped while it starts');
    await soon();
    this.state = 'stopped';
  }
}
