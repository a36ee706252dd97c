import { Refusal } from '#core/refusal.ts'
import { openByHand } from '#homes/machine/by-hand.ts'
import { hasCode } from '#homes/machine/error-code.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { World } from '#ports/world.ts'
import { complain } from './saying.ts'

/** Does something with the school of the data folder, open or closed, and answers with the exit code; what is refused is said. */
export const withSchool = async (act: (world: World) => Promise<number>): Promise<number> => {
  try {
    const school = await openByHand(readSettings(process.env))
    try {
      return await act(school.world)
    } finally {
      await school.close()
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) complain('There is no school in this data folder.')
    else if (error instanceof Refusal) complain(error.message)
    else throw error
    return 1
  }
}
