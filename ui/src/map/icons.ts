/** The marks of the look, drawn on a canvas in the theme's colours: no sprite, no network. */

import type { Palette } from './palette';

const SCALE = 2;
const SHAPES: Record<string, string> = {
  A: 'M9 .5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z',
  D: 'M9 -.6 18.6 9 9 18.6 -.6 9z',
  R: 'M.5 1.5H11L18.5 9 11 16.5H.5z',
  S: 'M.8 .8h16.4v16.4H.8z',
  T: 'M4.6 .8H13.4L18 9 13.4 17.2H4.6L0 9z',
  H: 'M9 -.4 17.6 6.6V17.4H.4V6.6z',
  X: 'M9 1.3a7.7 7.7 0 1 1 0 15.4 7.7 7.7 0 0 1 0-15.4z',
};

function board(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  pen.scale(SCALE, SCALE);
  return pen;
}

const picked = (pen: CanvasRenderingContext2D) => ({
  data: pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height),
  pixelRatio: SCALE,
});

/** A unit: u-<letter>-<fresh|ageing|old>-<lit|sos|std>. */
function unit(letter: string, age: string, around: string, c: Palette) {
  // No wider than what is drawn: words beside it keep clear of the whole picture.
  const size = around === 'std' ? 20 : 26;
  const pen = board(size, size);
  const colour = c.states[letter] ?? c.ink2;
  pen.translate(size / 2, size / 2);
  if (around !== 'std') {
    pen.strokeStyle = around === 'sos' ? c.alarm : c.shell;
    pen.lineWidth = around === 'sos' ? 3 : 2;
    pen.beginPath();
    pen.arc(0, 0, 11.5, 0, 7);
    pen.stroke();
  }
  pen.scale(0.86, 0.86);
  pen.translate(-9, -9);
  const shape = new Path2D(SHAPES[letter] ?? SHAPES['X']);
  const empty = letter === 'X' || age === 'old';
  pen.fillStyle = c.land;
  pen.fill(shape);
  if (!empty) {
    pen.globalAlpha = age === 'ageing' ? 0.45 : 1;
    pen.fillStyle = colour;
    pen.fill(shape);
    pen.globalAlpha = 1;
  }
  if (empty || age === 'ageing') {
    pen.strokeStyle = colour;
    pen.lineWidth = empty ? 1.8 : 1.4;
    if (age === 'old') pen.setLineDash([2.6, 2]);
    pen.stroke(shape);
    pen.setLineDash([]);
  }
  pen.fillStyle = empty ? colour : age === 'ageing' ? c.ink : c.on;
  pen.font = `700 10.5px ${c.sans}`;
  pen.textAlign = 'center';
  pen.fillText(letter, letter === 'R' ? 7.6 : 9, letter === 'H' ? 13.6 : 12.7);
  return picked(pen);
}

/** A priority box: p-<P0…P4|?>-<sel|std>. */
function box(priority: string, selected: boolean, c: Palette) {
  const pen = selected ? board(26, 24) : board(20, 18);
  pen.translate(selected ? 4 : 1, selected ? 4 : 1);
  if (selected) {
    pen.strokeStyle = c.shell;
    pen.lineWidth = 2;
    pen.strokeRect(-2.5, -2.5, 23, 21);
  }
  const solid = priority === 'P0' || priority === 'P1';
  pen.fillStyle = priority === 'P0' ? c.alarm : priority === 'P1' ? c.ink : c.land;
  pen.fillRect(0, 0, 18, 16);
  if (!solid) {
    pen.strokeStyle = priority === 'P2' ? c.ink2 : c.line2;
    pen.lineWidth = 1.5;
    if (priority === '?') pen.setLineDash([2, 2]);
    pen.strokeRect(0.75, 0.75, 16.5, 14.5);
  }
  pen.fillStyle = priority === 'P0' ? c.on : priority === 'P1' ? c.bg : c.ink;
  pen.font = `700 10px ${c.sans}`;
  pen.textAlign = 'center';
  pen.fillText(priority, 9, 11.7);
  return picked(pen);
}

