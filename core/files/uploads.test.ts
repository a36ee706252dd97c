import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MOST_FILES, plainFileName } from '#contract/files.ts'
import { aCourse, aLesson, aLessonFile, sendFileParts, streamOf } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { sweepFiles } from './uploads.ts'

const MIB = 1024 ** 2
const DAY = 24 * 3600

const aSchool = async (given: Parameters<typeof openSchool>[0] = {}) => {
  const school = await openSchool(given)
  after(() => school.close())
  const teacher = await school.person('Theo', 'instructor')
  const lesson = await aLesson(teacher, await aCourse(teacher))
  const { files } = teacher.client
  const start = (name: string, sizeBytes = 2500, type = '') => files.startUpload({ lesson, name, sizeBytes, type })
  return { school, teacher, lesson, files, start }
}

test('a file goes on where it stopped when it is begun again, and several arrive at once', async () => {
  const { school, teacher, lesson, files, start } = await aSchool()
  const bytes = Uint8Array.from({ length: 2500 }, (_, at) => at % 251)
  const begun = await start('a.zip')
  assert.deepEqual([begun.parts, begun.arrived], [3, []])
  await sendFileParts(school, teacher, { file: begun.id, bytes, only: [2] })
  assert.deepEqual(await start('a.zip'), { ...begun, arrived: [2] })
  assert.notEqual((await start('a.zip', 2499)).id, begun.id, 'another file of that name is another file')
  assert.equal(await refusalOf(files.finishUpload({ file: begun.id })), 'upload-incomplete')
  assert.deepEqual(
    (await files.ofLesson({ lesson })).unfinished.find(({ id }) => id === begun.id),
    { ...begun, arrived: [2] },
  )
  await sendFileParts(school, teacher, { file: begun.id, bytes, only: [1, 3] })
  const second = await start('b.zip')
  await sendFileParts(school, teacher, { file: second.id, bytes })
  await Promise.all([files.finishUpload({ file: begun.id }), files.finishUpload({ file: second.id }), files.finishUpload({ file: begun.id })])
  const after = await files.ofLesson({ lesson })
  assert.deepEqual([after.files.map(({ name }) => name).sort(), after.unfinished.length], [['a.zip', 'b.zip'], 1])
  assert.deepEqual(Buffer.from((await school.store.get(`files/${begun.id}/content`))?.bytes ?? []), Buffer.from(bytes))
  assert.equal(await refusalOf(files.signParts({ file: begun.id, parts: [1] })), 'conflict')
  for (const parts of [[0], [4]]) assert.equal(await refusalOf(files.signParts({ file: second.id, parts })), 'conflict')
})

