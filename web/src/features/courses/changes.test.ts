import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { changes } from './changes.ts'

/** A stored list of words, and what the page shows of it. */
const aList = () => {
  const stored = { value: ['a'] }
  const refused: unknown[] = []
  const made = changes<string[]>({
    settle: (answer) => {
      stored.value = answer
    },
    judge: (error) => (error === 'conflict' ? 'again' : error === 'offline' ? 'down' : 'refused'),
    onRefused: (error) => refused.push(error),
    wait: () => Promise.resolve(),
  })
  const adding = (word: string, answers: unknown[] = []) => ({
    apply: (value: string[]) => [...value, word],
    send: async () => {
      const error = answers.shift()
      if (error !== undefined) throw error
      return [...stored.value, word]
    },
  })
  return { made, stored, refused, adding, shown: () => made.shown(stored.value) }
}

describe('changes a teacher makes', () => {
  it('show at once and are stored in the order they were made', async () => {
    const { made, stored, adding, shown } = aList()
    const both = [made.make(adding('b')), made.make(adding('c'))]
    assert.deepEqual(shown(), ['a', 'b', 'c'])
    assert.equal(made.state.value, 'saving')
    await Promise.all(both)
    assert.deepEqual(stored.value, ['a', 'b', 'c'])
    assert.deepEqual(shown(), ['a', 'b', 'c'])
    assert.equal(made.state.value, 'saved')
  })

  it('fall away when they are refused, and later ones stay', async () => {
    const { made, stored, refused, adding, shown } = aList()
    const first = made.make(adding('b', ['not-allowed']))
    const second = made.make(adding('c'))
    assert.equal(await first, undefined)
    await second
    assert.deepEqual(shown(), ['a', 'c'])
    assert.deepEqual(stored.value, ['a', 'c'])
    assert.deepEqual(refused, ['not-allowed'])
    assert.equal(made.state.value, 'saved')
  })

  it('are kept while the school cannot be reached, and sent when one tries again', async () => {
    const { made, stored, adding, shown } = aList()
    const first = made.make(adding('b', ['offline']))
    const second = made.make(adding('c'))
    await new Promise(setImmediate)
    assert.equal(made.state.value, 'failed')
    assert.deepEqual(shown(), ['a', 'b', 'c'])
    assert.deepEqual(stored.value, ['a'])
    made.retry()
    await Promise.all([first, second])
    assert.deepEqual(stored.value, ['a', 'b', 'c'])
    assert.equal(made.state.value, 'saved')
  })

  it('are undone when one gives them up', async () => {
    const { made, adding, shown } = aList()
    const first = made.make(adding('b', ['offline']))
    await new Promise(setImmediate)
    made.undo()
    assert.equal(await first, undefined)
    assert.deepEqual(shown(), ['a'])
    assert.equal(made.state.value, 'saved')
    await made.make(adding('c'))
    assert.deepEqual(shown(), ['a', 'c'])
  })

  it('are tried again when somebody wrote at the same moment, but not for ever', async () => {
    const { made, stored, refused, adding } = aList()
    await made.make(adding('b', ['conflict', 'conflict']))
    assert.deepEqual(stored.value, ['a', 'b'])
    await made.make(
      adding(
        'c',
        Array.from({ length: 9 }, () => 'conflict'),
      ),
    )
    assert.deepEqual(stored.value, ['a', 'b'])
    assert.deepEqual(refused, ['conflict'])
  })
})
