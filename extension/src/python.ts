// Which Python runs torchlint, and whether it can.

import { execFile, type ExecFileOptions } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';

export interface Python {
  path: string;
  /** Who chose it, for people. */
  source: string;
}

/** What came of `python -m torchlint --version`. */
export type Check =
  | { kind: 'works'; version: string }
  | { kind: 'noPython' }
  | { kind: 'noTorchlint' }
  | { kind: 'fails'; said: string };

interface Ran {
  code: number | string;
  stdout: string;
  stderr: string;
}

const PYTHON_ENVIRONMENTS = 'ms-python.vscode-python-envs';
const PYTHON = 'ms-python.python';
const CHECK_MILLISECONDS = 20_000;

/** The interpreter of the setting, else of the extensions that manage environments, else on PATH. */
export async function findPython(log: vscode.LogOutputChannel): Promise<Python | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const setting = vscode.workspace.getConfiguration('torchlint', folder).get<string>('interpreter', '').trim();
  if (setting) return { path: expanded(setting, folder), source: 'the setting torchlint.interpreter' };
  if (vscode.workspace.isTrusted) {
    for (const [id, ask] of [[PYTHON_ENVIRONMENTS, fromEnvironments], [PYTHON, fromPython]] as const) {
      try {
        const path = await ask(folder?.uri);
        if (path) return { path, source: `the extension ${id}` };
      } catch (error) {
        log.warn(`${id} gives no interpreter: ${error}`);
      }
    }
  }
  const path = onPath();
  return path ? { path, source: 'PATH' } : undefined;
}

function expanded(path: string, folder: vscode.WorkspaceFolder | undefined): string {
  const whole = path.replace(/^~(?=[/\\])/, homedir()).replaceAll('${workspaceFolder}', folder?.uri.fsPath ?? '');
  return isAbsolute(whole) || !/[/\\]/.test(whole) || !folder ? whole : join(folder.uri.fsPath, whole);
}

async function exportsOf(id: string): Promise<any> {
  const extension = vscode.extensions.getExtension(id);
  return extension && (extension.isActive ? extension.exports : await extension.activate());
}

async function fromEnvironments(scope: vscode.Uri | undefined): Promise<string | undefined> {
  const api = await exportsOf(PYTHON_ENVIRONMENTS);
  return (await api?.getEnvironment?.(scope))?.execInfo?.run?.executable;
}

async function fromPython(scope: vscode.Uri | undefined): Promise<string | undefined> {
  const environments = (await exportsOf(PYTHON))?.environments;
  const chosen = environments?.getActiveEnvironmentPath?.(scope);
  const environment = chosen && (await environments.resolveEnvironment(chosen));
  return environment?.executable?.uri?.fsPath;
}

/** Calls back when another environment is chosen in one of those extensions. */
export async function onEnvironmentChange(changed: () => void): Promise<vscode.Disposable> {
  const events = [];
  for (const [id, event] of [
    [PYTHON_ENVIRONMENTS, (api: any) => api?.onDidChangeEnvironment],
    [PYTHON, (api: any) => api?.environments?.onDidChangeActiveEnvironmentPath],
  ] as const) {
    try {
      events.push(event(await exportsOf(id))?.(changed));
    } catch {
      // It does not start: it changes nothing either.
    }
  }
  return vscode.Disposable.from(...events.filter(Boolean));
}

/** The first Python in an absolute folder of PATH that is no part of the workspace. */
function onPath(): string | undefined {
  const names = process.platform === 'win32' ? ['python.exe', 'python3.exe'] : ['python3', 'python'];
  const opened = vscode.workspace.workspaceFolders?.map((folder) => folder.uri.fsPath) ?? [];
  const isOpened = (path: string) => opened.some((folder) => !relative(folder, path).startsWith('..') && !isAbsolute(relative(folder, path)));
  const folders = (process.env.PATH ?? '').split(delimiter).filter((path) => isAbsolute(path) && (vscode.workspace.isTrusted || !isOpened(path)));
  return folders.flatMap((path) => names.map((name) => join(path, name))).find((path) => existsSync(path));
}

/** How torchlint is started: never in a folder of the workspace, whose files Python would take for modules. */
export class Launcher {
  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly python: Python,
  ) {}

  get isBundled(): boolean {
    return vscode.workspace.getConfiguration('torchlint').get('importStrategy') === 'useBundled';
  }

  get bundle(): string | undefined {
    const path = this.context.asAbsolutePath('bundled');
    return existsSync(path) ? path : undefined;
  }

  get cwd(): string {
    const path = this.context.globalStorageUri.fsPath;
    mkdirSync(path, { recursive: true });
    return path;
  }

  get env(): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = { ...process.env, PYTHONUTF8: '1', PYTHONSAFEPATH: '1' };
    if (this.isBundled && this.bundle) env.PYTHONPATH = [this.bundle, env.PYTHONPATH].filter(Boolean).join(delimiter);
    return env;
  }

  async check(): Promise<Check> {
    const ran = await this.run(['-m', 'torchlint', '--version'], { timeout: CHECK_MILLISECONDS });
    if (ran.code === 0) return { kind: 'works', version: ran.stdout.trim().split(/\s+/).at(-1) ?? '' };
    if (ran.code === 'ENOENT' || ran.code === 'EACCES') return { kind: 'noPython' };
    if (/No module named '?torchlint'?\s*$/m.test(ran.stderr)) return { kind: 'noTorchlint' };
    return { kind: 'fails', said: ran.stderr.trim() || `it ended with ${ran.code}` };
  }

  run(args: string[], options: ExecFileOptions = {}): Promise<Ran> {
    const whole: ExecFileOptions = { cwd: this.cwd, env: this.env, maxBuffer: 1 << 28, windowsHide: true, ...options };
    return new Promise((resolve) => {
      execFile(this.python.path, args, whole, (error, stdout, stderr) => {
        resolve({ code: error ? (error.code ?? error.signal ?? 1) : 0, stdout: String(stdout), stderr: String(stderr) });
      });
    });
  }
}
