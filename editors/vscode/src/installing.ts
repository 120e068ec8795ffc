import { execFile } from 'child_process';
import { mkdir } from 'fs/promises';
import * as path from 'path';
import * as vscode from 'vscode';
import { programsOf } from './find';
import { run } from './running';
import { Server } from './server';
import { ofMachine } from './settings';

// PyPI has no release yet. Until it has one, only a clone or a wheel that the user names works.
const RELEASE: string | undefined = undefined;
const NEWEST_FIRST = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
const IS_ABLE = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))';
const [INSTALL, CHOOSE, HOW] = ['Install It', 'Choose Program…', 'How to Install'];

/** Puts the server into an environment of the extension's own, if the user wants it there. */
export class Installing {
  constructor(
    private readonly server: Server,
    private readonly environment: string,
    private readonly readme: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async offer(): Promise<void> {
    const wanted = ofMachine<string>('package') || RELEASE;
    const said = wanted
      ? `It can be installed from ${wanted} into an environment of this extension.`
      : 'There is no release on PyPI yet: install it from a clone, or name the clone in the ' +
        'setting inglenook.package, and this extension installs it from there.';
    const choice = await vscode.window.showWarningMessage(
      `Inglenook: The server was not found on PATH. ${said}`,
      ...(wanted ? [INSTALL] : []),
      CHOOSE,
      HOW,
    );
    if (choice === INSTALL && wanted) {
      await this.install(wanted);
    } else if (choice === CHOOSE) {
      await choose();
    } else if (choice === HOW) {
      await vscode.commands.executeCommand('markdown.showPreview', this.readme);
    }
  }

  private async install(wanted: string): Promise<void> {
    const python = await findPython();
    if (!python) {
      const said = 'Inglenook: It needs Python 3.11 or newer with venv; none was found on PATH.';
      void vscode.window.showErrorMessage(said);
      return;
    }
    await mkdir(path.dirname(this.environment), { recursive: true });
    const own = path.join(programsOf(this.environment), 'python');
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--upgrade'];
    const steps = [
      { program: python, args: ['-m', 'venv', this.environment] },
      { program: own, args: [...pip, withEngine(wanted)] },
    ];
    for (const step of steps) {
      const title = 'Inglenook: installing the server';
      const line = (text: string, progress: vscode.Progress<{ message?: string }>) =>
        progress.report({ message: text.slice(0, 80) });
      const outcome = await run({ title, ...step, line }, this.log);
      if (!outcome.ok) {
        void vscode.window.showErrorMessage(`Inglenook: It was not installed: ${outcome.why}`);
        return;
      }
    }
    await this.server.restart();
  }
}

/** A clone, a wheel or a name as pip takes it, with the engine. */
function withEngine(wanted: string): string {
  return wanted.endsWith(']') ? wanted : `${wanted}[embedded]`;
}

async function choose(): Promise<void> {
  const picked = await vscode.window.showOpenDialog({ title: 'The inglenook program' });
  const [program] = picked ?? [];
  if (program) {
    const own = vscode.workspace.getConfiguration('inglenook');
    await own.update('path', program.fsPath, vscode.ConfigurationTarget.Global);
  }
}

async function findPython(): Promise<string | undefined> {
  for (const name of NEWEST_FIRST) {
    if (await isAble(name)) {
      return name;
    }
  }
  return undefined;
}

function isAble(python: string): Promise<boolean> {
  const options = { cwd: __dirname, timeout: 20_000 };
  return new Promise((resolve) => {
    execFile(python, ['-c', IS_ABLE], options, (error) => resolve(!error));
  });
}
