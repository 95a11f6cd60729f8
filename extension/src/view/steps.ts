// The steps of a pass as a tree of modules, and which part of each edge is seen inside which module.

import type { Graph, GraphNode, Layer, Shape, Summary } from '../summary';
import { around, nameOf } from '../summary';

export interface Step extends GraphNode {
  id: number;
  children: Step[];
  layer?: Layer;
}

/** An end of a stretch: a step of the module, or a port in the module's border. */
export type End = number | 'border';

/** The part of an edge that runs inside one module. `tensor` is the step that made what runs along it. */
export interface Stretch {
  from: End;
  to: End;
  tensor: number;
  shape: Shape | null;
  hidden: boolean;
}

export class Steps {
  readonly all: Step[];
  /** The steps beside each other at the top: the input, what the model does, and the output. */
  readonly top: Step[];
  private readonly stretches = new Map<number | null, Stretch[]>();
  private readonly seen = new Set<string>();

  constructor(summary: Summary) {
    const graph = summary.graph ?? withoutPass(summary);
    const layers = new Map(summary.layers.map((layer) => [layer.path, layer]));
    this.all = graph.nodes.map((node, id) => ({ ...node, id, children: [], layer: node.path === null ? undefined : layers.get(node.path) }));
    const roots: Step[] = [];
    for (const step of this.all) (step.parent === null ? roots : this.all[step.parent]!.children).push(step);
    const model = roots.find((step) => step.path === '' && step.children.length > 0);
    const taken = new Set(graph.edges.map((edge) => edge.target));
    this.top = roots.flatMap((step) => (step === model ? step.children : [step])).filter((step) => step.kind !== 'output' || taken.has(step.id));
    if (model) for (const child of model.children) child.parent = null;
    for (const edge of graph.edges) this.cut(edge.source, edge.target, edge.shape, !summary.graph);
  }

  /** What runs inside a module (null: at the top). */
  inside(module: number | null): Stretch[] {
    return this.stretches.get(module) ?? [];
  }

  /** The step and the modules around it, innermost first. */
  around(id: number): number[] {
    const chain = [id];
    for (let step = this.all[id]; step && step.parent !== null; step = this.all[step.parent]) chain.push(step.parent);
    return chain;
  }

  private cut(source: number, target: number, shape: Shape | null, hidden: boolean): void {
    const ups = this.around(source);
    const downs = this.around(target);
    while (ups.length > 1 && downs.length > 1 && ups.at(-1) === downs.at(-1)) {
      ups.pop();
      downs.pop();
    }
    const common = this.all[ups.at(-1)!]!.parent;
    for (let i = 1; i < ups.length; i++) this.add(ups[i]!, { from: ups[i - 1]!, to: 'border', tensor: source, shape, hidden });
    this.add(common, { from: ups.at(-1)!, to: downs.at(-1)!, tensor: source, shape, hidden });
    for (let i = 1; i < downs.length; i++) this.add(downs[i]!, { from: 'border', to: downs[i - 1]!, tensor: source, shape, hidden });
  }

  private add(module: number | null, stretch: Stretch): void {
    const key = [module, stretch.from, stretch.to, stretch.tensor].join();
    if (this.seen.has(key) || stretch.from === stretch.to) return;
    this.seen.add(key);
    const known = this.stretches.get(module);
    if (known) known.push(stretch);
    else this.stretches.set(module, [stretch]);
  }
}

/** The layers in the order of their registration, one below the other: nothing is known of the tensors between them. */
function withoutPass(summary: Summary): Graph {
  const numbers = new Map<string, number>();
  const nodes: GraphNode[] = summary.layers.map((layer, number) => {
    numbers.set(layer.path, number);
    const parent = layer.path === '' ? null : (numbers.get(around(layer.path)) ?? 0);
    return { kind: 'module', name: layer.type, parent, path: layer.path, text: '', location: layer.location };
  });
  const last = new Map<number | null, number>();
  const edges = [];
  for (const [number, node] of nodes.entries()) {
    const before = last.get(node.parent);
    if (before !== undefined) edges.push({ source: before, target: number, shape: null });
    last.set(node.parent, number);
  }
  return { nodes, edges };
}

/** The modules to open at first: from the outside inwards, as long as the picture stays small. */
export function openedAtFirst(steps: Steps, most = 40): Set<number> {
  const open = new Set<number>();
  let shown = steps.top.length;
  let level = steps.top;
  while (level.length) {
    const groups = level.filter((step) => step.children.length > 0);
    const more = groups.reduce((sum, step) => sum + step.children.length, 0);
    if (!groups.length || shown + more > most) break;
    for (const step of groups) open.add(step.id);
    shown += more;
    level = groups.flatMap((step) => step.children);
  }
  return open;
}

const SYMBOLS: Record<string, string> = {
  add: '+', sub: '−', mul: '×', div: '÷', matmul: '@', bmm: '@', neg: '−', pow: '^', __getitem__: '[ ]', flatten: 'flatten',
};

export function labelOf(step: Step): string {
  if (step.kind === 'module' || (step.kind === 'failure' && step.path !== null)) return step.path ? nameOf(step.path) : step.name;
  if (step.kind === 'failure') return step.text || step.name;
  return SYMBOLS[step.name] ?? step.name.replace(/^_+|_+$/g, '');
}

export type Family = 'convolution' | 'linear' | 'normalization' | 'activation' | 'sequence' | 'other';

const FAMILIES: [Family, RegExp][] = [
  ['convolution', /Conv/],
  ['linear', /Linear|Bilinear/],
  ['normalization', /Norm/],
  ['sequence', /LSTM|GRU|RNN|Embedding|Attention|Transformer/],
  ['activation', /ReLU|GELU|SiLU|Mish|ELU|Sigmoid|Tanh|Softmax|Softplus|Hardswish|GLU|Softmin/i],
];

export function familyOf(type: string): Family {
  return FAMILIES.find(([, pattern]) => pattern.test(type))?.[0] ?? 'other';
}
