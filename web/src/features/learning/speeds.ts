import { TOP_SPEED } from '#contract/watching.ts'

export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, TOP_SPEED]
/** While a finger, a button or the space bar is held. */
export const HELD_SPEED = 2

/** The next speed of the menu up or down, also from one that is not in it. */
export const speedBeside = (speed: number, direction: 1 | -1): number => {
  const beside = direction === 1 ? SPEEDS.find((each) => each > speed) : SPEEDS.findLast((each) => each < speed)
  return beside ?? speed
}

/** What was kept by a browser, if it is a speed at all. */
export const asSpeed = (kept: unknown): number => (typeof kept === 'number' && kept >= 0.5 && kept <= TOP_SPEED ? kept : 1)

export const shownSpeed = (speed: number): string => `${speed}×`
