import type { Budget, SeriesBrief } from '#contract/series.ts'

/** Of a model, in millionths of a dollar per million tokens. */
export type Prices = { inputMicros: number; outputMicros: number }

/** US dollars as somebody types them, in millionths; undefined for what is no amount. */
export const microsOf = (typed: string): number | undefined => {
  const text = typed.trim().replace(',', '.')
  return /^\d{1,5}(\.\d{1,4})?$/.test(text) ? Math.round(Number(text) * 1e6) : undefined
}

/** The same, as it is typed: `2`, `0.50`, `0.0125`. */
export const dollarsTyped = (micros: number): string => {
  const dollars = micros / 1e6
  if (Number.isInteger(dollars)) return String(dollars)
  return Number.isInteger(Math.round(micros) / 1e4) ? dollars.toFixed(2) : String(Number(dollars.toFixed(4)))
}

/** Tokens as somebody types them, with or without marks between thousands. */
export const tokensOf = (typed: string): number | undefined => {
  const text = typed.trim().replace(/[\s,.'’_]/g, '')
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** Money that is mostly below a dollar: `$0.02`, `$0.004`, `$1.20`. */
export const microsText = (micros: number, locale: string): string => {
  const dollars = micros / 1e6
  const digits = dollars > 0 && dollars < 0.1 ? (dollars < 0.01 ? 4 : 3) : 2
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(dollars)
}

export const tokensText = (tokens: number, locale: string): string =>
  new Intl.NumberFormat(locale, { notation: tokens >= 10_000 ? 'compact' : 'standard', maximumFractionDigits: 1 }).format(tokens)

/** To a figure or two: a guess that says 5,171 promises what it cannot keep. */
export const aboutText = (tokens: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumSignificantDigits: tokens < 10_000 ? 1 : 2 }).format(tokens)

const WORDS_A_MINUTE = 220
/** Of prose in most languages of Europe, with its Markdown. */
const TOKENS_A_WORD = 1.6
const TOKENS_A_QUESTION = 160
const TOKENS_OF_RULES = 1500
const CHARACTERS_A_TOKEN = 4
/** Now and then an answer is asked for once more. */
const MARGIN = 1.25

type Asked = Pick<SeriesBrief, 'minutes' | 'questions' | 'examples' | 'outline' | 'sources'>

/** What one lesson takes, roughly: a guide for choosing a budget, which is kept by what the service itself counts. */
export const lessonTokens = ({ minutes, questions, examples, outline, sources }: Asked): { input: number; output: number } => {
  const said = examples.length + outline.join('').length + sources.reduce((sum, { title, url }) => sum + title.length + url.length, 0)
  return {
    input: Math.round((TOKENS_OF_RULES + said / CHARACTERS_A_TOKEN) * MARGIN),
    output: Math.round((minutes * WORDS_A_MINUTE * TOKENS_A_WORD + questions * TOKENS_A_QUESTION) * MARGIN),
  }
}

export const costOf = ({ input, output }: { input: number; output: number }, { inputMicros, outputMicros }: Prices): number =>
  Math.round((input * inputMicros + output * outputMicros) / 1e6)

/** Roomy for lessons of any length there is, and far from dear at any model's price. */
export const USUAL_BUDGET: Budget = { runTokens: 40_000, runMicros: 500_000, monthTokens: 600_000, monthMicros: 5_000_000 }

/** How much of a month's budget is gone, by whichever of its two bounds is nearer; 0 … 100. */
export const spentPercent = (spent: { tokens: number; micros: number }, { monthTokens, monthMicros }: Budget): number =>
  Math.min(100, Math.max((100 * spent.micros) / monthMicros, (100 * spent.tokens) / monthTokens))

/** How many lessons of that size a month's budget has room for. */
export const lessonsInMonth = (tokens: { input: number; output: number }, prices: Prices | undefined, { monthTokens, monthMicros }: Budget): number => {
  const byTokens = monthTokens / (tokens.input + tokens.output)
  const cost = prices ? costOf(tokens, prices) : 0
  return Math.floor(Math.min(byTokens, cost > 0 ? monthMicros / cost : byTokens))
}
