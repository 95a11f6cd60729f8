// The picture of a pass: modules as boxes, closed or open, operations as pills, and tensors as lines with their shapes.

import { nameOf, shapeText, shortText, sizeText, typeText, type Size } from '../summary';
import { layered, type Layout, type Link, type Piece, type Vertex } from './layout';
import { familyOf, labelOf, type End, type Step, type Steps, type Stretch } from './steps';

const SVG = 'http://www.w3.org/2000/svg';
const HEADER = 30;
const PADDING = 14;
const MARGIN = 16;
const CORNER = 8;

interface Box extends Vertex {
  step: Step;
  inside?: Inside;
}

/** The boxes in a module with the lines between them; ports say where tensors pass its border, from its left edge. */
interface Inside {
  boxes: Box[];
  stretches: Stretch[];
  layout: Layout;
  entering: Map<number, number>;
  leaving: Map<number, number>;
}

export interface Picture {
  svg: SVGSVGElement;
  width: number;
  height: number;
  /** What is drawn for each step that is seen, in the order in which they run. */
  drawn: Map<number, SVGGElement>;
  /** The lines at each step that is seen, with the step at their other end. */
  lines: Map<number, { line: SVGElement; from: number | null; to: number | null }[]>;
}

export function draw(steps: Steps, open: ReadonlySet<number>, total: Size | null): Picture {
  const inside = arrange(steps, null, open);
  const width = Math.max(inside.layout.width, 40) + 2 * MARGIN;
  const height = inside.layout.height + 2 * MARGIN;
  const svg = element('svg', { width, height, viewBox: `0 0 ${width} ${height}`, class: 'picture' }) as SVGSVGElement;
  svg.append(arrow());
  const picture: Picture = { svg, width, height, drawn: new Map(), lines: new Map() };
  new Pen(picture, open, typeof total === 'number' && total > 0 ? total : null).inside(svg, inside, MARGIN, MARGIN);
  picture.drawn = new Map([...picture.drawn].sort(([a], [b]) => a - b));
  return picture;
}

function arrange(steps: Steps, module: Step | null, open: ReadonlySet<number>): Inside {
  const boxes = (module ? module.children : steps.top).map((step) => boxOf(steps, step, open));
  const vertices: Vertex[] = [...boxes];
  const places = new Map(boxes.map((box, i) => [box.step.id, i]));
  const stretches = steps.inside(module?.id ?? null);
  const ports = { upper: new Map<number, number>(), lower: new Map<number, number>() };
  const vertexOf = (end: End, border: 'upper' | 'lower', tensor: number): number => {
    if (end !== 'border') return places.get(end)!;
    let port = ports[border].get(tensor);
    if (port === undefined) ports[border].set(tensor, (port = vertices.push({ width: 6, height: 0, border }) - 1));
    return port;
  };
  const links: Link[] = stretches.map((stretch) => {
    const from = vertexOf(stretch.from, 'upper', stretch.tensor);
    const to = vertexOf(stretch.to, 'lower', stretch.tensor);
    const leaves = boxes[from]?.inside?.leaving.get(stretch.tensor);
    const enters = boxes[to]?.inside?.entering.get(stretch.tensor);
    return {
      from,
      to,
      key: stretch.tensor,
      leaves: leaves === undefined ? 0 : leaves - vertices[from]!.width / 2,
      enters: enters === undefined ? 0 : enters - vertices[to]!.width / 2,
      labelled: isLabelled(stretch),
    };
  });
  for (const [i, link] of links.entries()) {
    const reach = link.labelled ? 7 + shapeWidth(stretches[i]!) + (link.leaves ?? 0) : 0;
    for (const end of [link.from, link.to]) vertices[end] = { ...vertices[end]!, reach: Math.max(vertices[end]!.reach ?? 0, reach) };
  }
  const layout = layered(vertices, links);
  const along = (border: 'upper' | 'lower') => new Map([...ports[border]].map(([tensor, port]) => [tensor, layout.x[port]!]));
  return { boxes, stretches, layout, entering: along('upper'), leaving: along('lower') };
}

