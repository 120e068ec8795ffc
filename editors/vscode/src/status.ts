import * as vscode from 'vscode';

/** What the server's `inglenook/status` notification says. */
export interface Status {
  state: 'idle' | 'busy' | 'loading' | 'offline' | 'refused';
  text?: string;
  model?: string;
  locality?: string; // how surely the model runs on this machine
}

const ICONS: Record<Status['state'], string> = {
  idle: '$(flame)',
  busy: '$(loading~spin)',
  loading: '$(sync~spin)',
  offline: '$(debug-disconnect)',
  refused: '$(circle-slash)',
};

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'inglenook.status',
    vscode.StatusBarAlignment.Right,
    100,
  );

  constructor() {
    this.item.name = 'Inglenook';
    this.item.command = 'inglenook.selectModel';
    this.item.text = '$(sync~spin) Inglenook';
    this.item.tooltip = 'Inglenook: starting';
    this.item.show();
  }

  show(status: Status): void {
    this.item.text = `${ICONS[status.state] ?? ICONS.idle} Inglenook`;
    const where = status.locality && `(${status.locality})`;
    const model = status.model && [status.model, where].filter(Boolean).join(' ');
    const words = [`Inglenook: ${status.state}`, status.text, model];
    this.item.tooltip = words.filter(Boolean).join('\n');
    this.item.accessibilityInformation = { label: words.filter(Boolean).join(', ') };
  }

  dispose(): void {
    this.item.dispose();
  }
}
