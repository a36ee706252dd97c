import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setLanguage } from '#core/notifications/language.ts'
import { aServedHome } from '../served.fixture.ts'
import type { Arrived } from './scene.fixture.ts'

test('an open school writes about somebody’s account in the language that its pages spoke to them', async (t) => {
  const { home, close } = await aServedHome({})
  t.after(close)
  const [email, password] = ['heidi@lectern.test', 'four quiet words here']
  const made = await home.identity.create({ email, name: 'Heidi', password, roles: ['learner'] })
  if (made === 'taken') throw new Error('The address is taken.')
  await setLanguage(home.world, made.id, 'de')
  await home.identity.desk?.changePassword(made.id, { present: password, next: 'five other quiet words here', keep: undefined })
  const answer = await fetch(`${home.standIns.mail?.url}/sandbox/mail/api/messages?${new URLSearchParams({ to: email, wait: '10' })}`)
  // The stand-in's own answer.
  const [letter] = (await answer.json()) as Arrived[]
  assert.match(letter?.subject ?? '', /^Ihr Passwort bei .* wurde geändert$/)
})
