// Puts a copy of torchlint and of the packages that it needs into bundled/: all are Python without compiled parts, so that one
// copy serves every platform. PYTHON names the interpreter whose pip fetches them.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const python = process.env.PYTHON ?? 'python3';
rmSync('bundled', { recursive: true, force: true });
execFileSync(
  python,
  ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--no-binary', 'tomli', '--target', 'bundled', '..', 'tomli', 'exceptiongroup', 'typing_extensions'],
  { stdio: 'inherit' },
);
rmSync('bundled/bin', { recursive: true, force: true });
