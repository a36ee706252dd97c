/** The time of the world. Everything that needs "now" asks here, so that a test can move it. */
export type Clock = { now(): Date }

/** Makers of what must not repeat. An id carries its kind: `crs_01k…`; it sorts by the time it was made. */
export type Ids = { make(kind: string): string; secret(bytes: number): string }
