// The summary view: it shows what the extension sends, keeps what is open and chosen through every edit, and asks for source lines.

import type { FromView, ToView } from '../messages';
import { acceptedText, bytesText, csv, markdown, PLACE, shapeText, shortText, sizeText, type Failure, type Place, type Summary } from '../summary';
import { asFile } from './export';
import { draw, type Picture } from './picture';
import { openedAtFirst, Steps, type Step } from './steps';
import { LayerTable, node } from './table';

interface Kept {
  uri?: string;
  class?: string;
  parts?: string;
}

declare function acquireVsCodeApi(): { postMessage(message: FromView): void; getState(): Kept | undefined; setState(state: Kept): void };

const vscode = acquireVsCodeApi();
const post = (message: FromView) => vscode.postMessage(message);
const find = <T extends Element = HTMLElement>(id: string) => document.getElementById(id) as unknown as T;

const PARTS = ['both', 'picture', 'table'];
const kept: Kept = vscode.getState() ?? {};
let summaries: Summary[] = [];
let shown: Summary | undefined;
let steps: Steps | undefined;
let picture: Picture | undefined;
let open = new Set<string>(); // by the path of the step, so that it lasts when steps are added
let drawnFor = '';
let chosen: number | undefined;
let zoom = 1;
let fitted = true;

const table = new LayerTable(find<HTMLTableElement>('table'), {
  open: (layer) => reveal(layer.location),
  choose: (layer) => chooseStep(steps?.all.find((step) => step.path === layer.path && step.layer)?.id, false),
});

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  if (data.type === 'summaries') {
    summaries = data.summaries;
    kept.uri = data.uri;
    if (data.class !== undefined) kept.class = data.class;
    vscode.setState(kept);
    document.body.classList.remove('busy');
    problem(data.problem ?? '');
    if (summaries.length) show();
    else if (!drawnFor.startsWith(`${data.uri} `)) empty();
  } else if (data.type === 'busy') document.body.classList.add('busy');
  else if (data.type === 'cursor') follow(data.place);
});

/** Another file of which there is nothing to show. */
function empty(): void {
  shown = undefined;
  find('content').hidden = true;
  find('empty').hidden = true;
}

function problem(text: string): void {
  find('problem').hidden = !text;
  find('problem').textContent = text;
}

function show(): void {
  const summary = summaries.find((one) => one.class === kept.class) ?? summaries[0]!;
  const wasAt = chosen === undefined ? undefined : pathsOf()[chosen];
  shown = summary;
  steps = new Steps(summary);
  const isOther = drawnFor !== `${kept.uri} ${summary.class}`;
  if (isOther) {
    drawnFor = `${kept.uri} ${summary.class}`;
    const paths = pathsOf();
    open = new Set([...openedAtFirst(steps)].map((id) => paths[id]!));
    fitted = true;
    chosen = undefined;
  } else if (wasAt !== undefined) {
    const again = pathsOf().indexOf(wasAt);
    chosen = again < 0 ? undefined : again;
  }
  find('empty').hidden = true;
  find('content').hidden = false;
  header(summary);
  table.show(summary);
  redraw();
}

/** A name for each step that lasts when the code changes: the path of the module, and which call of it that is. */
function pathsOf(): string[] {
  const count = new Map<string, number>();
  return (steps?.all ?? []).map((step) => {
    const name = step.path ?? `${step.parent}.${step.kind}.${step.name}`;
    const number = (count.get(name) ?? 0) + 1;
    count.set(name, number);
    return `${name}#${number}`;
  });
}

