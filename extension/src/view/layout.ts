// A layered drawing of an acyclic graph: every vertex stands below all that it comes from (Sugiyama's method).
//
// Edges that pass layers get a vertex of no size in each; what leaves a vertex with the same key shares these. Positions are found
// by sweeps that pull each vertex towards its neighbours, with the least movement that keeps vertices of a layer apart.

export interface Vertex {
  width: number;
  height: number;
  /** How far what is written below it goes to the right of its middle. */
  reach?: number;
  /** Where it must stand: in the first layer (a port in the upper border) or below all others (in the lower one). */
  border?: 'upper' | 'lower';
}

export interface Link {
  from: number;
  to: number;
  /** Links of one key from one vertex run together as far as they can. */
  key: number;
  /** Where the link starts and ends, from the middle of the vertices. */
  leaves?: number;
  enters?: number;
  /** Whether there is something to read on it, which needs room. */
  labelled?: boolean;
}

/** A piece of a link between two layers; `links` are the numbers of those that run along it, `last` says that they end there. */
export interface Piece {
  x1: number;
  y1: number;
  /** The height below which its label stands. */
  under: number;
  /** The heights between which it may turn. */
  bend1: number;
  bend2: number;
  x2: number;
  y2: number;
  links: number[];
  first: boolean;
  last: boolean;
  passes: boolean;
  /** Where it leaves or enters at the side instead, which is free. */
  leavesAt?: { x: number; y: number };
  entersAt?: { x: number; y: number };
}

export interface Layout {
  width: number;
  height: number;
  /** The middle of each vertex. */
  x: number[];
  y: number[];
  pieces: Piece[];
}

const APART = 20;
const GAP = 22;
const LABEL_GAP = 36;
const LABEL = 24; // no line turns in it
const TURN = 22;
const SIDE = 60; // what is higher holds other things, and is entered from above
const SWEEPS = 25; // the last one goes down: what joins branches stands below the main one

interface Slot extends Vertex {
  layer: number;
  dummy: boolean;
}

interface Joint {
  from: number;
  to: number;
  leaves: number;
  enters: number;
  links: number[];
}

export function layered(vertices: readonly Vertex[], links: readonly Link[]): Layout {
  const slots: Slot[] = layersOf(vertices, links).map((layer, i) => ({ ...vertices[i]!, layer, dummy: false }));
  const joints = withDummies(slots, links);
  const layers: number[][] = [];
  for (const [i, slot] of slots.entries()) (layers[slot.layer] ??= []).push(i);
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  order(layers, slots, joints);
  const x = positions(layers, slots, joints);
  return placed(vertices.length, layers, slots, joints, links, x);
}

/** The layer of each vertex: one below the lowest that it comes from; sources stand right above what they feed. */
function layersOf(vertices: readonly Vertex[], links: readonly Link[]): number[] {
  const ins = vertices.map(() => [] as number[]);
  const outs = vertices.map(() => [] as number[]);
  for (const { from, to } of links) {
    ins[to]!.push(from);
    outs[from]!.push(to);
  }
  const layer = vertices.map(() => 0);
  const waiting = ins.map((before) => before.length);
  const ready = [...vertices.keys()].filter((i) => !waiting[i]);
  for (let i = 0; i < ready.length; i++) {
    for (const next of outs[ready[i]!]!) {
      layer[next] = Math.max(layer[next]!, layer[ready[i]!]! + 1);
      if (!--waiting[next]!) ready.push(next);
    }
  }
  for (const i of vertices.keys()) {
    if (!ins[i]!.length && outs[i]!.length && !vertices[i]!.border) layer[i] = Math.min(...outs[i]!.map((next) => layer[next]!)) - 1;
  }
  const top = vertices.some((v, i) => v.border !== 'upper' && layer[i] === 0) && vertices.some((v) => v.border === 'upper') ? 1 : 0;
  const shifted = layer.map((l, i) => (vertices[i]!.border === 'upper' ? 0 : l + top));
  const lowest = Math.max(0, ...shifted.filter((_, i) => vertices[i]!.border !== 'lower'));
  return shifted.map((l, i) => (vertices[i]!.border === 'lower' ? lowest + 1 : l));
}

