import { rm } from 'node:fs/promises'
import { SHELL_KEY } from '#core/shell.ts'
import { premisesLaws } from '#ports/premises.laws.ts'
import { objects } from '../machine/objects.ts'
import { aClock, aStore, scratchFolder } from '../machine/scratch.fixture.ts'
import { premises } from './premises.ts'

premisesLaws('the AWS home', async () => {
  const { tables, close } = await aStore()
  const folder = await scratchFolder()
  const store = await objects({ folder, url: 'http://school.test', clock: aClock() })
  await store.put(SHELL_KEY, '<html></html>', { type: 'text/html' })
  return {
    premises: premises({ tables, objects: store, secret: { smtpUrl: undefined, stripeSecretKey: undefined } }),
    tellsBytes: 'elsewhere',
    async damage() {
      await store.remove(SHELL_KEY)
      return 'Store'
    },
    async close() {
      await store.close()
      await close()
      await rm(folder, { recursive: true })
    },
  }
})
