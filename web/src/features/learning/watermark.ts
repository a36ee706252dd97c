export type Place = { leftPercent: number; topPercent: number }

/** Parts of the golden ratio and its plastic cousin never fall into step: the places fill the picture evenly and return late. */
const ACROSS = 0.754877666
const DOWN = 0.569840291
const fraction = (of: number): number => of - Math.floor(of)

/** Where the mark lies the nth time; its corner, so that all of it stays in the picture, clear of the controls below. */
export const placeOf = (turn: number): Place => ({
  leftPercent: Math.round(4 + fraction(0.15 + turn * ACROSS) * 56),
  topPercent: Math.round(7 + fraction(0.1 + turn * DOWN) * 63),
})
