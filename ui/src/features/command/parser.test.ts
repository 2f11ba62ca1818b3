import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accept, choose, complete, parse, placeIn, tagged, type Choice, type Known, type ListName } from './parser';
import { TAGS, VERBS, verbNamed } from './verbs';

const CHOICES: Record<ListName, Choice[]> = {
  reasons: [{ code: 'fuel', label: 'Pa gen gaz' }, { code: 'rest', label: 'Repo' }],
  types: [
    { code: 'road_accident_trapped', label: 'Aksidan wout, moun kole' }, { code: 'road_accident', label: 'Aksidan wout' },
    { code: 'house_fire', label: 'Dife kay' }, { code: 'pedestrian_hit', label: 'Machin frape moun' },
  ],
  dispositions: [{ code: 'resolved', label: 'Regle sou plas' }, { code: 'false_alarm', label: 'Fo alèt' }],
  unserved: [{ code: 'unserved_road', label: 'Wout bloke' }, { code: 'unserved_no_unit', label: 'Pa gen ekip' }],
  roads: [{ code: 'road_blocked', label: 'Wout bloke' }, { code: 'barricade', label: 'Barikad' }],
};
const known: Known = {
  incidents: [{ id: 'i17', number: 2417 }, { id: 'i14', number: 2414 }],
  units: [{ id: 'u21', callsign: 'M21' }, { id: 'u2', callsign: 'E2' }, { id: 'r1', callsign: 'R1' }],
  calls: [{ id: 'c45', number: 45 }],
  current: null,
  choices: (list) => CHOICES[list],
  places: (words) => (words.startsWith('deye') ? ['Legliz Sen Michèl', 'Legliz Sen Pyè'] : []),
  parties: () => [{ kind: 'role', id: 'commander', name: 'CHEF' }],
  rooms: () => [{ code: 'map', label: 'Kat' }, { code: 'handover', label: 'Remiz' }],
  waits: true,
  undoable: true,
  may: () => true,
};
const at2417: Known = { ...known, current: known.incidents[0]! };
const intent = (line: string, k = known) => {
  const parsed = parse(line, k);
  return parsed.kind === 'ready' ? parsed.intent : parsed;
};
const lacks = (line: string, k = known) => {
  const parsed = parse(line, k);
  return parsed.kind === 'wants' || parsed.kind === 'wrong' ? [parsed.kind, parsed.lack.key, parsed.lack.hint] : parsed.kind;
};
const options = (line: string, k = known, likely?: string[]) => complete(line, k, () => likely ?? []).options;

