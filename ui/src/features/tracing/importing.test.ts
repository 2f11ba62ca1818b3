import { describe, expect, it } from 'vitest';
import { choices, doubled, guessed, mappingOf } from './importing';
import type { Prop, Schema } from './rows';

const prop = (type: Prop['type'] = 'text', many = false): Prop => ({ type, labels: {}, of: [], table: '', needed: false, many });
const kind = (letter: string, props: Record<string, Prop>) => ({ letter, node: true, labels: {}, props });
const schema: Schema = {
  recovery: kind('R', { date: prop('date'), case: prop(), agency: prop(), consignment: prop('entity') }),
  firearm: kind('F', { recovery: prop('entity'), make: prop('make'), serial: prop('serial'), other_marks: prop('text', true), photo: prop('photo') }),
  dealer: kind('D', { name: prop(), city: prop() }), person: kind('P', { role: prop('code'), name: prop('personal') }), acquisition: kind('S', { firearm: prop('entity'), date: prop('date'), kind: prop('code') }),
};

describe('columns of a file', () => {
  it('begin with what the server guessed', () => {
    expect(guessed([{ column: 'Dat', kind: 'recovery', prop: 'date', score: 100 }, { column: 'X', kind: null, prop: null, score: 0 }])).toEqual({ Dat: 'recovery.date', X: '' });
  });
  it('can hold any value, but no name of another thing, no photograph and nothing sealed', () => {
    const found = choices(schema);
    expect(found.find((k) => k.kind === 'firearm')!.props).toEqual(['make', 'serial', 'other_marks']);
    expect(found.find((k) => k.kind === 'person')!.props).toEqual(['role']);
  });
  it('stand for one thing each', () => {
    expect(doubled({ a: 'firearm.make', b: 'firearm.make', c: '', d: '' })).toEqual(['a', 'b']);
  });
});

describe('a mapping', () => {
  it('puts together what was chosen, firearms in their recovery, rows of one case in one recovery', () => {
    const made = mappingOf({ Dat: 'recovery.date', Dosye: 'recovery.case', Mak: 'firearm.make', Lòt: 'firearm.other_marks', X: '' }, schema, null)!;
    expect(made.entity.map((e) => e.kind)).toEqual(['recovery', 'firearm']);
    expect(made.entity[0]!.key).toEqual(['Dosye', 'Dat']);
    expect(made.entity[1]!.values).toEqual({ make: { column: 'Mak' }, other_marks: { column: 'Lòt', split: ';' }, recovery: { entity: 'recovery' } });
  });
  it('makes a sale where a dealer stands beside a firearm, and only in rows that tell of one', () => {
    const made = mappingOf({ Mak: 'firearm.make', Machann: 'dealer.name', Vil: 'dealer.city' }, schema, null)!;
    const sale = made.entity.find((e) => e.kind === 'acquisition')!;
    expect(sale.values).toEqual({ firearm: { entity: 'firearm' }, seller: { entity: 'dealer' }, kind: { constant: 'first_sale' } });
    expect(sale.when).toEqual(['Machann', 'Vil']);
    expect(made.entity.find((e) => e.kind === 'dealer')!.key).toEqual(['Machann', 'Vil']);
  });
  it('keeps how the server proposes to read days and empty cells', () => {
    const base = { name: 'proposed', labels: { en: 'x' }, entity: [], dates: ['%d/%m/%Y'], empty: ['NA'] };
    expect(mappingOf({ a: 'firearm.make' }, schema, base)).toMatchObject({ dates: ['%d/%m/%Y'], empty: ['NA'] });
  });
  it('is none where nothing recovered is told of', () => {
    expect(mappingOf({ a: 'dealer.name' }, schema, null)).toBeNull();
  });
});
