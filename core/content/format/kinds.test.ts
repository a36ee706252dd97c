import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLesson } from './lesson.ts'

const reading = (...lines: string[]) => readLesson(['---', 'title: A lesson', ...lines, '---', '', 'Text.'].join('\n'))
const told = (...lines: string[]): string => {
  const read = reading(...lines)
  return 'findings' in read ? read.findings.map(({ says }) => says).join('; ') : 'read'
}

test('a moment may be written with any offset, and is refused without one', () => {
  const session = (starts: string) => ['kind: live', 'live:', `  starts: ${starts}`, '  minutes: 60']
  const read = reading(...session('2026-06-01T18:00+02:00'))
  assert.equal('document' in read ? read.document.live?.startsAt : undefined, '2026-06-01T16:00:00.000Z')
  for (const starts of ['2026-06-01 18:00', '1 June', '2026-13-01T18:00Z', '2026-06-01'])
    assert.match(told(...session(starts)), /has to be a moment such as/, starts)
})

test('a session that is too long, or whose link leads nowhere safe, is refused in words', () => {
  const session = (...more: string[]) => told('kind: live', 'live:', '  starts: 2026-06-01T18:00Z', ...more)
  assert.match(session('  minutes: 2000'), /from 5 to 1440/)
  assert.match(session('  minutes: 60', '  link: http://meet.example'), /begin with https/)
  assert.equal(session('  minutes: 60', '  link: https://meet.example', '  opens: 15'), 'read')
})

test('a rubric nobody could pass by is refused where it stands', () => {
  const rubric = (first: number, name: string) => [
    ...['kind: assignment', 'assignment:', '  rubric:', '    - criterion: Light', '      levels:', '        - level: Seen', `          points: ${first}`],
    ...[`        - level: ${name}`, '          points: 0'],
  ]
  assert.match(told(...rubric(0, 'Not')), /no level that is worth a point/)
  assert.match(told(...rubric(1, 'Seen')), /two levels of the same name/)
  assert.equal(told(...rubric(1, 'Not')), 'read')
})
