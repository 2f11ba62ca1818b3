/** What the columns of a file mean, put together from what somebody chose for each. */

import type { EntityRule, Guess, Mapping, Schema, ValueRule } from './rows';

/** kind.prop, or nothing where the column is not read */
export type Choice = string;

/** In the order in which entities are made: one may name those before it. */
const ORDER = ['consignment', 'recovery', 'firearm', 'materiel', 'dealer', 'person', 'acquisition'] as const;
const LINKS: Record<string, Record<string, string>> = {
  recovery: { consignment: 'consignment' },
  firearm: { recovery: 'recovery' },
  materiel: { recovery: 'recovery' },
  acquisition: { firearm: 'firearm', seller: 'dealer', buyer: 'person' },
};
const CONSTANTS: Record<string, Record<string, string>> = { person: { role: 'purchaser' }, acquisition: { kind: 'first_sale' } };
/** By what rows tell of the same one: the first that the file has all of. */
const KEYS: Record<string, readonly (readonly string[])[]> = {
  recovery: [['recovery.case', 'recovery.date', 'recovery.agency'], ['recovery.case', 'recovery.date'], ['recovery.case']],
  dealer: [['dealer.licence'], ['dealer.name', 'dealer.city']],
  consignment: [['consignment.bill'], ['consignment.container', 'recovery.date']],
};
const WHEN_MAX = 10;

/** What can stand in a column: the values of the kinds that files tell of, but what names another thing. */
export function choices(schema: Schema): { kind: string; props: string[] }[] {
  return ORDER.map((kind) => ({ kind, props: Object.entries(schema[kind]?.props ?? {}).filter(([, p]) => !['entity', 'photo', 'personal'].includes(p.type)).map(([name]) => name) })).filter((k) => k.props.length);
}

export const guessed = (columns: readonly Guess[]): Record<string, Choice> => Object.fromEntries(columns.map((c) => [c.column, c.kind && c.prop ? `${c.kind}.${c.prop}` : '']));

/** Columns that stand for the same thing: only one of them can. */
export function doubled(chosen: Readonly<Record<string, Choice>>): string[] {
  const seen = new Map<Choice, number>();
  for (const choice of Object.values(chosen)) if (choice) seen.set(choice, (seen.get(choice) ?? 0) + 1);
  return Object.entries(chosen).filter(([, choice]) => choice && seen.get(choice)! > 1).map(([column]) => column);
}

/** The mapping for these choices; null where neither a firearm nor a recovery is told of. `base`: the server's proposal,
 *  whose spellings of days, of nothing and whose name stay. */
export function mappingOf(chosen: Readonly<Record<string, Choice>>, schema: Schema, base: Mapping | null): Mapping | null {
  const held = new Map(Object.entries(chosen).filter(([, choice]) => choice).map(([column, choice]) => [choice, column]));
  const there: string[] = [...held.keys()].map((choice) => choice.split('.')[0]!);
  if (!there.includes('firearm') && !there.includes('recovery') && !there.includes('materiel')) return null;
  if (there.includes('firearm') && (there.includes('dealer') || there.includes('person'))) there.push('acquisition');
  const entity = ORDER.filter((kind) => there.includes(kind)).map((kind): EntityRule => {
    const values: Record<string, ValueRule> = {};
    for (const [choice, column] of held) {
      const [of, prop] = choice.split('.') as [string, string];
      if (of === kind) values[prop] = schema[kind]?.props[prop]?.many ? { column, split: ';' } : { column };
    }
    for (const [prop, other] of Object.entries(LINKS[kind] ?? {})) if (there.includes(other)) values[prop] = { entity: other };
    for (const [prop, constant] of Object.entries(CONSTANTS[kind] ?? {})) values[prop] ??= { constant };
    const key = (KEYS[kind] ?? []).find((wanted) => wanted.every((choice) => held.has(choice)))?.map((choice) => held.get(choice)!) ?? [];
    const when = kind === 'acquisition' ? [...held].filter(([choice]) => /^(acquisition|dealer|person)\./.test(choice)).map(([, column]) => column).slice(0, WHEN_MAX) : [];
    return { kind, values, ...(key.length ? { key } : {}), ...(when.length ? { when } : {}) };
  });
  return { ...(base ?? {}), name: base?.name ?? 'proposed', labels: base?.labels ?? { en: 'proposed' }, entity };
}
