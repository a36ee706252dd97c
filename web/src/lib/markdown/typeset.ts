import temml from 'temml'

/** How much a formula may unfold to, and how large its parts may be, in em. */
const LIMITS: { maxExpand: number; maxSize: [number, number] } = { maxExpand: 200, maxSize: [20, 500] }

/** MathML of a formula in LaTeX; undefined where it is none, and is then shown as it is written. */
export const typeset = (formula: string, isBlock: boolean): string | undefined => {
  try {
    // Without trust, no command brings an address, a class or a style. A formula keeps no macros for the next one.
    return temml.renderToString(formula, { displayMode: isBlock, throwOnError: true, trust: false, macros: {}, ...LIMITS })
  } catch {
    return undefined
  }
}