function isLabelled(stretch: Stretch): boolean {
  return stretch.from !== 'border' && stretch.to !== 'border' && stretch.shape !== null && !stretch.hidden;
}

function boxOf(steps: Steps, step: Step, open: ReadonlySet<number>): Box {
  if (step.children.length && open.has(step.id)) {
    const inside = arrange(steps, step, open);
    const width = Math.max(inside.layout.width + 2 * PADDING, textWidth(headerOf(step), true) + 48);
    const shift = (width - inside.layout.width) / 2;
    for (const ports of [inside.entering, inside.leaving]) for (const [tensor, x] of ports) ports.set(tensor, x + shift);
    const upper = inside.entering.size ? 0 : PADDING;
    const lower = inside.leaving.size ? 0 : PADDING;
    return { step, inside, width, height: HEADER + upper + inside.layout.height + lower };
  }
  if (step.kind === 'module' || step.path !== null) {
    const [title, subtitle] = titlesOf(step);
    const count = countOf(step);
    const width = Math.max(textWidth(title, true) + (count ? textWidth(count) + 18 : 0), textWidth(subtitle)) + 30 + (step.children.length ? 16 : 0);
    if (isPlain(step)) return { step, width: textWidth(title, true) + textWidth(subtitle) + 34, height: 28 };
    return { step, width: Math.max(108, width), height: 46 };
  }
  const label = step.kind === 'output' ? 'output' : labelOf(step);
  return { step, width: Math.max(26, textWidth(label, step.kind !== 'operation') + 20), height: 26 };
}

/** The name of a module and its type; a number says less than the type does. */
function titlesOf(step: Step): [string, string] {
  const name = step.path === null ? '' : nameOf(step.path);
  return /^(\d*|\[.*\])$/.test(name) ? [kindOf(step), step.path ?? ''] : [name, kindOf(step)];
}

function kindOf(step: Step): string {
  return step.layer ? typeText(step.layer) : step.name;
}

/** Whether a line is enough for it: a layer without parameters. */
function isPlain(step: Step): boolean {
  return !step.children.length && step.layer?.params === 0;
}

function shapeWidth(stretch: Stretch): number {
  return shapeText(stretch.shape).length * 6.8;
}

function headerOf(step: Step): string {
  return [...titlesOf(step).filter(Boolean), countOf(step)].filter(Boolean).join('  ');
}

function countOf(step: Step): string {
  const params = step.layer?.repeated ? null : step.layer?.params;
  return params === undefined || params === 0 ? '' : params === null ? (step.layer?.repeated ? 'shared' : '?') : shortText(params);
}

class Pen {
  constructor(
    private readonly picture: Picture,
    private readonly open: ReadonlySet<number>,
    private readonly total: number | null,
  ) {}

  /** The boxes and lines in a module, whose upper left corner is there. */
  inside(parent: Element, inside: Inside, left: number, top: number): void {
    const lines = element('g', { class: 'lines' });
    const labels = element('g', { class: 'labels' });
    parent.append(lines);
    const named = new Set<string>();
    const pieces = [...inside.layout.pieces].sort((a, b) => Number(a.passes) - Number(b.passes));
    for (const piece of pieces) this.line(lines, labels, named, piece, inside, left, top);
    for (const [i, box] of inside.boxes.entries()) {
      this.box(parent, box, left + inside.layout.x[i]! - box.width / 2, top + inside.layout.y[i]! - box.height / 2);
    }
    parent.append(labels);
  }

  private line(lines: Element, labels: Element, named: Set<string>, piece: Piece, inside: Inside, left: number, top: number): void {
    const stretches = piece.links.map((link) => inside.stretches[link]!);
    const [stretch] = stretches;
    if (!stretch || stretch.hidden) return;
    const ends = piece.last && stretch.to !== 'border';
    const line = element('path', { d: trackOf(piece, left, top), class: piece.passes ? 'line passing' : 'line' });
    if (ends) line.setAttribute('marker-end', 'url(#arrow)');
    lines.append(line);
    for (const { from, to } of stretches) {
      const there = { line, from: from === 'border' ? null : from, to: to === 'border' ? null : to };
      for (const end of [from, to]) if (end !== 'border') this.linesAt(end).push(there);
    }
    const text = shapeText(stretch.shape);
    const key = `${stretch.tensor} ${text}`;
    if (piece.first && isLabelled(stretch) && !named.has(key) && !piece.passes) {
      named.add(key);
      const label = element('text', { x: left + piece.x1 + 7, y: top + piece.under + 17, class: 'shape' });
      label.textContent = text;
      labels.append(label);
    }
  }