describe('the verbs', () => {
  it('are each named once, whatever the alias', () => {
    const names = VERBS.flatMap((v) => [v.verb, ...v.aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const v of VERBS) expect(verbNamed(v.verb.toLowerCase())).toBe(v);
    expect(verbNamed('fèmen')?.id).toBe('c');
  });

  it.each(VERBS.map((v) => [v.example, v] as const))('do what their example says: %s', (example, v) => {
    expect(example.split(' ')[0]).toBe(v.verb);
    expect(intent(example, at2417)).toHaveProperty('verb');
  });

  it('have no tag twice', () => {
    const names = Object.entries(TAGS).flatMap(([tag, also]) => [tag, ...also]);
    expect(new Set(names).size).toBe(names.length);
    for (const v of VERBS) expect(v.tags.every((tag) => tag in TAGS)).toBe(true);
  });

  it('stand in the file that the docs page reads', () => {
    const file = JSON.parse(readFileSync(new URL('./verbs.json', import.meta.url), 'utf8')) as { verbs: unknown[] };
    expect(file.verbs).toHaveLength(VERBS.length);
  });
});

describe('the command line', () => {
  it('sends several units to an incident', () => {
    expect(intent('D 2417 M21 E2')).toMatchObject({ verb: 'dispatch', incident: { id: 'i17' }, units: [{ id: 'u21' }, { id: 'u2' }] });
  });

  it('takes lower case, extra spaces and a unit named twice', () => {
    expect(intent('  d   2417  m21 M21 ')).toMatchObject({ verb: 'dispatch', units: [{ id: 'u21' }] });
  });

  it('means the incident in the pane when none is named', () => {
    expect(intent('D M21', at2417)).toMatchObject({ verb: 'dispatch', incident: { id: 'i17' } });
    expect(intent('PR 1', at2417)).toMatchObject({ verb: 'priority', incident: { id: 'i17' }, priority: 'P1' });
    expect(intent('A gaz ap koule', at2417)).toMatchObject({ verb: 'note', incident: { id: 'i17' }, words: 'gaz ap koule' });
    expect(intent('X 2414', at2417)).toMatchObject({ verb: 'link', incident: { id: 'i17' }, other: { id: 'i14' } });
    for (const [line, verb] of [['M', 'map'], ['REC', 'recommend'], ['PAR', 'welfare'], ['MAJ', 'major']] as const) {
      expect(intent(line, at2417)).toEqual({ verb, incident: at2417.current });
    }
    expect(intent('C fo alet', at2417)).toMatchObject({ verb: 'close', how: { code: 'false_alarm' }, words: '' });
    expect(intent('Y dife', at2417)).toMatchObject({ verb: 'classify', type: { code: 'house_fire' } });
    expect(intent('L dèyè legliz', at2417)).toEqual({ verb: 'relocate', incident: at2417.current, loc: 'dèyè legliz' });
  });

  it('says what must follow while the line is right so far', () => {
    expect(lacks('D')).toEqual(['wants', 'cmd-wants-incident', undefined]);
    for (const [line, key] of [
      ['D 2417', 'cmd-wants-unit'], ['S M21', 'cmd-wants-status'], ['PR 2417', 'cmd-wants-priority'], ['A 2417', 'cmd-wants-note'],
      ['C 2417', 'cmd-wants-disposition'], ['UV 2417', 'cmd-wants-unserved'], ['Y 2417', 'cmd-wants-type'], ['L 2417', 'cmd-wants-place'],
      ['T M21', 'cmd-wants-minutes'], ['MSG', 'cmd-wants-party'], ['MSG M21', 'cmd-wants-message'], ['F', 'cmd-wants-words'], ['GO', 'cmd-wants-room'],
      ['RB', 'cmd-wants-place'], ['N loc:', 'cmd-wants-place'], ['N type:', 'cmd-wants-type'], ['X 2417', 'cmd-wants-two'], ['REC', 'cmd-wants-incident'],
    ] as const) expect(lacks(line)).toEqual(['wants', key, undefined]);
  });

  it('names what is wrong, and the next step', () => {
    for (const [line, key] of [
      ['D 9999 M21', 'cmd-no-incident'], ['D 2417 Z9', 'cmd-no-unit'], ['S M21 zz', 'cmd-no-status'], ['PR 2417 9', 'cmd-no-priority'],
      ['X 2417 2417', 'cmd-same'], ['C 2417 lapli', 'cmd-no-disposition'], ['UV 2417 lapli', 'cmd-no-unserved'], ['Y 2417 lapli', 'cmd-no-type'],
      ['T M21 0', 'cmd-no-minutes'], ['T M21 500', 'cmd-no-minutes'], ['MSG Z9 alo', 'cmd-no-party'], ['GO lalin', 'cmd-no-room'],
      ['RB kind:lapli', 'cmd-no-road'], ['N bonjou', 'cmd-new-alone'], ['N loc:la kind:x', 'cmd-no-tag'], ['N pr:1 pr:2', 'cmd-tag-twice'],
      ['N type:lapli', 'cmd-no-type'], ['N pr:9', 'cmd-no-priority'], ['J 99 2417', 'cmd-no-call'],
    ] as const) {
      const said = lacks(line);
      expect([line, said[0], said[1]]).toEqual([line, 'wrong', key]);
      expect([line, said[2]]).not.toEqual([line, undefined]);
    }
    expect(parse('ZZZ', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-unknown', args: { verb: 'ZZZ' } } });
    expect(lacks('Z', { ...known, undoable: false })).toEqual(['wrong', 'undo-none', 'undo-none-hint']);
    expect(lacks('W', { ...known, waits: false })).toEqual(['wrong', 'cmd-no-alarm', 'cmd-no-alarm-hint']);
    expect(lacks('Z 3')[1]).toBe('cmd-alone');
    expect(lacks('M 2417 2')[1]).toBe('cmd-too-much');
  });

  it('sets a unit’s status both ways round', () => {
    expect(intent('S M21 os')).toEqual(intent('OS M21'));
    expect(intent('cl e2')).toMatchObject({ verb: 'status', unit: { id: 'u2' }, status: 'cleared' });
    expect(intent('S R1 oos repo')).toMatchObject({ status: 'out_of_service' });
  });

  it('keeps a note’s own words and figures', () => {
    expect(intent('A 2417 3 moun, 1 kole anba')).toMatchObject({ incident: { id: 'i17' }, words: '3 moun, 1 kole anba' });
    expect(intent('A 3 moun', at2417)).toMatchObject({ incident: { id: 'i17' }, words: '3 moun' });
    expect(parse('A 3 moun', known).kind).toBe('wrong');
  });

  it('takes a priority with or without its letter', () => {
    expect(intent('PR 2414 2')).toMatchObject({ priority: 'P2' });
    expect(intent('pr 2414 p0')).toMatchObject({ priority: 'P0' });
    const young: Known = { ...at2417, incidents: [...at2417.incidents, { id: 'i4', number: 4 }] };
    expect(intent('pr 4', young)).toMatchObject({ incident: { id: 'i17' }, priority: 'P4' });
    expect(intent('pr 4 2', young)).toMatchObject({ incident: { id: 'i4' }, priority: 'P2' });
    expect(lacks('pr 4', { ...young, current: null })).toEqual(['wants', 'cmd-wants-priority', undefined]);
  });

  it('finds, opens, shows, calls, tells and hands over', () => {
    expect(intent('F dèyè legliz')).toEqual({ verb: 'find', words: 'dèyè legliz' });
    expect(intent('n')).toEqual({ verb: 'new' });
    expect(intent('M 2414')).toMatchObject({ verb: 'map', incident: { id: 'i14' } });
    expect(intent('ho')).toEqual({ verb: 'handover' });
    expect(intent('go ka')).toMatchObject({ verb: 'go', room: { code: 'map' } });
    expect(intent('z')).toEqual({ verb: 'undo' });
    expect(intent('w')).toEqual({ verb: 'take' });
    expect(intent('T m21 10 pon an')).toMatchObject({ verb: 'timer', unit: { id: 'u21' }, minutes: 10, words: 'pon an' });
    expect(intent('MSG m21 pase pa dèyè')).toMatchObject({ verb: 'message', to: { kind: 'unit', id: 'u21' }, words: 'pase pa dèyè' });
    expect(intent('MSG chèf vini')).toMatchObject({ to: { kind: 'role', id: 'commander' }, words: 'vini' });
    expect(intent('SOS M21')).toMatchObject({ verb: 'emergency', unit: { id: 'u21' } });
    expect(intent('J 45 2414')).toMatchObject({ verb: 'join', call: { id: 'c45' }, incident: { id: 'i14' } });
    expect(intent('J', at2417)).toMatchObject({ verb: 'join', call: { id: 'c45' }, incident: { id: 'i17' } });
    expect(intent('UV 2417 wout bloke pon an kase')).toMatchObject({ verb: 'unserved', why: { code: 'unserved_road' }, words: 'pon an kase' });
    expect(intent('C 2417 Fo alèt timoun ap jwe')).toMatchObject({ verb: 'close', how: { code: 'false_alarm' }, words: 'timoun ap jwe' });
  });

  it('reports a road at a place, or where the incident is', () => {
    expect(intent('RB Kafou Ayewopò')).toEqual({ verb: 'road', kind: CHOICES.roads[0], loc: 'Kafou Ayewopò', incident: null });
    expect(intent('rb kind:bari loc:Kafou')).toMatchObject({ kind: { code: 'barricade' }, loc: 'Kafou' });
    expect(intent('RB', at2417)).toMatchObject({ loc: null, incident: { id: 'i17' } });
    expect(intent('RB 2414')).toMatchObject({ loc: null, incident: { id: 'i14' } });
  });
});

describe('a tagged opening', () => {
  it('names type, place, priority and note; values run to the next tag', () => {
    expect(intent('N loc:dèyè legliz Sen Michèl type:aksidan pr:1')).toEqual({
      verb: 'open', loc: 'dèyè legliz Sen Michèl', type: CHOICES.types[1], priority: 'P1',
    });
    expect(intent('n type:dife kay kote:Dèlma 33 A de moun anndan')).toEqual({
      verb: 'open', type: CHOICES.types[2], loc: 'Dèlma 33', note: 'de moun anndan',
    });
    expect(intent('N loc:legliz a')).toMatchObject({ loc: 'legliz a' });
    expect(intent('N loc:la a:gen yon bagay: note: kote: la')).toEqual({ verb: 'open', loc: 'la', note: 'gen yon bagay: note: kote: la' });
  });

  it('takes the words of a time or a link for words', () => {
    expect(tagged('loc:bò mache a nan 12:30', ['loc']).values.get('loc')).toBe('bò mache a nan 12:30');
    expect(tagged('loc:http://x', ['loc']).values.get('loc')).toBe('http://x');
  });

  it('tells which place to ask for', () => {
    expect(placeIn(parse('N loc:dèyè legliz', known))).toBe('dèyè legliz');
    expect(placeIn(parse('N', known))).toBe('');
  });

  it('prefers the whole label, then the shortest that begins so', () => {
    expect(choose(CHOICES.types, 'aksidan wout')?.choice.code).toBe('road_accident');
    expect(choose(CHOICES.types, 'kole')?.choice.code).toBe('road_accident_trapped');
    expect(choose(CHOICES.types, 'road_accident_trapped')?.choice.code).toBe('road_accident_trapped');
    expect(choose(CHOICES.types, '')).toBeNull();
  });
});

describe('completion', () => {
  it('proposes what may follow, likeliest first', () => {
    expect(options('D 24')).toEqual(['2417', '2414']);
    expect(options('D 2417 ', known, ['E2'])).toEqual(['E2', 'M21', 'R1']);
    expect(options('D 2417 M21 ')).toEqual(['E2', 'R1']);
    expect(options('S M21 o')).toEqual(['OS', 'OOS']);
    expect(options('P')).toEqual(['PR', 'PAR']);
    expect(accept('D 2417 m', 7, 'M21')).toBe('D 2417 M21 ');
  });

  const typed = (line: string, k = known) => {
    const done = complete(line, k);
    return done.options[0] === undefined ? line : accept(line, done.from, done.options[0]);
  };
  it('writes tags and their values whole', () => {
    expect(typed('N l')).toBe('N loc:');
    expect(typed('N type:aks')).toBe('N type:Aksidan wout, moun kole ');
    expect(options('N type:aks')).toEqual(['Aksidan wout, moun kole', 'Aksidan wout']);
    expect(typed('N loc:deye leg')).toBe('N loc:Legliz Sen Michèl ');
    expect(typed('N type:dife kay p')).toBe('N type:dife kay pr:');
    expect(typed('N type:dife kay ')).toBe('N type:dife kay loc:');
    expect(typed('RB kind:ba')).toBe('RB kind:Barikad ');
    expect(typed('C 2417 fo')).toBe('C 2417 Fo alèt ');
    expect(typed('Y 2417 ')).toBe('Y 2417 type:');
    expect(typed('S M21 oos pa')).toBe('S M21 oos Pa gen gaz ');
    expect(typed('GO k')).toBe('GO Kat ');
    expect(typed('MSG c')).toBe('MSG CHEF ');
  });
});

describe('a line of somebody who may do little', () => {
  const looker: Known = { ...at2417, may: (action) => action === 'assignments.status' };

  it.each(['N', 'D 2417 M21', 'A 2417 nòt', 'PR 2417 1', 'X 2417 2414'])('says why it will not do %s', (line) => {
    expect(parse(line, looker)).toMatchObject({ kind: 'wrong', lack: { key: 'cmd-not-yours', hint: 'cmd-not-yours-hint' } });
  });

  it('still does what the role allows, and finds and looks for everybody', () => {
    expect(intent('S M21 os', looker)).toMatchObject({ verb: 'status', status: 'on_scene' });
    expect(intent('F lapè', looker)).toMatchObject({ verb: 'find' });
    expect(intent('M 2417', looker)).toMatchObject({ verb: 'map' });
  });

  it('tells a task from a shift: a unit is not taken off by whoever may only move its task', () => {
    expect(parse('S M21 oos', looker)).toMatchObject({ kind: 'wrong', lack: { args: { verb: 'OOS' } } });
  });

  it('proposes only what it would do', () => {
    expect(options('F', looker)).toEqual([]);
    expect(options('E', looker)).toEqual(['ER']);
    expect(options('D', looker)).toEqual([]);
    expect(options('D 2', looker)).toEqual([]);
  });
});

describe('any line at all', () => {
  /** A small generator of chance (mulberry32), so that a failing line is found again by its seed. */
  const chance = (seed: number) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let x = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  const PIECES = [
    ...VERBS.flatMap((v) => [v.verb, v.verb.toLowerCase(), ...v.aliases]), 'M21', 'm21', 'E2', 'Z9', '2417', '2414', '9999', '45', '0', '1', '10', 'P1', 'oos', 'os',
    'loc:', 'type:', 'pr:', 'a:', 'title:', 'kind:', 'kote:', ':', '::', 'A', 'dèyè', 'legliz', 'aksidan', 'fo', 'alèt', 'repo', '«', '😀', '\u0301', '\\', '*', '[', '(', '$', '\t', '',
  ];
  const line = (next: () => number) => Array.from({ length: Math.floor(next() * 8) }, () => PIECES[Math.floor(next() * PIECES.length)]).join(next() < 0.8 ? ' ' : '');
  const RUNS = 4_000;

  it('never throws, and never names what is not there', () => {
    const ids = new Set([...known.incidents, ...known.units, ...known.calls, ...known.parties()].map((x) => x.id));
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const next = chance(seed);
      const k = next() < 0.5 ? known : at2417;
      const typed = line(next);
      const parsed = parse(typed, k);
      if (parsed.kind === 'ready') {
        for (const value of Object.values(parsed.intent)) {
          for (const item of [value].flat()) {
            if (item && typeof item === 'object' && 'id' in item) expect(ids, `${seed}: ${typed}`).toContain(item.id);
          }
        }
        // What the line names by number or callsign is what it is about; what it does not name is in hand.
        const { intent: meant } = parsed;
        if ('incident' in meant && meant.incident && meant.incident.id !== k.current?.id) expect(typed, String(seed)).toContain(String(meant.incident.number));
        if ('unit' in meant) expect(typed.toUpperCase(), String(seed)).toContain(meant.unit.callsign);
      } else if (parsed.kind !== 'empty') {
        expect(parsed.lack.key, `${seed}: ${typed}`).toMatch(/^(cmd|undo)-[a-z-]+$/);
      }
    }
  });

  it('is completed without a throw, to a line that keeps what was typed before', () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const next = chance(seed);
      const k = next() < 0.5 ? known : at2417;
      const typed = line(next);
      const done = complete(typed, k);
      for (const option of done.options) {
        const whole = accept(typed, done.from, option);
        expect(whole.startsWith(typed.slice(0, done.from)), `${seed}: ${typed}`).toBe(true);
        parse(whole, k);
      }
    }
  });

  it('is read in a blink with a whole room on it', () => {
    const many: Known = {
      ...known,
      incidents: Array.from({ length: 500 }, (_, n) => ({ id: `i${n}`, number: 9000 - n })),
      units: Array.from({ length: 1000 }, (_, n) => ({ id: `u${n}`, callsign: `M${n}` })),
    };
    expect(intent('D 8501 M999 M998', many)).toMatchObject({ incident: { id: 'i499' }, units: [{ id: 'u999' }, { id: 'u998' }] });
    expect(options('D 8501 M99', many)).toHaveLength(8);
  });
});
