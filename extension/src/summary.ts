// What `torchlint summary --format json` says of one model, and its forms as text.

export type Size = number | string;
export type Shape = Size[];
export type ShapeTree = (Size | ShapeTree)[];

export interface Place {
  filename: string;
  row: number;
}

export interface Layer {
  path: string;
  type: string;
  input_shape: ShapeTree | null;
  output_shape: ShapeTree | null;
  params: Size | null;
  own_params: Size | null;
  formula: string | null;
  mult_adds: Size | null;
  repeated: boolean;
  /** For how many layers that are alike it stands, with the numbers of one. */
  times: Size;
  location: Place | null;
}

export interface GraphNode {
  kind: 'input' | 'module' | 'operation' | 'failure' | 'output';
  name: string;
  parent: number | null;
  path: string | null;
  text: string;
  location: Place | null;
}

export interface GraphEdge {
  source: number;
  target: number;
  shape: Shape | null;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface Accepted {
  names: string[];
  minimum: number;
  maximum: number | null;
  values: number[];
  are_equal: boolean;
}

/** What a run of the model raised, and where. */
export interface Failure {
  code: string;
  name: string;
  message: string;
  filename: string;
  location: { row: number; column: number };
  notes: { message: string; filename: string | null; location: { row: number; column: number } | null }[];
  help: string | null;
}

export interface Summary {
  class: string;
  input: Shape[];
  input_inferred?: boolean;
  input_accepts?: Accepted[];
  total_params: Size | null;
  trainable_params: Size | null;
  buffers: Size | null;
  total_mult_adds: Size | null;
  layers: Layer[];
  notes: string[];
  graph?: Graph | null;
  /** Of a run: what it raised, and what the code printed. */
  executed?: boolean;
  error?: Failure | null;
  output?: string;
}

/** The place at the end of a note: `(model.py:31)`. */
export const PLACE = /\(([^()]+\.py):(\d+)\)$/;

/** `61,706`; a formula where it depends on symbols; `?` for what is unknown. */
export function sizeText(size: Size | null): string {
  if (size === null) return '?';
  if (typeof size === 'number') return grouped(String(size));
  return size.includes(',') ? size : size.replace(/(?<![\w.])\d{4,}(?![\w.])/g, grouped);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `61.7 k`: three digits of a large number. */
export function shortText(size: Size | null): string {
  if (typeof size !== 'number' || size < 10_000) return sizeText(size);
  for (const [unit, name] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const) {
    if (size >= unit * 0.9995) return `${(size / unit).toPrecision(3)} ${name}`;
  }
  return sizeText(size);
}

/** `[N, 10]`; `([N, 10], [N, 4])` for several tensors; `?` for what is unknown. */
export function shapeText(shape: ShapeTree | null): string {
  if (shape === null) return '?';
  if (shape.some(Array.isArray)) return `(${shape.map((part) => (Array.isArray(part) ? shapeText(part) : '?')).join(', ')})`;
  return `[${shape.join(', ')}]`;
}

/** The parts of a path; brackets, as in `blocks.[0:cfg.depth]`, belong to one part. */
export function partsOf(path: string): string[] {
  const parts: string[] = [];
  let open = 0;
  for (const piece of path ? path.split('.') : []) {
    if (open) parts[parts.length - 1] += `.${piece}`;
    else parts.push(piece);
    for (const character of piece) open += Number(character === '[') - Number(character === ']');
  }
  return parts;
}

export function nameOf(path: string): string {
  return partsOf(path).at(-1) ?? '';
}

/** The path of the module that a module is in; '' for one at the top. */
export function around(path: string): string {
  return partsOf(path).slice(0, -1).join('.');
}

/** `Block`, or `depth × Block` for one that stands for as many. */
export function typeText(layer: Layer): string {
  if (layer.times === undefined || layer.times === 1) return layer.type;
  const times = sizeText(layer.times);
  return `${times.includes(' ') ? `(${times})` : times} × ${layer.type}`;
}

/** "H and W may be 28 to 31": the other sizes of the input with which the model works. */
export function acceptedText(accepted: Accepted): string {
  const { names, minimum, maximum, values } = accepted;
  const which = accepted.are_equal ? names.join(' = ') : listed(names, 'and');
  if (minimum === maximum) return `${which} can only be ${minimum}`;
  if (maximum === null) return `${which} may be ${values.length ? `${values.join(', ')}, …` : `${minimum} or more`}`;
  return `${which} may be ${values.length ? listed(values, 'or') : `${minimum} to ${maximum}`}`;
}

function listed(values: readonly (string | number)[], last: string): string {
  return values.length > 1 ? `${values.slice(0, -1).join(', ')} ${last} ${values.at(-1)}` : values.join('');
}

export function titleOf(summary: Summary): string {
  return summary.input.length ? `${summary.class} of ${summary.input.map(shapeText).join(', ')}` : summary.class;
}

/** Bytes of the parameters and buffers in torch's default dtype. */
export function bytesText(summary: Summary): string {
  const { total_params: parameters, buffers } = summary;
  if (typeof parameters !== 'number' || typeof buffers !== 'number') return '?';
  const megabytes = (4 * (parameters + buffers)) / 1e6;
  return `${megabytes.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} MB`;
}

export function totals(summary: Summary): [string, string][] {
  return [
    ['Parameters', sizeText(summary.total_params)],
    ['Trainable', sizeText(summary.trainable_params)],
    ['Buffers', sizeText(summary.buffers)],
    ['Mult-adds', sizeText(summary.total_mult_adds)],
    ['Size (float32)', bytesText(summary)],
  ];
}

const HEADINGS = ['Layer', 'Type', 'Input shape', 'Output shape', 'Parameters', 'Mult-adds', 'How the parameters are counted'];

function cells(layer: Layer): string[] {
  return [
    layer.path,
    typeText(layer),
    shapeText(layer.input_shape),
    shapeText(layer.output_shape),
    layer.repeated ? '(shared)' : sizeText(layer.params),
    sizeText(layer.mult_adds),
    layer.formula ?? '',
  ];
}

export function markdown(summary: Summary): string {
  const row = (texts: string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  const code = ([path = '', ...others]: string[]) => [path && `\`${path}\``, ...others];
  return [
    `## ${titleOf(summary)}`,
    '',
    row(HEADINGS),
    row(['---', '---', '---', '---', '---:', '---:', '---']),
    ...summary.layers.map((layer) => row(code(cells(layer)))),
    '',
    ...totals(summary).map(([title, value]) => `- ${title}: ${value}`),
    ...summary.notes.map((note) => `- Note: ${note}`),
    '',
  ].join('\n');
}

/** RFC 4180, with counts as plain numbers. */
export function csv(summary: Summary): string {
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const plain = (size: Size | null) => (size === null ? '' : String(size));
  const rows = summary.layers.map((layer) => {
    const [path, type, input, output, , , formula] = cells(layer) as [string, string, string, string, string, string, string];
    return [path, type, input, output, plain(layer.repeated ? 0 : layer.params), plain(layer.mult_adds), formula];
  });
  return [HEADINGS, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
