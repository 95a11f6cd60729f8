// VS Code as people have it: code-server, and a headless Chromium that shows it.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cache, launch } from '../browser.mjs';

const node24 = [`node-linux-${process.arch}/bin/node`, 'node/bin/node']
  .map((end) => path.join(cache, 'node24/node_modules/node/node_modules', end))
  .find((file) => fs.existsSync(file));
const entry = path.join(cache, 'code-server/node_modules/code-server/out/node/entry.js');

const SETTINGS = {
  'telemetry.telemetryLevel': 'off', 'workbench.startupEditor': 'none', 'chat.disableAIFeatures': true, 'git.enabled': false,
  'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'files.autoSave': 'off', 'files.hotExit': 'off',
  'files.simpleDialog.enable': true, 'editor.minimap.enabled': false, 'editor.fontFamily': 'DejaVu Sans Mono',
  'window.commandCenter': false, 'workbench.colorTheme': 'Default Dark Modern',
  'editor.quickSuggestions': { other: 'off' }, 'editor.suggestOnTriggerCharacters': false,
  'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never',
};

const running = new Set();
process.on('exit', () => running.forEach((child) => end(child)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

function end(child) {
  running.delete(child);
  try {
    process.kill(-child.pid); // with the extension hosts and language servers that it started
  } catch {
    // It has ended.
  }
}

/** A code-server of its own, with these extensions, at an address that the system chooses. An extension is a VSIX or a folder.
 *
 * Tests in the extension host need `testing`; then nothing modal and no toast is shown. */
export async function serve(home, extensions, { env = {}, trusting = true, testing = false } = {}) {
  const set = (settings) => fs.writeFileSync(path.join(home, 'data/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  fs.mkdirSync(path.join(home, 'data/User'), { recursive: true });
  set({});
  const folders = ['--user-data-dir', path.join(home, 'data'), '--extensions-dir', path.join(home, 'extensions')];
  const isPacked = (file) => file.endsWith('.vsix');
  await run([...folders, ...extensions.filter(isPacked).flatMap((file) => ['--install-extension', file])]);
  for (const folder of extensions.filter((file) => !isPacked(file))) enlist(path.join(home, 'extensions'), folder);
  const child = spawn(
    node24,
    [
      entry, ...folders, '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check',
      ...(trusting ? ['--disable-workspace-trust'] : []), ...(testing ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env: { ...process.env, EXTENSIONS_GALLERY: '{}', VSCODE_CLI: '1', ...env }, detached: true }, // CLI: not the PATH of a login shell
  );
  running.add(child);
  const log = fs.createWriteStream(path.join(home, 'code-server.log'));
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`code-server does not start: ${said}`)), 120_000);
    child.on('exit', (code) => reject(new Error(`code-server ended with ${code}: ${said}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log);
      stream.on('data', (data) => {
        said += data;
        const [, address] = /HTTP server listening on (http:\S+?)\/?\s/.exec(said) ?? [];
        if (address) clearTimeout(timer), resolve(address);
      });
    }
  });
  return { url, home, set, stop: () => end(child) };
}

/** Adds an extension that is a folder to those that are installed. */
function enlist(installed, folder) {
  const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const list = path.join(installed, 'extensions.json');
  const relativeLocation = path.basename(folder);
  const location = path.join(installed, relativeLocation);
  fs.cpSync(folder, location, { recursive: true });
  const entry = { identifier: { id: `${publisher}.${name}` }, version, location: { $mid: 1, path: location, scheme: 'file' }, relativeLocation };
  fs.writeFileSync(list, JSON.stringify([...JSON.parse(fs.readFileSync(list, 'utf8')), entry]));
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, [entry, ...args], { env: { ...process.env, EXTENSIONS_GALLERY: '{}' } });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    child.on('exit', (code) => (code ? reject(new Error(said)) : resolve()));
  });
}

/** A browser; `open` shows a folder in a window. */
export async function browse() {
  const browser = await launch();
  return {
    async open(server, folder, { payload = [], scale = 1 } = {}) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: scale });
      page.setDefaultTimeout(60_000);
      await page.goto(`${server.url}/?folder=${folder}&payload=${encodeURIComponent(JSON.stringify(payload))}`, { timeout: 120_000 });
      await page.waitForSelector('.monaco-workbench', { timeout: 120_000 });
      return page;
    },
    close: () => browser.close(),
  };
}
