import { Readable } from 'node:stream'
import type { Course } from '#contract/courses.ts'
import { tellNews } from '#core/media/transcode.ts'
import type { Transcoded } from '#ports/transcoder.ts'
import type { School } from './school.ts'

type Teacher = Awaited<ReturnType<School['person']>>

/** An MP4's first bytes, padded to a size: enough to be taken for a video, not to be played. */
export const mp4Bytes = (size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  bytes.set([0, 0, 0, 24, ...[...'ftypisom'].map((sign) => sign.charCodeAt(0))])
  return bytes
}

/** A course with one section; lessons are added by the test that needs them. */
export const aCourse = async ({ client }: Teacher, { title = 'Light' }: { title?: string } = {}): Promise<{ course: string; section: string }> => {
  const { id: course } = await client.courses.create({ title })
  const { sections } = await client.courses.addSection({ course, title: 'Beginnings' })
  return { course, section: sections[0]?.id ?? '' }
}

export const aLesson = async (
  { client }: Teacher,
  { course, section, title = 'A lesson', kind = 'article' }: { course: string; section: string; title?: string; kind?: 'video' | 'article' },
): Promise<string> => {
  const after = await client.courses.addLesson({ course, section, title, kind })
  return lessonNamed(after, title)
}

export const lessonNamed = (course: Course, title: string): string => {
  const found = course.sections.flatMap(({ lessons }) => lessons).find((lesson) => lesson.title === title)
  if (!found) throw new Error(`There is no lesson “${title}”.`)
  return found.id
}

/** Sends a file's parts to the store as a browser would, those named or all. */
export const sendParts = async (
  { store }: School,
  { client }: Teacher,
  { upload, bytes, only }: { upload: string; bytes: Uint8Array; only?: number[] },
): Promise<void> => {
  const { partBytes, parts } = await client.media.upload({ upload })
  const numbers = only ?? Array.from({ length: parts }, (_, index) => index + 1)
  const signed = await client.media.signParts({ upload, parts: numbers })
  for (const { number, url } of signed.parts) {
    const slice = bytes.subarray((number - 1) * partBytes, number * partBytes)
    const { status } = await store.receivePart(new URL(url), streamOf(slice))
    if (status !== 200) throw new Error(`Part ${number} was answered ${status}.`)
  }
}

export const streamOf = (bytes: Uint8Array): Readable => Readable.from([Buffer.from(bytes)])

/** A file to be downloaded, sent to a lesson in the parts it is cut into; `only` some of them. */
export const sendFileParts = async (
  { store }: School,
  { client }: Teacher,
  { file, bytes, only }: { file: string; bytes: Uint8Array; only?: number[] },
): Promise<void> => {
  const { partBytes, parts } = await client.files.upload({ file })
  const numbers = only ?? Array.from({ length: parts }, (_, index) => index + 1)
  for (const { number, url } of (await client.files.signParts({ file, parts: numbers })).parts) {
    const { status } = await store.receivePart(new URL(url), streamOf(bytes.subarray((number - 1) * partBytes, number * partBytes)))
    if (status !== 200) throw new Error(`Part ${number} was answered ${status}.`)
  }
}

/** A file in a lesson's draft. */
export const aLessonFile = async (
  school: School,
  teacher: Teacher,
  {
    lesson,
    name = 'notes.pdf',
    bytes = new Uint8Array(1500).fill(7),
    type = 'application/pdf',
  }: { lesson: string; name?: string; bytes?: Uint8Array; type?: string },
): Promise<string> => {
  const { id: file } = await teacher.client.files.startUpload({ lesson, name, sizeBytes: bytes.length, type })
  await sendFileParts(school, teacher, { file, bytes })
  await teacher.client.files.finishUpload({ file })
  return file
}

/** A file sent to a lesson and joined; the encoder has been asked. */
export const anArrivedFile = async (
  school: School,
  teacher: Teacher,
  { lesson, fileName = 'lecture.mp4', recipe }: { lesson: string; fileName?: string; recipe?: string },
): Promise<{ lesson: string; video: string; job: string }> => {
  const bytes = mp4Bytes(2500)
  const upload = await teacher.client.media.startUpload({
    lesson,
    fileName,
    sizeBytes: bytes.length,
    type: 'video/mp4',
    ...(recipe !== undefined && { recipe }),
  })
  await sendParts(school, teacher, { upload: upload.id, bytes })
  await teacher.client.media.finishUpload({ upload: upload.id })
  await school.settle()
  return { lesson, video: upload.video, job: `${upload.video}.1` }
}

