import { describe, expect, it } from 'vitest';
import { age, clock, date, distance, hourUtc, minutes, number, radius, running } from './format';
import { LANGS, say } from './index.svelte';

const NIGHT = Date.parse('2026-11-22T03:47:12.345Z'); // still Saturday evening in Port-au-Prince

describe('times', () => {
  it('are the centre’s own, whatever the machine is set to', () => {
    expect(clock(NIGHT)).toBe('22:47:12');
    expect(hourUtc(NIGHT)).toBe('03:47');
  });

  it('name days and months in Kreyòl and the three others', () => {
    expect(LANGS.map((lang) => date(NIGHT, lang))).toEqual(['sam 21 nov', 'sam. 21 nov.', 'sáb 21 nov', 'Sat 21 Nov']);
    expect(date(Date.parse('2026-08-05T12:00:00Z'), 'ht')).toBe('mèk 5 out');
  });

  it('run in minutes and seconds, then in hours, and show when they are past due', () => {
    expect(running(141, 'ht')).toBe('2:21');
    expect(running(1_864, 'ht')).toBe('31:04');
    expect(running(3_720, 'ht')).toBe('1 h 02');
    expect(running(-72, 'ht')).toBe('−1:12');
    expect(running(-0.4, 'ht')).toBe('0:00');
    expect(running(90_000, 'ht')).toBe('1 jou');
  });

  it('tell an age in one unit and never below zero', () => {
    expect([age(8, 'ht'), age(150, 'ht'), age(18_000, 'ht'), age(86_400, 'ht'), age(-3, 'ht')]).toEqual(['8 s', '2 min', '5 h', '1 jou', '0 s']);
    expect(minutes(1_080, 'ht')).toBe('18');
    expect(minutes(3_720, 'ht')).toBe('1 h 02');
  });
});

describe('figures', () => {
  it('are written as Haiti writes them', () => {
    expect(distance(3_120, 'ht')).toBe('3,1 km');
    expect(distance(210, 'ht')).toBe('210 m');
    expect(distance(12_400, 'en')).toBe('12 km');
    expect(number(3.1, 1, 'en')).toBe('3.1');
  });

  it('round a radius to what can be known', () => {
    expect([radius(150, 'ht'), radius(1_000, 'ht'), radius(1_500, 'ht')]).toEqual(['±150 m', '±1 km', '±1,5 km']);
  });

  it('do not group the digits of an incident’s number', () => {
    expect(say('fr', 'did-open', { number: '2417' })).toBe('Incident 2417 ouvert');
    expect(say('en', 'did-open', { number: '2417' })).toBe('Incident 2417 opened');
  });

  it('follow each language’s plural', () => {
    expect(say('en', 'incident-calls', { n: 1 })).toBe('1 call');
    expect(say('en', 'incident-calls', { n: 2 })).toBe('2 calls');
    expect(say('fr', 'incident-calls', { n: 2 })).toBe('2 appels');
    expect(say('ht', 'incident-calls', { n: 2 })).toBe('2 apèl');
  });
});
