import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { schoolServer } from '#homes/machine/http.ts'
import { identity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import { openRegistry } from '#homes/metrics/registry.ts'
import { aBrowser, aSignIn } from '#test/browser.ts'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { freePort } from '#test/journeys/program.ts'
import { openSchool } from '#test/school.ts'

const DAY_SECONDS = 24 * 3600
const EMAIL = 'lena@lectern.test'
const PASSWORD = 'four quiet words here'

/** A published course with a film, behind the machine's own sign-in, signer and edge; all of them, and the visitor, go by one clock, which `set` moves. */
const aWatchedSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.mock.timers.enable({ apis: ['Date'], now: school.clock.now() })
  const folder = await mkdtemp(join(tmpdir(), 'lectern-clock-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { clock, ids, mail } = school.world
  const people = await identity({ folder, url, clock, ids, mail, log: silentLog, schoolName: 'Test School' })
  const settings = { ...school.world.settings, url, mediaUrl: url }
  const standIns = { mail: undefined, stripe: undefined, github: undefined, chatbot: undefined }
  const server = schoolServer(
    {
      ...{ world: { ...school.world, identity: people, settings }, objects: school.store, identity: people, registry: openRegistry(), standIns },
      settings: { url, trustedProxies: [], proxySecret: undefined, accelPlace: undefined, metrics: 'off' },
    },
    folder,
  )
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.close()
    server.closeAllConnections()
    people.close()
    await school.close()
    await rm(folder, { recursive: true })
  })
  const teacher = await school.person('Theo', 'instructor')
  const { course, section } = await aCourse(teacher)
  const film = await anUploadedVideo(school, teacher, { course, section })
  await encode(school, film)
  await teacher.client.courses.publish({ course })
  await school.settle()
  await people.create({ email: EMAIL, name: 'Lena', password: PASSWORD, roles: ['learner'] })
  const set = (seconds: number): void => {
    school.clock.pass(seconds)
    t.mock.timers.setTime(school.clock.now().getTime())
  }
  return { url, course, ...film, set }
}
type Place = Awaited<ReturnType<typeof aWatchedSchool>>

/** Somebody's browser, and what it is answered. */
const aVisitor = ({ url, course, lesson, video }: Place) => {
  const browser = aBrowser(url)
  const asked = (token: string, method: string, path: string, body = {}): Promise<Response> =>
    fetch(`${url}/api${path}`, {
      ...{ method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    })
  return {
    /** The whole way, with the password where it is asked for. */
    async signIn(how: 'by password' | 'by session') {
      const app = aSignIn(url)
      const page = await browser.open(app.address)
      return { app, tokens: await app.tokens(how === 'by password' ? await browser.submit(page, { email: EMAIL, password: PASSWORD }) : page) }
    },
    enrol: async (token: string) => (await asked(token, 'POST', `/courses/${course}/enrolment`)).status,
    reads: async (token: string) => (await asked(token, 'GET', `/lessons/${lesson}`)).status,
    /** The cookies of a player that begins. */
    async plays(token: string): Promise<string> {
      const answer = await asked(token, 'POST', `/lessons/${lesson}/playback`)
      assert.equal(answer.status, 200, await answer.text())
      return answer.headers
        .getSetCookie()
        .map((line) => line.slice(0, line.indexOf(';')))
        .join('; ')
    },
    loads: async (cookie: string) => (await fetch(`${url}/media/${video}/720p/00000.m4s`, { headers: { cookie } })).status,
  }
}

test('a clock that is set back by a day ends no session, no token and no film, and neither does setting it right again', async (t) => {
  const place = await aWatchedSchool(t)
  const lena = aVisitor(place)
  const { app, tokens } = await lena.signIn('by password')
  assert.equal(await lena.enrol(tokens.access_token), 200)
  const cookies = await lena.plays(tokens.access_token)
  const goesOn = async (): Promise<void> => {
    assert.deepEqual([await lena.reads(tokens.access_token), await lena.loads(cookies)], [200, 200])
    assert.equal(await lena.loads(await lena.plays(tokens.access_token)), 200)
    assert.equal(await lena.reads((await lena.signIn('by session')).tokens.access_token), 200)
  }
  place.set(-DAY_SECONDS)
  await goesOn()
  const renewed = await app.refresh(tokens.refresh_token)
  assert.deepEqual([renewed.status, await lena.reads(renewed.tokens.access_token)], [200, 200])
  // What was made a day too early ends a day too early: then the session gives new ones, with no password.
  place.set(DAY_SECONDS)
  await goesOn()
})

test('a clock that is set forward by a year ends what was given for a while, and nobody’s right: who signs in again watches on, and goes on when the clock is right again', async (t) => {
  const place = await aWatchedSchool(t)
  const lena = aVisitor(place)
  const { app, tokens } = await lena.signIn('by password')
  assert.equal(await lena.enrol(tokens.access_token), 200)
  const cookies = await lena.plays(tokens.access_token)
  place.set(365 * DAY_SECONDS)
  assert.deepEqual([await lena.reads(tokens.access_token), await lena.loads(cookies)], [401, 403])
  assert.equal((await app.refresh(tokens.refresh_token)).status, 400)
  const again = await lena.signIn('by password')
  assert.equal(await lena.reads(again.tokens.access_token), 200)
  const fresh = await lena.plays(again.tokens.access_token)
  assert.equal(await lena.loads(fresh), 200)
  place.set(-365 * DAY_SECONDS)
  assert.deepEqual([await lena.reads(again.tokens.access_token), await lena.loads(fresh)], [200, 200])
  assert.equal((await again.app.refresh(again.tokens.refresh_token)).status, 200)
})
