import * as z from 'zod/mini'

/** What one video has been charged with, or a part of it. */
export const Charge = z.object({ month: z.string(), machineSeconds: z.int(), microUsd: z.int() })
export type Charge = z.infer<typeof Charge>
