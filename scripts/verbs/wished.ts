import { BackupTrouble } from '#homes/machine/backup/trouble.ts'
import { complain } from './saying.ts'

/** Does what was wished for, and answers with the exit code; a wish that is words says what was asked wrongly. */
export const carryOut = async <W extends object>(wish: W | string, run: (wish: W) => Promise<number>): Promise<number> => {
  if (typeof wish === 'string') {
    complain(wish)
    return 2
  }
  try {
    return await run(wish)
  } catch (error) {
    if (!(error instanceof BackupTrouble)) throw error
    complain(error.message)
    return 1
  }
}
