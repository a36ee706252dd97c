import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aBrowser, aSignIn, signedIn, words } from '#test/browser.ts'
import { aReader, aScene, linkIn, PASSWORD, type Scene } from './scene.fixture.ts'

const NEXT = 'five other quiet words here'

import { placeOf } from './sessions.ts'

describe('what somebody changes about their own sign-in', () => {
  let scene: Scene
  before(async () => {
    scene = await aScene()
  })
  after(() => scene.close())
  const desk = () => {
    const { desk: found } = scene.identity()
    assert.ok(found)
    return found
  }
  const sessionOf = async (token: string) => (await scene.identity().verify(token))?.session?.id ?? ''

  it('tells places by network, never by address', () => {
    assert.deepEqual(['203.0.113.77', '::ffff:203.0.113.77', '2001:db8:12:34::9', '::1'].map(placeOf), ['203.0.113.x', '203.0.113.x', '2001:db8:12::', ''])
  })

  it('lists the browsers they are signed in with, and ends one of them', async () => {
    const { email, id } = await aReader(scene)
    const [here, there] = [await signedIn(scene.url, email, PASSWORD), await signedIn(scene.url, email, PASSWORD)]
    const { sessions } = await desk().of(id)
    assert.deepEqual(sessions.map((session) => session.id).toSorted(), [await sessionOf(here.access_token), await sessionOf(there.access_token)].toSorted())
    assert.equal(await desk().endSession(id, await sessionOf(there.access_token)), true)
    assert.equal(await scene.identity().verify(there.access_token), undefined)
    assert.equal((await aSignIn(scene.url).refresh(there.refresh_token)).status, 400)
    assert.equal((await scene.identity().verify(here.access_token))?.id, id)
    assert.equal((await aSignIn(scene.url).refresh(here.refresh_token)).status, 200)
  })

  it('does not end somebody else’s session', async () => {
    const [mine, theirs] = [await aReader(scene), await aReader(scene)]
    const token = (await signedIn(scene.url, theirs.email, PASSWORD)).access_token
    assert.equal(await desk().endSession(mine.id, await sessionOf(token)), false)
    assert.equal((await scene.identity().verify(token))?.id, theirs.id)
  })

  it('takes a new password from whoever knows the present one, and ends every other session', async () => {
    const { email, id } = await aReader(scene)
    const [here, there] = [await signedIn(scene.url, email, PASSWORD), await signedIn(scene.url, email, PASSWORD)]
    const keep = await sessionOf(here.access_token)
    assert.equal(await desk().changePassword(id, { present: 'a guess', next: NEXT, keep }), 'wrong')
    assert.deepEqual(await desk().changePassword(id, { present: PASSWORD, next: 'short', keep }), { fault: 'Use at least 10 characters.' })
    assert.equal(await desk().changePassword(id, { present: PASSWORD, next: NEXT, keep }), 'done')
    assert.equal((await scene.identity().verify(here.access_token))?.id, id)
    assert.equal(await scene.identity().verify(there.access_token), undefined)
    await assert.rejects(signedIn(scene.url, email, PASSWORD))
    await signedIn(scene.url, email, NEXT)
    assert.match((await scene.letters(email))[0]?.subject ?? '', /was changed/)
  })

  it('moves to another address when its link is opened, tells the old one, and stays until then', async () => {
    const { email, id } = await aReader(scene)
    const wanted = 'moved@lectern.test'
    assert.equal(await desk().changeEmail(id, ' Moved@Lectern.test '), 'sent')
    assert.equal((await desk().of(id)).pendingEmail, wanted)
    assert.match((await scene.letters(email))[0]?.subject ?? '', /is to be changed/)
    const browser = aBrowser(scene.url)
    const asked = await browser.open(linkIn((await scene.letters(wanted))[0]))
    // A program that reads mail has looked, and nothing has happened.
    assert.equal((await scene.identity().find(id))?.email, email)
    assert.match(words(await browser.submit(asked)), /This is your address now/)
    assert.equal((await scene.identity().find(id))?.email, wanted)
    assert.equal((await browser.submit(asked)).status, 410)
    await signedIn(scene.url, wanted, PASSWORD)
    await assert.rejects(signedIn(scene.url, email, PASSWORD))
  })

  it('writes about what somebody changes in the language they read, and to the owner of an address in theirs', async (test) => {
    const german = new Set<string>()
    const spoken = await aScene({ languageOf: async (person) => (german.has(person) ? 'de' : 'es') })
    test.after(() => spoken.close())
    const { desk: theirs } = spoken.identity()
    const [mine, owner] = [await aReader(spoken), await aReader(spoken)]
    german.add(mine.id)
    await theirs?.changeEmail(mine.id, owner.email)
    const [taken] = await spoken.letters(owner.email)
    const [leaving] = await spoken.letters(mine.email)
    assert.equal(taken?.subject, 'Esta dirección ya tiene una cuenta en The Test School')
    assert.equal(leaving?.subject, 'Ihre Adresse bei The Test School soll geändert werden')
    await theirs?.changePassword(mine.id, { present: PASSWORD, next: NEXT, keep: undefined })
    assert.equal((await spoken.letters(mine.email, leaving.at))[0]?.subject, 'Ihr Passwort bei The Test School wurde geändert')
    await theirs?.removeSecondFactor(owner.id)
    const [secured] = await spoken.letters(owner.email, taken.at)
    assert.match(secured?.text ?? '', /^Hola, A Reader:\n\nSe ha quitado de tu cuenta la aplicación de autenticación hace un momento\./)
    assert.match(secured?.html ?? '', /<html lang="es">/)
  })

  it('asks for an address that has an account as for any other, and only its owner learns that', async () => {
    const [mine, theirs] = [await aReader(scene), await aReader(scene)]
    assert.equal(await desk().changeEmail(mine.id, theirs.email), 'sent')
    assert.equal((await desk().of(mine.id)).pendingEmail, theirs.email)
    const [letter] = await scene.letters(theirs.email)
    assert.match(letter?.subject ?? '', /already has an account/)
    assert.doesNotMatch(letter?.text ?? '', /token=/)
  })

  it('takes back a change of address with a new password', async () => {
    const { id } = await aReader(scene)
    await desk().changeEmail(id, 'thief@lectern.test')
    const link = linkIn((await scene.letters('thief@lectern.test'))[0])
    await desk().changePassword(id, { present: PASSWORD, next: NEXT, keep: undefined })
    assert.equal((await aBrowser(scene.url).open(link)).status, 410)
  })

  it('takes back a change of address where everything or everything else is signed out, and where somebody is kept out', async () => {
    const endings = [
      (id: string) => desk().endOtherSessions(id, 'this'),
      (id: string) => scene.identity().endSessions(id),
      (id: string) => scene.identity().disable(id),
    ]
    for (const end of endings) {
      const { id } = await aReader(scene)
      await desk().changeEmail(id, `${id}@lectern.test`)
      await end(id)
      assert.equal((await desk().of(id)).pendingEmail, undefined, String(end))
    }
  })

  it('ends a sign-in that was proven before and is gone on with only now', async () => {
    const endings = [
      (id: string) => desk().changePassword(id, { present: PASSWORD, next: NEXT, keep: undefined }),
      (id: string) => desk().endOtherSessions(id, 'this'),
      (id: string) => scene.identity().endSessions(id),
    ]
    for (const end of endings) {
      const { id, email } = await aReader(scene)
      const thief = aBrowser(scene.url, (path) => path.startsWith('/auth/') && !/authorize\/.+/.test(path))
      const parked = await thief.submit(await thief.open(aSignIn(scene.url).address), { email, password: PASSWORD })
      assert.match(parked.url.pathname, /authorize\/.+/)
      await end(id)
      assert.doesNotMatch((await thief.open(parked.url)).url.pathname, /signed-in/, String(end))
    }
  })

  it('counts a sign-in from when it was proven, however late its browser goes on', async () => {
    const { id, email } = await aReader(scene)
    const late = aBrowser(scene.url, (path) => path.startsWith('/auth/') && !/authorize\/.+/.test(path))
    const [app, proven] = [aSignIn(scene.url), Date.now()]
    const parked = await late.submit(await late.open(app.address), { email, password: PASSWORD })
    scene.sql(
      "UPDATE oidc SET payload = json_set(payload, '$.result.login.ts', json_extract(payload, '$.result.login.ts') - 3600) WHERE json_extract(payload, '$.result.login.accountId') IS NOT NULL",
    )
    const { access_token } = await app.tokens(await late.open(parked.url))
    const bearer = await scene.identity().verify(access_token)
    assert.equal(bearer?.id, id)
    const hourOld = Date.parse(bearer?.session?.since ?? '') + 3_600_000
    assert.ok(Math.abs(hourOld - proven) < 60_000, bearer?.session?.since ?? 'no session')
  })

  it('is bounded: guesses at the present password, and letters to others', async (test) => {
    const tight = await aScene({ limits: { signInPerAccount: { points: 3, seconds: 900 }, lettersPerAccount: { points: 2, seconds: 3600 } } })
    test.after(() => tight.close())
    const { desk: theirs } = tight.identity()
    const { id } = await aReader(tight)
    assert.ok(theirs)
    for (let guess = 0; guess < 3; guess += 1)
      assert.equal(await theirs.changePassword(id, { present: `guess ${guess}`, next: NEXT, keep: undefined }), 'wrong')
    assert.equal(await theirs.changePassword(id, { present: PASSWORD, next: NEXT, keep: undefined }), 'too-many')
    for (const to of ['a@lectern.test', 'b@lectern.test']) assert.equal(await theirs.changeEmail(id, to), 'sent')
    assert.equal(await theirs.changeEmail(id, 'c@lectern.test'), 'too-many')
  })

  it('weighs no more new passwords for somebody than a person would try, right as the present one may be', async (test) => {
    const tight = await aScene({ limits: { weighedPerAccount: { points: 2, seconds: 900 } } })
    test.after(() => tight.close())
    const { desk: theirs } = tight.identity()
    const { id } = await aReader(tight)
    const tried = (next: string) => theirs?.changePassword(id, { present: PASSWORD, next, keep: undefined })
    for (const next of ['short', 'password1234', 'qwertyuiop12']) assert.match(JSON.stringify(await tried(next)), /fault/, next)
    assert.equal(await tried(NEXT), 'too-many')
  })
})