  private linesAt(step: number) {
    let lines = this.picture.lines.get(step);
    if (!lines) this.picture.lines.set(step, (lines = []));
    return lines;
  }

  private box(parent: Element, box: Box, x: number, y: number): void {
    const { step, width, height } = box;
    const isModule = step.kind === 'module' || step.path !== null;
    const kind = isModule ? `module ${familyOf(step.name)}` : step.kind;
    const group = element('g', {
      class: ['step', kind, step.kind === 'failure' ? 'failing' : '', box.inside ? 'open' : ''].filter(Boolean).join(' '),
      'data-id': step.id,
      tabindex: -1,
      role: 'button',
      'aria-label': spokenOf(step),
      ...(step.children.length ? { 'aria-expanded': String(Boolean(box.inside)) } : {}),
    }) as SVGGElement;
    this.picture.drawn.set(step.id, group);
    const hint = element('title', {});
    hint.textContent = hintOf(step);
    group.append(hint);
    parent.append(group);
    if (box.inside) this.opened(group, box, box.inside, x, y);
    else if (isModule) this.module(group, step, x, y, width, height);
    else {
      group.append(element('rect', { class: 'shape-of-step', x, y, width, height, rx: height / 2 }));
      group.append(text(step.kind === 'output' ? 'output' : labelOf(step), x + width / 2, y + height / 2 + 4, 'name', 'middle'));
    }
  }

  private module(group: Element, step: Step, x: number, y: number, width: number, height: number): void {
    if (step.children.length) group.append(element('rect', { class: 'behind', x: x + 4, y: y + 4, width, height, rx: 6 }));
    group.append(element('rect', { class: 'shape-of-step', x, y, width, height, rx: 6 }));
    group.append(element('path', { class: 'family', d: `M${x + 6} ${y}h-1a5 5 0 0 0 -5 5v${height - 10}a5 5 0 0 0 5 5h1z` }));
    const [title, subtitle] = titlesOf(step);
    const start = x + 15 + (step.children.length ? 16 : 0);
    if (isPlain(step)) {
      group.append(text(title, start, y + 18, 'name'), text(subtitle, start + textWidth(title, true) + 8, y + 18, 'type'));
      return;
    }
    if (step.children.length) group.append(this.toggle(step, x + 10, y + 7));
    group.append(text(title, start, y + 19, 'name'), text(subtitle, start, y + 35, 'type'));
    const count = countOf(step);
    if (count) group.append(text(count, x + width - 10, y + 19, 'count', 'end'));
    this.share(group, step, x + 15, y + height - 6, width - 25);
  }

  private opened(group: Element, box: Box, inside: Inside, x: number, y: number): void {
    const { step, width, height } = box;
    group.append(element('rect', { class: 'shape-of-step', x, y, width, height, rx: 8 }));
    const header = element('g', { class: 'header' });
    header.append(element('path', { class: 'band', d: `M${x} ${y + HEADER}v${8 - HEADER}a8 8 0 0 1 8 -8h${width - 16}a8 8 0 0 1 8 8v${HEADER - 8}z` }));
    header.append(this.toggle(step, x + 8, y + 7));
    const [title, subtitle] = titlesOf(step);
    header.append(text(title, x + 28, y + 20, 'name'));
    if (subtitle) header.append(text(subtitle, x + 36 + textWidth(title, true), y + 20, 'type'));
    const count = countOf(step);
    if (count) header.append(text(count, x + width - 10, y + 20, 'count', 'end'));
    group.append(header);
    const upper = inside.entering.size ? 0 : PADDING;
    this.inside(group, inside, x + (width - inside.layout.width) / 2, y + HEADER + upper);
  }

