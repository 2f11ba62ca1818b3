import { describe, expect, it } from 'vitest';
import type { components } from '../api/schema';
import { isActive, letterOf, type Assignment, type Call, type Incident, type Observation, type PromiseRow, type Track, type Unit } from './rows';

type Schemas = components['schemas'];
/** True when the server's row has every field that ours reads. `npm run check` fails where it has not. */
type Reads<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs> extends never ? true : Exclude<keyof Ours, keyof Theirs>;
const described: [
  Reads<Call, Schemas['CallRow']>, Reads<Incident, Schemas['IncidentRow']>, Reads<Unit, Schemas['UnitRow']>,
  Reads<Assignment, Schemas['AssignmentRow']>, Reads<PromiseRow, Schemas['PromiseRow']>,
  Reads<Track, Schemas['TrackRow']>, Reads<Observation, Schemas['ObservationRow']>,
] = [true, true, true, true, true, true, true];

describe('the rows', () => {
  it('read only what the server describes', () => {
    expect(described.every(Boolean)).toBe(true);
  });

  it('know each state by one letter', () => {
    const letters = (['available', 'assigned', 'en_route', 'on_scene', 'transporting', 'at_destination', 'out_of_service'] as const).map(letterOf);
    expect(letters.join('')).toBe('ADRSTHX');
  });

  it('free a unit when its assignment ends, however it ends', () => {
    const at = (status: Assignment['status']) => isActive({ status } as Assignment);
    expect(at('acknowledged')).toBe(true);
    for (const end of ['cleared', 'cancelled', 'preempted', 'replaced'] as const) expect(at(end)).toBe(false);
  });
});