/** Several units: the mark of the gravest, with the edge of a second one behind it. uc-<grade>. */
function units(grade: string, c: Palette) {
  const pen = board(26, 23);
  const sos = grade === 'sos';
  const old = grade === 'old';
  const letter = sos || old ? 'X' : grade;
  const colour = sos ? c.alarm : (c.states[letter] ?? c.ink2);
  const shape = new Path2D(SHAPES[sos ? 'S' : letter]);
  pen.translate(1, 3);
  for (const behind of [true, false]) {
    pen.save();
    pen.translate(behind ? 5 : 0, behind ? -1.5 : 0);
    pen.fillStyle = behind || old || letter === 'X' ? c.land : colour;
    if (sos && !behind) pen.fillStyle = c.alarm;
    pen.fill(shape);
    if (behind || old || (letter === 'X' && !sos)) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.5;
      if (old) pen.setLineDash([2.6, 2]);
      pen.stroke(shape);
    }
    pen.restore();
  }
  pen.fillStyle = old || (letter === 'X' && !sos) ? colour : c.on;
  pen.font = `700 10.5px ${c.sans}`;
  pen.textAlign = 'center';
  pen.fillText(sos ? '!' : old ? '?' : letter, letter === 'R' ? 7.6 : 9, letter === 'H' ? 13.6 : 12.7);
  return picked(pen);
}

/** Several incidents: the box of the gravest, with the edges of others behind it. pc-<0…5>-<waits|std>. */
function pile(gravity: string, waits: boolean, c: Palette) {
  const pen = board(26, 28);
  pen.translate(1, 7);
  pen.strokeStyle = gravity === '0' ? c.alarm : c.ink2;
  pen.lineWidth = 1.5;
  for (const step of [6, 3]) {
    pen.fillStyle = c.land;
    pen.fillRect(step, -step, 18, 16);
    pen.strokeRect(step + 0.75, -step + 0.75, 16.5, 14.5);
  }
  const priority = gravity === '5' ? '?' : `P${gravity}`;
  const solid = gravity === '0' || gravity === '1';
  pen.fillStyle = gravity === '0' ? c.alarm : gravity === '1' ? c.ink : c.land;
  pen.fillRect(0, 0, 18, 16);
  if (!solid) pen.strokeRect(0.75, 0.75, 16.5, 14.5);
  pen.fillStyle = gravity === '0' ? c.on : gravity === '1' ? c.bg : c.ink;
  pen.font = `700 10px ${c.sans}`;
  pen.textAlign = 'center';
  pen.fillText(priority, 9, 11.7);
  if (waits) {
    // One of them has nobody yet: the bar of the queue, under the box.
    pen.fillStyle = c.states['D'] ?? c.ink;
    pen.fillRect(0, 17.5, 18, 2);
  }
  return picked(pen);
}

/** What was seen: o-<mark>-<new|old>. The sign says what kind; dashes say that it may no longer be so. */
function sight(mark: string, old: boolean, c: Palette) {
  const pen = board(22, 22);
  const colour = { road: c.states['S'], danger: c.states['D'], fire: c.states['S'], water: c.states['R'], well: c.states['A'] }[mark] ?? c.ink2;
  pen.translate(11, 11);
  pen.lineWidth = 1.8;
  pen.strokeStyle = pen.fillStyle = colour ?? c.ink2;
  if (old) {
    pen.globalAlpha = 0.75;
    pen.setLineDash([2.2, 2]);
  }
  const line = (...points: [number, number][]) => {
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  };
  pen.save();
  pen.globalAlpha *= 0.9;
  pen.fillStyle = c.land;
  pen.beginPath();
  pen.arc(0, 0, 9.5, 0, 7);
  pen.fill();
  pen.restore();
  if (mark === 'road') {
    line([-8, 0], [8, 0]);
    for (const x of [-4.5, 0, 4.5]) line([x, -4.5], [x, 4.5]);
  } else if (mark === 'danger') {
    pen.beginPath();
    pen.moveTo(0, -7);
    pen.lineTo(7.2, 5.6);
    pen.lineTo(-7.2, 5.6);
    pen.closePath();
    pen.stroke();
    line([0, -2.6], [0, 1.6]);
    pen.fillRect(-0.9, 2.8, 1.8, 1.8);
  } else if (mark === 'fire') {
    pen.beginPath();
    pen.moveTo(0, -8);
    pen.bezierCurveTo(7, -2, 6, 7, 0, 7);
    pen.bezierCurveTo(-6, 7, -6.5, 0, -2.4, -2.6);
    pen.stroke();
  } else if (mark === 'water') {
    for (const y of [-4, 1, 6]) {
      pen.beginPath();
      pen.moveTo(-8, y);
      pen.bezierCurveTo(-5, y - 4, -3, y - 4, 0, y);
      pen.bezierCurveTo(3, y + 4, 5, y + 4, 8, y);
      pen.stroke();
    }
  } else if (mark === 'people') {
    for (const [x, y] of [[-4.5, 3], [4.5, 3], [0, -4.5]] as const) {
      pen.beginPath();
      pen.arc(x, y, 2.6, 0, 7);
      pen.stroke();
    }
  } else if (mark === 'well') {
    pen.beginPath();
    pen.arc(0, 0, 7, 0, 7);
    pen.stroke();
    line([-3.4, 0.2], [-0.8, 3], [3.8, -2.8]);
  } else {
    pen.strokeRect(-6, -6, 12, 12);
    line([-3, 0], [3, 0]);
  }
  return picked(pen);
}

