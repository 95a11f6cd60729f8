// Screenshots, for people to look at: what one sees in each kind of theme, and once what a click or the mouse brings up.

import fs from 'node:fs';
import path from 'node:path';
import { openFile, openModel, openSummary, palette, showModel } from './people.mjs';
import { here } from './sessions.mjs';

const THEMES = {
  dark: ['Dark 2026', 'vs-dark', 'vscode-dark'],
  light: ['Light 2026', 'vs', 'vscode-light'],
  'high-contrast': ['Dark High Contrast', 'hc-black', 'vscode-high-contrast'],
  'high-contrast-light': ['Light High Contrast', 'hc-light', 'vscode-high-contrast-light'],
};
export const PLAIN = {
  'workbench.colorTheme': 'Dark 2026',
  'workbench.activityBar.location': 'hidden', 'workbench.layoutControl.enabled': false, 'editor.occurrencesHighlight': 'off',
  'editor.cursorBlinking': 'solid', 'editor.scrollbar.horizontal': 'hidden', 'editor.lightbulb.enabled': 'off',
};
const SIZES = { wide: { width: 2700, height: 1100 }, narrow: { width: 900, height: 1000 } };
const MODELS = [['unet.py', 'UNet'], ['nano_gpt.py', 'GPT'], ['resnet.py', 'ResNet'], ['seq2seq.py', 'Translator']];

export async function takePictures(page, workspace, folder) {
  for (const [file] of MODELS) fs.copyFileSync(path.join(here, '../../models', file), path.join(workspace, file));
  const line = (text) => page.locator('.view-line', { hasText: text }).first();
  const take = (name) => page.screenshot({ path: path.join(folder, `${name}.png`) });

  const wear = async ([theme, sign]) => {
    await palette(page, 'Preferences: Color Theme');
    await page.locator('.quick-input-widget input[placeholder*="Color Theme"]').fill(theme);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: theme }).first().click();
    await page.waitForSelector(`.monaco-workbench.${sign}`);
    await away(page);
  };

  await openModel(page);
  await line('[N, 16, 7, 7]').waitFor();
  const whole = page.viewportSize();
  await page.setViewportSize({ width: 920, height: 760 });
  for (const [name, theme] of Object.entries(THEMES)) {
    await wear(theme);
    await hover(page, line('x.view'), 'x.view', 'is not laid out');
    await take(`finding-${name}`);
    await hover(page, line('nn.Linear(784'), 'Linear', '7,850');
    await take(`count-${name}`);
    await away(page);
  }

  await page.setViewportSize(whole);
  const frame = await openSummary(page, '12,938 parameters');
  await line('x.view').click();
  await frame.locator('.step.chosen.failing').waitFor();
  for (const [name, theme] of Object.entries(THEMES)) {
    await wear(theme);
    await frame.waitForSelector(`body.${theme[2]}`);
    await take(`summary-${name}`);
    await line('x.view').click();
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row', { hasText: 'reshape' }).waitFor();
    await take(`fixes-${name}`);
    await page.keyboard.press('Escape');
  }
  await wear(THEMES.dark);
  const resize = async (size) => {
    const before = await frame.evaluate(() => innerWidth);
    await page.setViewportSize(size);
    await frame.waitForFunction((before) => innerWidth !== before, before);
  };
  for (const [name, size] of Object.entries(SIZES)) {
    await resize(size);
    await take(`summary-${name}`);
  }
  await resize(whole);

  for (const [file, name] of MODELS) {
    await showModel(page, frame, file, name);
    await away(page);
    await take(`model-${name}`);
  }
  await openFile(page, 'notebook.ipynb');
  await page.locator('.notebook-editor .squiggly-error').first().waitFor();
  await take('notebook');
}

/** Points at a word of a line, until a hover says this. */
async function hover(page, line, word, text) {
  await away(page);
  const place = await line.evaluate(placeOf, word);
  await page.mouse.move(place.x, place.y);
  const shown = page.locator('.monaco-hover', { hasText: text }).first();
  await shown.waitFor();
  await shown.evaluate((element) => Promise.all(element.getAnimations({ subtree: true }).map((animation) => animation.finished)));
}

function placeOf(line, word) {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  let start = texts.map((text) => text.data).join('').indexOf(word);
  const text = texts.find(({ data }) => start < data.length || ((start -= data.length), false));
  const range = new Range();
  range.setStart(text, start);
  range.setEnd(text, start + 1);
  const { left, top, width, height } = range.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

async function away(page) {
  await page.keyboard.press('Escape');
  await page.mouse.move(0, 0);
  await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
}
