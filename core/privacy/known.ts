/** One thing the school knows of somebody. Of what is not theirs but names them, no more than what it is. */
export type Known = { what: string; kept: 'goes' | 'stays'; because?: string; value?: unknown; file?: { key: string; name: string; sizeBytes: number } }
