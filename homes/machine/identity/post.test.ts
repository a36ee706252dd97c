import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Letter } from '#ports/mail.ts'
import { silentLog } from '../log.ts'
import { LOOK_MS, post } from './post.ts'
import { openStore } from './store.ts'

test('a letter that an operator’s verb has written beside an open school is sent by that school within a minute', { timeout: 20_000 }, async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const folder = await mkdtemp(join(tmpdir(), 'lectern-post-'))
  const [database, beside] = [openStore(folder), openStore(folder)]
  const taken = Promise.withResolvers<Letter>()
  const school = post({ database, mail: { send: async (letter) => taken.resolve(letter) }, log: silentLog })
  const refused = Promise.withResolvers<void>()
  const refuse = async (): Promise<never> => {
    refused.resolve()
    throw new Error('No mail is sent from here.')
  }
  const verb = post({ database: beside, mail: { send: refuse }, log: silentLog })
  t.after(async () => {
    school.close()
    for (const each of [database, beside]) each.close()
    await rm(folder, { recursive: true })
  })
  verb.send({ id: 'ltr_1', to: 'lena@lectern.test', subject: 'Hello', text: 'Words.', html: '<p>Words.</p>' })
  await refused.promise
  verb.close()
  t.mock.timers.tick(LOOK_MS)
  assert.equal((await taken.promise).id, 'ltr_1')
})
