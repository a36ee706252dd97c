import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordFault, weakness } from './passwords.ts'
import { en } from './words/en.ts'

const about = { email: 'lena.angstrom@lectern.test', name: 'Lena Ångström', schoolName: 'The Quiet School' }
const faultOf = async (password: string): Promise<string | undefined> => passwordFault(password, about.email, en) ?? (await weakness(password, about, en))

test('a password that a program finds soon is refused, and so is what is known of its owner and the school', async () => {
  for (const password of [
    'password123',
    'ｐａｓｓｗｏｒｄ１２３',
    'qwertyuiop',
    '1234567890',
    'Basketball1',
    'aaaaaaaaaaaa',
    'manchester2024',
    'lena.angstrom',
    'lenaÅngström',
    'thequietschool',
  ])
    assert.equal(await faultOf(password), en.faults.guessable, password)
})

test('length is asked for first, and an address is named as such', async () => {
  assert.equal(await faultOf('short'), en.faults.tooShort(10))
  assert.equal(await faultOf('x'.repeat(201)), en.faults.tooLong(200))
  assert.equal(await faultOf('Lena.Angstrom@lectern.test'), en.faults.passwordIsEmail)
})

test('words that nobody expects are taken, whatever they are made of and however many ask at once', async () => {
  const taken = ['five quiet words here', 'jd8s9f7a2k', 'Zug um Zug nach Bern', 'слон идёт домой', 'a'.repeat(3) + 'quiet brass elephant '.repeat(8)]
  assert.deepEqual(
    await Promise.all(taken.map(faultOf)),
    taken.map(() => undefined),
  )
})

test('so many may wait and no more, and whoever is turned away is told so', async () => {
  const told = await Promise.all(Array.from({ length: 22 }, (_, at) => faultOf(`quiet brass elephant ${at}`)))
  assert.deepEqual(told.toSorted(), [en.faults.busy, en.faults.busy, ...Array<undefined>(20).fill(undefined)])
})
