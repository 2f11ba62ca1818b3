/** What can be changed of an incident, by whom, and when. */

import { may } from '../../api/rights.svelte';
import type { Incident } from '../../live/rows';

export type Form = 'title' | 'prioritise' | 'classify' | 'relocate' | 'link' | 'close' | 'reopen';

const ACTIONS: Readonly<Record<Form, string>> = {
  title: 'incidents.classify', prioritise: 'incidents.prioritise', classify: 'incidents.classify', relocate: 'incidents.relocate',
  link: 'incidents.link', close: 'incidents.close', reopen: 'incidents.reopen',
};

/** Whether the server would take it now: a closed incident is only reopened, and only then changed again. */
export const mayOpen = (form: Form, incident: Incident): boolean =>
  may(ACTIONS[form]) && (form === 'reopen') === (incident.state === 'closed');
