import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bestSingle, onePerRung, SIX_RUNGS, singleThreaded } from './commands.ts'
import { standardRungs } from './ours.ts'

const film = { path: 'film.mp4', fps: 30 }
const after = (command: readonly string[] | undefined, option: string): string | undefined => command?.[command.indexOf(option) + 1]

test('the best single command decodes once and makes the shipped ladder, each rung from the one above', () => {
  const [command, ...others] = bestSingle(film, standardRungs)
  assert.deepEqual(others, [])
  assert.equal(command?.filter((word) => word === '-i').length, 1)
  assert.equal(
    after(command, '-filter_complex'),
    '[0:v]scale=-2:1080:flags=bicubic,split=2[v0][c0];[c0]scale=-2:720:flags=bicubic,split=2[v1][c1];[c1]scale=-2:480:flags=bicubic,split=2[v2][c2];[c2]scale=-2:270:flags=bicubic[v3]',
  )
  for (const [index, { crf, maxrateKbps }] of standardRungs.entries()) {
    assert.equal(after(command, `-crf:v:${index}`), String(crf))
    assert.equal(after(command, `-maxrate:v:${index}`), `${maxrateKbps}k`)
    assert.equal(after(command, `-g:v:${index}`), '120')
  }
})

test('one process per rung decodes for each, with the same settings and the sound in each', () => {
  const commands = onePerRung(film, standardRungs)
  assert.deepEqual(
    commands.map((command) => after(command, '-crf:v')),
    standardRungs.map(({ crf }) => String(crf)),
  )
  assert.ok(commands.every((command) => command.includes('aac') && after(command, '-i') === film.path))
})

test('the peer’s six rungs are single-threaded, with a key frame every two seconds and the sound in each', () => {
  const commands = singleThreaded(film, SIX_RUNGS)
  assert.equal(commands.length, 6)
  for (const command of commands) {
    assert.equal(after(command, '-threads'), '1')
    assert.equal(after(command, '-g:v'), '60')
    assert.ok(command.includes('aac'))
  }
})
