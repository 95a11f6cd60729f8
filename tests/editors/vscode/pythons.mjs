// Pythons to choose among. Each tells, in a file beside it, with what arguments it was run.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { here } from './sessions.mjs';

const run = promisify(execFile);
const root = path.resolve(here, '../../..');

/** In each folder of `folder` a `python3` that is chosen in that way; `bare` has no torchlint, `old` is too old for it. */
export async function makePythons(folder, python) {
  for (const name of ['setting', 'environments', 'extension', 'path']) script(folder, name, `PYTHONPATH='${process.env.PYTHONPATH ?? ''}' exec '${python}' "$@"`);
  script(folder, 'old', 'echo "Python 3.9"; exit 1');
  await run(python, ['-m', 'venv', path.join(folder, 'venv')]);
  script(folder, 'bare', `exec '${path.join(folder, 'venv/bin/python')}' "$@"`);
}

/** torchlint and what it needs, for a pip that asks no index. */
export async function makeWheels(folder, python) {
  fs.mkdirSync(folder, { recursive: true });
  await run(python, ['-m', 'pip', 'wheel', '--quiet', '--disable-pip-version-check', '--wheel-dir', folder, root], { cwd: folder });
}

function script(folder, name, command) {
  const file = path.join(folder, name, 'python3');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$*" >>"$0.ran"\n${command}\n`, { mode: 0o755 });
}
