/** What the server allows whoever sits here. A screen offers only what will not be refused. */

class Rights {
  #allowed = $state.raw<ReadonlySet<string>>(new Set());

  /** Takes the actions that the session came with. */
  grant(actions: readonly string[]): void {
    this.#allowed = new Set(actions);
  }

  has(action: string): boolean {
    return this.#allowed.has(action);
  }
}

export const rights = new Rights();

/** Whether whoever sits here may do this, such as "incidents.close". */
export const may = (action: string): boolean => rights.has(action);
