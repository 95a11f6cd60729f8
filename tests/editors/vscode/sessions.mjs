// A session: a copy of the workspace, a window that shows it, and what is found there. Nothing is left of it for the next one.

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE, tell } from '../browser.mjs';

export const here = path.dirname(fileURLToPath(import.meta.url));
const extension = path.resolve(here, '../../../extension');
const TESTS_MILLISECONDS = 300_000;

/** A folder with the workspace in it. */
export function session(home, name, settings) {
  const folder = path.join(home, name);
  const workspace = path.join(folder, 'workspace');
  fs.cpSync(path.join(here, '../workspace'), workspace, { recursive: true });
  fs.mkdirSync(path.join(workspace, '.vscode'));
  fs.writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
  return { folder, workspace };
}

/** What tests in the extension host ask of the browser. */
const deeds = {
  click: async (page, selector) => page.locator(selector).first().click({ timeout: PATIENCE }),
  text: async (page, selector) => page.locator(selector).first().innerText({ timeout: PATIENCE }),
  press: async (page, key) => page.keyboard.press(key),
  count: async (page, selector) => page.locator(selector).count(),
};

/** Runs the tests of a file in the extension host. */
export async function runInHost(browser, server, { folder, workspace }, file) {
  const remote = `vscode-remote://${new URL(server.url).host}`;
  const payload = [['extensionDevelopmentPath', remote + extension], ['extensionTestsPath', `${remote}${here}/${file}`]];
  const page = await browser.open(server, workspace, { payload });
  const end = Date.now() + TESTS_MILLISECONDS;
  let told = 0;
  for (let asked = 1; ; ) {
    const { results, done } = read(path.join(folder, 'results')) ?? { results: [] };
    for (const { name, problem, milliseconds } of results.slice(told)) tell('VS Code', `${name} (${milliseconds} ms)`, problem ?? undefined);
    told = results.length;
    if (done) break;
    const request = read(path.join(folder, `ui-${asked}.asked`));
    if (request) {
      const answer = await deeds[request.deed](page, ...request.args).then((answer) => ({ answer }), (error) => ({ problem: String(error) }));
      if (answer.problem) await page.screenshot({ path: path.join(folder, `ui-${asked}.png`) });
      write(path.join(folder, `ui-${asked++}.answer`), answer);
    } else if (Date.now() > end) {
      tell('VS Code', 'the tests end', `they did not after ${TESTS_MILLISECONDS / 1000} s`);
      break;
    } else await page.waitForTimeout(100);
  }
  await page.close();
}

function read(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

function write(file, value) {
  fs.writeFileSync(`${file}.part`, JSON.stringify(value));
  fs.renameSync(`${file}.part`, file);
}
