import * as vscode from 'vscode';

/** What the server's `inglenook/status` notification says, and what is known without a server. */
export interface Status {
  state: 'idle' | 'busy' | 'loading' | 'offline' | 'refused' | 'starting' | 'missing';
  text?: string;
  model?: string;
  locality?: string; // how surely the model runs on this machine
}

const ICONS: Record<Status['state'], string> = {
  idle: '$(flame)',
  busy: '$(loading~spin)',
  loading: '$(sync~spin)',
  starting: '$(sync~spin)',
  offline: '$(debug-disconnect)',
  refused: '$(circle-slash)',
  missing: '$(cloud-download)',
};
const WRONG: Partial<Record<Status['state'], string>> = {
  offline: 'offline',
  refused: 'refused',
  missing: 'not installed',
};
const LONGEST = 28; // characters of a model's name in the bar
const LOCAL = ['verified-local', 'declared-local'];

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'inglenook.status',
    vscode.StatusBarAlignment.Right,
    100,
  );
  private since = Date.now(); // when its state began
  private status: Status = { state: 'starting' };
  private paused = '';
  private readonly clock = setInterval(() => this.tick(), 1000);

  constructor() {
    this.item.name = 'Inglenook';
    this.item.command = 'inglenook.menu';
    this.draw();
    this.item.show();
  }

  show(status: Status): void {
    if (status.state !== this.status.state) {
      this.since = Date.now();
    }
    this.status = status;
    this.draw();
  }

  /** Say why nothing is completed in the file in front; empty if it is. */
  pause(why: string): void {
    this.paused = why;
    this.draw();
  }

  dispose(): void {
    clearInterval(this.clock);
    this.item.dispose();
  }

  private tick(): void {
    if (this.status.state === 'loading') {
      this.draw();
    }
  }

  private draw(): void {
    const { state, text, model, locality } = this.status;
    const isPaused = this.paused !== '' && (state === 'idle' || state === 'busy');
    const seconds = Math.round((Date.now() - this.since) / 1000);
    const lock = locality && (LOCAL.includes(locality) ? '$(lock)' : '$(unlock)');
    const wrong = WRONG[state];
    const bar = [
      isPaused ? '$(debug-pause)' : (ICONS[state] ?? ICONS.idle),
      model ? short(model) : 'Inglenook',
      wrong,
      state === 'loading' && seconds > 0 && `${seconds} s`,
      model && lock,
    ];
    const said = isPaused ? `paused: ${this.paused}` : state;
    const where = locality && `(${locality})`;
    const named = model && [model, where].filter(Boolean).join(' ');
    const words = [`Inglenook: ${said}`, text, named].filter(Boolean);
    this.item.text = bar.filter(Boolean).join(' ');
    this.item.tooltip = [...words, 'Click for models, pauses and the doctor.'].join('\n');
    this.item.accessibilityInformation = { label: words.join(', ') };
    this.item.backgroundColor = wrong
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
  }
}

function short(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1);
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
