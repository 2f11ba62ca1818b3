/** The map on a plain canvas, without a graphics card: the sketch of the ground, and everything that lies on it. */

import type { Feature, Position } from 'geojson';
import { beside, piles, Room, uncovered } from './gather';
import {
  BOX_PILE_PX, BOX_PILE_ZOOM_MAX, GROUND, LABEL_BIG_ZOOM, LABEL_SMALL_ZOOM, LANDMARK_NAME_ZOOM, LANDMARK_ZOOM, namesFor, ROAD_NAME_ZOOM,
  UNIT_NAME_ZOOM, UNIT_PILE_PX, UNIT_PILE_ZOOM_MAX, type GroundLayer,
} from './ground';
import { draw } from './icons';
import type { Palette } from './palette';
import { boxLook, boxPileIcon, landmarkIcon, PRIORITY_NONE, rings, sightIcon, standsApart, unitLook, unitPileIcon } from './shapes';
import type { Base, MapDraft, MapIncident, MapLandmark, MapSight, MapUnit, MapZone } from './types';
import { grown, metresPerPx, project, scaleOf, worldX, worldY, type Point, type View } from './view';

export interface Scene {
  incidents: readonly MapIncident[];
  units: readonly MapUnit[];
  sights: readonly MapSight[];
  landmarks: readonly MapLandmark[];
  zones: readonly MapZone[];
  draft: MapDraft | null;
}

/** What a hand is about: drawn over everything, at each of its moves. */
export interface Hand {
  draft: MapDraft | null;
  /** the line behind a unit that is dragged: from its position to where the hand is */
  thread: { lat: number; lon: number; to: Point } | null;
}

/** Something drawn that a hand can point at. A pile has the places of what lies in it. */
export interface Mark extends Point {
  kind: 'incident' | 'unit' | 'pile' | 'other';
  id: string;
  lat: number;
  lon: number;
  of: readonly { lat: number; lon: number }[];
  half_w: number;
  half_h: number;
}

/** A feature of the sketch in world units, with the box around it. */
interface Shape {
  kind: string;
  cls: string;
  surface: boolean;
  spot: boolean;
  lines: Float64Array[];
  box: [number, number, number, number];
  names: Record<string, unknown>;
}

/** So much is kept drawn around the pane that a hand can move it without drawing it again. */
const MARGIN_PX = 160;
const RATIO_MAX = 2;
const MARK_EDGE_PX = 40;
const HALO_PX = 3.5;
const BIG = '600 13px', NAME = '600 11px', SMALL = '500 11px', SEA = '500 12px', FINE = '500 10px';
const WIDTHS_KEPT = 2_000;
/** A label of this rank or better is a town: large, and seen from afar. */
const TOWN_RANK = 1;
const TOWNS = ['city', 'town', 'commune'];
const SCALE_BAR_PX = 120;

function read(feature: Feature): Shape[] {
  const { geometry } = feature;
  const properties = feature.properties ?? {};
  const of = (lines: Position[][], surface: boolean, spot = false): Shape => {
    const box: Shape['box'] = [Infinity, Infinity, -Infinity, -Infinity];
    const flat = lines.map((line) => {
      const points = new Float64Array(line.length * 2);
      line.forEach(([lon, lat], i) => {
        const [x, y] = [worldX(lon!), worldY(lat!)];
        points[2 * i] = x;
        points[2 * i + 1] = y;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      });
      return points;
    });
    return { kind: String(properties['kind'] ?? ''), cls: String(properties['class'] ?? ''), surface, spot, lines: flat, box, names: properties };
  };
  switch (geometry.type) {
    case 'Polygon': return [of(geometry.coordinates, true)];
    case 'MultiPolygon': return geometry.coordinates.map((rings) => of(rings, true));
    case 'LineString': return [of([geometry.coordinates], false)];
    case 'MultiLineString': return [of(geometry.coordinates, false)];
    case 'Point': return [of([[geometry.coordinates]], false, true)];
    default: return [];
  }
}

const widened = (view: View): View => ({ ...view, width: view.width + 2 * MARGIN_PX, height: view.height + 2 * MARGIN_PX });

/** As many dots as that size has; a canvas that is given its size is emptied, so only where it is another. */
function sized(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
}

