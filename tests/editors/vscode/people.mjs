// VS Code used as people do, by mouse and keys; every wait is for something that is seen.

import fs from 'node:fs';
import path from 'node:path';
import { checker, PATIENCE } from '../browser.mjs';
import { here } from './sessions.mjs';

/** The window with a file of the workspace in it, in which the server has found a mistake. */
export async function openModel(page, name = 'model.py', mark = '.squiggly-error') {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
  await page.waitForSelector(mark);
  await page.keyboard.press('Control+b');
  await page.locator('.explorer-folders-view').waitFor({ state: 'hidden' });
}

/** Gives a command. What the palette offers is what could be done when it was opened: it is opened anew until that is there. */
export async function palette(page, text) {
  for (const end = Date.now() + PATIENCE; ; await page.keyboard.press('Escape')) {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill(`>${text}`);
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    try {
      return await row.click({ timeout: 3000 });
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** The frame of the summary view, once it shows a model. */
export async function summaryView(page) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await page.waitForTimeout(100)) {
    for (const frame of page.frames()) if (await frame.locator('#content').isVisible().catch(() => false)) return frame;
  }
  throw new Error('the summary view does not show');
}

/** The summary view of the class whose lens has this text. */
export async function openSummary(page, text) {
  await page.locator('.codelens-decoration a', { hasText: text }).click();
  const frame = await summaryView(page);
  await frame.locator('#canvas .step').first().waitFor();
  return frame;
}

export async function openFile(page, name) {
  await page.locator('.tab').first().click(); // in the group of the editor, not that of the summary
  await page.keyboard.press('Control+p');
  await page.locator('.quick-input-widget input').fill(name);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/** The model of that name in another file, in the summary view that is open. */
export async function showModel(page, frame, file, name) {
  await openFile(page, file);
  await palette(page, 'torchlint: Show Model Summary');
  await frame.locator(`#class option[value="${name}"]`).waitFor({ state: 'attached' });
  await frame.locator('#class').selectOption(name);
  await page.locator('.tab', { hasText: `Summary: ${name}` }).waitFor();
  await frame.locator('#canvas .output').waitFor();
}

/** Writes another line in the place of the one that has this text. */
export async function retype(page, text, line) {
  await page.locator('.view-line', { hasText: text }).first().click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(line);
}

export async function testInstalling(page, { folder }) {
  const check = checker(page, 'VS Code, installing', folder);
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'model.py' }).dblclick();
  const message = page.locator('.notifications-toasts .notification-list-item', { hasText: 'torchlint is not installed' });
  await check('one message says that torchlint is missing', async () => (await message.count()) === 1);
  await message.getByText('Install torchlint').click();
  const question = page.locator('.monaco-dialog-box');
  await check('the question says what would be run', async () => /-m pip install torchlint==\d/.test(await question.innerText()));
  await check('nothing is run before the answer', () => !fs.readFileSync(path.join(folder, 'pythons/bare/python3.ran'), 'utf8').includes('pip'));
  await question.getByText('Install', { exact: true }).click();
  await check('after a yes it is installed, and the mistake is found', () => page.locator('.squiggly-error').first().isVisible());
}

