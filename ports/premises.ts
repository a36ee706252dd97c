/** One thing that a school rests on, as it was found. `says` holds what to do, where something is to be done. */
export type Check = { name: string; state: 'well' | 'doubtful' | 'ill'; says: string }

/** What a home can tell of itself: nobody else knows what it stands on. */
export type Premises = {
  /** Looks now, within half a minute, and never throws: what cannot be looked at is a finding too. */
  look(): Promise<Check[]>
  /** What the databases take; `elsewhere` where that is told by the cloud's own console, and the page of it says so. */
  databaseBytes(): Promise<number | 'elsewhere'>
}