export class Painter {
  private readonly glass: CanvasRenderingContext2D;
  /** the ground, and the ground with all that lies on it: each drawn wider than the pane */
  private readonly below: CanvasRenderingContext2D;
  private readonly pen: CanvasRenderingContext2D;
  private readonly shapes: Shape[];
  private colours: Palette;
  private names: string[];
  private readonly icons = new Map<string, { image: HTMLCanvasElement; width: number; height: number } | null>();
  private readonly widths = new Map<string, number>();
  /** the view and the zones that the ground was drawn for, and the scene that lies on it */
  private drawn: { view: View; zones: readonly MapZone[]; ratio: number } | null = null;
  private shown: Scene | null = null;
  /** where they are in the wide picture */
  private marks: Mark[] = [];
  /** how far the wide picture lies from the glass */
  private shift: Point = { x: 0, y: 0 };

  constructor(canvas: HTMLCanvasElement, base: Base, colours: Palette, lang: string) {
    this.glass = canvas.getContext('2d', { alpha: false })!;
    this.below = document.createElement('canvas').getContext('2d', { alpha: false })!;
    this.pen = document.createElement('canvas').getContext('2d', { alpha: false })!;
    this.shapes = (base?.features ?? []).flatMap(read);
    this.colours = colours;
    this.names = namesFor(lang);
  }

  /** Other colours or another language: everything is drawn anew. */
  dress(colours: Palette, lang: string): void {
    this.colours = colours;
    this.names = namesFor(lang);
    this.icons.clear();
    this.widths.clear();
    this.drawn = null;
    this.shown = null;
  }

  /** What lies on top under a point of the glass, of these kinds. */
  under(at: Point, kinds: readonly Mark['kind'][], room_px: number): Mark | null {
    for (let i = this.marks.length - 1; i >= 0; i -= 1) {
      const mark = this.marks[i]!;
      const [x, y] = [mark.x + this.shift.x, mark.y + this.shift.y];
      if (kinds.includes(mark.kind) && Math.abs(x - at.x) <= mark.half_w + room_px && Math.abs(y - at.y) <= mark.half_h + room_px) return { ...mark, x, y };
    }
    return null;
  }

  /** `scene`: the same object as before where nothing of it changed: then a view that only moved is one picture put elsewhere. */
  paint(view: View, scene: Scene, hand: Hand): void {
    const { glass } = this;
    const ratio = Math.min(RATIO_MAX, globalThis.devicePixelRatio || 1);
    sized(glass.canvas, view.width, view.height, ratio);
    if (this.ground(view, scene.zones, ratio) || this.shown !== scene) {
      this.shown = scene;
      this.whole(this.drawn!.view, scene, ratio);
    }
    const from = this.drawn!.view;
    const scale = scaleOf(view.zoom) * ratio;
    const [x, y] = [Math.round((from.x - view.x) * scale - MARGIN_PX * ratio), Math.round((from.y - view.y) * scale - MARGIN_PX * ratio)];
    this.shift = { x: x / ratio, y: y / ratio };
    glass.setTransform(1, 0, 0, 1, 0, 0);
    glass.drawImage(this.pen.canvas, x, y);
    glass.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.hands(view, hand);
    this.bar(view);
  }

  /** The ground with everything on it, as wide as the ground. */
  private whole(middle: View, scene: Scene, ratio: number): void {
    const view = widened(middle);
    const { pen } = this;
    sized(pen.canvas, view.width, view.height, ratio);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.below.canvas, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.circles(view, scene);
    const room = new Room();
    const words = this.things(view, scene, room);
    this.labels(view, scene, room);
    for (const say of words) say();
    for (const mark of this.marks) this.stamp(mark);
  }

  // ---- the ground: drawn when the view leaves it, shown many times -----------------------------------------

