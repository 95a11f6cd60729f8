// Which Python runs torchlint.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';

export interface Python {
  path: string;
  /** What comes before every argument. */
  args: string[];
  /** Who chose it, for people. */
  source: string;
}

type Command = Pick<Python, 'path' | 'args'>;

/** An extension that manages environments, as far as it is asked. */
interface Manager {
  id: string;
  chosen(api: any, scope: vscode.Uri | undefined): Promise<Command | undefined>;
  onChange(api: any): vscode.Event<unknown> | undefined;
}

const MANAGERS: Manager[] = [
  {
    id: 'ms-python.vscode-python-envs',
    async chosen(api, scope) {
      const run = (await api?.getEnvironment?.(scope))?.execInfo?.run;
      return run?.executable ? { path: run.executable, args: run.args ?? [] } : undefined;
    },
    onChange: (api) => api?.onDidChangeEnvironment,
  },
  {
    id: 'ms-python.python',
    async chosen(api, scope) {
      const chosen = api?.environments?.getActiveEnvironmentPath?.(scope);
      const path = chosen && (await api.environments.resolveEnvironment(chosen))?.executable?.uri?.fsPath;
      return path ? { path, args: [] } : undefined;
    },
    onChange: (api) => api?.environments?.onDidChangeActiveEnvironmentPath,
  },
];

/** The interpreter of the setting, else of the extensions that manage environments, else on PATH. */
export async function findPython(log: vscode.LogOutputChannel): Promise<Python | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const setting = vscode.workspace.getConfiguration('torchlint', folder).get<string>('interpreter', '').trim();
  if (setting) return { path: expanded(setting, folder), args: [], source: 'the setting torchlint.interpreter' };
  if (vscode.workspace.isTrusted) {
    for (const { id, chosen } of MANAGERS) {
      try {
        const command = await chosen(await exportsOf(id), folder?.uri);
        if (command) return { ...command, source: `the extension ${id}` };
      } catch (error) {
        log.warn(`${id} gives no interpreter: ${error}`);
      }
    }
  }
  const path = onPath();
  return path ? { path, args: [], source: 'PATH' } : undefined;
}

function expanded(path: string, folder: vscode.WorkspaceFolder | undefined): string {
  const whole = path.replace(/^~(?=[/\\])/, homedir()).replaceAll('${workspaceFolder}', folder?.uri.fsPath ?? '');
  return isAbsolute(whole) || !/[/\\]/.test(whole) || !folder ? whole : join(folder.uri.fsPath, whole);
}

/** What an extension gives to others; it is started for that. */
async function exportsOf(id: string): Promise<any> {
  const extension = vscode.extensions.getExtension(id);
  return extension && (extension.isActive ? extension.exports : await extension.activate());
}

/** Calls back when another environment is chosen in one of those extensions, or when one of them comes or goes. */
export function onEnvironmentChange(changed: () => void): vscode.Disposable {
  const heard = new Map<string, vscode.Disposable>();
  const listen = async () => {
    for (const { id, onChange } of MANAGERS) {
      if (heard.has(id)) continue;
      try {
        const event = onChange(await exportsOf(id));
        if (event && !heard.has(id)) heard.set(id, event(() => changed()));
      } catch {
        // It does not start: it changes nothing either.
      }
    }
  };
  const installed = vscode.extensions.onDidChange(() => {
    for (const [id, listener] of heard) if (!vscode.extensions.getExtension(id)) listener.dispose(), heard.delete(id);
    void listen();
    changed();
  });
  void listen();
  return new vscode.Disposable(() => vscode.Disposable.from(installed, ...heard.values()).dispose());
}

/** The first Python in an absolute folder of PATH, and, where the workspace is not trusted, not in the workspace. */
function onPath(): string | undefined {
  const names = process.platform === 'win32' ? ['python.exe', 'python3.exe'] : ['python3', 'python'];
  const opened = vscode.workspace.workspaceFolders?.map((folder) => folder.uri.fsPath) ?? [];
  const isOpened = (path: string) => opened.some((folder) => !relative(folder, path).startsWith('..') && !isAbsolute(relative(folder, path)));
  const folders = (process.env.PATH ?? '').split(delimiter).filter((path) => isAbsolute(path) && (vscode.workspace.isTrusted || !isOpened(path)));
  return folders.flatMap((path) => names.map((name) => join(path, name))).find((path) => existsSync(path));
}
