import { constants } from 'fs';
import { access } from 'fs/promises';
import * as path from 'path';
import * as vscode from 'vscode';

export const PROGRAM = process.platform === 'win32' ? 'inglenook.exe' : 'inglenook';
const SCRIPTS = process.platform === 'win32' ? 'Scripts' : 'bin';

/** What the Python extension (ms-python.python) exports, as far as it is used here. */
interface PythonApi {
  environments?: { getActiveEnvironmentPath?(): { path?: unknown } | undefined };
}

/**
 * The server's program: the one that is set, else the one on PATH, else the one beside the selected
 * Python, else the one of the environment `managed` that this extension made. That Python may
 * belong to the workspace, so only a trusted workspace is asked for it.
 */
export async function findServer(
  set: string | undefined,
  managed: string,
): Promise<string | undefined> {
  if (set) {
    return set;
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  if (vscode.workspace.isTrusted) {
    folders.push(...(await pythonFolder()));
  }
  folders.push(programsOf(managed));
  for (const folder of folders) {
    const program = path.join(folder, PROGRAM);
    if (await access(program, constants.X_OK).then(() => true, () => false)) {
      return program;
    }
  }
  return undefined;
}

/** Where the programs of a virtual environment are. */
export function programsOf(environment: string): string {
  return path.join(environment, SCRIPTS);
}

/** Where the programs of the Python extension's environment are; nothing without it. */
async function pythonFolder(): Promise<string[]> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  const api = await extension?.activate().then(undefined, () => undefined);
  const python = api?.environments?.getActiveEnvironmentPath?.()?.path;
  return typeof python === 'string' && path.isAbsolute(python) ? [path.dirname(python)] : [];
}