function header(summary: Summary): void {
  const names = summaries.map((one) => one.class);
  const select = find<HTMLSelectElement>('class');
  select.replaceChildren(...names.map((name) => node('option', { value: name }, name)));
  select.value = summary.class;
  find('one').textContent = summary.class;
  find('one').hidden = names.length > 1;
  select.hidden = names.length < 2;
  const inferred = summary.executed ? 'run on' : summary.input_inferred ? 'inferred input' : 'input';
  find('input').replaceChildren(...(summary.input.length ? [`${inferred} `, node('code', {}, summary.input.map(shapeText).join(', '))] : []));
  find('accepts').textContent = (summary.input_accepts ?? []).map(acceptedText).join('; ');
  const tiles: [title: string, text: string, exact: string][] = [
    ['Parameters', shortText(summary.total_params), sizeText(summary.total_params)],
    ['Trainable', shortText(summary.trainable_params), sizeText(summary.trainable_params)],
    ['Buffers', shortText(summary.buffers), sizeText(summary.buffers)],
    ['Multiply-adds', shortText(summary.total_mult_adds), sizeText(summary.total_mult_adds)],
    ['Size in float32', bytesText(summary), bytesText(summary)],
  ];
  find('tiles').replaceChildren(
    ...tiles.map(([title, text, exact]) => node('div', { class: 'tile', title: exact }, node('dt', {}, title), node('dd', text.length > 16 ? { class: 'formula' } : {}, text))),
  );
  find('notes').replaceChildren(...summary.notes.map((note) => node('li', {}, ...linked(note))));
  find('notes').hidden = !summary.notes.length;
  ran(summary);
}

/** What only a run has: an exception, and what was printed. It has no picture, for nobody saw the tensors between the layers. */
function ran({ executed = false, error, output = '', layers }: Summary): void {
  document.body.classList.toggle('ran', executed);
  document.body.classList.toggle('unbuilt', !layers.length);
  find('read').hidden = !executed;
  find('failure').hidden = !error;
  if (error) find('failure').replaceChildren(...failureText(error));
  find('output').hidden = !output;
  find('output').querySelector('pre')!.textContent = output;
}

function failureText({ name, message, filename, location, notes, help }: Failure): Node[] {
  const place = (path: string, row: number) => linkTo({ filename: path, row }, `${path.split(/[\\/]/).at(-1)}:${row}`);
  return [
    node('p', {}, node('strong', {}, `${name}: `), message, ' ', place(filename, location.row)),
    ...notes.map((note) => node('p', {}, note.message, ...(note.filename && note.location ? [' ', place(note.filename, note.location.row)] : []))),
    ...(help ? [node('p', {}, `help: ${help}`)] : []),
  ];
}

/** A note whose place can be gone to. */
function linked(note: string): (Node | string)[] {
  const [whole, filename, row] = PLACE.exec(note) ?? [];
  return filename ? [note.slice(0, -whole!.length), linkTo({ filename, row: Number(row) }, `${filename}:${row}`)] : [note];
}

function linkTo(place: Place, text: string): HTMLElement {
  const button = node('button', { class: 'link' }, text);
  button.addEventListener('click', () => reveal(place));
  return button;
}

function redraw(): void {
  if (!steps || !shown) return;
  const paths = pathsOf();
  const ids = new Set(steps.all.filter((step) => open.has(paths[step.id]!)).map((step) => step.id));
  const focused = find('canvas').contains(document.activeElement);
  picture = draw(steps, ids, shown.total_params);
  find('canvas').replaceChildren(picture.svg);
  if (fitted) fit();
  else scale(zoom);
  if (chosen !== undefined && !picture.drawn.has(chosen)) chosen = steps.around(chosen).find((id) => picture!.drawn.has(id));
  light();
  dim();
  if (focused && chosen !== undefined) picture.drawn.get(chosen)?.focus();
}

function fit(): void {
  const canvas = find('canvas');
  if (!picture || !canvas.clientWidth) return;
  scale(Math.min(1, Math.max(0.35, (canvas.clientWidth - 4) / picture.width)));
  fitted = true;
}

function scale(to: number): void {
  if (!picture) return;
  zoom = Math.min(3, Math.max(0.15, to));
  picture.svg.setAttribute('width', String(picture.width * zoom));
  picture.svg.setAttribute('height', String(picture.height * zoom));
}

