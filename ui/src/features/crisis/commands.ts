/** What can be done to a major incident. Each answer is shown at once; its push finds it there. */

import type { Body } from '../../api/bodies';
import { api, LinkCut, Problem } from '../../api/client.svelte';
import { picture } from '../../live/picture.svelte';
import type { Lang } from '../../i18n/index.svelte';
import type { Division, GeneralMessage, Major, MajorItem, Objective, Period, Post, RadioRow, RequestStatus, ResourceRequest, Statement } from '../../live/rows';
import type { Form } from './form';

async function shown(answer: Promise<Major>): Promise<Major> {
  const major = await answer;
  picture.put('major', major);
  return major;
}
async function part<T extends MajorItem>(major: string, path: string, body: object, seen?: number): Promise<T> {
  const row = await api.command<T>(`/majors/${major}/${path}`, body, seen === undefined ? { about: major } : { about: major, ifMatch: seen });
  picture.put('major_item', row);
  return row;
}

/** The incident leads a new major incident. */
export const declareMajor = (incident_id: string, name?: string) =>
  shown(api.command<Major>('/majors', { incident_id, ...(name ? { name } : {}) } satisfies Body<'DeclareBody'>, { about: incident_id }));

export const rename = (id: string, name: string, seen: number) =>
  shown(api.command<Major>(`/majors/${id}/name`, { name } satisfies Body<'MajorNameBody'>, { about: id, ifMatch: seen }));
export const command = (id: string, commander: string, seen: number) =>
  shown(api.command<Major>(`/majors/${id}/commander`, { commander } satisfies Body<'CommanderBody'>, { about: id, ifMatch: seen }));
export const link = (id: string, incident_id: string) => shown(api.command<Major>(`/majors/${id}/link`, { incident_id } satisfies Body<'MajorIncidentBody'>, { about: id }));
export const unlink = (id: string, incident_id: string) => shown(api.command<Major>(`/majors/${id}/unlink`, { incident_id } satisfies Body<'MajorIncidentBody'>, { about: id }));
/** It leaves the picture, so it is not put there. */
export const standDown = (id: string, words?: string) => api.command<Major>(`/majors/${id}/stand_down`, { ...(words ? { words } : {}) } satisfies Body<'StandDownBody'>, { about: id });

export const stateLetter = (id: string, body: Body<'MethaneBody'>) => part<Statement>(id, 'methane', body);
export const openPost = (id: string, body: Body<'PostBody'>) => part<Post>(id, 'posts', body);
export const closePost = (id: string, item: string) => part<Post>(id, `posts/${item}/close`, {});
export const setObjective = (id: string, body: Body<'ObjectiveBody'>) => part<Objective>(id, 'objectives', body);
export const changeObjective = (id: string, item: string, body: Body<'ObjectiveChangeBody'>, seen: number) => part<Objective>(id, `objectives/${item}/change`, body, seen);
export const settleObjective = (id: string, item: string, status: Objective['status']) =>
  part<Objective>(id, `objectives/${item}/status`, { status } satisfies Body<'ObjectiveStatusBody'>);
export const askResource = (id: string, body: Body<'ResourceBody'>) => part<ResourceRequest>(id, 'requests', body);
export const moveRequest = (id: string, item: string, status: RequestStatus, reason?: string) =>
  part<ResourceRequest>(id, `requests/${item}/status`, { status, ...(reason ? { reason } : {}) } satisfies Body<'ResourceStatusBody'>);
export const formDivision = (id: string, body: Body<'DivisionBody'>) => part<Division>(id, 'divisions', body);
export const changeDivision = (id: string, item: string, body: Body<'DivisionChangeBody'>, seen: number) => part<Division>(id, `divisions/${item}/change`, body, seen);
export const joinDivision = (id: string, item: string, unit_id: string) => part<Division>(id, `divisions/${item}/join`, { unit_id } satisfies Body<'DivisionUnitBody'>);
export const leaveDivision = (id: string, item: string, unit_id: string) => part<Division>(id, `divisions/${item}/leave`, { unit_id } satisfies Body<'DivisionUnitBody'>);
export const closeDivision = (id: string, item: string) => part<Division>(id, `divisions/${item}/close`, {});
export const planRadio = (id: string, body: Body<'RadioBody'>) => part<RadioRow>(id, 'radio', body);
/** It leaves the picture, so it is not put there. */
export const removeRadio = (id: string, item: string) => api.command<RadioRow>(`/majors/${id}/radio/${item}/remove`, {}, { about: id });
export const setPeriod = (id: string, body: Body<'PeriodBody'>) => part<Period>(id, 'periods', body);
export const checkDemob = (id: string, unit_id: string, step: string) => part<MajorItem>(id, 'demob', { unit_id, step } satisfies Body<'DemobBody'>);
/** It leaves the picture, so it is not put there. */
export const withdrawDemob = (id: string, item: string) => api.command<MajorItem>(`/majors/${id}/demob/${item}/withdraw`, {}, { about: id });
export const writeMessage = (id: string, body: Body<'GeneralMessageBody'>) => part<GeneralMessage>(id, 'messages', body);
export const replyMessage = (id: string, item: string, words: string) => part<GeneralMessage>(id, `messages/${item}/reply`, { words } satisfies Body<'GeneralReplyBody'>);

/** Where a form stands: as facts, or as paper. */
export const formPath = (id: string, code: string, lang: Lang, item: string | null, paper = false): string =>
  `/majors/${id}/forms/${code}${paper ? '.pdf' : ''}?lang=${lang}${item ? `&item=${item}` : ''}`;

export const readForm = (id: string, code: string, lang: Lang, item: string | null, signal: AbortSignal) => api.get<Form>(formPath(id, code, lang, item), signal);

/** Saves the form as a PDF; refused with the server's own sentence, as any command is. */
export async function printForm(id: string, code: string, lang: Lang, item: string | null): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${formPath(id, code, lang, item, true)}`, { credentials: 'same-origin', headers: { 'Accept-Language': lang } });
  } catch {
    throw new LinkCut();
  }
  if (!response.ok) throw await Problem.of(response);
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? `ics-${code}.pdf`;
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(await response.blob());
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
  return name;
}
