/** Whether this is an error with one of these codes, such as `ENOENT` of the operating system or a refusal's own. */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
