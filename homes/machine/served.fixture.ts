import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomIds, systemClock } from './clock.ts'
import { openHome } from './home.ts'
import type { HookLimits } from './hooks.ts'
import { schoolServer } from './http.ts'
import { silentLog } from './log.ts'
import { readSettings } from './settings.ts'

/** A whole home on loopback, by settings as its environment names them. */
export const aServedHome = async (variables: Record<string, string>, hookLimits: Partial<HookLimits> = {}) => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-served-'))
  const webRoot = join(data, 'dist')
  await mkdir(webRoot)
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>School</title>')
  const home = await openHome({ settings: readSettings({ LECTERN_DATA: data, ...variables }), clock: systemClock, ids: randomIds(systemClock), log: silentLog })
  const server = schoolServer(home, webRoot, { hookLimits })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    ...{ data, webRoot, home, server, port: address.port },
    async close() {
      server.close()
      server.closeAllConnections()
      await home.stop()
      await rm(data, { recursive: true })
    },
  }
}
