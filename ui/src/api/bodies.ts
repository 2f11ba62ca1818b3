/** What a command may carry, by the name of its body in the server's own description. */

import type { components } from './schema';

type Schemas = components['schemas'];

export type Body<Name extends Extract<keyof Schemas, `${string}Body`>> = Schemas[Name];
