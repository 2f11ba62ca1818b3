/** A form of ICS as the server words it: the page prints the same blocks as the paper. */

export interface Field { label: string; value: string }
export type Block =
  | { type: 'fields'; title: string; columns: number; items: Field[] }
  | { type: 'text'; title: string; words: string; lines: number }
  | { type: 'space'; title: string; height_mm: number }
  | { type: 'table'; title: string; columns: { label: string; width: number; align: 'start' | 'end' }[]; rows: string[][]; empty: string; note: string }
  | { type: 'sign'; title: string; items: Field[] };

export interface Form {
  code: string;
  name: string;
  title: string;
  lang: string;
  site: string;
  number: number;
  major: string;
  state: string;
  period: string;
  local: string;
  utc: string;
  seq: number;
  signed: { size: number; root: string } | null;
  synthetic: boolean;
  frame: Record<string, string>;
  blocks: Block[];
}

export const CODES = ['201', '202', '204', '205', '209', '213', '214', '221'] as const;
export type Code = (typeof CODES)[number];
