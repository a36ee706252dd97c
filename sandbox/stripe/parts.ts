import type { Deliveries } from './deliveries.ts'
import type { Desk } from './desk.ts'

/** What pages are made from. */
export type Parts = { desk: Desk; sender: Deliveries; schoolName: string }
