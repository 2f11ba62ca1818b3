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

/** A unit: u-<letter>-<fresh|ageing|old>-<lit|std>. */
function unit(letter: string, age: string, lit: boolean, c: Palette) {
  const pen = board(26, 26);
  const colour = c.states[letter] ?? c.ink2;
  pen.translate(13, 13);
  if (lit) {
    pen.strokeStyle = c.shell;
    pen.lineWidth = 2;
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
  const pen = board(26, 24);
  pen.translate(4, 4);
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
  if (what === 'u') return unit(first, second, third === 'lit', c);
  if (what === 'p') return box(first, second === 'sel', c);
  return name === 'cross' ? cross(c) : null;
}
