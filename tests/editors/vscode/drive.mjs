// Drives VS Code in a headless Chromium: `tests` runs tests.js in the extension host and writes what it finds to OUT; `view` uses
// the summary view as people do, and `screenshots` saves pictures in the folder OUT.
// node drive.mjs (tests|view|screenshots) URL WORKSPACE [OUT]

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(process.env.HOME, '.cache'), 'torchlint-editors');
const { chromium } = createRequire(path.join(cache, 'playwright/'))('playwright-core');
const here = path.dirname(fileURLToPath(import.meta.url));
const extension = path.resolve(here, '../../../extension');
const [what, url, workspace, out] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function workbench(query = '', viewport = { width: 1440, height: 900 }) {
  const page = await browser.newPage({ viewport, deviceScaleFactor: what === 'screenshots' ? 1.5 : 1 });
  await page.goto(`${url}/?folder=${workspace}${query}`);
  await page.waitForSelector('.monaco-workbench', { timeout: 120_000 });
  return page;
}

async function runTests() {
  const remote = `vscode-remote://${new URL(url).host}`;
  const payload = [['extensionDevelopmentPath', remote + extension], ['extensionTestsPath', `${remote}${here}/tests.js`]];
  await workbench(`&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const part = `${out}.part`;
  let told = 0;
  for (let i = 0; i < 600; i++) {
    const done = fs.existsSync(out);
    const results = done || fs.existsSync(part) ? JSON.parse(fs.readFileSync(done ? out : part, 'utf8') || '[]') : [];
    for (const { name, problem, milliseconds } of results.slice(told)) {
      console.log(problem ? `not ok  VS Code: ${name}\n        ${problem}` : `ok      VS Code: ${name} (${milliseconds} ms)`);
    }
    told = Math.max(told, results.length);
    if (done) return results.every(({ problem }) => !problem);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.log('not ok  VS Code: the tests did not end');
  return false;
}

async function palette(page, text) {
  await page.keyboard.press('F1');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(text, { delay: 5 });
  await page.waitForTimeout(900);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(700);
}

async function view(page) {
  for (let i = 0; i < 100; i++) {
    for (const frame of page.frames()) {
      if (await frame.locator('#canvas .step').first().isVisible().catch(() => false)) return frame;
    }
    await page.waitForTimeout(200);
  }
  throw new Error('the summary view does not show');
}

/** The model in the editor, and the summary beside it. */
async function summary() {
  const page = await workbench();
  await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 60_000 });
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'model.py' }).dblclick();
  await page.waitForSelector('.squiggly-error', { timeout: 60_000 });
  await page.keyboard.press('Control+b');
  await page.locator('.view-line', { hasText: 'self.stem(x)' }).first().click();
  await page.waitForTimeout(1500);
  if (what === 'screenshots') await page.screenshot({ path: path.join(out, 'editor.png') });
  await palette(page, 'torchlint: Show Model Summary');
  const frame = await view(page);
  await page.waitForTimeout(1000);
  return { page, frame };
}

async function runView() {
  const { page, frame } = await summary();
  page.setDefaultTimeout(4000);
  const steps = () => frame.locator('#canvas .step').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label').split(',')[0]));
  const line = async () => Number(await page.locator('.editor-instance .active-line-number').first().textContent());
  const model = path.join(workspace, 'model.py');
  let fine = true;
  const check = async (name, ask) => {
    let answer = false;
    let problem = '';
    for (let i = 0; i < 25 && !answer; i++) {
      answer = await Promise.resolve(ask()).catch((error) => void (problem = String(error)));
      if (!answer) await page.waitForTimeout(200);
    }
    fine &&= Boolean(answer);
    console.log(`${answer ? 'ok    ' : 'not ok'}  summary view: ${name}${answer ? '' : `\n        ${problem}`}`);
  };
  await check('each layer is a step, open modules with their own', async () => (await steps()).join().includes('block,block.conv1,block.norm'));
  await check('the residual is a line around the branch', async () => (await frame.locator('.line.passing').count()) > 0);
  await check('shapes are on the lines', async () => (await frame.locator('.labels .shape').allTextContents()).includes('[N, 16, 28, 28]'));
  await check('a failing operation is marked', async () => (await frame.locator('.step.failing').count()) === 1);
  await frame.locator('tr[data-path="head"]').click();
  await check('a click on a row goes to its line', async () => (await line()) === 23);
  await check('and lights the step', async () => (await frame.locator('.step.chosen').getAttribute('aria-label')).startsWith('head'));
  await frame.locator('#canvas .step').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await check('arrow keys go along the tensors, and Enter to the line', async () => (await line()) === 20);
  await frame.locator('.step[aria-label^="block,"]').focus();
  await page.keyboard.press('Space');
  await check('Space closes a module', async () => !(await steps()).includes('block.conv1'));
  await page.keyboard.press('Space');
  await check('and opens it again', async () => (await steps()).includes('block.conv1'));
  await frame.locator('#filter').fill('batchnorm');
  await check('the filter leaves what it asks for, and what that is in', async () =>
    (await frame.locator('tbody tr:visible').evaluateAll((rows) => rows.map((row) => row.dataset.path).join())) === ',block,block.norm');
  await frame.locator('#filter').fill('');
  fs.writeFileSync(model, fs.readFileSync(model, 'utf8').replace('nn.Linear(784, 10)', 'nn.Linear(784, 12)'));
  await check('it follows an edit', async () => (await frame.locator('tr[data-path="head"] .shape').textContent()) === '[N, 12]');
  for (const [format, first] of [['svg', '<?xml'], ['md', '## Digits of [N, 1, 28, 28]'], ['csv', 'Layer,Type']]) {
    await frame.locator('#export summary').click();
    await frame.locator(`#export-${format}`).click();
    await page.waitForSelector('.quick-input-widget input');
    await page.waitForTimeout(700);
    await page.keyboard.press('Enter');
    const file = path.join(workspace, `Digits.${format}`);
    await check(`it exports ${format}`, () => fs.existsSync(file) && fs.readFileSync(file, 'utf8').startsWith(first));
    if (format === 'svg') await check('which needs no style of the editor', () => !/class=|var\(/.test(fs.readFileSync(file, 'utf8')));
  }
  return fine;
}

async function screenshots() {
  fs.mkdirSync(out, { recursive: true });
  const { page, frame } = await summary();
  await page.screenshot({ path: path.join(out, 'summary-dark.png') });
  const settings = path.join(workspace, '.vscode/settings.json');
  const known = JSON.parse(fs.readFileSync(settings, 'utf8'));
  for (const [theme, name] of [['Default Light Modern', 'light'], ['Default High Contrast', 'high-contrast']]) {
    fs.writeFileSync(settings, JSON.stringify({ ...known, 'workbench.colorTheme': theme }));
    await page.waitForTimeout(2500);
    await page.screenshot({ path: path.join(out, `summary-${name}.png`) });
  }
  fs.writeFileSync(settings, JSON.stringify(known));
  await frame.locator('#filter').fill('conv');
  await page.waitForTimeout(2500);
  await page.screenshot({ path: path.join(out, 'summary-filter.png') });
  return true;
}

const fine = await { tests: runTests, view: runView, screenshots }[what]();
await browser.close();
process.exit(fine ? 0 : 1);
