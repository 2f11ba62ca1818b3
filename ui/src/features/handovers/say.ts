/** A line in the reader's language: what its code and facts mean, with what the live picture knows besides. */

import { areaQuality, areaWords } from '../../i18n/area';
import { hour, ms } from '../../i18n/format';
import { t, words } from '../../i18n/index.svelte';
import { picture } from '../../live/picture.svelte';
import type { HandoverLine } from '../../live/rows';

export interface Spoken {
  /** number, callsign or post */
  lead: string;
  /** what it is */
  text: string;
  /** what is to be known of it in the same breath */
  note: string;
  priority: string | null;
  /** the rest, for whoever looks at it alone */
  facts: { label: string; value: string }[];
}

type Facts = HandoverLine['facts'];
const text = (facts: Facts, name: string) => (facts[name] == null ? '' : String(facts[name]));
const at = (facts: Facts, name: string) => hour(ms(text(facts, name)));

export function spoken(line: HandoverLine): Spoken {
  const { facts } = line;
  const found: Spoken = { lead: text(facts, 'number'), text: '', note: '', priority: null, facts: [] };
  const add = (key: string, value: string) => {
    if (value) found.facts.push({ label: t(key), value });
  };
  switch (line.code) {
    case 'incident_waiting':
    case 'incident_underway': {
      const incident = picture.get('incident', line.about.split('/')[1]);
      const units = (facts['units'] as string[]).join(', ');
      const kind = words.label('incident_types', text(facts, 'type')) || t('incident-untyped');
      found.priority = text(facts, 'priority');
      found.text = incident?.title || kind;
      found.note = units || t('handover-no-unit');
      if (incident) {
        add('handover-fact-type', kind);
        add('handover-fact-place', incident.area ? `${areaWords(incident.area)} · ${areaQuality(incident.area)}` : t('area-none'));
        add('handover-fact-calls', String(incident.calls));
        add('handover-fact-needs', incident.needs.map((n) => `${words.label('capabilities', n.capability)} ${n.count}`).join(', '));
      }
      add('handover-fact-units', units || t('handover-no-unit'));
      break;
    }
    case 'alarm_unseen':
    case 'alarm_taken':
    case 'alarm_shelved':
      found.lead = text(facts, 'number') || text(facts, 'unit') || text(facts, 'zone') || text(facts, 'call');
      found.text = words.label('alarm_kinds', text(facts, 'kind'));
      found.note = t(`handover-alarm-${line.code.slice(6)}`);
      if (text(facts, 'number')) add('handover-fact-unit', text(facts, 'unit'));
      break;
    case 'promise_open':
      found.text = words.label('promise_kinds', text(facts, 'kind'));
      found.note = t('handover-due', { at: at(facts, 'due_at') });
      add('handover-fact-owner', text(facts, 'owner'));
      add('handover-fact-words', picture.get('promise', line.about.split('/')[1])?.words ?? '');
      break;
    case 'callback_owed': {
      const call = picture.get('call', line.about.split('/')[1]);
      found.text = t('handover-callback', { call: text(facts, 'call') });
      found.note = t('handover-due', { at: at(facts, 'due_at') });
      add('handover-fact-line', call?.line ?? '');
      add('handover-fact-attempts', text(facts, 'attempts'));
      break;
    }
    case 'unserved_open':
      found.priority = text(facts, 'priority');
      found.text = words.label('unserved_reasons', text(facts, 'reason'));
      break;
    case 'unit_out':
      found.lead = text(facts, 'unit');
      found.text = words.label('availability_reasons', text(facts, 'reason'));
      break;
    case 'observation': {
      const seen = picture.get('observation', line.about.split('/')[1]);
      found.text = words.label('observation_kinds', text(facts, 'kind'));
      found.note = seen?.area ? areaWords(seen.area) : `${text(facts, 'lat')}, ${text(facts, 'lon')}`;
      add('handover-fact-words', seen?.words ?? '');
      break;
    }
    case 'message_waiting':
      found.lead = words.label({ channel: 'message_channels', role: 'roles' }[text(facts, 'to_kind')] ?? '', text(facts, 'to'));
      found.text = t('handover-message', { n: Number(facts['waiting']) });
      found.note = words.label('message_priorities', text(facts, 'priority'));
      break;
    case 'shift_late':
    case 'shift_over':
    case 'shift_tired':
      found.lead = text(facts, 'post');
      found.text = t(`handover-shift-${line.code.slice(6)}`);
      break;
    case 'major_open':
      found.text = t('handover-major', { n: Number(facts['incidents']) });
      found.note = text(facts, 'commander');
      break;
    case 'power':
      found.text = words.label('power_sources', text(facts, 'state'));
      if (facts['generator_s'] != null) add('handover-fact-generator', t('age-h', { n: String(Math.round(Number(facts['generator_s']) / 3_600)) }));
      if (facts['battery_s'] != null) add('handover-fact-battery', t('age-h', { n: String(Math.round(Number(facts['battery_s']) / 3_600)) }));
      break;
    case 'link':
      found.lead = text(facts, 'name');
      found.text = words.label('link_states', text(facts, 'state'));
      break;
    case 'many':
      found.lead = text(facts, 'count');
      found.text = t('handover-many', { group: group(line.section, text(facts, 'group')) });
      break;
    case 'remark':
      found.text = line.remark?.words ?? t('handover-erased');
      break;
    default:
      found.text = line.code;
      for (const [name, value] of Object.entries(facts)) if (value !== null) found.facts.push({ label: name, value: String(value) });
  }
  if (line.gone) found.note = t('handover-gone');
  if (line.since) found.facts.push({ label: t('handover-fact-since'), value: hour(ms(line.since)) });
  return found;
}

const GROUPS: Record<string, string> = {
  alarms: 'alarm_kinds', promises: 'promise_kinds', units: 'availability_reasons', observations: 'observation_kinds', unserved: 'unserved_reasons', messages: 'message_priorities',
};
function group(section: string, code: string): string {
  if (section === 'rosters') return t(`handover-shift-${code.slice(6)}`);
  return words.label(GROUPS[section] ?? '', code);
}
