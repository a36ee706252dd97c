import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ObjectsRefusal } from '#ports/objects.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

test('A teacher whose browser makes no digests is told so by a school whose store wants them, and it is no fault', async (t) => {
  const { world, person, close } = await openSchool()
  t.after(close)
  const teacher = await person('Theo', 'instructor')
  const lesson = await aLesson(teacher, { ...(await aCourse(teacher)), kind: 'video' })
  const { objects } = world
  world.objects = {
    ...objects,
    signPart: async (part, seconds) => {
      if (part.sha256 === undefined) throw new ObjectsRefusal('digest-missing', 'A part needs its SHA-256.')
      return objects.signPart(part, seconds)
    },
  }
  const { id: upload } = await teacher.client.media.startUpload({ lesson, fileName: 'a.mp4', sizeBytes: 100, type: 'video/mp4' })
  assert.equal(await refusalOf(teacher.client.media.signParts({ upload, parts: [1] })), 'bad-input')
  assert.equal(await refusalOf(teacher.client.media.signParts({ upload, parts: [1], hashes: [`${'A'.repeat(43)}=`] })), 'answered')
})