function withDummies(slots: Slot[], links: readonly Link[]): Joint[] {
  const joints: Joint[] = [];
  const byEnds = new Map<string, Joint>();
  const dummies = new Map<string, number>();
  const join = (from: number, to: number, leaves: number, enters: number, link: number) => {
    const key = [from, to, leaves, enters].join();
    let joint = byEnds.get(key);
    if (!joint) byEnds.set(key, (joint = { from, to, leaves, enters, links: [] })), joints.push(joint);
    joint.links.push(link);
  };
  for (const [number, link] of links.entries()) {
    let before = link.from;
    const end = slots[link.to]!.layer;
    for (let layer = slots[link.from]!.layer + 1; layer < end; layer++) {
      const key = [link.from, link.key, layer].join();
      let dummy = dummies.get(key);
      if (dummy === undefined) {
        dummy = slots.push({ width: 6, height: 0, layer, dummy: true }) - 1;
        dummies.set(key, dummy);
      }
      join(before, dummy, before === link.from ? (link.leaves ?? 0) : 0, 0, number);
      before = dummy;
    }
    join(before, link.to, before === link.from ? (link.leaves ?? 0) : 0, link.enters ?? 0, number);
  }
  return joints;
}

/** Fewer crossings: each layer is sorted by where its neighbours stand, downwards and upwards in turn; the best order is kept. */
function order(layers: number[][], slots: Slot[], joints: Joint[]): void {
  const above = slots.map(() => [] as number[]);
  const below = slots.map(() => [] as number[]);
  for (const { from, to } of joints) {
    above[to]!.push(from);
    below[from]!.push(to);
  }
  const rank = slots.map(() => 0);
  const note = () => layers.forEach((layer) => layer.forEach((slot, i) => (rank[slot] = i)));
  note();
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers, below, rank);
  for (let sweep = 0; sweep < 12 && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    const sorted = down ? layers.slice(1) : layers.slice(0, -1).reverse();
    for (const layer of sorted) {
      const wish = new Map(layer.map((slot) => {
        const near = (down ? above : below)[slot]!;
        return [slot, near.length ? near.reduce((sum, n) => sum + rank[n]!, 0) / near.length : rank[slot]!];
      }));
      layer.sort((a, b) => wish.get(a)! - wish.get(b)!);
      layer.forEach((slot, i) => (rank[slot] = i));
    }
    const now = crossings(layers, below, rank);
    if (now < fewest) {
      fewest = now;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach((layer, i) => (layers[i] = layer));
}

function crossings(layers: number[][], below: number[][], rank: number[]): number {
  let count = 0;
  for (const layer of layers) {
    const ends = layer.flatMap((slot) => below[slot]!.map((to) => rank[to]!).sort((a, b) => a - b));
    for (let i = 1; i < ends.length; i++) for (let j = 0; j < i; j++) if (ends[j]! > ends[i]!) count++;
  }
  return count;
}

function positions(layers: number[][], slots: Slot[], joints: Joint[]): number[] {
  const x = slots.map(() => 0);
  const above = slots.map(() => [] as [number, number, number][]); // the neighbour, how far from it the middle is wished, how much
  const below = slots.map(() => [] as [number, number, number][]);
  for (const { from, to, leaves, enters } of joints) {
    const dummies = Number(slots[from]!.dummy) + Number(slots[to]!.dummy);
    const weight = dummies === 2 ? 8 : dummies === 1 ? 1 : 4;
    above[to]!.push([from, leaves - enters, weight]);
    below[from]!.push([to, enters - leaves, weight]);
  }
  for (const layer of layers) spread(layer, slots, x, layer.map(() => 0), layer.map(() => 1));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : [...layers].reverse()) {
      const wishes = layer.map((slot) => {
        let near = (down ? above : below)[slot]!;
        if (!near.length) near = (down ? below : above)[slot]!;
        return near.length ? median(near.map(([n, offset, weight]) => [x[n]! + offset, weight])) : x[slot]!;
      });
      const weights = layer.map((slot) => {
        const weight = 1 + (down ? above : below)[slot]!.reduce((sum, [, , weight]) => sum + weight, 0);
        return slots[slot]!.dummy ? weight / 100 : weight; // a line gives way to a box
      });
      spread(layer, slots, x, wishes, weights);
    }
  }
  return x;
}

