import { constants } from 'fs';
import { access, realpath } from 'fs/promises';
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
 * Python, else the one of the environment `managed` that this extension made. What belongs to the
 * workspace is asked for a program only if that is trusted.
 */
export async function findServer(
  set: string | undefined,
  managed: string,
): Promise<string | undefined> {
  if (set) {
    return set;
  }
  // The Python extension may take its time to start: what needs no waiting comes first.
  const ways = [folders, pythonFolder, async () => [programsOf(managed)]];
  for (const way of ways) {
    for (const folder of await way()) {
      const program = path.join(folder, PROGRAM);
      if (await access(program, constants.X_OK).then(() => true, () => false)) {
        return program;
      }
    }
  }
  return undefined;
}

/** Those on PATH; a relative one would be below wherever this runs. */
async function folders(): Promise<string[]> {
  const named = (process.env.PATH ?? '').split(path.delimiter).filter(path.isAbsolute);
  if (vscode.workspace.isTrusted) {
    return named;
  }
  const roots = vscode.workspace.workspaceFolders ?? [];
  const own = await Promise.all(roots.map(({ uri }) => real(uri.fsPath)));
  const kept = await Promise.all(
    named.map(async (folder) => {
      const program = await real(path.join(folder, PROGRAM));
      const places = [path.normalize(folder), await real(folder), program];
      const all = [...own, ...roots.map(({ uri }) => uri.fsPath)];
      return !places.some((place) => all.some((root) => isBelow(place, root)));
    }),
  );
  return named.filter((_folder, number) => kept[number]);
}

function real(name: string): Promise<string> {
  return realpath(name).catch(() => name);
}

function isBelow(name: string, root: string): boolean {
  const between = path.relative(root, name);
  return between === '' || !(between.split(path.sep)[0] === '..' || path.isAbsolute(between));
}

/** Where the programs of a virtual environment are. */
export function programsOf(environment: string): string {
  return path.join(environment, SCRIPTS);
}

/** Where the programs of the Python extension's environment are, which the workspace may choose. */
async function pythonFolder(): Promise<string[]> {
  if (!vscode.workspace.isTrusted) {
    return [];
  }
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  const api = await extension?.activate().then(undefined, () => undefined);
  const python = api?.environments?.getActiveEnvironmentPath?.()?.path;
  return typeof python === 'string' && path.isAbsolute(python) ? [path.dirname(python)] : [];
}