/** A landmark: l-<own|std>: a small lozenge, filled where this room's people added it. */
function landmark(own: boolean, c: Palette) {
  const pen = board(10, 10);
  pen.translate(5, 5);
  pen.rotate(Math.PI / 4);
  pen.fillStyle = own ? c.ink : c.land;
  pen.strokeStyle = own ? c.ink : c.ink3;
  pen.lineWidth = 1.2;
  pen.fillRect(-2.6, -2.6, 5.2, 5.2);
  pen.strokeRect(-2.6, -2.6, 5.2, 5.2);
  return picked(pen);
}

/** A texture for each kind of silence: z-<state>. Never colour alone. */
function texture(state: string, c: Palette) {
  const pen = board(12, 12);
  pen.strokeStyle = pen.fillStyle = c.ink3;
  pen.lineWidth = 1;
  if (state === 'no_link') {
    for (const shift of [-12, 0, 12]) {
      pen.beginPath();
      pen.moveTo(shift, 12);
      pen.lineTo(shift + 12, 0);
      pen.stroke();
    }
  } else if (state === 'no_unit') {
    for (const [x, y] of [[3, 3], [9, 9]] as const) {
      pen.beginPath();
      pen.arc(x, y, 1.2, 0, 7);
      pen.fill();
    }
  } else if (state === 'not_reporting') {
    for (const shift of [-12, 0, 12]) {
      pen.beginPath();
      pen.moveTo(shift, 12);
      pen.lineTo(shift + 12, 0);
      pen.moveTo(shift, 0);
      pen.lineTo(shift + 12, 12);
      pen.stroke();
    }
  } else if (state === 'unknown') {
    pen.globalAlpha = 0.6;
    pen.fillRect(5, 5, 2, 2);
  }
  return picked(pen);
}

/** The cross at the centre of what is being placed. */
function cross(c: Palette) {
  const pen = board(22, 22);
  pen.strokeStyle = c.shell;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const [x1, y1, x2, y2] of [[11, 1, 11, 8], [11, 14, 11, 21], [1, 11, 8, 11], [14, 11, 21, 11]] as const) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
  return picked(pen);
}

/** Draws the image that a layer asks for by name; null when the name is not ours. */
export function draw(name: string, c: Palette): { data: ImageData; pixelRatio: number } | null {
  const [what, first = '', second = '', third = ''] = name.split('-');
  switch (what) {
    case 'u': return unit(first, second, third, c);
    case 'uc': return units(first, c);
    case 'p': return box(first, second === 'sel', c);
    case 'pc': return pile(first, second === 'waits', c);
    case 'o': return sight(first, second === 'old', c);
    case 'l': return landmark(first === 'own', c);
    case 'z': return texture(first, c);
    case 'cross': return cross(c);
    default: return null;
  }
}
