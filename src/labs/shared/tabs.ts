// The tabs of small screens: those that lie off the edge are hinted by a chevron (see reach.css), and the chosen one
// comes to sight.

/** Moves the row of tabs, and nothing else, so that the chosen tab is whole in sight. */
export function bringTab(tabs: HTMLElement): void {
  const chosen = tabs.querySelector<HTMLElement>('[aria-pressed=true]');
  if (!chosen || tabs.scrollWidth <= tabs.clientWidth) return;
  const [tab, row] = [chosen.getBoundingClientRect(), tabs.getBoundingClientRect()];
  const room = 36;
  if (tab.left < row.left + room) tabs.scrollLeft -= row.left + room - tab.left;
  else if (tab.right > row.right - room) tabs.scrollLeft += tab.right - row.right + room;
}
