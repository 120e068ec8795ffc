import { spawn } from 'child_process';
import { createInterface } from 'readline';
import * as vscode from 'vscode';

/** A program that is run while the user watches, and may stop it. */
export interface Work {
  title: string;
  program: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Called with each line of its output. */
  line?(text: string, progress: Progress): void;
}

export type Progress = vscode.Progress<{ message?: string; increment?: number }>;
export type Outcome = { ok: true } | { ok: false; why: string; stopped: boolean };

/** Run it under a notification; what it complains of last is why it failed. */
export async function run(work: Work, log: vscode.LogOutputChannel): Promise<Outcome> {
  const where = {
    location: vscode.ProgressLocation.Notification,
    title: work.title,
    cancellable: true,
  };
  return vscode.window.withProgress(where, (progress, token) =>
    watched(work, log, progress, token),
  );
}

function watched(
  work: Work,
  log: vscode.LogOutputChannel,
  progress: Progress,
  token: vscode.CancellationToken,
): Promise<Outcome> {
  return new Promise((resolve) => {
    // Not in the workspace, whose files a program could take for its own.
    const process_ = spawn(work.program, work.args, {
      cwd: __dirname,
      env: { ...process.env, ...work.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let last = '';
    token.onCancellationRequested(() => process_.kill('SIGINT'));
    createInterface(process_.stdout).on('line', (text) => work.line?.(text, progress));
    createInterface(process_.stderr).on('line', (text) => {
      last = text.trim() || last;
      log.info(text);
    });
    process_.on('error', (error) => resolve({ ok: false, why: error.message, stopped: false }));
    process_.on('close', (code) => {
      if (code === 0) {
        resolve({ ok: true });
      } else {
        const why = last || `${work.program} ended with ${code}`;
        resolve({ ok: false, why, stopped: token.isCancellationRequested });
      }
    });
  });
}
