import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { listeners } from '#core/events.ts'
import { languageOf } from '#core/notifications/language.ts'
import { hearings } from '#core/platform.ts'
import type { World } from '#ports/world.ts'
import { isChargeable } from '#vendors/stripe/currency.ts'
import { randomIds, systemClock } from './clock.ts'
import { events } from './events.ts'
import { identity } from './identity.ts'
import { silentLog } from './log.ts'
import { refuseOther } from './migrations.ts'
import { objects } from './objects.ts'
import { openSchoolFile } from './school-file.ts'
import type { MachineSettings } from './settings.ts'
import { tables } from './tables.ts'

/**
 * The school's state and people for an operator's verb, while the school is open or closed. What a commit tells of is heard by the
 * school: an open one looks within a minute, a closed one when it opens.
 * @throws ENOENT where there is no school yet; OlderFolder or NewerFolder where another version has written it
 */
export const openByHand = async (settings: MachineSettings): Promise<{ world: World; close(): Promise<void> }> => {
  const { data: folder, url, schoolName } = settings
  const path = join(folder, 'school.sqlite')
  await access(path)
  await refuseOther(folder)
  const [clock, ids] = [systemClock, randomIds(systemClock)]
  const file = openSchoolFile(path)
  const outbox = events({ file, clock, log: silentLog })
  const mail = { send: () => Promise.reject(new Error('No mail is sent from here.')) }
  const store = await objects({ folder: join(folder, 'objects'), url, clock })
  const rows = tables({ file, outbox })
  const people = await identity({
    ...{ folder, url, schoolName, mail, clock, ids, log: silentLog },
    languageOf: (person) => languageOf({ tables: rows }, person),
  })
  const partial = {
    ...{ tables: rows, events: outbox, identity: people, mail, clock, ids, log: silentLog },
    // Uploads that nobody goes on with are swept by the school itself.
    objects: { ...store, cancelUpload: async () => undefined },
    payments: { canCharge: isChargeable },
    settings,
  }
  // Courses are read and written with no more than this; whatever else is called is a fault, and told as one.
  const world = partial as unknown as World
  outbox.listen(listeners(world, hearings))
  return {
    world,
    async close() {
      people.close()
      await store.close()
      await file.close()
    },
  }
}
