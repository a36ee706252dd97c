import type { ChatbotTokens } from '#ports/chatbot.ts'

/** Per million tokens, in millionths of a US dollar. */
export type Prices = { inputMicros: number; outputMicros: number }

const MILLION = 1_000_000n

/** In millionths of a US dollar, rounded up. Products of the largest bounds do not fit into a number's 53 bits. */
export const costMicros = ({ input, output }: ChatbotTokens, { inputMicros, outputMicros }: Prices): number =>
  Number((BigInt(input) * BigInt(inputMicros) + BigInt(output) * BigInt(outputMicros) + MILLION - 1n) / MILLION)

export const sum = (a: ChatbotTokens, b: ChatbotTokens): ChatbotTokens => ({ input: a.input + b.input, output: a.output + b.output })

export const NO_TOKENS: ChatbotTokens = { input: 0, output: 0 }

export type Limits = { tokens: number; micros: number }

export const isOver = (spent: ChatbotTokens, limits: Limits, prices: Prices): boolean =>
  spent.input + spent.output > limits.tokens || costMicros(spent, prices) > limits.micros

/** How many tokens of an answer there is room for, after what is spent and the question itself; below nought where the question alone is too much. */
export const roomForOutput = (spent: ChatbotTokens, limits: Limits, prices: Prices): number => {
  const tokens = limits.tokens - spent.input - spent.output
  const left = BigInt(limits.micros) * MILLION - BigInt(spent.input) * BigInt(prices.inputMicros) - BigInt(spent.output) * BigInt(prices.outputMicros)
  if (left < 0n || prices.outputMicros === 0) return left < 0n ? -1 : tokens
  return Math.min(tokens, Number(left / BigInt(prices.outputMicros)))
}
