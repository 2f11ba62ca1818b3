/** What the server answers about the whole picture, by the names of its own description. */

import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Norms = Schemas['NormsRow'];
export type NormFigure = Schemas['NormRow'];
export type Hour = Schemas['HourRow'];
export type Load = Schemas['WorkloadRow'];
export type Ledger = Schemas['LedgerRow'];
