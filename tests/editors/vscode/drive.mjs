// Tests the extension in VS Code: node drive.mjs VSIX PYTHON HOME [PICTURES]. HOME is a folder for what it makes, PICTURES one for screenshots.

import fs from 'node:fs';
import { failures, tell } from '../browser.mjs';
import { browse, serve } from './code.mjs';
import { testInstalling, testPictures, testSummary } from './people.mjs';
import { PLAIN, takePictures } from './pictures.mjs';
import { makePythons, makeWheels } from './pythons.mjs';
import { here, runInHost, session } from './sessions.mjs';

const [vsix, python, home, pictures] = process.argv.slice(2);
const wanted = (process.env.SESSIONS ?? `answers interpreters installing summary pictures${pictures ? ' screenshots' : ''}`).split(' ');
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

if (wants('installing')) {
  const wheels = `${home}/wheels`;
  const server = await serve(`${home}/code-installing`, [vsix], { env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, PYTHONPATH: '' } });
  const asked = await sessionOf('installing', 'bare');
  await makeWheels(wheels, python);
  await show(server, asked, 'installing', testInstalling);
  server.stop();
}

if (wants('summary', 'pictures', 'screenshots')) {
  const server = await serve(`${home}/code`, [vsix]);
  const chosen = { 'torchlint.interpreter': python };
  if (wants('summary')) await show(server, session(home, 'summary', chosen), 'summary', testSummary);
  if (wants('pictures')) await show(server, session(home, 'pictures', chosen), 'pictures', testPictures);
  if (wants('screenshots')) {
    server.set(PLAIN);
    await show(server, session(home, 'screenshots', chosen), 'screenshots', (page, { workspace }) => takePictures(page, workspace, pictures), { scale: 1.5 });
  }
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

async function show(server, asked, name, test, options) {
  const page = await browser.open(server, asked.workspace, options);
  try {
    await test(page, asked);
  } catch (error) {
    await page.screenshot({ path: `${asked.folder}/failed.png` });
    tell('VS Code', `${name} goes on to its end`, `${error} (${asked.folder}/failed.png)`);
  }
  await page.close();
}
