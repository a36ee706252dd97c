import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPassphrase } from './passphrase.ts'

/** Somebody types these, one after the other. */
const typing = (isSeen: boolean, ...words: string[]) => {
  const asked: string[] = []
  const typed = async (question: string) => {
    asked.push(question)
    return words[asked.length - 1] ?? assert.fail('More was asked than that.')
  }
  return { asked, keyboard: { isSeen, typed } }
}

test('whoever types a passphrase for backups types it twice, and two that differ are refused', async () => {
  const same = typing(true, 'four quiet words', 'four quiet words')
  assert.equal(await readPassphrase('asked', 'twice', same.keyboard), 'four quiet words')
  assert.deepEqual(same.asked, ['Passphrase of the backups (not shown):', 'The same again:'])
  assert.equal(await readPassphrase('asked', 'twice', typing(true, 'four quiet words', 'four quite words').keyboard), undefined)
})

test('a passphrase that another program writes, or that opens what is there, is asked for once', async () => {
  assert.equal(await readPassphrase('asked', 'twice', typing(false, 'four quiet words').keyboard), 'four quiet words')
  assert.equal(await readPassphrase('asked', 'once', typing(true, 'four quiet words').keyboard), 'four quiet words')
  assert.equal(await readPassphrase('asked', 'twice', typing(true, '').keyboard), undefined)
})
