/** One tab stop for a whole list: arrows, Home and End move the focus among `[data-row]` children. */
export function roving(list: HTMLElement) {
  const rows = () => [...list.querySelectorAll<HTMLElement>('[data-row]')];

  function settle(to?: HTMLElement) {
    const all = rows();
    const stop = to ?? all.find((r) => r.getAttribute('aria-current') === 'true') ?? all[0];
    for (const row of all) row.tabIndex = row === stop ? 0 : -1;
  }

  function press(e: KeyboardEvent) {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const all = rows();
    const here = all.findIndex((r) => r === e.target);
    if (here < 0) return;
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    if (e.key === 'Home' || e.key === 'End') {
      // Of a long list only a part stands in the page: first there, then the focus.
      list.scrollTop = e.key === 'Home' ? 0 : list.scrollHeight;
      const end = e.key === 'Home' ? 0 : -1;
      const now = rows().at(end);
      now?.focus({ preventScroll: true });
      // Whoever has pressed on meanwhile is not called back.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const then = rows().at(end);
        if (then !== now && [now, document.body].includes(document.activeElement as HTMLElement)) then?.focus();
      }));
      return;
    }
    all[Math.min(all.length - 1, Math.max(0, to))]?.focus();
  }

  // A row that is put elsewhere in the list loses the focus on the way: it is given back, and to nobody who let it go.
  let held: HTMLElement | null = null;
  function focus(e: FocusEvent) {
    const row = (e.target as HTMLElement).closest<HTMLElement>('[data-row]');
    if (!row || !list.contains(row)) return;
    held = e.target === row ? row : null;
    settle(row);
  }
  function leave() {
    const was = held;
    // Later than the watch below, which sees whether the row was only moved.
    setTimeout(() => {
      if (held === was && document.activeElement !== was) held = null;
    });
  }

  const watch = new MutationObserver((seen) => {
    const row = held;
    const moved = row && document.activeElement === document.body && list.contains(row) && seen.some((s) => [...s.removedNodes].some((n) => n.contains(row)));
    if (moved) row.focus({ preventScroll: true });
    if (!list.contains(document.activeElement)) settle();
    else if (!rows().some((r) => r.tabIndex === 0)) settle();
  });
  watch.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-current'] });
  list.addEventListener('keydown', press);
  list.addEventListener('focusin', focus);
  list.addEventListener('focusout', leave);
  settle();

  return () => {
    watch.disconnect();
    list.removeEventListener('keydown', press);
    list.removeEventListener('focusin', focus);
    list.removeEventListener('focusout', leave);
  };
}