  private toggle(step: Step, x: number, y: number): Element {
    const group = element('g', { class: 'toggle' });
    const d = this.open.has(step.id) ? `M${x + 4} ${y + 6}l4 4l4 -4` : `M${x + 6} ${y + 4}l4 4l-4 4`;
    group.append(element('rect', { class: 'press', x, y, width: 16, height: 16, rx: 3 }), element('path', { class: 'chevron', d }));
    return group;
  }

  /** A bar as long as the module's share of the model's parameters. */
  private share(group: Element, step: Step, x: number, y: number, width: number): void {
    const params = step.layer?.repeated ? null : step.layer?.params;
    if (!this.total || typeof params !== 'number' || params <= 0) return;
    group.append(element('rect', { class: 'whole', x, y, width, height: 2, rx: 1 }));
    group.append(element('rect', { class: 'share', x, y, width: Math.max(2, (width * params) / this.total), height: 2, rx: 1 }));
  }
}

/** Down, with a bend between the layers; a line that passes boxes leaves and enters at the side where it can. */
function trackOf(piece: Piece, left: number, top: number): string {
  const [x1, x2] = [left + piece.x1, left + piece.x2];
  const [y1, bend1, bend2, y2] = [piece.y1, piece.bend1, piece.bend2, piece.y2].map((y) => top + y) as [number, number, number, number];
  const { leavesAt, entersAt } = piece;
  if (leavesAt) {
    const [x, y, r] = [left + leavesAt.x, top + leavesAt.y, x2 > x1 ? CORNER : -CORNER];
    return `M${x} ${y}H${x2 - r}Q${x2} ${y} ${x2} ${y + CORNER}V${y2}`;
  }
  if (entersAt) {
    const [x, y, r] = [left + entersAt.x, top + entersAt.y, x2 > x1 ? CORNER : -CORNER];
    return `M${x1} ${y1}V${y - CORNER}Q${x1} ${y} ${x1 + r} ${y}H${x}`;
  }
  if (Math.abs(x1 - x2) < 0.5) return `M${x1} ${y1}V${y2}`;
  const middle = (bend1 + bend2) / 2;
  const [start, end] = [y1 < bend1 ? `V${bend1}` : '', bend2 < y2 ? `V${y2}` : ''];
  return `M${x1} ${y1}${start}C${x1} ${middle} ${x2} ${middle} ${x2} ${bend2}${end}`;
}

function spokenOf(step: Step): string {
  const parts = [step.path || labelOf(step), step.kind === 'module' ? kindOf(step) : step.kind];
  if (step.layer?.output_shape) parts.push(`gives ${shapeText(step.layer.output_shape)}`);
  if (step.layer && step.layer.params !== 0) parts.push(`${sizeText(step.layer.params)} parameters`);
  return parts.join(', ');
}

function hintOf(step: Step): string {
  const { layer } = step;
  const lines = [step.path ? `${step.path}: ${kindOf(step)}` : step.text || step.name];
  if (step.kind === 'failure') lines.push('torch would raise here');
  if (layer?.input_shape && layer.output_shape) lines.push(`${shapeText(layer.input_shape)} → ${shapeText(layer.output_shape)}`);
  if (layer && layer.params !== 0) lines.push(`${layer.formula ?? sizeText(layer.params)} parameters`);
  if (layer?.mult_adds) lines.push(`${sizeText(layer.mult_adds)} multiply-adds`);
  return lines.join('\n');
}

function arrow(): Element {
  const marker = element('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto' });
  marker.append(element('path', { d: 'M0 0.5L7.5 4L0 7.5z', class: 'tip' }));
  const defs = element('defs', {});
  defs.append(marker);
  return defs;
}

export function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  }
  return made;
}

function text(content: string, x: number, y: number, kind: string, anchor = 'start'): Element {
  const made = element('text', { x, y, class: kind, 'text-anchor': anchor });
  made.textContent = content;
  return made;
}

const ruler = document.createElement('canvas').getContext('2d');

function textWidth(content: string, bold = false): number {
  if (!ruler) return content.length * 7;
  ruler.font = `${bold ? '600 13px' : '12px'} ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(content).width;
}
