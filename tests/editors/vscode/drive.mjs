// Tests the extension in VS Code: node drive.mjs VSIX PYTHON HOME [PICTURES]. HOME is an empty folder, PICTURES one for screenshots.

import fs from 'node:fs';
import { browse, serve } from './code.mjs';
import { testInstalling, testSummary } from './people.mjs';
import { makePythons, makeWheels } from './pythons.mjs';
import { failures, here, runInHost, session, tell } from './sessions.mjs';

const [vsix, python, home, pictures] = process.argv.slice(2);
const wanted = (process.env.SESSIONS ?? 'answers interpreters installing summary').split(' ');
const wants = (...names) => names.some((name) => wanted.includes(name));

const browser = await browse();

if (wants('answers')) {
  const server = await serve(`${home}/code-answers`, [vsix], { testing: true });
  await runInHost(browser, server, session(home, 'answers', { 'torchlint.interpreter': python }), 'answers.js');
  server.stop();
}

if (wants('interpreters')) {
  const { pythons, ...asked } = await sessionOf('interpreters', 'setting');
  const stubs = fs.readdirSync(`${here}/stubs`).map((stub) => `${here}/stubs/${stub}`);
  const env = { PATH: `${pythons}/path:${process.env.PATH}`, PYTHONPATH: '' };
  const server = await serve(`${home}/code-interpreters`, [vsix, ...stubs], { env, testing: true, trusting: false });
  await runInHost(browser, server, asked, 'interpreters.js');
  server.stop();
}

if (wants('installing', 'summary')) {
  const wheels = `${home}/wheels`;
  const server = await serve(`${home}/code`, [vsix], { env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, PYTHONPATH: '' } });
  if (wants('installing')) {
    const asked = await sessionOf('installing', 'bare');
    await makeWheels(wheels, python);
    await show(server, asked, testInstalling);
  }
  if (wants('summary')) await show(server, session(home, 'summary', { 'torchlint.interpreter': python }), testSummary);
  server.stop();
}

await browser.close();
process.exit(failures ? 1 : 0);

/** A session with Pythons to choose among, of which its settings name one. */
async function sessionOf(name, chosen) {
  const pythons = `${home}/${name}/pythons`;
  const made = session(home, name, { 'torchlint.interpreter': `${pythons}/${chosen}/python3` });
  await makePythons(pythons, python);
  return { ...made, pythons };
}

async function show(server, asked, test) {
  const page = await browser.open(server, asked.workspace);
  try {
    await test(page, asked);
  } catch (error) {
    await page.screenshot({ path: `${asked.folder}/failed.png` });
    tell(test.name, 'goes on', `${error} (${asked.folder}/failed.png)`);
  }
  await page.close();
}
