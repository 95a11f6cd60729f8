// JupyterLab with jupyterlab-lsp: node jupyterlab.mjs CONFIGURATION HOME [PICTURES]. HOME is a folder with the workspace in it.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cache, checker, failures, launch, PATIENCE, tell } from './browser.mjs';

const [configuration, home, pictures] = process.argv.slice(2);
const workspace = path.join(home, 'workspace');
const write = (file, text) => {
  fs.mkdirSync(path.join(home, '.jupyter', path.dirname(file)), { recursive: true });
  fs.writeFileSync(path.join(home, '.jupyter', file), text);
};
write('jupyter_server_config.d/torchlint.json', fs.readFileSync(configuration));
write('lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings', '{"fetchNews": "false"}');

const server = spawn(
  path.join(cache, 'jupyterlab/bin/jupyter'),
  [
    'lab', '--no-browser', '--allow-root', '--IdentityProvider.token=', '--ip=127.0.0.1', '--port=0', `--ServerApp.root_dir=${workspace}`,
    '--LabApp.extension_manager=readonly', '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
  ],
  { env: { ...process.env, HOME: home, JUPYTER_CONFIG_DIR: '', XDG_DATA_HOME: '' }, detached: true },
);
const ended = new Promise((resolve) => server.on('exit', resolve));
function stop(signal = 'SIGTERM') {
  try {
    process.kill(-server.pid, signal); // with the language server; it ends its kernels
  } catch {
    // It has ended.
  }
}
process.on('exit', () => stop('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

const url = await new Promise((resolve, reject) => {
  const log = fs.createWriteStream(path.join(home, 'jupyterlab.log'));
  let said = '';
  const timer = setTimeout(() => reject(new Error(`JupyterLab does not start: ${said}`)), 2 * PATIENCE);
  server.on('exit', (code) => reject(new Error(`JupyterLab ended with ${code}: ${said}`)));
  for (const stream of [server.stdout, server.stderr]) {
    stream.pipe(log);
    stream.on('data', (data) => {
      said += data;
      const [, address] = /(http:\/\/127\.0\.0\.1:\d+)\/lab\s/.exec(said) ?? [];
      if (address) clearTimeout(timer), resolve(address);
    });
  }
});

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 });
page.setDefaultTimeout(PATIENCE);
try {
  await test();
} catch (error) {
  await page.screenshot({ path: path.join(home, 'failed.png') });
  tell('JupyterLab', 'goes on', `${error} (${home}/failed.png)`);
}
await browser.close();
stop();
setTimeout(() => stop('SIGKILL'), PATIENCE);
await ended; // its kernels write to HOME until then
process.exit(failures ? 1 : 0);

async function test() {
  const check = checker(page, 'JupyterLab', home);
  const line = (text) => page.locator('.cm-line:visible', { hasText: text }).first();
  const errors = page.locator('.cm-lintRange-error:visible');
  const point = async (place) => {
    await page.mouse.move(0, 0);
    await place.hover({ force: true });
  };

  await page.goto(`${url}/lab/tree/model.py`);
  await check('a mistake is reported where it is', async () => (await line('x.view').locator('.cm-lintRange-error').innerText()) === 'x');
  await check('pointing at it tells what is wrong', async () => {
    await point(errors.first());
    return /is not laid out to be viewed as/.test(await page.locator('.cm-tooltip-lint').innerText({ timeout: 2000 }));
  });
  if (pictures) await page.screenshot({ path: path.join(pictures, 'jupyterlab-finding.png') });

  await page.keyboard.down('Control');
  await check('with Ctrl held, pointing at a layer shows its parameters', async () => {
    await point(line('nn.Linear(784').locator('span', { hasText: 'Linear' }));
    return /7,850/.test(await page.locator('.lsp-hover').innerText({ timeout: 2000 }));
  });
  await page.keyboard.up('Control');

  await line('x.view').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('x = x.reshape(-1, 784)');
  await check('mending the line ends the finding', async () => (await errors.count()) === 0);

  await page.goto(`${url}/lab/tree/notebook.ipynb`);
  await check('a notebook is one program, and its cells have findings', async () => (await line('self.fc(x)').locator('.cm-lintRange-error').innerText()) === 'x');
  await page.setViewportSize({ width: 1000, height: 520 });
  await check('pointing at one tells what is wrong there, too', async () => {
    await point(errors.first());
    return /takes 8 features, but `x` has 9/.test(await page.locator('.cm-tooltip-lint').innerText({ timeout: 2000 }));
  });
  if (pictures) await page.screenshot({ path: path.join(pictures, 'jupyterlab-notebook.png') });
}