function zoomBy(factor: number): void {
  const canvas = find('canvas');
  const middle = (canvas.scrollTop + canvas.clientHeight / 2) / zoom;
  fitted = false;
  scale(zoom * factor);
  canvas.scrollTop = middle * zoom - canvas.clientHeight / 2;
}

function reveal(place: Place | null | undefined): void {
  if (place) post({ type: 'open', place });
}

function chooseStep(id: number | undefined, inTable = true): void {
  if (!steps || !picture || id === undefined) return;
  chosen = steps.around(id).find((step) => picture!.drawn.has(step));
  light();
  if (chosen !== undefined) picture.drawn.get(chosen)!.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const layer = steps.all[id]!.layer;
  if (inTable && layer) table.select(layer.path);
}

/** Mark the chosen step, and what comes to it and goes from it. */
function light(): void {
  if (!picture) return;
  for (const lit of picture.svg.querySelectorAll('.chosen, .lit')) lit.classList.remove('chosen', 'lit');
  const first = picture.drawn.keys().next().value;
  for (const [id, drawn] of picture.drawn) drawn.setAttribute('tabindex', id === (chosen ?? first) ? '0' : '-1');
  if (chosen === undefined) return;
  picture.drawn.get(chosen)?.classList.add('chosen');
  for (const { line } of picture.lines.get(chosen) ?? []) line.classList.add('lit');
}

/** Fade what the filter does not ask for. */
function dim(): void {
  if (!steps || !picture) return;
  const isFiltered = find<HTMLInputElement>('filter').value.trim() !== '';
  const asked = (step: Step): boolean => (step.layer ? table.matches(step.layer) : false) || step.children.some(asked);
  for (const [id, drawn] of picture.drawn) drawn.classList.toggle('faded', isFiltered && !asked(steps.all[id]!));
}

