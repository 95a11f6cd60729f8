// The layers as a tree in a table, with bars for their parameters; keys as in a tree: up and down, left and right, Enter.

import { around, nameOf, partsOf, shapeText, sizeText, typeText, type Layer, type Summary } from '../summary';

export interface TableEvents {
  choose(layer: Layer): void;
  open(layer: Layer): void;
}

const HEADINGS = ['Layer', 'Type', 'Output shape', 'Parameters', 'Mult-adds', 'How the parameters are counted'];

export class LayerTable {
  private readonly closed = new Set<string>();
  private rows = new Map<string, HTMLTableRowElement>();
  private summary: Summary | undefined;
  private wanted = '';
  private current = '';

  constructor(
    private readonly table: HTMLTableElement,
    private readonly events: TableEvents,
  ) {
    table.addEventListener('keydown', (event) => this.key(event));
    table.addEventListener('click', (event) => this.click(event));
    table.addEventListener('focusin', (event) => {
      const row = (event.target as Element).closest('tr');
      if (row?.dataset.path !== undefined) this.mark(row.dataset.path);
    });
  }

  show(summary: Summary): void {
    this.summary = summary;
    const total = typeof summary.total_params === 'number' ? summary.total_params : 0;
    const parents = new Set(summary.layers.slice(1).map((layer) => around(layer.path)));
    const head = node('thead', {}, node('tr', {}, ...HEADINGS.map((text) => node('th', { scope: 'col' }, text))));
    this.rows = new Map();
    const body = node('tbody', {});
    for (const layer of summary.layers) {
      const row = this.row(layer, parents.has(layer.path), total);
      this.rows.set(layer.path, row);
      body.append(row);
    }
    const focused = this.table.contains(document.activeElement);
    this.table.replaceChildren(head, body);
    if (!this.rows.has(this.current)) this.current = '';
    this.update();
    if (focused) this.rows.get(this.current)?.focus();
  }

  filter(text: string): void {
    this.wanted = text.trim().toLowerCase();
    this.update();
  }

  /** Whether a layer is what the filter asks for. */
  matches(layer: Layer): boolean {
    return !this.wanted || layer.path.toLowerCase().includes(this.wanted) || layer.type.toLowerCase().includes(this.wanted);
  }

  /** Make it the current row, open what it stands in, and scroll there. */
  select(path: string): void {
    if (!this.rows.has(path)) return;
    for (const closed of [...this.closed]) if (isInside(path, closed)) this.closed.delete(closed);
    this.mark(path);
    this.update();
    this.rows.get(path)!.scrollIntoView({ block: 'nearest' });
  }

  private row(layer: Layer, isParent: boolean, total: number): HTMLTableRowElement {
    const depth = partsOf(layer.path).length;
    const twisty = node('span', { class: isParent ? 'twisty' : 'twisty none', 'aria-hidden': 'true' });
    const name = node('td', { class: 'layer' }, twisty, layer.path ? nameOf(layer.path) : layer.type);
    name.style.setProperty('--depth', String(depth));
    const count = node('td', { class: 'number', title: sizeText(layer.params) }, layer.repeated ? 'shared' : sizeText(layer.params));
    if (total && typeof layer.params === 'number' && layer.params > 0 && layer.path && !layer.repeated) {
      const bar = node('span', { class: 'bar', 'aria-hidden': 'true' });
      bar.style.setProperty('--share', String(layer.params / total));
      count.prepend(bar);
    }
    const row = node(
      'tr',
      { role: 'row', tabindex: '-1', 'aria-level': String(depth + 1), 'data-path': layer.path },
      name,
      node('td', {}, typeText(layer)),
      node('td', { class: 'shape' }, shapeText(layer.output_shape)),
      count,
      node('td', { class: 'number', title: sizeText(layer.mult_adds) }, sizeText(layer.mult_adds)),
      node('td', { class: 'formula' }, layer.formula ?? ''),
    ) as HTMLTableRowElement;
    if (isParent) row.setAttribute('aria-expanded', 'true');
    return row;
  }

  private mark(path: string): void {
    this.rows.get(this.current)?.classList.remove('current');
    this.rows.get(this.current)?.setAttribute('tabindex', '-1');
    this.current = path;
    this.rows.get(path)?.classList.add('current');
    this.rows.get(path)?.setAttribute('tabindex', '0');
  }

  private update(): void {
    if (!this.summary) return;
    const found = this.summary.layers.filter((layer) => this.matches(layer)).map((layer) => layer.path);
    for (const [path, row] of this.rows) {
      const hides = this.wanted
        ? !found.some((match) => match === path || isInside(match, path))
        : [...this.closed].some((closed) => isInside(path, closed));
      row.hidden = hides;
      row.classList.toggle('unmatched', Boolean(this.wanted) && !found.includes(path));
      if (row.hasAttribute('aria-expanded')) row.setAttribute('aria-expanded', String(Boolean(this.wanted) || !this.closed.has(path)));
    }
    if (!this.rows.get(this.current)?.classList.contains('current')) this.mark(this.current);
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    const row = target.closest('tr');
    const layer = row && this.layerOf(row);
    if (!layer) return;
    if (target.classList.contains('twisty') && row.hasAttribute('aria-expanded')) this.toggle(layer.path, !this.closed.has(layer.path));
    else this.events.open(layer);
    row.focus();
    this.events.choose(layer);
  }

  private key(event: KeyboardEvent): void {
    const row = (event.target as Element).closest('tr');
    const layer = row && this.layerOf(row);
    if (!layer) return;
    const shown = [...this.rows.values()].filter((other) => !other.hidden);
    const place = shown.indexOf(row as HTMLTableRowElement);
    const go = (to: HTMLTableRowElement | undefined) => {
      to?.focus();
      const next = to && this.layerOf(to);
      if (next) this.events.choose(next);
    };
    const isOpen = row.getAttribute('aria-expanded');
    if (event.key === 'ArrowDown') go(shown[place + 1]);
    else if (event.key === 'ArrowUp') go(shown[place - 1]);
    else if (event.key === 'Home') go(shown[0]);
    else if (event.key === 'End') go(shown.at(-1));
    else if (event.key === 'ArrowRight' && isOpen === 'false') this.toggle(layer.path, false);
    else if (event.key === 'ArrowRight' && isOpen) go(shown[place + 1]);
    else if (event.key === 'ArrowLeft' && isOpen === 'true' && !this.wanted) this.toggle(layer.path, true);
    else if (event.key === 'ArrowLeft') go(layer.path ? this.rows.get(around(layer.path)) : undefined);
    else if (event.key === 'Enter') this.events.open(layer);
    else return;
    event.preventDefault();
  }

  private toggle(path: string, close: boolean): void {
    if (close) this.closed.add(path);
    else this.closed.delete(path);
    this.update();
  }

  private layerOf(row: Element): Layer | undefined {
    return this.summary?.layers.find((layer) => layer.path === (row as HTMLElement).dataset.path);
  }
}

function isInside(path: string, outer: string): boolean {
  return path !== outer && (outer === '' || path.startsWith(`${outer}.`));
}

export function node(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
