import { describe, expect, it } from 'vitest';
import { accept, complete, parse, type Known } from './parser';

const known: Known = {
  incidents: [{ id: 'i17', number: 2417 }, { id: 'i14', number: 2414 }],
  units: [{ id: 'u21', callsign: 'M21' }, { id: 'u2', callsign: 'E2' }, { id: 'r1', callsign: 'R1' }],
  current: null,
  reasons: [{ code: 'fuel', label: 'Pa gen gaz' }, { code: 'rest', label: 'Repo' }],
  may: () => true,
};
const at2417: Known = { ...known, current: known.incidents[0]! };
const intent = (line: string, k = known) => {
  const parsed = parse(line, k);
  return parsed.kind === 'ready' ? parsed.intent : parsed;
};

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
    expect(intent('M', at2417)).toMatchObject({ verb: 'map', incident: { id: 'i17' } });
  });

  it('says what must follow while the line is right so far', () => {
    expect(parse('D', known)).toEqual({ kind: 'wants', lack: { key: 'cmd-wants-incident' } });
    expect(parse('D 2417', known)).toEqual({ kind: 'wants', lack: { key: 'cmd-wants-unit' } });
    expect(parse('S M21', known)).toEqual({ kind: 'wants', lack: { key: 'cmd-wants-status' } });
    expect(parse('PR 2417', known)).toEqual({ kind: 'wants', lack: { key: 'cmd-wants-priority' } });
    expect(parse('A 2417', known)).toEqual({ kind: 'wants', lack: { key: 'cmd-wants-note' } });
  });

  it('names what is wrong', () => {
    expect(parse('D 9999 M21', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-no-incident', args: { number: '9999' } } });
    expect(parse('D 2417 Z9', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-no-unit', args: { unit: 'Z9' } } });
    expect(parse('S M21 zz', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-no-status', args: { given: 'zz' } } });
    expect(parse('PR 2417 9', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-no-priority', args: { given: '9' } } });
    expect(parse('X 2417 2417', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-same' } });
    expect(parse('ZZZ', known)).toEqual({ kind: 'wrong', lack: { key: 'cmd-unknown', args: { verb: 'ZZZ' } } });
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
  });

  it('finds, opens and shows', () => {
    expect(intent('F dèyè legliz')).toEqual({ verb: 'find', words: 'dèyè legliz' });
    expect(intent('n')).toEqual({ verb: 'new' });
    expect(parse('n 2417', known).kind).toBe('wrong');
    expect(intent('M 2414')).toMatchObject({ verb: 'map', incident: { id: 'i14' } });
  });

  it('proposes what may follow, likeliest first', () => {
    expect(complete('D 24', known)).toEqual(['2417', '2414']);
    expect(complete('D 2417 ', known, ['E2'])).toEqual(['E2', 'M21', 'R1']);
    expect(complete('D 2417 M21 ', known)).toEqual(['E2', 'R1']);
    expect(complete('S M21 o', known)).toEqual(['OS', 'OOS']);
    expect(complete('P', known)).toEqual(['PR']);
    expect(accept('D 2417 m', 'M21')).toBe('D 2417 M21 ');
  });

  it('has nothing to say about an empty line', () => {
    expect(parse('   ', known)).toEqual({ kind: 'empty' });
  });
});

describe('taking a unit off', () => {
  it('asks why, naming the reasons', () => {
    expect(parse('S M21 oos', known)).toMatchObject({ kind: 'wants', lack: { key: 'cmd-wants-reason', args: { list: 'Pa gen gaz · Repo' } } });
  });

  it('takes the beginning of a reason, and refuses what is none', () => {
    expect(intent('S M21 oos pa gen')).toMatchObject({ verb: 'status', status: 'out_of_service', reason: 'fuel' });
    expect(parse('S M21 oos lapli', known)).toMatchObject({ kind: 'wrong', lack: { key: 'cmd-no-reason' } });
  });
});

describe('a command line of somebody who may do little', () => {
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
    expect(complete('', looker)).toEqual(expect.arrayContaining(['S', 'ER', 'F']));
    expect(complete('', looker)).not.toContain('D');
    expect(complete('D 2', looker)).toEqual([]);
  });
});
