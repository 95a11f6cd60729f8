// A headless Chromium, and what the tests that use it print.

import { createRequire } from 'node:module';
import path from 'node:path';

/** Where `install` puts things. */
export const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(process.env.HOME, '.cache'), 'torchlint-editors');
const { chromium } = createRequire(path.join(cache, 'playwright/'))('playwright-core');
export const PATIENCE = 60_000;

export const launch = () =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });

export let failures = 0;

/** Prints what came of a test. */
export function tell(where, name, problem) {
  console.log(problem === undefined ? `ok      ${where}: ${name}` : `not ok  ${where}: ${name}\n        ${problem}`);
  if (problem !== undefined) failures++;
}

/** Tells whether `ask` becomes true; takes a picture where it does not. */
export function checker(page, where, folder) {
  return async (name, ask) => {
    const end = Date.now() + PATIENCE;
    let seen;
    do {
      seen = await Promise.resolve(ask()).catch((error) => ({ problem: String(error) }));
      if (seen && !seen.problem) return tell(where, name);
      await page.waitForTimeout(100);
    } while (Date.now() < end);
    const picture = path.join(folder, `${name.replace(/\W+/g, '-')}.png`);
    await page.screenshot({ path: picture });
    tell(where, name, `${seen?.problem ?? 'it does not become so'} (${picture})`);
  };
}
