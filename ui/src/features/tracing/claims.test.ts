import { beforeAll, describe, expect, it } from 'vitest';
import { speech, words } from '../../i18n/index.svelte';
import { byProp, rules, shortHash, tlpName, valueWords, voices } from './claims';
import type { Prop, Source, Statement } from './rows';

const handling = { originator: 'HT-PAP', tlp: 'AMBER_STRICT' as const, releasable: [], purposes: [], onward: false, review_on: null };
const said = (id: string, prop: string, value: string | null, source_id: string, more: Partial<Statement> = {}): Statement => ({
  id, entity_id: 'f', prop, value, original: null, sealed: value === null, source_id, handling, flag: null, by: 'a', said_at: '2024-07-12T00:00:00Z', preferred: false, stands: true, ...more,
});
const source = (id: string, grade: string): Source => ({ id, kind: 'register', originator: 'US', reference: id, grade, digest: '', received_at: '', by: '', synthetic: true });
const prop = (type: Prop['type'], table = ''): Prop => ({ type, labels: {}, of: [], table, needed: false, many: false });

beforeAll(() => {
  speech.lang = 'en';
  words.load({ serial_statuses: [{ code: 'partial', labels: { en: 'partial' } }], tracing_purposes: [{ code: 'prosecution', labels: { en: 'prosecution' } }] });
});

describe('claims', () => {
  it('that contradict stand side by side, the better source first, the chosen one before all', () => {
    const list = [said('1', 'serial', 'A1', 's1'), said('2', 'serial', 'A7', 's2'), said('3', 'make', 'GLOCK', 's1')];
    const found = byProp(list, [source('s1', 'C3'), source('s2', 'A2')], () => false, ['make', 'serial']);
    expect(found.map((c) => [c.prop, c.contested])).toEqual([['make', false], ['serial', true]]);
    expect(found[1]!.said.map((s) => s.statement.id)).toEqual(['2', '1']);
    list[0] = said('1', 'serial', 'A1', 's1', { preferred: true });
    expect(byProp(list, [source('s1', 'C3'), source('s2', 'A2')], () => false)[0]!.said[0]!.statement.id).toBe('1');
  });
  it('that were withdrawn contradict nobody, and stand last', () => {
    const found = byProp([said('1', 'serial', 'A1', 's1', { stands: false }), said('2', 'serial', 'A7', 's1')], [source('s1', 'C3')], () => false);
    expect(found[0]!.contested).toBe(false);
    expect(found[0]!.said.map((s) => s.statement.id)).toEqual(['2', '1']);
  });
  it('of a property that may hold several contradict nobody', () => {
    expect(byProp([said('1', 'photo', 'a', 's'), said('2', 'photo', 'b', 's')], [], () => true)[0]!.contested).toBe(false);
  });
  it('name each source with its rules once, by a letter, the best first', () => {
    const strict = { ...handling, tlp: 'RED' as const };
    const list = [said('1', 'make', 'A', 's1'), said('2', 'model', 'B', 's1'), said('3', 'serial', 'C', 's2'), said('4', 'calibre', 'D', 's1', { handling: strict })];
    const found = [...voices(list, [source('s1', 'C3'), source('s2', 'A1')]).values()];
    expect(found.map((v) => [v.letter, v.source?.id, v.handling.tlp])).toEqual([['a', 's2', 'AMBER_STRICT'], ['b', 's1', 'AMBER_STRICT'], ['c', 's1', 'RED']]);
    expect(byProp(list, [source('s1', 'C3'), source('s2', 'A1')], () => false, ['serial'])[0]!.said[0]!.voice.letter).toBe('a');
  });
  it('are put in the reader’s words', () => {
    expect(valueWords(prop('code', 'serial_statuses'), 'partial')).toBe('partial');
    expect(valueWords(prop('date'), '2024-07')).toBe('Jul 2024');
    expect(valueWords(prop('entity'), 'id', (id) => (id === 'id' ? 'F-118' : ''))).toBe('F-118');
    expect(valueWords(prop('area'), '{"lat":18.5,"lon":-72.3,"radius_m":4000,"source":"map","confidence":"likely","words":"Lafito"}')).toBe('Lafito ±4 km');
    expect(valueWords(prop('text'), null)).toBe('');
  });
  it('carry their rules', () => {
    expect(tlpName('AMBER_STRICT')).toBe('TLP:AMBER+STRICT');
    expect(rules(handling)).toEqual(['TLP:AMBER+STRICT', 'HT-PAP only']);
    expect(rules({ ...handling, releasable: ['DO', 'US'], purposes: ['prosecution'], onward: true, review_on: '2025-03-01' })).toEqual(['TLP:AMBER+STRICT', 'releasable DO, US', 'for prosecution', 'may go on', 'review by 1 Mar 2025']);
  });
  it('name a long digest by its ends', () => {
    expect(shortHash('7c1e00000000000000000a09')).toBe('7c1e…0a09');
  });
});