test('whatever the browser calls a file, it is kept as a kind that nothing runs', async () => {
  const { school, teacher, lesson } = await aSchool()
  const kinds: [said: string, kept: string][] = [
    ['application/pdf', 'application/pdf'],
    ['TEXT/PLAIN; charset=utf-8', 'text/plain'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ...['text/html', 'image/svg+xml', 'text/javascript', 'application/xhtml+xml', 'application/vnd.mozilla.xul+xml', 'text/xml', '', 'a/b\r\nx: y', 'é'].map(
      (said): [string, string] => [said, 'application/octet-stream'],
    ),
  ]
  for (const [type, kept] of kinds) {
    const file = await aLessonFile(school, teacher, { lesson, name: `${kinds.findIndex(([said]) => said === type)}`, type })
    assert.equal((await school.store.head(`files/${file}/content`))?.type, kept, type)
  }
})

test('a name may be in any language, and nothing but a name', async () => {
  const { lesson, files, start } = await aSchool()
  const bad = ['', '   ', 'a\r\nb', 'a\u0000', 'a\u0085', 'a/b', 'a\\b', '../x', 'gpj.\u202eexe', 'a\u2028b', 'x'.repeat(201), '\u{20BB7}'.repeat(201)]
  for (const name of bad) assert.equal(await refusalOf(start(name)), 'bad-input', JSON.stringify(name.slice(0, 10)))
  const good = ['\u{20BB7}'.repeat(200), '"quoted"; filename=x.exe', '\u200fמדריך.pdf', '👩‍🎨.png', 'No%0d%0a.txt']
  for (const name of good) assert.equal((await start(name)).name, name)
  assert.equal((await start('U\u0308bung.pdf')).name, 'Übung.pdf', 'as a Mac’s disk spells it')
  assert.equal((await files.ofLesson({ lesson })).unfinished.length, good.length + 1)
})

test('what a disk calls a file is made a name the school takes, and keeps its ending', async () => {
  assert.equal(plainFileName('../a\\b\r\n.pdf'), '.._a_b__.pdf')
  assert.equal(plainFileName(`${'\u{20BB7}'.repeat(300)}.pdf`), `${'\u{20BB7}'.repeat(196)}.pdf`)
  assert.equal(plainFileName('Übungsblatt №1 – 練習.pdf'), 'Übungsblatt №1 – 練習.pdf')
})

test('a file that is empty, too large, or one too many is refused before its first byte', async () => {
  const { school, teacher, lesson, files, start } = await aSchool()
  assert.equal(await refusalOf(start('a', 0)), 'bad-input')
  assert.equal(await refusalOf(start('a', 20 * MIB + 1)), 'too-large')
  for (let count = 0; count < MOST_FILES - 1; count += 1) await aLessonFile(school, teacher, { lesson, name: `${count}`, bytes: new Uint8Array(1) })
  const last = await start('last', 1)
  assert.equal(await refusalOf(start('one more', 1)), 'bad-input')
  await files.remove({ file: last.id })
  await start('one more', 1)
})

test('a file the disk or the owner’s bound has no room for is refused, in words that say how much there is', async () => {
  const wordsOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'answered',
      (error: Error) => error.message,
    )
  const tight = await aSchool({ freeBytes: () => 1024 ** 3 + 10 * MIB })
  assert.match(await wordsOf(tight.start('a', 11 * MIB)), /needs 11 MB, and the school’s disk has room for 10 MB/)
  await tight.start('a', 8 * MIB)
  assert.equal(await refusalOf(tight.start('b', 3 * MIB)), 'no-room', 'what is promised to another is not there')
  const bounded = await aSchool({ quotaBytes: 5000 })
  const file = await aLessonFile(bounded.school, bounded.teacher, { lesson: bounded.lesson, bytes: new Uint8Array(3000) })
  assert.equal(await refusalOf(bounded.start('b', 2500)), 'no-room')
  await bounded.files.remove({ file })
  await bounded.school.settle()
  await bounded.start('b', 2500)
})

test('what nobody goes on with for a week is given up, with its parts and its room', async () => {
  const { school, teacher, lesson, files, start } = await aSchool({ quotaBytes: 5000 })
  const left = await start('left.zip')
  const kept = await start('kept.zip')
  const bytes = new Uint8Array(2500)
  await sendFileParts(school, teacher, { file: left.id, bytes, only: [1] })
  const { parts } = await files.signParts({ file: left.id, parts: [2] })
  school.clock.pass(6 * DAY)
  await sendFileParts(school, teacher, { file: kept.id, bytes, only: [1] })
  await sweepFiles(school.world)
  assert.equal((await files.ofLesson({ lesson })).unfinished.length, 2)
  school.clock.pass(2 * DAY)
  await sweepFiles(school.world)
  await sweepFiles(school.world)
  assert.deepEqual(
    (await files.ofLesson({ lesson })).unfinished.map(({ id }) => id),
    [kept.id],
  )
  assert.equal((await school.store.receivePart(new URL(parts[0]?.url ?? ''), streamOf(bytes.subarray(1024, 2048)))).status, 403)
  await start('other.zip')
})
