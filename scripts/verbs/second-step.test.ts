import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { audit } from '#core/audit/audit.ts'
import { newSecret } from '#homes/machine/identity/second-factor.ts'
import { aServedHome } from '#homes/machine/served.fixture.ts'

/** A school that is open, an admin, and somebody with an authenticator app that they have lost. */
const aSchool = async (t: TestContext) => {
  const { home, data, close } = await aServedHome({})
  t.after(close)
  const { identity } = home.world
  const person = async (name: string, roles: ('learner' | 'admin')[]) => {
    const made = await identity.create({ email: `${name.toLowerCase()}@lectern.test`, name, password: 'four quiet words here', roles })
    return made === 'taken' ? assert.fail(made) : made
  }
  const [ada, lena] = [await person('Ada', ['learner', 'admin']), await person('Lena', ['learner'])]
  const database = new DatabaseSync(join(data, 'identity.sqlite'))
  t.after(() => database.close())
  database.prepare('INSERT INTO second_factors (account, secret, last_step) VALUES (?, ?, 0)').run(lena.id, newSecret())
  const lectern = (...words: string[]): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, LECTERN_DATA: data, NODE_TEST_CONTEXT: '' }
      const child = execFile(process.execPath, [join(import.meta.dirname, '..', 'lectern.ts'), ...words], { env }, (_error, output, complaints) =>
        resolve({ code: child.exitCode ?? -1, said: output + complaints }),
      )
    })
  return {
    ...{ lectern, lena },
    hasSecond: async () => (await identity.desk?.of(lena.id))?.secondFactor.isOn,
    sessionsSince: async () => (await identity.find(lena.id))?.sessionsSince,
    acts: async () => (await audit.handlers.list(home.world, ada, {})).acts,
    kinds: async () => (await audit.handlers.kinds(home.world, ada, {})).kinds.map(({ act }) => act),
    /** Whom a letter waits for, and what it is about. */
    letters: () =>
      database
        .prepare('SELECT letter FROM letters')
        .all()
        .map(({ letter }) => JSON.parse(String(letter))),
  }
}

test('an operator takes a lost second step away from an open school: admins see that it was done, and whom it was about is written to', async (t) => {
  const { lectern, lena, hasSecond, sessionsSince, acts, kinds, letters } = await aSchool(t)
  assert.deepEqual([await hasSecond(), await acts()], [true, []])
  const { code, said } = await lectern('second-step', lena.email)
  assert.equal(code, 0, said)
  assert.match(said, /Lena .* signs in with the password alone from now on, and is written to/)
  assert.equal(await hasSecond(), false)
  assert.notEqual(await sessionsSince(), undefined)
  const [act, ...others] = await acts()
  assert.deepEqual(others, [])
  assert.deepEqual([act?.act, act?.by.id, act?.asked, act?.about], ['operator.endSecondStep', 'operator', { email: lena.email }, ['Lena']])
  assert.match(act?.says ?? '', /^Take the second step/)
  assert.ok((await kinds()).includes('operator.endSecondStep'), 'and they find it by its kind')
  assert.deepEqual(
    letters().map(({ to, subject }) => [to, /authenticator app was taken/.test(subject)]),
    [[lena.email, true]],
  )
})

test('of an address that nobody has, nothing is written down', async (t) => {
  const { lectern, hasSecond, acts } = await aSchool(t)
  const { code, said } = await lectern('second-step', 'nobody@lectern.test')
  assert.deepEqual([code, /Nobody here has the address/.test(said)], [1, true])
  assert.deepEqual([await hasSecond(), await acts()], [true, []])
})
