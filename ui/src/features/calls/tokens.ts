/** Words as they can be compared: without accents, case or marks, in any of the four languages. */

export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Words that stand in every call and tell nothing about any. */
const COMMON_WORDS = new Set(
  `gen yon moun nan sou ak pou pa ki kote yo mwen ou li nou bagay anpil toujou kounye tande wè deja menm lòt
  les des une dans sur avec pour pas qui est sont nous vous elle ils aux ici tout tres plus
  los las una con por para que esta hay son muy mas aqui del
  the and for with that this there are was has have not here very they near
  ensidan incident incidente rue ruelle wout route calle street zon zone zona`.split(/\s+/).map(folded),
);
const WORD_CHARS_MIN = 3;

/** The words of a text that tell something, each once. */
export function tokens(text: string): Set<string> {
  return new Set(folded(text).split(' ').filter((w) => w.length >= WORD_CHARS_MIN && !COMMON_WORDS.has(w)));
}
