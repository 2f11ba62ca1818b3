/** Night or day: kept on this machine; night until somebody chooses. */

export type Theme = 'night' | 'day';
const REMEMBERED = 'lanbi.theme';

class Dress {
  theme = $state<Theme>('night');

  constructor() {
    const kept = localStorage.getItem(REMEMBERED);
    this.#wear(kept === 'day' || kept === 'night' ? kept : 'night');
  }

  choose(theme: Theme): void {
    localStorage.setItem(REMEMBERED, theme);
    this.#wear(theme);
  }

  #wear(theme: Theme): void {
    this.theme = theme;
    document.documentElement.dataset['theme'] = theme;
  }
}

export const dress = new Dress();