  /** Whether it was drawn anew. */
  private ground(view: View, zones: readonly MapZone[], ratio: number): boolean {
    const had = this.drawn;
    if (had && had.zones === zones && had.ratio === ratio && had.view.zoom === view.zoom && had.view.width === view.width && had.view.height === view.height) {
      const scale = scaleOf(view.zoom);
      if (Math.abs(had.view.x - view.x) * scale <= MARGIN_PX && Math.abs(had.view.y - view.y) * scale <= MARGIN_PX) return false;
    }
    this.drawn = { view, zones, ratio };
    const pen = this.below;
    const c = this.colours;
    const wide = widened(view);
    sized(pen.canvas, wide.width, wide.height, ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = c.sea;
    pen.fillRect(0, 0, wide.width, wide.height);
    for (const layer of GROUND) if (view.zoom >= (layer.zoom_min ?? 0)) this.layer(pen, wide, layer);
    for (const zone of zones) if (zone.state !== 'quiet') this.silence(pen, wide, zone);
    return true;
  }

  private layer(pen: CanvasRenderingContext2D, view: View, layer: GroundLayer): void {
    const c = this.colours;
    const scale = scaleOf(view.zoom);
    const [left, top] = [view.x - view.width / 2 / scale, view.y - view.height / 2 / scale];
    const [right, bottom] = [view.x + view.width / 2 / scale, view.y + view.height / 2 / scale];
    pen.beginPath();
    for (const shape of this.shapes) {
      if (shape.kind !== layer.kind || shape.spot || (layer.classes && !layer.classes.includes(shape.cls)) || (layer.surface && !shape.surface)) continue;
      if (shape.box[0] > right || shape.box[2] < left || shape.box[1] > bottom || shape.box[3] < top) continue;
      for (const line of shape.lines) {
        for (let i = 0; i < line.length; i += 2) {
          const [x, y] = [(line[i]! - left) * scale, (line[i + 1]! - top) * scale];
          if (i) pen.lineTo(x, y);
          else pen.moveTo(x, y);
        }
        if (shape.surface) pen.closePath();
      }
    }
    if (layer.fill) {
      pen.globalAlpha = layer.opacity ?? 1;
      pen.fillStyle = c[layer.fill];
      pen.fill('evenodd');
      pen.globalAlpha = 1;
      return;
    }
    const width = grown(layer.width!, view.zoom);
    pen.strokeStyle = c[layer.line!];
    pen.lineWidth = width;
    pen.lineCap = layer.round ? 'round' : 'butt';
    pen.lineJoin = layer.round ? 'round' : 'miter';
    pen.setLineDash((layer.dash ?? []).map((part) => part * width));
    pen.stroke();
    pen.setLineDash([]);
  }

  private outline(pen: CanvasRenderingContext2D, view: View, zone: MapZone): void {
    pen.beginPath();
    for (const ring of zone.outline) {
      ring.forEach(([lon, lat], i) => {
        const at = project(view, lat, lon);
        if (i) pen.lineTo(at.x, at.y);
        else pen.moveTo(at.x, at.y);
      });
      pen.closePath();
    }
  }

  private silence(pen: CanvasRenderingContext2D, view: View, zone: MapZone): void {
    const icon = this.icon(`z-${zone.state}`);
    this.outline(pen, view, zone);
    if (icon) {
      const pattern = pen.createPattern(icon.image, 'repeat');
      pattern?.setTransform(new DOMMatrix().scale(icon.width / icon.image.width));
      pen.globalAlpha = 0.5;
      pen.fillStyle = pattern ?? this.colours.ink3;
      pen.fill('evenodd');
      pen.globalAlpha = 1;
    }
    pen.strokeStyle = this.colours.ink3;
    pen.lineWidth = 1.2;
    pen.setLineDash([3.6, 2.4]);
    pen.stroke();
    pen.setLineDash([]);
  }

  // ---- what lies on it ------------------------------------------------------------------------------------

  private circles(view: View, scene: Scene): void {
    const { pen, colours: c } = this;
    const per_px = metresPerPx(view);
    for (const ring of rings(scene.incidents, scene.units, scene.draft)) {
      const at = project(view, ring.lat, ring.lon);
      const radius = ring.radius_m / per_px;
      if (at.x + radius < 0 || at.y + radius < 0 || at.x - radius > view.width || at.y - radius > view.height) continue;
      pen.beginPath();
      pen.arc(at.x, at.y, radius, 0, 2 * Math.PI);
      pen.fillStyle = ring.p0 ? c.badbg : c.area;
      pen.fill();
      pen.strokeStyle = ring.p0 ? c.alarm : c.shell;
      pen.globalAlpha = ring.selected || ring.p0 ? 1 : 0.55;
      pen.lineWidth = ring.selected ? 1.6 : 1;
      if (ring.loose) pen.setLineDash([3 * pen.lineWidth, 3 * pen.lineWidth]);
      pen.stroke();
      pen.setLineDash([]);
      pen.globalAlpha = 1;
    }
  }

  /** Places every mark, from the bottom up, and gives back how their words are said: over the names of places. */
  private things(view: View, scene: Scene, room: Room): (() => void)[] {
    const c = this.colours;
    const placed: (Mark & { icon: string; rank: number; text: string; font: string; colour: string; faint: boolean })[] = [];
    const inside = (at: Point) => at.x > -MARK_EDGE_PX && at.y > -MARK_EDGE_PX && at.x < view.width + MARK_EDGE_PX && at.y < view.height + MARK_EDGE_PX;
    const put = (kind: Mark['kind'], id: string, at: Point, ground: { lat: number; lon: number }, icon: string, rank: number, text: string, colour: string, of: Mark['of'] = [], faint = false) => {
      if (!inside(at)) return;
      const image = this.icon(icon);
      placed.push({ kind, id, x: at.x, y: at.y, lat: ground.lat, lon: ground.lon, of, icon, rank, text, font: NAME, colour, faint, half_w: (image?.width ?? 0) / 2, half_h: (image?.height ?? 0) / 2 });
    };
    for (const s of scene.sights) put('other', s.id, project(view, s.lat, s.lon), s, sightIcon(s), -20, s.text, c.ink2, [], s.old);

    const named = view.zoom >= UNIT_NAME_ZOOM;
    const unit = (u: MapUnit, at: Point) => {
      const look = unitLook(u);
      put('unit', u.id, at, u, look.icon, look.rank - 10, named || standsApart(u) ? u.text : '', c.states[u.letter] ?? c.ink2);
    };
    const loose: (Point & { u: MapUnit })[] = [];
    for (const u of scene.units) {
      const at = project(view, u.lat, u.lon);
      if (view.zoom < UNIT_PILE_ZOOM_MAX + 1 && !standsApart(u)) loose.push({ ...at, u });
      else unit(u, at);
    }
    for (const pile of piles(loose, UNIT_PILE_PX)) {
      if (pile.of.length === 1) unit(pile.of[0]!.u, pile);
      else {
        const grade = Math.min(...pile.of.map(({ u }) => unitLook(u).grade));
        put('pile', '', pile, pile.of[0]!.u, unitPileIcon(grade), -grade - 10, String(pile.of.length), c.ink, pile.of.map(({ u }) => u));
      }
    }
    const box = (i: MapIncident, at: Point) => {
      const look = boxLook(i);
      put('incident', i.id, at, i, look.icon, look.rank + 20, i.text, c.ink);
    };
    const single: (Point & { i: MapIncident })[] = [];
    for (const i of scene.incidents) {
      const at = project(view, i.lat, i.lon);
      if (view.zoom < BOX_PILE_ZOOM_MAX + 1 && !i.selected) single.push({ ...at, i });
      else box(i, at);
    }
    for (const pile of piles(single, BOX_PILE_PX)) {
      if (pile.of.length === 1) box(pile.of[0]!.i, pile);
      else {
        const gravity = Math.min(...pile.of.map(({ i }) => boxLook(i).gravity));
        put('pile', '', pile, pile.of[0]!.i, boxPileIcon(gravity, pile.of.some(({ i }) => i.waits)), 20 + PRIORITY_NONE - gravity, String(pile.of.length), c.ink, pile.of.map(({ i }) => i));
      }
    }
    placed.sort((a, b) => a.rank - b.rank);
    // From the top down: a unit at the scene would lie hidden under the box of its incident.
    for (let n = placed.length - 1; n >= 0; n -= 1) Object.assign(placed[n]!, uncovered(room, placed[n]!, placed[n]!.half_w, placed[n]!.half_h));
    this.marks = placed;
    // The gravest speaks first where there is not room for all.
    const words: (() => void)[] = [];
    for (let n = placed.length - 1; n >= 0; n -= 1) {
      const mark = placed[n]!;
      if (!mark.text) continue;
      const at = beside(room, mark, this.width(mark.font, mark.text) + 2, 13, mark.half_w + 1);
      if (at) words.push(() => this.say(mark.text, at, mark.font, mark.colour));
    }
    return words;
  }

  private stamp(mark: Mark): void {
    const { icon: name, faint } = mark as Mark & { icon: string; faint: boolean };
    const icon = this.icon(name);
    if (!icon) return;
    this.pen.globalAlpha = faint ? 0.7 : 1;
    this.pen.drawImage(icon.image, mark.x - icon.width / 2, mark.y - icon.height / 2, icon.width, icon.height);
    this.pen.globalAlpha = 1;
  }

  private labels(view: View, scene: Scene, room: Room): void {
    const c = this.colours;
    const scale = scaleOf(view.zoom);
    const spotOf = (shape: Shape): Point => ({ x: (shape.lines[0]![0]! - view.x) * scale + view.width / 2, y: (shape.lines[0]![1]! - view.y) * scale + view.height / 2 });
    const seen = (at: Point) => at.x > 0 && at.y > 0 && at.x < view.width && at.y < view.height;
    const rankOf = (shape: Shape): number => (typeof shape.names['rank'] === 'number' ? shape.names['rank'] : TOWNS.includes(shape.cls) ? TOWN_RANK : 3);
    const spots = this.shapes.filter((shape) => shape.spot && seen(spotOf(shape))).sort((a, b) => rankOf(a) - rankOf(b));
    const said = new Set<string>();
    for (const shape of spots) {
      const at = spotOf(shape);
      const text = this.named(shape);
      const town = rankOf(shape) <= TOWN_RANK;
      if (shape.kind === 'sea') {
        const place = beside(room, at, this.width(SEA, text), 14, 0, true);
        if (place) this.say(text, place, SEA, c.ink3, false);
      } else if (shape.kind === 'label' && view.zoom >= (town ? LABEL_BIG_ZOOM : LABEL_SMALL_ZOOM)) {
        const font = town ? BIG : SMALL;
        const place = beside(room, at, this.width(font, text) + 4, town ? 17 : 15, 8, true);
        if (place) {
          said.add(text);
          this.say(text, place, font, town ? c.ink : c.ink2);
        }
      }
    }
    for (const zone of scene.zones) {
      const ring = zone.state === 'quiet' ? undefined : zone.outline[0];
      // A zone bears the name of its place: once is enough.
      if (!ring?.length || said.has(zone.text)) continue;
      const [lon, lat] = ring.reduce(([x, y], [px, py]) => [x + px / ring.length, y + py / ring.length], [0, 0]);
      const at = project(view, lat, lon);
      if (!seen(at)) continue;
      const place = beside(room, at, this.width(SMALL, zone.text), 14, 4, true);
      if (place) this.say(zone.text, place, SMALL, c.ink2);
    }
    if (view.zoom >= LANDMARK_ZOOM) {
      for (const own of [true, false]) {
        if (!own && view.zoom < LANDMARK_NAME_ZOOM) continue;
        for (const p of scene.landmarks) {
          const at = project(view, p.lat, p.lon);
          if (p.own !== own || !seen(at)) continue;
          const width = this.width(FINE, p.text);
          const rect = [at.x - 5, at.y - 7, at.x + 9 + width, at.y + 7] as const;
          if (!room.free(rect)) continue;
          room.take(rect);
          const icon = this.icon(landmarkIcon(p));
          if (icon) this.pen.drawImage(icon.image, at.x - icon.width / 2, at.y - icon.height / 2, icon.width, icon.height);
          this.say(p.text, { x: at.x + 7 + width / 2, y: at.y }, FINE, own ? c.ink2 : c.ink3);
        }
      }
    }
    if (view.zoom >= ROAD_NAME_ZOOM) for (const shape of this.shapes) if (shape.kind === 'road' && shape.names['name']) this.along(view, shape, room);
  }

  /** A road's name along its longest straight piece in view. */
  private along(view: View, shape: Shape, room: Room): void {
    const { pen, colours: c } = this;
    const scale = scaleOf(view.zoom);
    const text = this.named(shape);
    const needed = this.width(FINE, text) + 8;
    let best: { x: number; y: number; angle: number; length: number } | null = null;
    for (const line of shape.lines) {
      for (let i = 2; i < line.length; i += 2) {
        const [ax, ay] = [(line[i - 2]! - view.x) * scale + view.width / 2, (line[i - 1]! - view.y) * scale + view.height / 2];
        const [bx, by] = [(line[i]! - view.x) * scale + view.width / 2, (line[i + 1]! - view.y) * scale + view.height / 2];
        const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
        const length = Math.hypot(bx - ax, by - ay);
        if (length < needed || x < 0 || y < 0 || x > view.width || y > view.height || (best && best.length >= length)) continue;
        best = { x, y, angle: Math.atan2(by - ay, bx - ax), length };
      }
    }
    if (!best) return;
    const [half_w, half_h] = [(Math.abs(Math.cos(best.angle)) * needed + 12) / 2, (Math.abs(Math.sin(best.angle)) * needed + 12) / 2];
    const rect = [best.x - half_w, best.y - half_h, best.x + half_w, best.y + half_h] as const;
    if (!room.free(rect)) return;
    room.take(rect);
    pen.save();
    pen.translate(best.x, best.y);
    pen.rotate(Math.abs(best.angle) > Math.PI / 2 ? best.angle + Math.PI : best.angle);
    this.say(text, { x: 0, y: 0 }, FINE, c.ink3);
    pen.restore();
  }

  /** What a hand is doing: the line of a dragged unit, the cross of what is being placed. */
  private hands(view: View, { thread, draft }: Hand): void {
    const pen = this.glass;
    if (thread) {
      const from = project(view, thread.lat, thread.lon);
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineTo(thread.to.x, thread.to.y);
      pen.strokeStyle = this.colours.shell;
      pen.lineWidth = 2;
      pen.setLineDash([2, 3.2]);
      pen.stroke();
      pen.setLineDash([]);
    }
    const cross = draft && this.icon('cross');
    if (draft && cross) {
      const at = project(view, draft.lat, draft.lon);
      pen.drawImage(cross.image, at.x - cross.width / 2, at.y - cross.height / 2, cross.width, cross.height);
    }
  }

  /** How far a finger's width is, in the lower right corner. */
  private bar(view: View): void {
    const { glass: pen, colours: c } = this;
    const per_px = metresPerPx(view);
    const most = SCALE_BAR_PX * per_px;
    const power = 10 ** Math.floor(Math.log10(most));
    const metres = power * (most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1);
    const width = metres / per_px;
    const [x, y] = [view.width - 10 - width, view.height - 12];
    pen.strokeStyle = c.ink2;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x + 0.5, y - 5);
    pen.lineTo(x + 0.5, y + 0.5);
    pen.lineTo(x + width - 0.5, y + 0.5);
    pen.lineTo(x + width - 0.5, y - 5);
    pen.stroke();
    this.say(metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`, { x: x + width / 2, y: y - 7 }, FINE, c.ink3, true, pen);
  }

  // ---- words and images -----------------------------------------------------------------------------------

  private named(shape: Shape): string {
    for (const name of this.names) if (typeof shape.names[name] === 'string') return shape.names[name];
    return '';
  }

  private width(font: string, text: string): number {
    const key = `${font} ${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size >= WIDTHS_KEPT) this.widths.clear();
      this.pen.font = `${font} ${this.colours.sans}`;
      width = this.pen.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  private say(text: string, at: Point, font: string, colour: string, halo = true, pen = this.pen): void {
    pen.font = `${font} ${this.colours.sans}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    if (halo) {
      pen.strokeStyle = this.colours.land;
      pen.lineWidth = HALO_PX;
      pen.lineJoin = 'round';
      pen.strokeText(text, at.x, at.y);
    }
    pen.fillStyle = colour;
    pen.fillText(text, at.x, at.y);
  }

  private icon(name: string): { image: HTMLCanvasElement; width: number; height: number } | null {
    let icon = this.icons.get(name);
    if (icon === undefined) {
      const made = draw(name, this.colours);
      if (made) {
        const image = document.createElement('canvas');
        [image.width, image.height] = [made.data.width, made.data.height];
        image.getContext('2d')!.putImageData(made.data, 0, 0);
        icon = { image, width: made.data.width / made.pixelRatio, height: made.data.height / made.pixelRatio };
      } else icon = null;
      this.icons.set(name, icon);
    }
    return icon;
  }
}