/** A video lesson whose file has arrived. */
export const anUploadedVideo = async (
  school: School,
  teacher: Teacher,
  place: { course: string; section: string; title?: string },
): Promise<{ lesson: string; video: string; job: string }> => {
  return anArrivedFile(school, teacher, { lesson: await aLesson(teacher, { ...place, kind: 'video' }) })
}

/** A lesson's file replaced by another, which is ready to be watched. */
export const aReplacement = async (school: School, teacher: Teacher, lesson: string): Promise<{ lesson: string; video: string; job: string }> => {
  const arrived = await anArrivedFile(school, teacher, { lesson, fileName: 'better.mp4' })
  await encode(school, arrived)
  await school.settle()
  return arrived
}

const box = (type: string, ...parts: Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

/** Version and flags, then the number; `wide` as 64 bits. */
const number = (value: number, wide: boolean): Uint8Array => {
  const bytes = Buffer.alloc(wide ? 12 : 8)
  if (wide) bytes.writeBigUInt64BE(BigInt(value), 4)
  else bytes.writeUInt32BE(value, 4)
  bytes[0] = wide ? 1 : 0
  return bytes
}

/** A segment of a sound as an encoder writes it, of a given size: an index, then one fragment that begins at `time`. */
export const aSoundSegment = (time: number, size: number, { isWide = true, filler = 7 } = {}): Uint8Array => {
  const fragment = box('moof', box('mfhd', number(1, false)), box('traf', box('tfhd', number(1, false)), box('tfdt', number(time, isWide))))
  const before = Buffer.concat([box('styp', Buffer.from('msdhmsix')), box('sidx', number(time, true)), fragment])
  return Buffer.concat([before, box('mdat', new Uint8Array(size - before.length - 8).fill(filler))])
}

const SAMPLES_A_SECOND = 48_000

const INIT = new Uint8Array([...[...'....avcC'].map((sign) => sign.charCodeAt(0)), 1, 0x64, 0x00, 0x1f])
const PLAYLIST =
  '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4.000,\n00000.m4s\n#EXTINF:2.000,\n00001.m4s\n#EXT-X-ENDLIST\n'

/** Writes what an encoder would have written for a six-second lecture, and tells that it is done. */
export const encode = async (
  school: School,
  { video, job }: { video: string; job: string },
  { hasSound = true, ...of }: { hasSound?: boolean } & Partial<Transcoded> = {},
): Promise<Transcoded> => {
  const prefix = `media/${video}/`
  for (const folder of ['720p', '480p', 'audio']) {
    await school.store.put(`${prefix}${folder}/index.m3u8`, PLAYLIST, { type: 'application/vnd.apple.mpegurl' })
    await school.store.put(`${prefix}${folder}/init.mp4`, INIT, { type: 'video/mp4' })
    const isSound = folder === 'audio'
    await school.store.put(`${prefix}${folder}/00000.m4s`, isSound ? aSoundSegment(0, 4000) : new Uint8Array(40_000), { type: 'video/mp4' })
    await school.store.put(`${prefix}${folder}/00001.m4s`, isSound ? aSoundSegment(4 * SAMPLES_A_SECOND, 2000) : new Uint8Array(10_000), { type: 'video/mp4' })
  }
  for (const image of ['storyboard-000.jpg', 'poster.jpg']) await school.store.put(prefix + image, new Uint8Array(64), { type: 'image/jpeg' })
  const result: Transcoded = {
    durationSeconds: 6,
    renditions: [
      { name: '720p', codec: 'h264', width: 1280, height: 720, fps: 25, playlist: '720p/index.m3u8' },
      { name: '480p', codec: 'h264', width: 854, height: 480, fps: 25, playlist: '480p/index.m3u8' },
    ],
    ...(hasSound && { audio: { playlist: 'audio/index.m3u8', channels: 2 } }),
    storyboard: { sheets: ['storyboard-000.jpg'], everySeconds: 2, tileWidth: 240, tileHeight: 136, tiles: 3 },
    poster: 'poster.jpg',
    ...of,
  }
  await tellNews(school.world, { kind: 'transcoded', job, video, result })
  return result
}