function toggle(id: number): void {
  const step = steps?.all[id];
  if (!step?.children.length) return;
  const path = pathsOf()[id]!;
  if (!open.delete(path)) open.add(path);
  chosen = id;
  redraw();
  picture?.drawn.get(id)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** The step whose line the cursor is in. */
function follow(place: Place): void {
  const is = (other: Place | null) => other !== null && other.row === place.row && other.filename === place.filename;
  const step = steps?.all.find((one) => is(one.location) && one.path !== '');
  if (step) chooseStep(step.id);
}

function stepAt(target: EventTarget | null): number | undefined {
  const drawn = (target as Element | null)?.closest<SVGGElement>('.step');
  return drawn ? Number(drawn.dataset.id) : undefined;
}

find('canvas').addEventListener('click', (event) => {
  const id = stepAt(event.target);
  if (id === undefined || dragged) return;
  picture?.drawn.get(id)?.focus({ preventScroll: true });
  if ((event.target as Element).closest('.toggle')) return toggle(id);
  chooseStep(id);
  reveal(steps?.all[id]?.location);
});
find('canvas').addEventListener('dblclick', (event) => {
  const id = stepAt(event.target);
  if (id !== undefined && !(event.target as Element).closest('.toggle')) toggle(id);
});
find('canvas').addEventListener('keydown', (event) => {
  const id = stepAt(event.target);
  if (event.key === '+' || event.key === '=') zoomBy(1.2);
  else if (event.key === '-') zoomBy(1 / 1.2);
  else if (event.key === '0') fit();
  else if (id === undefined || !picture || !steps) return;
  else if (event.key === 'Enter') reveal(steps.all[id]!.location);
  else if (event.key === ' ') toggle(id);
  else if (event.key.startsWith('Arrow')) goFrom(id, event.key);
  else return;
  event.preventDefault();
});

/** Down and up along the lines; else, and sideways, to the next step in that direction. */
function goFrom(id: number, key: string): void {
  if (!picture) return;
  const here = picture.drawn.get(id)!.getBoundingClientRect();
  const isVertical = key === 'ArrowDown' || key === 'ArrowUp';
  const sign = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1;
  const along = new Set((picture.lines.get(id) ?? []).map(({ from, to }) => (sign > 0 ? to : from)));
  let best: { id: number; cost: number } | undefined;
  for (const [other, drawn] of picture.drawn) {
    if (other === id) continue;
    const there = drawn.getBoundingClientRect();
    const dx = (there.left + there.right - here.left - here.right) / 2;
    const dy = there.top - here.top;
    const ahead = sign * (isVertical ? dy : dx);
    const aside = Math.abs(isVertical ? dx : dy);
    if (ahead < 1 || (!isVertical && aside > here.height)) continue;
    const cost = ahead + 2 * aside - (isVertical && along.has(other) ? 1e6 : 0);
    if (!best || cost < best.cost) best = { id: other, cost };
  }
  if (!best) return;
  chooseStep(best.id);
  picture.drawn.get(best.id)?.focus({ preventScroll: true });
}

// Zooming with the wheel and Ctrl, moving by dragging.
let dragged = false;
find('canvas').addEventListener('wheel', (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomBy(Math.exp(-event.deltaY / 300));
}, { passive: false });
find('canvas').addEventListener('pointerdown', (event) => {
  dragged = false;
  if (event.button !== 0) return;
  const canvas = find('canvas');
  const from = { x: event.clientX + canvas.scrollLeft, y: event.clientY + canvas.scrollTop };
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (!dragged && Math.hypot(clientX - event.clientX, clientY - event.clientY) < 4) return;
    dragged = true;
    canvas.scrollTo(from.x - clientX, from.y - clientY);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', () => window.removeEventListener('pointermove', move), { once: true });
});

find<HTMLInputElement>('filter').addEventListener('input', (event) => {
  table.filter((event.target as HTMLInputElement).value);
  dim();
});
find<HTMLSelectElement>('class').addEventListener('change', (event) => {
  kept.class = (event.target as HTMLSelectElement).value;
  vscode.setState(kept);
  post({ type: 'class', name: kept.class });
  show();
});
find('zoom-in').addEventListener('click', () => zoomBy(1.25));
find('zoom-out').addEventListener('click', () => zoomBy(0.8));
find('zoom-fit').addEventListener('click', () => fit());
find('open-all').addEventListener('click', () => {
  open = new Set(pathsOf());
  redraw();
});
find('close-all').addEventListener('click', () => {
  open = new Set();
  redraw();
});
find('execute').addEventListener('click', () => post({ type: 'execute' }));
find('read').addEventListener('click', () => post({ type: 'read' }));

function parts(which: string): void {
  document.body.dataset.parts = which;
  for (const part of PARTS) find(`show-${part}`).setAttribute('aria-pressed', String(part === which));
  kept.parts = which;
  vscode.setState(kept);
  if (fitted) fit();
}
for (const part of PARTS) find(`show-${part}`).addEventListener('click', () => parts(part));

function save(format: 'svg' | 'md' | 'csv'): void {
  find<HTMLDetailsElement>('export').open = false;
  if (!shown || !picture) return;
  const content = { svg: () => asFile(picture!), md: () => markdown(shown!), csv: () => csv(shown!) }[format]();
  post({ type: 'export', format, content, name: shown.class });
}
for (const format of ['svg', 'md', 'csv'] as const) find(`export-${format}`).addEventListener('click', () => save(format));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') find<HTMLDetailsElement>('export').open = false;
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    find('filter').focus();
  }
});
document.addEventListener('click', (event) => {
  if (!(event.target as Element).closest('#export')) find<HTMLDetailsElement>('export').open = false;
});

new ResizeObserver(() => fitted && fit()).observe(find('canvas'));
parts(kept.parts && PARTS.includes(kept.parts) ? kept.parts : 'both');
post({ type: 'ready' });
