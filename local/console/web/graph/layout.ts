/**
 * Places the states of a machine in layers, each below all that lead to it (after Sugiyama, Tagawa and Toda, 1981): back
 * edges are put aside, long edges get a bend in each layer that they cross, and layers are ordered so that few edges do.
 */

export interface Box {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly from: string;
  readonly to: string;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Middle of the upper edge of each box. */
  readonly boxes: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** Points from the lower edge of one box to the upper edge of another; back edges go along the right. */
  readonly lines: readonly { readonly line: Line; readonly points: readonly Point[]; readonly isBack: boolean }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const gap = { across: 26, down: 42, bend: 14 } as const;
const sweeps = 6;

/** A box, or the bend of a long line in a layer that it crosses. */
interface Cell {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly layer: number;
  x: number;
}

/** @param start name of the first box; boxes that can't be reached from it are placed after it */
export function layOut(boxes: readonly Box[], lines: readonly Line[], start: string): Placed {
  const back = backLines(boxes, lines, start);
  const forward = lines.filter((line) => !back.has(line));
  const layerOf = layersOf(boxes, forward);
  const { cells, links, chains } = cellsOf(boxes, forward, layerOf);
  const layers = layersIn(cells);
  for (let sweep = 0; sweep < sweeps; sweep += 1) order(layers, links, sweep % 2 === 0);
  for (const layer of layers) spread(layer);
  for (let sweep = 0; sweep < sweeps; sweep += 1) straighten(layers, links, sweep % 2 === 0);

  const left = Math.min(...cells.map(({ x, width }) => x - width / 2));
  for (const cell of cells) cell.x += 8 - left;
  const tops = topsOf(layers);
  const bottom = (tops.at(-1) ?? 0) + Math.max(0, ...(layers.at(-1) ?? []).map(({ height }) => height));
  const right = Math.max(...cells.map(({ x, width }) => x + width / 2));
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const heightOf = new Map(boxes.map(({ name, height }) => [name, height]));
  const at = (id: string): Point => ({ x: byId.get(id)?.x ?? 0, y: tops[byId.get(id)?.layer ?? 0] ?? 0 });
  const below = (name: string): Point => ({ x: at(name).x, y: at(name).y + (heightOf.get(name) ?? 0) });

  const straight = forward.map((line) => ({
    line,
    isBack: false,
    points: [below(line.from), ...(chains.get(line) ?? []).map(at), at(line.to)],
  }));
  const turned = [...back].map((line, place) => {
    const lane = right + 18 + place * 12;
    const [from, to] = [at(line.from), at(line.to)];
    const half = (name: string) => (byId.get(name)?.width ?? 0) / 2;
    return {
      line,
      isBack: true,
      points: [
        { x: from.x + half(line.from), y: from.y + 17 },
        { x: lane, y: from.y + 17 },
        { x: lane, y: to.y + 17 },
        { x: to.x + half(line.to), y: to.y + 17 },
      ],
    };
  });
  return {
    width: right + 12 + (back.size > 0 ? 18 + back.size * 12 : 0),
    height: bottom + 8,
    boxes: new Map(boxes.map(({ name }) => [name, at(name)])),
    lines: [...straight, ...turned],
  };
}

/** Lines that lead to where one has come from. */
function backLines(boxes: readonly Box[], lines: readonly Line[], start: string): ReadonlySet<Line> {
  const back = new Set<Line>();
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (done.has(name)) return;
    open.add(name);
    for (const line of lines) {
      if (line.from !== name) continue;
      if (open.has(line.to)) back.add(line);
      else visit(line.to);
    }
    open.delete(name);
    done.add(name);
  };
  visit(start);
  for (const { name } of boxes) visit(name);
  return back;
}

/** As low as the longest way to each. */
function layersOf(boxes: readonly Box[], lines: readonly Line[]): ReadonlyMap<string, number> {
  const layers = new Map(boxes.map(({ name }) => [name, 0]));
  for (let round = 0; round < boxes.length; round += 1) {
    let hasMoved = false;
    for (const { from, to } of lines) {
      const lowest = (layers.get(from) ?? 0) + 1;
      if ((layers.get(to) ?? 0) >= lowest) continue;
      layers.set(to, lowest);
      hasMoved = true;
    }
    if (!hasMoved) break;
  }
  return layers;
}

