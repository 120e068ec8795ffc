import * as vscode from 'vscode';

type Settings = Record<string, unknown>;

/** What any zone may set: it only switches off, or names one of the user's own models. */
const NARROWING = ['enabled', 'automatic', 'disabledLanguages', 'models'];

/** The object `inglenook` that the server gets when something has changed: all of it. */
export function settings(): Settings {
  const own = vscode.workspace.getConfiguration('inglenook');
  const rest = Object.fromEntries(NARROWING.map((key) => [key, own.get(key)]));
  return { ...rest, machine: ofMachine('machine') ?? {} };
}

/** The same without what is as by default: a server that starts has less to read. */
export function startSettings(): Settings {
  const own = vscode.workspace.getConfiguration('inglenook');
  const isSet = ([key, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(own.inspect(key)?.defaultValue);
  return Object.fromEntries(Object.entries(settings()).filter(isSet));
}

/**
 * A setting of the machine. Its scope alone does not keep a workspace out: of a workspace's
 * settings VS Code 1.139 drops `"inglenook.machine": …`, but not `"inglenook.machine.models": …`.
 */
export function ofMachine<T>(key: string): T | undefined {
  return vscode.workspace.getConfiguration('inglenook').inspect<T>(key)?.globalValue;
}
