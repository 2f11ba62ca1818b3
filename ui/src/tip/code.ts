/** The receipt code as it is typed: the same rule as the server's (src/lanbi/tips/receipt.py), so that a slip is
 *  noticed before anything is sent. */

const ALPHABET = '0123456789AHJKMPQRTWXYZ';
const SYMBOLS = 20;
const GROUP_SYMBOLS = 5;

/** Capitals, without what stands between; what looks like a figure is one. */
export function bare(typed: string): string {
  return typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1').slice(0, SYMBOLS);
}

/** Four groups of five, as far as typed. */
export function grouped(typed: string): string {
  return bare(typed).match(new RegExp(`.{1,${GROUP_SYMBOLS}}`, 'g'))?.join('-') ?? '';
}

/** Whether every symbol is one of the alphabet and the weighted sum is zero modulo 23. */
export function holds(typed: string): boolean {
  const code = bare(typed);
  if (code.length !== SYMBOLS) return false;
  let sum = 0;
  for (let i = 0; i < SYMBOLS; i += 1) {
    const value = ALPHABET.indexOf(code[i]!);
    if (value < 0) return false;
    sum += (i + 1) * value;
  }
  return sum % ALPHABET.length === 0;
}