function cellsOf(boxes: readonly Box[], lines: readonly Line[], layerOf: ReadonlyMap<string, number>) {
  const cells: Cell[] = boxes.map(({ name, width, height }) => ({
    id: name,
    width,
    height,
    layer: layerOf.get(name) ?? 0,
    x: 0,
  }));
  const links: (readonly [string, string])[] = [];
  const chains = new Map<Line, readonly string[]>();
  for (const line of lines) {
    const [first, last] = [layerOf.get(line.from) ?? 0, layerOf.get(line.to) ?? 0];
    const bends: string[] = [];
    for (let layer = first + 1; layer < last; layer += 1) {
      const id = `${line.from}→${line.to}@${layer}`;
      bends.push(id);
      cells.push({ id, width: gap.bend, height: 0, layer, x: 0 });
    }
    chains.set(line, bends);
    const chain = [line.from, ...bends, line.to];
    for (const [place, id] of chain.slice(1).entries()) links.push([chain[place] ?? "", id]);
  }
  return { cells, links, chains };
}

function layersIn(cells: readonly Cell[]): Cell[][] {
  const layers: Cell[][] = [];
  for (const cell of cells) {
    layers[cell.layer] ??= [];
    layers[cell.layer]?.push(cell);
  }
  return layers;
}

/** Each cell goes to the mean place of its neighbours above, or below. */
function order(layers: Cell[][], links: readonly (readonly [string, string])[], isDown: boolean): void {
  const place = new Map(layers.flatMap((layer) => layer.map(({ id }, at) => [id, at] as const)));
  for (const layer of isDown ? layers : layers.toReversed()) {
    const wish = new Map(layer.map(({ id }) => [id, mean(neighbours(id, links, isDown), place) ?? place.get(id) ?? 0]));
    layer.sort((one, other) => (wish.get(one.id) ?? 0) - (wish.get(other.id) ?? 0));
    for (const [at, { id }] of layer.entries()) place.set(id, at);
  }
}

function neighbours(id: string, links: readonly (readonly [string, string])[], isAbove: boolean): readonly string[] {
  return links.flatMap(([from, to]) => (isAbove ? (to === id ? [from] : []) : from === id ? [to] : []));
}

function mean(ids: readonly string[], values: ReadonlyMap<string, number>): number | undefined {
  if (ids.length === 0) return undefined;
  return ids.reduce((sum, id) => sum + (values.get(id) ?? 0), 0) / ids.length;
}

/** Side by side, around the middle. */
function spread(layer: readonly Cell[]): void {
  const width = layer.reduce((sum, cell) => sum + cell.width + gap.across, -gap.across);
  let x = -width / 2;
  for (const cell of layer) {
    cell.x = x + cell.width / 2;
    x += cell.width + gap.across;
  }
}

/** Each cell moves under its neighbours, as far as those beside it leave room; the order stays. */
function straighten(layers: Cell[][], links: readonly (readonly [string, string])[], isDown: boolean): void {
  const xs = new Map(layers.flatMap((layer) => layer.map(({ id, x }) => [id, x] as const)));
  for (const layer of isDown ? layers : layers.toReversed()) {
    const wishes = layer.map((cell) => mean(neighbours(cell.id, links, isDown), xs) ?? cell.x);
    const shifted = wishes.map((wish, at) => ({ wish, cell: layer[at] }));
    let least = Number.NEGATIVE_INFINITY;
    for (const { wish, cell } of shifted) {
      if (cell === undefined) continue;
      cell.x = Math.max(wish, least + cell.width / 2);
      least = cell.x + cell.width / 2 + gap.across;
    }
    // What was pushed to the right comes back by the mean of what it was pushed.
    const push =
      shifted.reduce((sum, { wish, cell }) => sum + (cell === undefined ? 0 : cell.x - wish), 0) / layer.length;
    for (const cell of layer) {
      cell.x -= push;
      xs.set(cell.id, cell.x);
    }
  }
}

function topsOf(layers: readonly (readonly Cell[])[]): readonly number[] {
  let y = 8;
  return layers.map((layer) => {
    const top = y;
    y += Math.max(...layer.map(({ height }) => height), 0) + gap.down;
    return top;
  });
}
