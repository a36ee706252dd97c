import type { Executor } from './task.ts'
export const cli = (_: string): Executor => { throw new Error('later') }