export async function testSummary(page, { folder, workspace }) {
  const check = checker(page, 'VS Code, summary', folder);
  const refused = [];
  page.on('console', (message) => /Content Security Policy|Refused to/i.test(message.text()) && refused.push(message.text()));
  await openModel(page);

  const lens = (text) => page.locator('.codelens-decoration a', { hasText: text });
  const title = async () => (await page.locator('.tab', { hasText: /Summary:|Run:/ }).allInnerTexts()).join();
  await lens('4*channels').click();
  await check('a click on the lens of a class opens its summary', async () => (await title()).includes('Summary: Residual'));
  const frame = await summaryView(page);
  await lens('12,938 parameters').click();
  await check('and on the lens of another class its own', async () => (await frame.locator('#one').innerText()) === 'Digits' && (await title()).includes('Summary: Digits'));

  const steps = () => frame.locator('#canvas .step').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label').split(',')[0]));
  const line = async () => Number(await page.locator('.editor-instance .active-line-number').first().textContent());
  await check('each layer is a step, open modules with their own', async () => (await steps()).join().includes('block,block.conv1,block.norm'));
  await check('the residual is a line around the branch', async () => (await frame.locator('.line.passing').count()) > 0);
  await check('shapes are on the lines', async () => (await frame.locator('.labels .shape').allTextContents()).includes('[N, 16, 28, 28]'));
  await check('a failing operation is marked', async () => (await frame.locator('.step.failing').count()) === 1);
  await frame.locator('#notes .link').click();
  await check('a click on the place in a note goes there', async () => (await line()) === 30);
  await frame.locator('tr[data-path="head"]').click();
  await check('a click on a row goes to its line', async () => (await line()) === 23);
  await check('and lights the step', async () => (await frame.locator('.step.chosen').getAttribute('aria-label')).startsWith('head'));

  const focused = () => frame.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('class') || document.activeElement.tagName);
  await frame.locator('#filter').focus();
  const reached = [];
  for (let i = 0; i < 14; i++) await page.keyboard.press('Tab'), reached.push(await focused());
  await check('every part can be reached with the Tab key', () =>
    ['show-table', 'zoom-in', 'open-all', 'execute', 'step', 'current'].every((part) => reached.some((one) => one.includes(part))) || Promise.reject(reached.join()));
  await frame.locator('#canvas .step').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await check('arrow keys go along the tensors, and Enter to the line', async () => (await line()) === 20);
  await frame.locator('.step[aria-label^="block,"]').focus();
  await page.keyboard.press('Space');
  await check('Space closes a module', async () => !(await steps()).includes('block.conv1'));
  await page.keyboard.press('Space');
  await check('and opens it again', async () => (await steps()).includes('block.conv1'));
  await page.keyboard.press('/');
  await check('a slash goes to the filter', async () => (await focused()) === 'filter');
  await frame.locator('#filter').fill('batchnorm');
  await check('the filter leaves what it asks for, and what that is in', async () =>
    (await frame.locator('tbody tr:visible').evaluateAll((rows) => rows.map((row) => row.dataset.path).join())) === ',block,block.norm');
  await frame.locator('#filter').fill('');

  await retype(page, 'nn.Linear(784, 10)', 'self.head = nn.Linear(784, 12)');
  await check('it follows what is typed', async () => (await frame.locator('tr[data-path="head"] .shape').textContent()) === '[N, 12]');

  for (const [format, first] of [['svg', '<?xml'], ['md', '## Digits of [N, 1, 28, 28]'], ['csv', 'Layer,Type']]) {
    const file = path.join(workspace, `Digits.${format}`);
    await frame.locator('#export summary').click();
    await frame.locator(`#export-${format}`).click();
    const input = page.locator('.quick-input-widget input');
    await check(`the name of the ${format} file is asked for`, async () => (await input.inputValue()).endsWith(`Digits.${format}`));
    await check(`it exports ${format}`, async () => {
      if (await input.isVisible()) await input.press('Enter'); // once it has looked at the folder
      return fs.existsSync(file) && fs.readFileSync(file, 'utf8').startsWith(first);
    });
    if (format === 'svg') await check('which needs no style of the editor', () => !/class=|var\(/.test(fs.readFileSync(file, 'utf8')));
  }

  const question = page.locator('.monaco-dialog-box');
  const run = async (answer) => {
    await frame.locator('#execute').click();
    await check('before a run it is asked, and said that it runs code', async () => (await question.innerText()).includes('This runs your code'));
    await question.getByText(answer, { exact: true }).click();
  };
  await run('Cancel');
  await check('no is no', async () => (await title()).includes('Summary: Digits') && !(await frame.locator('#read').isVisible()));
  await run('Run');
  await check("what torch raises in a run is shown in torch's words", async () =>
    /^\w+Error: .*view/.test(await frame.locator('#failure').innerText()) && (await title()).includes('Run: Digits'));
  await frame.locator('#failure .link').first().click();
  await check('with its line', async () => (await line()) === 30);
  await retype(page, 'x = x.view(-1, 784)', 'x = x.reshape(-1, 784)');
  await check('after an edit it reads again', async () => (await title()).includes('Summary: Digits') && !(await frame.locator('.step.failing').count()));
  await run('Run');
  await check('the table of a run has the shapes of the run', async () =>
    (await frame.locator('#input').innerText()).includes('run on [1, 1, 28, 28]') && (await frame.locator('tr[data-path="head"] .shape').innerText()) === '[1, 12]');
  await frame.locator('tr[data-path="stem"]').click();
  await check('and goes to source lines', async () => (await line()) === 20);
  await frame.locator('#read').click();
  await check('one click goes back to reading', async () => (await title()).includes('Summary: Digits') && (await frame.locator('#canvas .step').first().isVisible()));

  await check('the page loads nothing from elsewhere', async () => {
    const policy = await frame.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    return policy.startsWith("default-src 'none'") && !/unsafe|http|\*/.test(policy);
  });
  await check('and nothing that it needs is refused', () => !refused.length || Promise.reject(refused.join('\n')));
}

export async function testPictures(page, { folder, workspace }) {
  const check = checker(page, 'VS Code, pictures', folder);
  const models = [['unet.py', 'UNet'], ['nano_gpt.py', 'GPT']];
  for (const [file] of models) fs.copyFileSync(path.join(here, '../../models', file), path.join(workspace, file));
  await openModel(page);
  const frame = await openSummary(page, '12,938 parameters');
  for (const [file, name] of models) {
    await showModel(page, frame, file, name);
    await frame.locator('#open-all').click();
    await check(`${name}: no line goes through a shape`, async () => {
      const { labels, crossed } = await frame.evaluate(shapesOnLines);
      return (labels > 10 && !crossed.length) || Promise.reject(`${labels} shapes; on lines are ${crossed.join()}`);
    });
  }
}

/** In the view: how many shapes stand in the picture, and those through which a line goes. */
function shapesOnLines() {
  const labels = [...document.querySelectorAll('#canvas .labels text')];
  const boxes = labels.map((label) => label.getBoundingClientRect());
  const crossed = new Set();
  for (const line of document.querySelectorAll('#canvas path.line')) {
    const toScreen = line.getScreenCTM();
    for (let along = 0; along < line.getTotalLength(); along += 2) {
      const { x, y } = line.getPointAtLength(along).matrixTransform(toScreen);
      boxes.forEach((box, i) => x > box.left && x < box.right && y > box.top + 3 && y < box.bottom - 3 && crossed.add(labels[i].textContent));
    }
  }
  return { labels: labels.length, crossed: [...crossed] };
}
