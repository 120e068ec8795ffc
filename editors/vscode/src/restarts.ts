import {
  CloseAction,
  CloseHandlerResult,
  ErrorAction,
  ErrorHandler,
  ErrorHandlerResult,
} from 'vscode-languageclient/node';

const MOST = 4; // restarts
const WITHIN = 3 * 60_000; // milliseconds

/** A server that ended is started again, unless it ended too often of late. */
export class Restarts implements ErrorHandler {
  private ends: number[] = [];

  constructor(private readonly ended: (again: boolean) => void) {}

  error(): ErrorHandlerResult {
    return { action: ErrorAction.Continue };
  }

  closed(): CloseHandlerResult {
    const now = Date.now();
    this.ends = [...this.ends.filter((end) => now - end < WITHIN), now];
    const again = this.ends.length <= MOST;
    this.ended(again);
    return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
  }
}
