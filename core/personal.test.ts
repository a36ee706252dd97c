import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Item } from '#ports/tables.ts'
import { type Leaving, mayName, mentions, replacing } from './personal.ts'

const GONE = { id: 'prs_gone', name: 'Somebody who has left', email: 'gone@erased.invalid' }
const leaving = (person: string, name: string, email: string): Leaving => ({
  ...{ person, name, email, alias: GONE, heir: GONE, keeps: { posts: false, certificates: false }, at: '2026-11-29T12:00:00.000Z' },
})
const item = (body: Item['body'], pk = 'somewhere', sk = 'something'): Item => ({ pk, sk, body, version: 1 })
const smith = leaving('prs_1', 'May', 'smith@gmail.com')

describe('whoever leaves', () => {
  it('is not somebody else whose address or id theirs is a part of', () => {
    const others = [
      'johnsmith@gmail.com',
      'john.smith@gmail.com',
      'o’smith@gmail.com',
      "O'smith@gmail.com",
      'j+smith@gmail.com',
      'smith@gmail.com.au',
      'smith@gmail.community',
    ]
    for (const text of [...others, 'jürgen-smith@gmail.com', 'prs_12', 'éprs_1', 'prs_1é']) {
      assert.equal(mentions(item({ text }), smith), false, text)
      assert.equal(mentions(item({}, `of#${text}`), smith), false, text)
      assert.deepEqual(replacing(smith, {})({ text, own: 'prs_1' }), { text, own: GONE.id })
    }
  })

  it('is found and replaced by id and address wherever they stand whole: in keys, links, sentences and quotes', () => {
    const whole = [
      'SMITH@gmail.com',
      'Write to smith@gmail.com.',
      "'smith@gmail.com'",
      '*smith@gmail.com*',
      '<smith@gmail.com>',
      'mailto:smith@gmail.com',
      '/people?q=smith@gmail.com&x',
    ]
    for (const text of [...whole, 'address#smith@gmail.com#1', '{"email":"smith@gmail.com"}', 'ntf.prs_1.thr_2', 'sources/prs_1/film', 'of#prs_1']) {
      assert.equal(mentions(item({ text }), smith), true, text)
      assert.equal(mentions(item({}, text), smith), true, text)
      assert.equal(mentions(item(replacing(smith, {})({ text })), smith), false, text)
    }
  })

  it('is not everybody of their name: sentences change only where the same record says whom they mean', () => {
    const [told, others] = [
      { subject: 'May asks: Which lamp?', names: ['prs_1'] },
      { subject: 'May asks: Why?', names: ['prs_2'] },
    ]
    assert.equal(mentions(item(others), smith), false)
    assert.deepEqual(replacing(smith, { isTold: true })(others), others)
    assert.deepEqual(replacing(smith, { isTold: true })(told), { subject: `${GONE.name} asks: Which lamp?`, names: [GONE.id] })
  })

  it('may have signs in name and address that mean something in expressions: there they mean themselves', () => {
    const odd = leaving('prs_9', 'M.y (+*) [a-z]$', 'm.y+(a|b)*@gmail.com')
    const told = { subject: 'M.y (+*) [a-z]$ asks', names: ['prs_9'] }
    assert.deepEqual(replacing(odd, { isTold: true })(told), { subject: `${GONE.name} asks`, names: [GONE.id] })
    assert.equal(mentions(item({ text: 'Write to m.y+(a|b)*@gmail.com.' }), odd), true)
    for (const text of ['may+a@gmail.com', 'm.y+a@gmail.com', 'mxy+(a|b)*@gmail.com']) assert.equal(mentions(item({ text }), odd), false, text)
  })

  it('takes nobody’s name from what another of that name did to them', () => {
    const act = { by: { id: 'prs_2', name: 'May', email: 'may@lectern.test' }, asked: { person: 'prs_1' }, about: ['May'] }
    assert.deepEqual(replacing(smith, { isTold: true })(act), { ...act, asked: { person: GONE.id }, about: [GONE.name] })
    const own = { ...act, by: { id: 'prs_1', name: 'May', email: smith.email } }
    assert.deepEqual(replacing(smith, { isTold: true })(own)['by'], GONE)
  })

  it('has no name and no address beside their id that they had before, whatever those were', () => {
    const before = { by: { id: 'prs_1', name: 'April', email: 'april@gmail.com' }, other: { id: 'prs_2', name: 'April', email: 'april@gmail.com' } }
    assert.deepEqual(replacing(smith, {})(before), { ...before, by: GONE })
    const known = { ...smith, former: { names: ['April'], emails: ['april@gmail.com'] } }
    assert.equal(mentions(item({ to: 'april@gmail.com' }), known), true)
    assert.deepEqual(replacing(known, {})({ to: 'april@gmail.com', by: 'April' }), { to: GONE.email, by: 'April' })
  })

  it('has signed nothing by their name alone, of kinds that are signed so and of no others', () => {
    const [hidden, rule] = [{ hidden: { by: 'May', reason: 'Spam' } }, { completion: { by: 'May' } }]
    assert.deepEqual([mayName(item(hidden), smith, { isSigned: true }), mayName(item(rule), smith, {})], [true, false])
    assert.deepEqual(replacing(smith, { isSigned: true })(hidden), { hidden: { by: GONE.name, reason: 'Spam' } })
    assert.deepEqual(replacing(smith, {})(rule), rule)
  })

  it('is nowhere called as they once were where a sentence says their pseudonym already, which stays as it is', () => {
    const left = { ...smith, name: 'left', former: { names: ['May', 'May Lee'], emails: [] } }
    const told = { subject: 'May Lee asks: Which May?', names: [GONE.id] }
    assert.equal(mayName(item(told), left, { isTold: true }), true)
    const once = replacing(left, { isTold: true })(told)
    assert.deepEqual(once, { subject: `${GONE.name} asks: Which ${GONE.name}?`, names: [GONE.id] })
    assert.deepEqual(replacing(left, { isTold: true })(once), once)
  })
})
