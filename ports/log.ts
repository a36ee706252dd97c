/** One line of JSON per call. `fields` must hold no secret: tokens, cookies and signatures never go in. */
export type Log = {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, error: unknown, fields?: Record<string, unknown>): void
}
