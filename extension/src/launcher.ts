// How a Python runs torchlint, whether it can, and how torchlint is installed where it is missing.

import { execFile, type ExecFileOptions } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import type { Python } from './python';

/** Whether a Python can run torchlint. */
export type Check =
  | { kind: 'works'; version: string }
  | { kind: 'noPython' }
  | { kind: 'oldPython'; version: string }
  | { kind: 'noTorchlint' }
  | { kind: 'fails'; said: string };

export interface Ran {
  code: number | string;
  stdout: string;
  stderr: string;
}

const OLDEST = [3, 10] as const;
export const OLDEST_PYTHON = OLDEST.join('.');
const PROBE = 'import sys; print("Python %d.%d" % sys.version_info[:2]); sys.stdout.flush(); import torchlint; print(torchlint.__version__)';
const CHECK_MILLISECONDS = 20_000;

/** A Python that runs torchlint: never in a folder of the workspace, whose files Python would take for modules. */
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
    const ran = await this.run(['-c', PROBE], { timeout: CHECK_MILLISECONDS });
    const [language, version] = ran.stdout.trim().split(/\r?\n/);
    const [, major, minor] = /^Python (\d+)\.(\d+)$/.exec(language ?? '') ?? [];
    if (ran.code === 0 && version) return { kind: 'works', version };
    if (!major || !minor) return { kind: 'noPython' };
    if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])) {
      return { kind: 'oldPython', version: `${major}.${minor}` };
    }
    if (/No module named '?torchlint'?\s*$/m.test(ran.stderr)) return { kind: 'noTorchlint' };
    return { kind: 'fails', said: ran.stderr.trim() || `it ended with ${ran.code}` };
  }

  /** `pip install` into the environment; why not, in words for people, where it fails. */
  async install(requirement: string, log: vscode.LogOutputChannel): Promise<string | undefined> {
    const ran = await this.run(['-m', 'pip', 'install', '--disable-pip-version-check', requirement]);
    log.info(ran.stdout);
    if (ran.code === 0) return undefined;
    log.error(ran.stderr);
    if (/externally-managed-environment/.test(ran.stderr)) return 'this Python belongs to the system; choose a virtual environment';
    if (/No module named '?pip'?\s*$/m.test(ran.stderr)) return 'this environment has no pip; install it with the tool that made the environment';
    const lines = ran.stderr.trim().split('\n');
    return lines.findLast((line) => /^error:/i.test(line))?.replace(/^error:\s*/i, '') ?? lines.at(-1) ?? `pip ended with ${ran.code}`;
  }

  run(args: string[], options: ExecFileOptions = {}): Promise<Ran> {
    const whole: ExecFileOptions = { cwd: this.cwd, env: this.env, maxBuffer: 1 << 28, windowsHide: true, ...options };
    return new Promise((resolve) => {
      execFile(this.python.path, [...this.python.args, ...args], whole, (error, stdout, stderr) => {
        resolve({ code: error ? (error.code ?? error.signal ?? 1) : 0, stdout: String(stdout), stderr: String(stderr) });
      });
    });
  }
}