function median(values: [number, number][]): number {
  values.sort((a, b) => a[0] - b[0]);
  const half = values.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let sum = 0;
  for (const [i, [value, weight]] of values.entries()) {
    sum += weight;
    if (sum > half) return value;
    if (sum === half) return (value + (values[i + 1]?.[0] ?? value)) / 2;
  }
  return 0;
}

/** The places nearest to the wishes (by weighted squares) that keep the order and the distances: pooling of neighbours. */
function spread(layer: number[], slots: Slot[], x: number[], wishes: number[], weights: number[]): void {
  const offsets: number[] = [];
  let offset = 0;
  for (const [i, slot] of layer.entries()) {
    if (i) offset += rightOf(slots[layer[i - 1]!]!) + slots[slot]!.width / 2 + APART;
    offsets.push(offset);
  }
  const pools: { sum: number; weight: number; count: number }[] = [];
  for (const [i, wish] of wishes.entries()) {
    let pool = { sum: (wish - offsets[i]!) * weights[i]!, weight: weights[i]!, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.weight > pool.sum / pool.weight; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  let i = 0;
  for (const pool of pools) {
    for (let n = 0; n < pool.count; n++, i++) x[layer[i]!] = pool.sum / pool.weight + offsets[i]!;
  }
}

function rightOf({ width, reach = 0 }: Vertex): number {
  return Math.max(width / 2, reach);
}

function placed(count: number, layers: number[][], slots: Slot[], joints: Joint[], links: readonly Link[], x: number[]): Layout {
  const labelled = new Set<number>();
  const turned = new Set<number>();
  for (const { from, to, leaves, enters, links: numbers } of joints) {
    if (numbers.some((link) => links[link]!.labelled)) labelled.add(slots[from]!.layer);
    if (Math.abs(x[from]! + leaves - x[to]! - enters) > 0.5) turned.add(slots[from]!.layer);
  }
  const tops: number[] = [];
  const bottoms: number[] = [];
  let height = 0;
  for (const [i, layer] of layers.entries()) {
    if (i) height += !labelled.has(i - 1) ? GAP : turned.has(i - 1) ? LABEL + TURN : LABEL_GAP;
    tops.push(height);
    height += Math.max(0, ...layer.map((slot) => slots[slot]!.height));
    bottoms.push(height);
  }
  const left = Math.min(...slots.map((slot, i) => x[i]! - slot.width / 2), Infinity);
  const right = Math.max(...slots.map((slot, i) => x[i]! + rightOf(slot)), -Infinity);
  for (const i of slots.keys()) x[i]! -= left;
  const y = slots.map(({ layer }) => (tops[layer]! + bottoms[layer]!) / 2);
  const side = (slot: number, towards: number) => {
    const { width, height, layer, border } = slots[slot]!;
    const [near, far] = [Math.min(x[slot]!, towards), Math.max(x[slot]!, towards)];
    const isFree = layers[layer]!.every((other) => other === slot || x[other]! < near - 1 || x[other]! > far + 1);
    const at = x[slot]! + (Math.sign(towards - x[slot]!) * width) / 2;
    return !border && isFree && height <= SIDE && Math.abs(towards - x[slot]!) > width / 2 + 8 ? { x: at, y: y[slot]! } : undefined;
  };
  const pieces = joints.map((joint) => {
    const from = slots[joint.from]!;
    const to = slots[joint.to]!;
    const passes = from.dummy || to.dummy;
    return {
      x1: x[joint.from]! + joint.leaves,
      y1: from.dummy ? tops[from.layer]! : y[joint.from]! + from.height / 2,
      under: bottoms[from.layer]!,
      bend1: bottoms[from.layer]! + (labelled.has(from.layer) ? LABEL : 0),
      bend2: tops[to.layer]!,
      x2: x[joint.to]! + joint.enters,
      y2: to.dummy ? tops[to.layer]! : y[joint.to]! - to.height / 2,
      links: joint.links,
      first: !from.dummy,
      last: !to.dummy,
      passes,
      leavesAt: passes && !from.dummy ? side(joint.from, x[joint.to]!) : undefined,
      entersAt: passes && !to.dummy ? side(joint.to, x[joint.from]!) : undefined,
    };
  });
  return { width: slots.length ? right - left : 0, height, x: x.slice(0, count), y: y.slice(0, count), pieces };
}
