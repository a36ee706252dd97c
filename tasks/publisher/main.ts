import { publish } from '#core/series/publisher/propose.ts'
import { fileLog } from '#homes/machine/log.ts'
import { github } from '#vendors/github/github.ts'
import { openReach } from '#vendors/links/reach.ts'
import { openRoom } from '../room.ts'

const room = await openRoom(process.env)
try {
  const { github: where, linkHosts } = room.settings
  await publish({ ...room, repository: where && github(where), reach: openReach(), linkHosts, log: fileLog(undefined) }, room.run)
} finally {
  await room.close()
}
