/** What can be said of an alarm from its row: its sentence, its place in the order, its group. Pure but for words. */

import { byText } from '../../kit/order';
import type { AlarmKind } from '../../api/vocabulary';
import { ms, running } from '../../i18n/format';
import { t, words } from '../../i18n/index.svelte';
import type { Alarm } from '../../live/rows';

/** EEMUA 191, ISA-18.2: more than this in ten minutes is a flood. Until the server has said its own limit. */
export const LIMIT_RAISED = 10;

export const isUnseen = (a: Alarm): boolean => a.taken_at === null;
export const isFlashing = (a: Alarm): boolean => a.severity === 'emergency' && isUnseen(a);

/** An emergency before all others; then the oldest first, so that nothing is overtaken and forgotten. */
export function compare(a: Alarm, b: Alarm): number {
  const last = (x: Alarm) => (x.severity === 'emergency' ? 0 : 1);
  return last(a) - last(b) || byText(a.raised_at, b.raised_at) || byText(a.id, b.id);
}

/** The ones that nobody has taken, in the order in which they are to be taken. */
export const unseen = (alarms: readonly Alarm[]): Alarm[] => alarms.filter(isUnseen).sort(compare);

export interface About {
  number: string;
  priority: string;
}

/** What is wrong, for how long: running while it is so, standing still once it is over. */
export function sentence(a: Alarm, about: About, now_ms: number): string {
  const since = running(Math.max(0, ((a.cleared_at ? ms(a.cleared_at) : now_ms) - ms(a.since)) / 1000));
  const fact = (name: string) => String(a.facts[name] ?? '');
  const unit = fact('unit');
  const say = (): string => {
    switch (a.kind) {
      case 'unanswered': return t('alarm-unanswered', { call: fact('call'), since });
      case 'text_waiting': return t('alarm-text-waiting', { call: fact('call'), since });
      case 'callback_overdue': return t('alarm-callback-overdue', { call: fact('call'), since });
      case 'promise_overdue': return t('alarm-promise-overdue', { promise: words.label('promise_kinds', fact('promise')), since });
      case 'unassigned_p0': case 'unassigned_p1': case 'unassigned':
        return t('alarm-unassigned', { priority: about.priority || t('priority-none'), since, limit: running(Number(a.facts['limit_s'] ?? 0)) });
      case 'unacknowledged': return t('alarm-unacknowledged', { unit, since });
      case 'no_movement': return t('alarm-no-movement', { unit, since });
      case 'lost_link': return t('alarm-lost-link', { unit, since });
      case 'timer_out': return t('alarm-timer-out', { unit, since });
      case 'welfare_overdue': return t('alarm-welfare-overdue', { unit, since });
      case 'emergency_button': return t('alarm-emergency-button', { unit, since });
      case 'void_zone': return t('alarm-void-zone', { zone: fact('zone'), since });
      case 'message_unacknowledged': return t('alarm-message-unacknowledged', { n: fact('acknowledged'), of: fact('of'), since });
      default: return t('alarm-other', { kind: words.label('alarm_kinds', a.kind), since });
    }
  };
  const said = about.number ? `${about.number} ${say()}` : say();
  return a.cleared_at ? t('alarm-over', { what: said }) : said;
}

export const kindOf = (a: Alarm): AlarmKind | undefined => words.entry<AlarmKind>('alarm_kinds', a.kind);

export interface Group {
  key: string;
  title: string;
  alarms: Alarm[];
}

/** Grouped by kind in the vocabulary's order, or by incident from the lowest number; the order inside stays. */
export function grouped(alarms: readonly Alarm[], by: 'kind' | 'incident', numberOf: (a: Alarm) => string): Group[] {
  const groups = new Map<string, Group>();
  for (const a of alarms) {
    const number = by === 'incident' ? numberOf(a) : '';
    const key = by === 'kind' ? a.kind : number;
    const title = by === 'kind' ? words.label('alarm_kinds', a.kind) : number || t('alarms-no-incident');
    const group = groups.get(key) ?? { key, title, alarms: [] };
    group.alarms.push(a);
    groups.set(key, group);
  }
  const order = words.list('alarm_kinds').map((k) => k.code);
  const rank = (g: Group) => (by === 'kind' ? order.indexOf(g.key) : g.key === '' ? Infinity : Number(g.key));
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

/** A heading over one row says nothing that the row does not: single ones stand first, without one. So do
 *  emergencies, before all others: each is taken by itself, never with its group. */
export function headed(groups: readonly Group[]): Group[] {
  const alone = (g: Group) => g.alarms.length === 1 || g.alarms[0]?.severity === 'emergency';
  const urgent = (a: Alarm) => Number(a.severity !== 'emergency');
  const bare = groups.filter(alone).flatMap((g) => g.alarms).sort((a, b) => urgent(a) - urgent(b));
  return [...(bare.length ? [{ key: '', title: '', alarms: bare }] : []), ...groups.filter((g) => !alone(g))];
}
